//! Bytes in the making that hold a secret.
//!
//! A `Vec` that grows leaves what it held behind, where nobody wipes it. It must not know what is written.

use std::ops::Deref;

use zeroize::Zeroizing;

/// Bytes that grow without leaving a copy behind, and are wiped when they are dropped.
#[derive(Default)]
pub(crate) struct WipedBytes(Zeroizing<Vec<u8>>);

impl WipedBytes {
    /// None yet, with room for so many.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Zeroizing::new(Vec::with_capacity(capacity)))
    }

    /// Appends `bytes`.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        let length = self.0.len() + bytes.len();
        if length > self.0.capacity() {
            let mut larger = Self::with_capacity(length * 2);
            larger.0.extend_from_slice(&self.0);
            // what was there is dropped by that, and wiped
            *self = larger;
        }
        self.0.extend_from_slice(bytes);
    }

    /// All of them.
    pub(crate) fn into_zeroizing(self) -> Zeroizing<Vec<u8>> {
        self.0
    }
}

impl Deref for WipedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::WipedBytes;

    #[test]
    fn what_is_pushed_is_there_in_its_order_however_much_it_is() {
        for room in [0, 7, 4096] {
            let (mut wiped, mut expected) = (WipedBytes::with_capacity(room), Vec::new());
            for length in [0, 1, 2, 100, 3, 1000] {
                let part: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
                wiped.push(&part);
                expected.extend(part);
            }
            assert_eq!(*wiped, *expected);
            assert_eq!(*wiped.into_zeroizing(), expected);
        }
    }
}
