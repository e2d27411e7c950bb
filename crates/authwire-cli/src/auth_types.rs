//! The auth types that connector files may name: the built-in ones and those of `--schemas`.
//!
//! The built-in ones are tables in the program; only what `--schemas` names, and what prints schemas, reads schema files.
//! It must not know what a type does: that is its schema's to say.

use std::path::PathBuf;
use std::sync::Arc;

use authwire::{AuthConfig, ConnectorConfig};
use authwire_core::interpreter::is_valid_tree;
use authwire_core::suggest::{Known, meant, question};
use authwire_core::table::{Registry, Schema};
use authwire_schema::{AuthType, Diagnostics, Document, Library};

use crate::outcome::{Failure, say};
use crate::terminal::printable;

/// The auth types, compiled.
pub(crate) struct Types {
    loaded: Vec<Arc<Schema>>,
}

impl Types {
    /// The built-in types alone.
    pub(crate) fn builtin() -> Self {
        Self { loaded: Vec::new() }
    }

    /// The built-in types and those in `folders`. All of a folder's types are loaded or none: what is wrong with one is
    /// told, and ends the command.
    pub(crate) fn load(folders: &[PathBuf]) -> Result<Self, Failure> {
        if folders.is_empty() {
            return Ok(Self::builtin());
        }
        let mut library = Library::new(is_valid_tree);
        let types = read_folders(&mut library, folders)?;
        Ok(Self { loaded: types.into_iter().map(|one| Arc::new(one.schema)).collect() })
    }

    /// The schema of a connector file.
    pub(crate) fn connector() -> &'static Schema {
        ConnectorConfig::tables()
    }

    /// Those that are not built in.
    pub(crate) fn loaded(&self) -> &[Arc<Schema>] {
        &self.loaded
    }

    /// Runs `with` on the registry that a check wants.
    pub(crate) fn with_registry<T>(&self, with: impl FnOnce(Registry<'_>) -> T) -> T {
        if self.loaded.is_empty() {
            return with(Registry { types: AuthConfig::BUILTIN });
        }
        let loaded = self.loaded.iter().map(|schema| &**schema);
        let types: Vec<&Schema> = AuthConfig::BUILTIN.iter().copied().chain(loaded).collect();
        with(Registry { types: &types })
    }
}

/// The auth types with everything that their schema files say.
pub(crate) struct Catalogue {
    library: Library,
    connector: Document,
    types: Vec<AuthType>,
}

impl Catalogue {
    /// Reads the built-in types and those in `folders`.
    pub(crate) fn read(folders: &[PathBuf]) -> Result<Self, Failure> {
        let mut library = Library::new(is_valid_tree);
        let builtin = authwire_schema::builtin(&mut library).map_err(|diagnostics| broken(&diagnostics))?;
        let mut types = builtin.auth;
        types.extend(read_folders(&mut library, folders)?);
        types.sort_by(|one, two| one.name.cmp(&two.name));
        Ok(Self { library, connector: builtin.connector, types })
    }

    /// The types, by name.
    pub(crate) fn types(&self) -> &[AuthType] {
        &self.types
    }

    /// The type `name`, or the one with that label.
    pub(crate) fn get(&self, name: &str) -> Result<&AuthType, Failure> {
        let is_label = |one: &&AuthType| one.schema.title.to_lowercase() == name.to_lowercase();
        let found = self.types.iter().find(|one| one.name == name);
        let found = found.or_else(|| self.types.iter().find(is_label));
        found.ok_or_else(|| {
            let known =
                self.types.iter().map(|one| Known { name: &one.name, title: Some(&one.schema.title) });
            let help = question(&meant(name, &known.collect::<Vec<_>>()))
                .unwrap_or_else(|| "authwire types lists them".to_owned());
            Failure::not_run(format!("there is no auth type `{name}`")).with_help(help)
        })
    }

    /// The schema of connector files that may use these types, in one self-contained document.
    pub(crate) fn bundle(&self) -> String {
        authwire_schema::bundle(&self.library, &self.connector, &self.types)
    }

    /// The schema of one type, in one self-contained document.
    pub(crate) fn bundle_type(&self, auth_type: &AuthType) -> String {
        authwire_schema::bundle_type(&self.library, auth_type)
    }
}

fn read_folders(library: &mut Library, folders: &[PathBuf]) -> Result<Vec<AuthType>, Failure> {
    let mut all: Vec<AuthType> = Vec::new();
    for folder in folders {
        let shown = folder.display();
        let (types, warnings) =
            authwire_schema::read_folder(library, folder).map_err(|diagnostics| broken(&diagnostics))?;
        tell(&warnings);
        if types.is_empty() {
            return Err(Failure::not_run(format!(
                "there is no auth type (*.json with `x-auth`) in `{shown}`"
            ))
            .with_help("check the folder that --schemas names"));
        }
        for one in types {
            if all.iter().any(|known| known.name == one.name) {
                let message =
                    format!("`{shown}` has an auth type `{}` that another folder has too", one.name);
                return Err(Failure::not_run(message).with_help("rename one of the files"));
            }
            all.push(one);
        }
    }
    Ok(all)
}

/// Tells what is wrong with schemas, and ends the command.
fn broken(diagnostics: &Diagnostics) -> Failure {
    tell(diagnostics);
    let count = diagnostics.iter().filter(|one| one.severity == authwire_schema::Severity::Error).count();
    let errors = if count == 1 { "an error" } else { "errors" };
    Failure::not_run(format!("the schemas have {errors}, so no type was loaded"))
}

fn tell(diagnostics: &Diagnostics) {
    if !diagnostics.is_empty() {
        say(&printable(&diagnostics.to_string()));
    }
}
