//! Where in a file something stands.

use std::ops::Range;

// the command asks for it here
pub use crate::pointer::push_token;

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The bytes.
    pub span: Range<usize>,
}

/// Turns byte offsets into lines and columns. Made once per text.
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t [u8],
    starts: Vec<usize>,
    /// How many characters begin before each block of a text that has several.
    characters: Vec<usize>,
}

/// A line may be as long as its file, and everything on it may be asked for: nobody counts from its start each time.
const BLOCK: usize = 4096;

impl<'t> Lines<'t> {
    /// Finds the lines of `text`. A line ends with LF, CR LF or CR.
    #[must_use]
    pub fn new(text: &'t [u8]) -> Self {
        let mut starts = vec![0];
        for (at, byte) in text.iter().enumerate() {
            let ends = *byte == b'\n' || (*byte == b'\r' && text.get(at + 1) != Some(&b'\n'));
            if ends {
                starts.push(at + 1);
            }
        }
        let mut characters = Vec::new();
        if text.len() > BLOCK {
            let mut before = 0;
            for block in text.chunks(BLOCK) {
                characters.push(before);
                before += count(block);
            }
        }
        Self { text, starts, characters }
    }

    /// The place of `span`.
    #[must_use]
    pub fn place(&self, span: Range<usize>) -> Place {
        let line = self.starts.partition_point(|start| *start <= span.start).max(1) - 1;
        let start = self.starts[line].min(span.start);
        let column = match self.text.get(start..span.start) {
            Some(before) if before.len() <= BLOCK => count(before),
            _ => self.characters_before(span.start) - self.characters_before(start),
        };
        Place {
            line: u32::try_from(line + 1).unwrap_or(u32::MAX),
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
            span,
        }
    }

    /// How many characters begin before a byte.
    fn characters_before(&self, at: usize) -> usize {
        let at = at.min(self.text.len());
        let block = (at / BLOCK).min(self.characters.len().saturating_sub(1));
        let known = self.characters.get(block).copied().unwrap_or_default();
        known + count(&self.text[block * BLOCK..at])
    }
}

/// How many characters begin in `bytes`: one at every byte that continues none.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn columns_count_characters_and_lines_end_in_three_ways() {
        let text = "a\r\nb\rc\néü x".as_bytes();
        let lines = Lines::new(text);
        let at = |needle: &str| {
            let start = std::str::from_utf8(text).unwrap().find(needle).unwrap();
            let place = lines.place(start..start + 1);
            (place.line, place.column)
        };
        assert_eq!([at("a"), at("b"), at("c"), at("x")], [(1, 1), (2, 1), (3, 1), (4, 4)]);
    }

    #[test]
    fn columns_are_right_wherever_a_long_line_is_asked() {
        let text = format!("ü\n{}", "aé".repeat(8000));
        let lines = Lines::new(text.as_bytes());
        for (character, (at, _)) in text[3..].char_indices().enumerate() {
            let place = lines.place(at + 3..at + 4);
            assert_eq!((place.line, place.column as usize), (2, character + 1));
        }
        assert_eq!(lines.place(text.len()..text.len()).column, 16_001);
        assert_eq!(lines.place(text.len() + 9..text.len() + 9).column, 16_001);
    }
}
