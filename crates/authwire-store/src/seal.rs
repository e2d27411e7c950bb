//! Sealing: AES-256-GCM-SIV (RFC 8452), bound to the place of what is sealed.
//!
//! SIV, because a nonce that repeats (a restored snapshot of a machine repeats its random bytes) then tells no more than
//! that two values are the same.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::rand;
use zeroize::{Zeroize as _, Zeroizing};

const NONCE: usize = 12;
const TAG: usize = 16;

/// What is sealed cannot be opened: another key, another place, or damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unopened;

/// A key that seals. Wiped when it is dropped.
pub(crate) struct SealingKey {
    bytes: Zeroizing<[u8; 32]>,
    key: RandomizedNonceKey,
}

/// What a sealed value is bound to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'p> {
    /// The store's id.
    pub(crate) store: &'p [u8],
    /// What kind of value it is.
    pub(crate) kind: &'p str,
    /// Its name among those of its kind.
    pub(crate) name: &'p str,
    /// Its version.
    pub(crate) version: u64,
}

impl Place<'_> {
    /// All of it, each part told from the next.
    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = b"authwire store 1".to_vec();
        for part in [self.store, self.kind.as_bytes(), self.name.as_bytes()] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes.extend_from_slice(&self.version.to_be_bytes());
        bytes
    }
}

impl SealingKey {
    pub(crate) fn new(bytes: &[u8; 32]) -> Result<Self, Unopened> {
        let key = RandomizedNonceKey::new(&AES_256_GCM_SIV, bytes).map_err(|_| Unopened)?;
        Ok(Self { bytes: Zeroizing::new(*bytes), key })
    }

    pub(crate) fn random() -> Result<Self, Unopened> {
        let mut bytes = Zeroizing::new([0; 32]);
        rand::fill(&mut *bytes).map_err(|_| Unopened)?;
        Self::new(&bytes)
    }

    /// The key itself, to be sealed by another.
    pub(crate) fn bytes(&self) -> &[u8] {
        &*self.bytes
    }

    /// Nonce, ciphertext and tag.
    pub(crate) fn seal(&self, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>, Unopened> {
        // large enough at once, so that growing leaves no copy of the plain bytes behind
        let mut sealed = Vec::with_capacity(plain.len() + TAG);
        sealed.extend_from_slice(plain);
        match self.key.seal_in_place_append_tag(Aad::from(place.to_bytes()), &mut sealed) {
            Ok(nonce) => {
                let mut whole = nonce.as_ref().to_vec();
                whole.append(&mut sealed);
                Ok(whole)
            }
            Err(_) => {
                sealed.zeroize();
                Err(Unopened)
            }
        }
    }

    /// What was sealed for this place.
    pub(crate) fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let (nonce, rest) = sealed.split_at_checked(NONCE).ok_or(Unopened)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unopened)?;
        let mut opened = Zeroizing::new(rest.to_vec());
        let length = self
            .key
            .open_in_place(nonce, Aad::from(place.to_bytes()), &mut opened)
            .map_err(|_| Unopened)?
            .len();
        opened.truncate(length);
        Ok(opened)
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, SealingKey, Unopened};

    const PLACE: Place<'_> = Place { store: b"store", kind: "secret", name: "zoom", version: 7 };

    #[test]
    fn what_is_sealed_opens_at_its_place_only() {
        let key = SealingKey::random().unwrap();
        let sealed = key.seal(PLACE, b"s3cret").unwrap();
        assert_eq!(key.open(PLACE, &sealed).unwrap().as_slice(), b"s3cret");
        assert!(!sealed.windows(6).any(|window| window == b"s3cret"));
        for place in [
            Place { store: b"other", ..PLACE },
            Place { kind: "token", ..PLACE },
            Place { name: "zoo", ..PLACE },
            Place { version: 6, ..PLACE },
        ] {
            assert_eq!(key.open(place, &sealed).unwrap_err(), Unopened, "{place:?}");
        }
        assert_eq!(SealingKey::random().unwrap().open(PLACE, &sealed).unwrap_err(), Unopened);
    }

    #[test]
    fn one_changed_bit_is_noticed_wherever_it_is() {
        let key = SealingKey::random().unwrap();
        let sealed = key.seal(PLACE, b"s3cret").unwrap();
        for bit in 0..sealed.len() * 8 {
            let mut damaged = sealed.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(key.open(PLACE, &damaged).unwrap_err(), Unopened, "bit {bit}");
        }
        for length in 0..sealed.len() {
            assert_eq!(key.open(PLACE, &sealed[..length]).unwrap_err(), Unopened, "{length} bytes");
        }
    }

    #[test]
    fn nothing_at_all_can_be_sealed() {
        let key = SealingKey::random().unwrap();
        assert!(key.open(PLACE, &key.seal(PLACE, b"").unwrap()).unwrap().is_empty());
    }
}
