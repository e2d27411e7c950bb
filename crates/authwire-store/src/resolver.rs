//! References into the store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use authwire_core::Reference;
use authwire_runtime::store::StoreErrorKind;
use authwire_runtime::{Resolver, Resolving, ResolvingBytes, Surroundings, Unresolved, UnresolvedKind};

use crate::background::in_background;
use crate::store::Store;

/// The version of a secret that was not looked at yet: no secret has it.
const UNSEEN: u64 = 0;

/// Resolves `{"store": NAME}` out of a store, and all else out of the environment and files.
#[derive(Debug, Clone)]
pub struct StoredSecrets {
    store: Arc<Store>,
    /// The versions that were seen last, by name.
    seen: Arc<Mutex<HashMap<String, u64>>>,
}

impl StoredSecrets {
    /// The secrets of `store`.
    #[must_use]
    pub fn new(store: Arc<Store>) -> Self {
        Self { store, seen: Arc::default() }
    }

    /// The version of the secret `name` or, while the store is busy, the one that was seen last.
    fn version_of(&self, name: &str) -> Option<u64> {
        match self.store.peek_version(name) {
            Some(version) => {
                // what cannot be read now is looked at again when it is needed
                let version = version.ok().flatten()?;
                self.seen().insert(name.to_owned(), version);
                Some(version)
            }
            // whatever the next look sees, it is another one than this
            None => Some(self.seen().get(name).copied().unwrap_or(UNSEEN)),
        }
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<String, u64>> {
        // nothing is left half done under this lock
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Resolver for StoredSecrets {
    fn resolve<'a>(&'a self, reference: &'a Reference) -> Resolving<'a> {
        let Reference::Store(name) = reference else { return Surroundings.resolve(reference) };
        Box::pin(async move {
            let (store, wanted) = (Arc::clone(&self.store), name.clone());
            match in_background(move || store.secret(&wanted)).await {
                Ok(Some(value)) => Ok(value),
                Ok(None) => Err(Unresolved::new(
                    UnresolvedKind::Missing,
                    reference,
                    format!("the store `{}` holds no secret `{name}`", self.store.location()),
                    format!("set it: authwire secret set {name}"),
                )),
                Err(error) => Err(Unresolved::new(
                    kind_of(error.kind),
                    reference,
                    error.message,
                    error.help.unwrap_or_else(|| "try again".to_owned()),
                )),
            }
        })
    }

    fn resolve_bytes<'a>(&'a self, reference: &'a Reference) -> ResolvingBytes<'a> {
        match reference {
            Reference::Store(_) => Box::pin(async move {
                let text = self.resolve(reference).await?;
                Ok(zeroize::Zeroizing::new(text.as_bytes().to_vec()))
            }),
            _ => Surroundings.resolve_bytes(reference),
        }
    }

    fn version(&self, reference: &Reference) -> Option<u64> {
        match reference {
            Reference::Store(name) if self.store.is_near() => self.version_of(name),
            // the way to a server is too long for a look: another secret is found when the old one is refused
            Reference::Store(_) => None,
            _ => Surroundings.version(reference),
        }
    }
}

/// What a fault of the store is to a reference into it.
fn kind_of(fault: StoreErrorKind) -> UnresolvedKind {
    match fault {
        StoreErrorKind::Denied | StoreErrorKind::WrongKey => UnresolvedKind::Denied,
        StoreErrorKind::Busy | StoreErrorKind::Timeout => UnresolvedKind::Timeout,
        _ => UnresolvedKind::Failed,
    }
}
