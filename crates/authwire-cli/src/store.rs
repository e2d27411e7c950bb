//! The store that commands use: which one it is, and opened only where something in it is needed.

use std::ffi::OsString;
use std::sync::{Arc, OnceLock};

use authwire_core::Reference;
use authwire_runtime::store::StoreError;
use authwire_runtime::{Connector, Resolver, Resolving, ResolvingBytes, Services, Surroundings, Unresolved};
use authwire_store::{KeySource, Location, Store, StoredSecrets};
use clap::Args;

use crate::outcome::{Failure, say};

/// The variable that names the store.
const VARIABLE: &str = "AUTHWIRE_STORE";

/// Which store holds secrets and tokens.
#[derive(Debug, Clone, Args)]
pub(crate) struct StoreArguments {
    /// The store of secrets and tokens: a file, or postgres://USER@HOST/DATABASE. If left out, the one that
    /// AUTHWIRE_STORE names, or the user's own file
    #[arg(long, value_name = "STORE")]
    store: Option<OsString>,
}

impl StoreArguments {
    /// Where the store is.
    pub(crate) fn location(&self) -> Result<Location, Failure> {
        match self.named() {
            Some(named) => Location::parse(named)
                .map_err(|error| Failure::not_run(error.message).with_help(error.help.unwrap_or_default())),
            None => Store::default_path().map(Location::from).ok_or_else(|| {
                Failure::not_run("there is no place for a store, because this user has no home folder")
                    .with_help("name a file with --store or AUTHWIRE_STORE")
            }),
        }
    }

    /// Opens the store, which is made where it is missing.
    pub(crate) fn open(&self) -> Result<Store, Failure> {
        let location = self.location()?;
        Store::open(&location, KeySource::from_environment(&location)).map_err(failure)
    }

    /// Opens the store; `None` if there is none yet.
    pub(crate) fn open_existing(&self) -> Result<Option<Store>, Failure> {
        let location = self.location()?;
        Store::open_existing(&location, KeySource::from_environment(&location)).map_err(failure)
    }

    /// What a client of `connector` needs from outside: with the store, where the connector has something to keep or to
    /// find there.
    pub(crate) fn services(&self, connector: &Connector) -> Result<Services, Failure> {
        let services = Services::standard(connector).map_err(|error| Failure::failed(error.to_string()))?;
        let refers = connector.references().iter().any(|reference| matches!(reference, Reference::Store(_)));
        let needs = refers || connector.keeps_values();
        if !needs && !connector.obtains_token() {
            return Ok(services);
        }
        match self.open() {
            Ok(store) => {
                let store = Arc::new(store);
                let secrets = StoredSecrets::new(Arc::clone(&store));
                Ok(services.with_store(store).with_resolver(Arc::new(secrets)))
            }
            Err(failure) if needs || self.named().is_some() => Err(failure),
            // a token that can be had again need not last
            Err(failure) => {
                say(&format!("note: the token is not kept: {}", failure.words()));
                Ok(services)
            }
        }
    }

    /// Resolves references, opening the store with the first that leads there.
    pub(crate) fn resolver(&self) -> LazyResolver {
        LazyResolver { arguments: self.clone(), opened: OnceLock::new() }
    }

    fn named(&self) -> Option<OsString> {
        let variable = std::env::var_os(VARIABLE).filter(|value| !value.is_empty());
        self.store.clone().or(variable)
    }
}

/// What went wrong with the store.
pub(crate) fn failure(error: StoreError) -> Failure {
    Failure::failed(error.message).with_help(error.help.unwrap_or_default())
}

/// Resolves references. The store is opened with the first that leads there; it is never made.
pub(crate) struct LazyResolver {
    arguments: StoreArguments,
    /// The secrets, or why they are not to be had and what to do about it.
    opened: OnceLock<Result<StoredSecrets, (String, String)>>,
}

impl LazyResolver {
    fn secrets(&self, reference: &Reference) -> Result<&StoredSecrets, Unresolved> {
        let opened = self.opened.get_or_init(|| match self.arguments.open_existing() {
            Ok(Some(store)) => Ok(StoredSecrets::new(Arc::new(store))),
            Ok(None) => Err(("there is no store yet".to_owned(), String::new())),
            Err(failure) => Err(failure.into_parts()),
        });
        opened.as_ref().map_err(|(why, help)| {
            let help = match &**help {
                "" => format!("set it: authwire secret set {}", reference.name()),
                help => help.to_owned(),
            };
            Unresolved::new(reference, why.clone(), help)
        })
    }
}

impl Resolver for LazyResolver {
    fn resolve<'a>(&'a self, reference: &'a Reference) -> Resolving<'a> {
        match reference {
            Reference::Store(_) => match self.secrets(reference) {
                Ok(secrets) => secrets.resolve(reference),
                Err(unresolved) => Box::pin(std::future::ready(Err(unresolved))),
            },
            _ => Surroundings.resolve(reference),
        }
    }

    fn resolve_bytes<'a>(&'a self, reference: &'a Reference) -> ResolvingBytes<'a> {
        match reference {
            Reference::Store(_) => match self.secrets(reference) {
                Ok(secrets) => secrets.resolve_bytes(reference),
                Err(unresolved) => Box::pin(std::future::ready(Err(unresolved))),
            },
            _ => Surroundings.resolve_bytes(reference),
        }
    }
}
