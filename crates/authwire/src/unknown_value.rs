//! What is said of a text that is none of an enum's values.

use std::fmt;

/// A text is none of the values of a generated enum, which `FromStr` reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownValue {
    pub(crate) known: &'static [&'static str],
}

impl UnknownValue {
    /// The values that there are, as a config writes them.
    #[must_use]
    pub fn known(&self) -> &'static [&'static str] {
        self.known
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, value) in self.known.iter().enumerate() {
            let before = match index {
                0 => "the values are ",
                _ => ", ",
            };
            write!(f, "{before}`{value}`")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownValue {}
