//! Which files are generated, and from what. To add one, add it to [`generation`]: it is written, checked and, once
//! nothing makes it any more, removed.

use authwire_chores::docs;
use authwire_chores::fixtures::Fixtures;
use authwire_core::interpreter::is_valid_tree;
use authwire_runtime::judge::Expert;
use authwire_schema::{Builtin, Library};

use crate::program::Authwire;

/// Everything that is generated.
#[derive(Debug, Default)]
pub(crate) struct Generation {
    /// The files.
    pub(crate) files: Vec<File>,
    /// The folders that hold generated files only.
    pub(crate) folders: Vec<&'static str>,
}

/// A generated file.
#[derive(Debug)]
pub(crate) struct File {
    /// Where it stands below the root of the repository, with `/`.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
}

/// Makes everything that is generated, out of `schemas/`.
///
/// # Errors
/// What is wrong with the schemas, or two files with the same path.
pub(crate) fn generation() -> Result<Generation, String> {
    let mut library = Library::new(is_valid_tree);
    let builtin = authwire_schema::builtin(&mut library).map_err(|problems| problems.to_string())?;
    let mut generation = Generation::default();
    bundle(&library, &builtin, &mut generation);
    let fixtures = authwire_chores::fixtures::fixtures(&builtin, Some(&Expert));
    reference(&builtin, &fixtures, &mut generation)?;
    self::fixtures(fixtures, &mut generation)?;
    // further files: a function like these, and its line here

    let mut paths: Vec<&str> = generation.files.iter().map(|file| &*file.path).collect();
    paths.sort_unstable();
    match paths.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("error: `{}` is generated twice; rename one of its sources", pair[0])),
        None => Ok(generation),
    }
}

/// One schema for editors and other validators.
fn bundle(library: &Library, builtin: &Builtin, generation: &mut Generation) {
    let text = authwire_schema::bundle(library, &builtin.connector, &builtin.auth);
    generation.files.push(File { path: "schemas/connector.bundle.json".to_owned(), text });
}

/// Connector files for tests, each invalid one with what is found in it.
fn fixtures(fixtures: Fixtures, generation: &mut Generation) -> Result<(), String> {
    const FOLDER: &str = "tests/fixtures";
    generation.folders.push(FOLDER);
    if let Some(rule) = fixtures.unbroken.first() {
        return Err(format!(
            "error: no fixture breaks the rule at {rule}; give the schema an example from which one can be made"
        ));
    }
    let kinds = [("valid", fixtures.valid), ("invalid", fixtures.invalid)];
    for (kind, fixture) in
        kinds.into_iter().flat_map(|(kind, all)| all.into_iter().map(move |one| (kind, one)))
    {
        let path = format!("{FOLDER}/{}/{kind}/{}", fixture.group, fixture.name);
        let expectation = fixture.expectation();
        if !expectation.is_empty() {
            generation.files.push(File { path: format!("{path}.txt"), text: expectation });
        }
        generation.files.push(File { path: format!("{path}.json"), text: fixture.text });
    }
    Ok(())
}

/// The reference pages.
fn reference(builtin: &Builtin, fixtures: &Fixtures, generation: &mut Generation) -> Result<(), String> {
    generation.folders.push("docs/reference");
    let program = Authwire::build()?;
    for page in docs::pages(&builtin.connector, &builtin.auth, &fixtures.invalid, &program)? {
        generation.files.push(File { path: format!("docs/reference/{}", page.file), text: page.text });
    }
    Ok(())
}
