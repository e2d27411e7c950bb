//! Strict JSON: RFC 8259 in UTF-8, without a byte order mark, comments, trailing commas, lone surrogates or duplicate
//! keys, nested up to [`MAX_DEPTH`], up to [`MAX_BYTES`] long.
//!
//! [`Reader`] pulls: it drives the generated one-pass parsers. [`Tree`] keeps positions: it feeds the interpreter.
//! Both read with the same code.

mod expected;
mod key;
mod number;
mod reader;
mod slip;
mod string;
mod tree;
mod write;

pub use expected::{Expected, Pass};
pub use key::Key;
pub use reader::{Array, Object, Reader};
pub use tree::{Children, Cursor, Members, Tree};
pub use write::quote;

use crate::finding::{Code, Finding};
use crate::place::Lines;

/// How deep values may be nested; the root is level 1.
pub const MAX_DEPTH: usize = 128;

/// How long a document may be.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// What a JSON value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// Why a text is no strict JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Which rule of ours it breaks.
    pub code: Code,
    /// The byte at which it does.
    pub at: usize,
    /// What is wrong there, as a sentence. Never quotes the text.
    pub message: &'static str,
}

impl Error {
    fn syntax(at: usize, message: &'static str) -> Self {
        Self { code: Code::Syntax, at, message }
    }

    /// The finding for a report on `text`.
    #[must_use]
    pub fn to_finding(&self, text: &[u8]) -> Finding {
        let mut finding = Finding::new(self.code, "", self.message);
        finding.place = Some(Lines::new(text).place(self.at..self.at + usize::from(self.at < text.len())));
        finding.help = match self.code {
            Code::TooDeep => Some(format!("values may be nested up to {MAX_DEPTH} deep")),
            Code::TooLarge => Some(format!("a document may be up to {} MiB long", MAX_BYTES >> 20)),
            Code::Encoding if text.get(self.at) == Some(&b'\\') => {
                Some("write the character itself, or both halves: \"\\ud83d\\ude00\" is 😀".to_owned())
            }
            Code::Encoding => Some("save the file as UTF-8 without a byte order mark".to_owned()),
            Code::Syntax => slip::help(text, self).map(str::to_owned),
            _ => None,
        };
        finding
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (at byte {})", self.message, self.at)
    }
}

impl std::error::Error for Error {}
