//! A text: a string that may be shown, or a reference to one, which may not; and maps of them.

use std::fmt;

use crate::reference::Reference;

/// A text of a config (`authwire:common#/$defs/text`).
#[derive(Clone, PartialEq, Eq)]
pub enum Text {
    /// The text itself.
    Literal(String),
    /// Where it is kept. What it holds is a secret.
    Reference(Reference),
}

impl Text {
    /// The literal text, if it stands in the config.
    #[must_use]
    pub fn as_literal(&self) -> Option<&str> {
        match self {
            Self::Literal(text) => Some(text),
            Self::Reference(_) => None,
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::Literal(text.to_owned())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::Literal(text)
    }
}

impl From<Reference> for Text {
    fn from(reference: Reference) -> Self {
        Self::Reference(reference)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(text) => fmt::Debug::fmt(text, f),
            Self::Reference(reference) => write!(f, "Text({reference})"),
        }
    }
}

/// Names to texts, in the order of the file (`authwire:common#/$defs/map`).
#[derive(Clone, PartialEq, Eq, Default)]
pub struct TextMap(Vec<(String, Text)>);

impl TextMap {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `name`, or replaces its text. Returns the text it had.
    pub fn insert(&mut self, name: impl Into<String>, text: impl Into<Text>) -> Option<Text> {
        let (name, text) = (name.into(), text.into());
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => Some(std::mem::replace(old, text)),
            None => {
                self.0.push((name, text));
                None
            }
        }
    }

    /// The text under `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Text> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, text)| text)
    }

    /// The members, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Text)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text))
    }

    /// How many members it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A name that sounds as if its value were a secret (`*key*`, `*token*`, `*secret*`, `*password*`, `*auth*`,
/// `*cookie*`, `*credential*`): a literal under it is warned of and masked.
#[must_use]
pub fn sounds_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["key", "token", "secret", "password", "auth", "cookie", "credential"]
        .iter()
        .any(|word| name.contains(word))
}

impl fmt::Debug for TextMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, text) in &self.0 {
            match text {
                Text::Literal(_) if sounds_secret(name) => map.entry(name, &"redacted"),
                _ => map.entry(name, text),
            };
        }
        map.finish()
    }
}
