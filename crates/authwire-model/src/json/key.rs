//! Keys that are expected: compared with the text as they stand, without a search for their end.

use super::string::ends_plain;

/// A key that an object may have, for [`Expected`](super::Expected) ones.
///
/// With its closing quote it is compared as two words, the first and the last, which overlap where it is short; a long
/// one has a middle.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    name: &'static str,
    first: u64,
    /// Which bits of the first word count: a key may be shorter than it. None, if the key is not written as it is.
    mask: u64,
    last: u64,
}

/// The bytes of a word.
const WORD: usize = size_of::<u64>();

impl Key {
    /// The key `name`.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        let (first, mask) = if needs_escapes(name) { (0, 0) } else { word_of(name, 0) };
        let (last, _) = word_of(name, (name.len() + 1).saturating_sub(WORD));
        Self { name, first, mask, last }
    }

    /// The key, without quotes and escapes.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Its first word.
    pub(super) fn first_word(&self) -> u64 {
        self.first
    }

    /// Whether a text with the first word `word` may begin with this key. What needs escapes may begin with anything.
    #[inline]
    pub(super) fn may_begin(&self, word: u64) -> bool {
        (word ^ self.first) & self.mask == 0
    }

    /// Whether what stands at `start` of `text`, and may begin with this key, has the rest of it and its closing quote.
    #[inline]
    pub(super) fn ends_right(&self, text: &[u8], start: usize) -> bool {
        let len = self.name.len();
        self.mask != 0
            && (len < WORD || word_at(text, start + len + 1 - WORD) == Some(self.last))
            && (len < 2 * WORD || self.has_middle(text, start))
    }

    /// Whether the key at `start` of `text` has the middle of this one.
    #[inline(never)]
    fn has_middle(&self, text: &[u8], start: usize) -> bool {
        let len = self.name.len();
        text.get(start + WORD..start + len) == self.name.as_bytes().get(WORD..len)
    }
}

const fn needs_escapes(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if ends_plain(bytes[at]) {
            return true;
        }
        at += 1;
    }
    false
}

/// The word of a key and its closing quote that begins at `from`, and a mask of the bytes that it has.
const fn word_of(name: &str, from: usize) -> (u64, u64) {
    let bytes = name.as_bytes();
    let (mut word, mut mask) = ([0; WORD], [0; WORD]);
    let mut at = 0;
    while at < WORD && from + at <= bytes.len() {
        word[at] = if from + at < bytes.len() { bytes[from + at] } else { b'"' };
        mask[at] = 0xff;
        at += 1;
    }
    (u64::from_le_bytes(word), u64::from_le_bytes(mask))
}

/// The word of `text` that begins at `at`, if there is one.
#[inline]
pub(super) fn word_at(text: &[u8], at: usize) -> Option<u64> {
    text.get(at..)?.first_chunk().map(|word| u64::from_le_bytes(*word))
}

/// The first word of `text`, with zeros behind its end.
#[inline]
pub(super) fn padded_word(text: &[u8]) -> u64 {
    word_at(text, 0).unwrap_or_else(|| {
        let mut word = [0; WORD];
        for (to, from) in word.iter_mut().zip(text) {
            *to = *from;
        }
        u64::from_le_bytes(word)
    })
}
