//! A store that lasts as long as the program.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use aws_lc_rs::{hmac, rand};
use zeroize::Zeroizing;

use super::{Entry, StoreKey, Storing, TokenStore, Turn};

/// Keeps records while the program runs. Clients that share it share their tokens.
pub struct MemoryStore {
    key: hmac::Key,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    entries: HashMap<StoreKey, Entry>,
    /// Those that somebody has or waits for, and some that are over.
    turns: HashMap<StoreKey, Weak<tokio::sync::Mutex<()>>>,
    versions: u64,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        let mut key = Zeroizing::new([0; 32]);
        // without random bytes the digests are unkeyed; they never leave the process that holds the secrets themselves
        let _ = rand::fill(&mut *key);
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, &*key), kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // nothing is left half done under this lock
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// The turn under `key`.
    fn turn(&mut self, key: &StoreKey) -> Arc<tokio::sync::Mutex<()>> {
        if let Some(turn) = self.turns.get(key).and_then(Weak::upgrade) {
            return turn;
        }
        if self.turns.len() == self.turns.capacity() {
            // those that are over go, and room is made for as many as stay: so this is rare
            self.turns.retain(|_, turn| turn.strong_count() > 0);
            self.turns.reserve(self.turns.len() + 1);
        }
        let turn = Arc::default();
        self.turns.insert(key.clone(), Arc::downgrade(&turn));
        turn
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl TokenStore for MemoryStore {
    fn digest(&self, bytes: &[u8]) -> [u8; 32] {
        let mut digest = [0; 32];
        digest.copy_from_slice(hmac::sign(&self.key, bytes).as_ref());
        digest
    }

    fn load<'a>(&'a self, key: &'a StoreKey) -> Storing<'a, Option<Entry>> {
        Box::pin(std::future::ready(Ok(self.kept().entries.get(key).cloned())))
    }

    fn swap<'a>(
        &'a self,
        key: &'a StoreKey,
        expected: Option<u64>,
        bytes: Option<Zeroizing<Vec<u8>>>,
    ) -> Storing<'a, Option<u64>> {
        let mut kept = self.kept();
        let swapped = if kept.entries.get(key).map(|entry| entry.version) == expected {
            kept.versions += 1;
            let version = kept.versions;
            match bytes {
                Some(bytes) => kept.entries.insert(key.clone(), Entry::new(version, bytes)),
                None => kept.entries.remove(key),
            };
            Some(version)
        } else {
            None
        };
        Box::pin(std::future::ready(Ok(swapped)))
    }

    fn turn<'a>(&'a self, key: &'a StoreKey) -> Storing<'a, Turn> {
        let turn = self.kept().turn(key);
        Box::pin(async move { Ok(Turn::new(turn.lock_owned().await)) })
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore").field("records", &self.kept().entries.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::super::{StoreKey, TokenStore};
    use super::MemoryStore;

    #[tokio::test]
    async fn only_the_first_of_two_swaps_counts() {
        let store = MemoryStore::new();
        let key = StoreKey::from_digest(&store.digest(b"a"));
        let bytes = |text: &str| Some(Zeroizing::new(text.as_bytes().to_vec()));
        let first = store.swap(&key, None, bytes("one")).await.unwrap();
        assert!(first.is_some());
        assert_eq!(store.swap(&key, None, bytes("two")).await.unwrap(), None);
        let entry = store.load(&key).await.unwrap().unwrap();
        assert_eq!((entry.bytes.as_slice(), Some(entry.version)), (&b"one"[..], first));
        assert!(store.swap(&key, first, None).await.unwrap().is_some());
        assert!(store.load(&key).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_turn_is_exclusive_until_it_is_dropped() {
        let store = MemoryStore::new();
        let key = StoreKey::from_digest(&[0; 32]);
        let turn = store.turn(&key).await.unwrap();
        let mut next = store.turn(&key);
        let polled =
            std::future::poll_fn(|context| std::task::Poll::Ready(next.as_mut().poll(context))).await;
        assert!(polled.is_pending());
        drop(turn);
        next.await.unwrap();
    }

    /// Each secret that changes has a key of its own.
    #[tokio::test]
    async fn turns_that_are_over_take_no_room() {
        let store = MemoryStore::new();
        let key = |number: u32| StoreKey::from_digest(&store.digest(&number.to_be_bytes()));
        let held = store.turn(&key(0)).await.unwrap();
        for number in 1..1000 {
            store.turn(&key(number)).await.unwrap();
        }
        assert!(store.kept().turns.len() < 20, "{}", store.kept().turns.len());
        let key = key(0);
        let mut next = store.turn(&key);
        let polled =
            std::future::poll_fn(|context| std::task::Poll::Ready(next.as_mut().poll(context))).await;
        assert!(polled.is_pending(), "one that is held is still the only one");
        drop(held);
    }
}
