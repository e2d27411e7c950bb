//! The store that commands use: which one it is, and opened only where something in it is needed.

use std::ffi::OsString;
use std::sync::{Arc, Once, OnceLock};

use authwire_core::Reference;
use authwire_runtime::store::StoreError;
use authwire_runtime::{
    Connector, Error, Resolver, Resolving, ResolvingBytes, Services, Surroundings, Unresolved, UnresolvedKind,
};
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
        self.shared().services(connector)
    }

    /// One store for several connectors.
    pub(crate) fn shared(&self) -> SharedStore {
        SharedStore { arguments: self.clone(), opened: OnceLock::new(), told: Once::new() }
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

/// What a connector wants a store for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    Nothing,
    /// Its token, which can be had again.
    Token,
    /// What is lost without one, or found there alone.
    Store,
}

impl Want {
    fn of(connector: &Connector) -> Result<Self, Failure> {
        let references = connector.references().map_err(unusable)?;
        let refers = references.iter().any(|reference| matches!(reference, Reference::Store(_)));
        Ok(if refers || connector.keeps_values() {
            Self::Store
        } else if connector.obtains_token().map_err(unusable)? {
            Self::Token
        } else {
            Self::Nothing
        })
    }
}

/// One store for several connectors, opened for the first that wants something of it.
pub(crate) struct SharedStore {
    arguments: StoreArguments,
    opened: OnceLock<Result<Arc<Store>, Failure>>,
    /// Whether it was told that tokens are not kept.
    told: Once,
}

impl SharedStore {
    /// Opens it, if one of `connectors` wants something of it. What goes wrong is told where it is wanted.
    pub(crate) fn open_for<'c>(&self, mut connectors: impl Iterator<Item = &'c Connector>) {
        if connectors.any(|connector| Want::of(connector).is_ok_and(|want| want != Want::Nothing)) {
            let _ = self.open();
        }
    }

    /// What a client of `connector` needs from outside: with the store, where the connector has something to keep or to
    /// find there.
    pub(crate) fn services(&self, connector: &Connector) -> Result<Services, Failure> {
        let services = Services::standard(connector).map_err(unusable)?;
        let want = Want::of(connector)?;
        if want == Want::Nothing {
            return Ok(services);
        }
        match self.open() {
            Ok(store) => {
                let secrets = StoredSecrets::new(Arc::clone(store));
                let store: Arc<Store> = Arc::clone(store);
                Ok(services.with_store(store).with_resolver(Arc::new(secrets)))
            }
            Err(failure) if want == Want::Store || self.arguments.named().is_some() => Err(failure.clone()),
            // a token that can be had again need not last
            Err(failure) => {
                self.told.call_once(|| say(&format!("note: the token is not kept: {}", failure.words())));
                Ok(services)
            }
        }
    }

    fn open(&self) -> &Result<Arc<Store>, Failure> {
        self.opened.get_or_init(|| self.arguments.open().map(Arc::new))
    }
}

fn unusable(error: Error) -> Failure {
    Failure::failed(error.to_string())
}

/// What went wrong with the store.
pub(crate) fn failure(error: StoreError) -> Failure {
    Failure::failed(error.message).with_help(error.help.unwrap_or_default())
}

/// Resolves references. The store is opened with the first that leads there; it is never made.
pub(crate) struct LazyResolver {
    arguments: StoreArguments,
    /// The secrets, or of what kind it is that they are not to be had, why, and what to do about it.
    opened: OnceLock<Result<StoredSecrets, (UnresolvedKind, String, String)>>,
}

impl LazyResolver {
    fn secrets(&self, reference: &Reference) -> Result<&StoredSecrets, Unresolved> {
        let opened = self.opened.get_or_init(|| match self.arguments.open_existing() {
            Ok(Some(store)) => Ok(StoredSecrets::new(Arc::new(store))),
            Ok(None) => Err((UnresolvedKind::Missing, "there is no store yet".to_owned(), String::new())),
            Err(failure) => {
                let (why, help) = failure.into_parts();
                Err((UnresolvedKind::Failed, why, help))
            }
        });
        opened.as_ref().map_err(|(kind, why, help)| {
            let help = match &**help {
                "" => format!("set it: authwire secret set {}", reference.name()),
                help => help.to_owned(),
            };
            Unresolved::new(*kind, reference, why.clone(), help)
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
