//! Compiles a `pattern`: parse -> nondeterministic automaton -> deterministic automaton in tables.
//!
//! The subset means the same in ECMA-262 with the `u` flag and here: literals, escapes, `\d` `\w` `\s` and their
//! negations, `.`, classes, groups, alternatives, `* + ? {m} {m,} {m,n}` (lazy ones too: the verdict is the same), `^`,
//! `$` and `\p{L}`. Look-around, back-references, `\b`, named groups and every other `\p{…}` are refused. Knows nothing of
//! schemas.

mod classes;
mod dfa;
mod letters;
mod nfa;
mod parse;
#[cfg(test)]
mod tests;

use std::fmt;

use authwire_model::pattern::Pattern;

/// Longer patterns are not compiled.
const MOST_BYTES: usize = 4096;

/// Why a pattern cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PatternError {
    /// The byte of the pattern at which it goes wrong.
    pub at: usize,
    /// What is wrong there, as a sentence.
    pub message: String,
}

impl PatternError {
    fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {} of the pattern)", self.message, self.at)
    }
}

impl std::error::Error for PatternError {}

/// Compiles a regular expression.
///
/// ```
/// let pattern = authwire_schema::pattern::compile("^[a-z]+(?:-[a-z]+)*$")?;
/// assert!(pattern.matches("kebab-case"));
/// assert!(!pattern.matches("kebab-"));
/// # Ok::<(), authwire_schema::pattern::PatternError>(())
/// ```
///
/// # Errors
/// If it is no regular expression of the subset, or its automaton grows too large.
pub fn compile(source: &str) -> Result<Pattern, PatternError> {
    if source.len() > MOST_BYTES {
        return Err(PatternError::new(0, format!("a pattern may be up to {MOST_BYTES} bytes long")));
    }
    let tree = parse::parse(source)?;
    let automaton = nfa::build(&tree)?;
    dfa::build(source, &automaton)
}
