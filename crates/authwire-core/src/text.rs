//! A text: a string that may be shown, or a reference to one, which may not; and maps of them.

use std::collections::HashMap;
use std::fmt;
use std::iter::Map;
use std::slice::Iter;

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
pub struct TextMap {
    members: Vec<(String, Text)>,
    /// Where each name is, once there are too many to look through.
    #[expect(clippy::box_collection, reason = "most maps have none, and every move of a config moves this")]
    places: Option<Box<HashMap<String, usize>>>,
}

/// So many names are looked through faster than they are hashed.
const FEW: usize = 16;

impl TextMap {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `name`, or replaces its text. Returns the text it had.
    pub fn insert(&mut self, name: impl Into<String>, text: impl Into<Text>) -> Option<Text> {
        let (name, text) = (name.into(), text.into());
        if let Some(at) = self.place(&name) {
            return self.members.get_mut(at).map(|(_, old)| std::mem::replace(old, text));
        }
        if self.members.len() >= FEW {
            let known = self.members.iter().enumerate();
            let places = self
                .places
                .get_or_insert_with(|| Box::new(known.map(|(at, (name, _))| (name.clone(), at)).collect()));
            places.insert(name.clone(), self.members.len());
        }
        self.members.push((name, text));
        None
    }

    /// The text under `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Text> {
        self.members.get(self.place(name)?).map(|(_, text)| text)
    }

    fn place(&self, name: &str) -> Option<usize> {
        match &self.places {
            None => self.members.iter().position(|(known, _)| known == name),
            Some(places) => places.get(name).copied(),
        }
    }

    /// The members, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Text)> {
        self.members.iter().map(|(name, text)| (name.as_str(), text))
    }

    /// The member at `index` in the order of the file.
    pub(crate) fn at(&self, index: usize) -> Option<(&str, &Text)> {
        self.members.get(index).map(|(name, text)| (name.as_str(), text))
    }

    /// How many members it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}

impl<N: Into<String>, T: Into<Text>> Extend<(N, T)> for TextMap {
    /// Adds the members in their order; of a name that comes again the last text counts.
    fn extend<I: IntoIterator<Item = (N, T)>>(&mut self, members: I) {
        for (name, text) in members {
            self.insert(name, text);
        }
    }
}

impl<N: Into<String>, T: Into<Text>> FromIterator<(N, T)> for TextMap {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(members: I) -> Self {
        let mut map = Self::new();
        map.extend(members);
        map
    }
}

impl<'m> IntoIterator for &'m TextMap {
    type Item = (&'m str, &'m Text);
    type IntoIter = Map<Iter<'m, (String, Text)>, fn(&'m (String, Text)) -> (&'m str, &'m Text)>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.iter().map(|(name, text)| (name.as_str(), text))
    }
}

/// A name that sounds as if its value were a secret (`*key*`, `*token*`, `*secret*`, `*password*`, `*auth*`,
/// `*cookie*`, `*credential*`): a literal under it is warned of and masked.
#[must_use]
pub fn sounds_secret(name: &str) -> bool {
    let holds = |word: &str| {
        name.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    ["key", "token", "secret", "password", "auth", "cookie", "credential"].into_iter().any(holds)
}

impl fmt::Debug for TextMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, text) in &self.members {
            match text {
                Text::Literal(_) if sounds_secret(name) => map.entry(name, &"redacted"),
                _ => map.entry(name, text),
            };
        }
        map.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{Reference, Text, TextMap};

    #[test]
    fn a_map_is_collected_extended_and_gone_through() {
        let mut map: TextMap =
            [("X-Tenant", "t1"), ("X-Other", "1"), ("X-Tenant", "t2")].into_iter().collect();
        map.extend([("X-Key".to_owned(), Reference::Env("KEY".to_owned()))]);
        let mut told = Vec::new();
        for (name, text) in &map {
            told.push(format!("{name}: {}", text.as_literal().unwrap_or("elsewhere")));
        }
        assert_eq!(told, ["X-Tenant: t2", "X-Other: 1", "X-Key: elsewhere"]);
    }

    #[test]
    fn few_and_many_members_are_found_replaced_and_kept_in_order() {
        for count in [1, 15, 16, 17, 40] {
            let mut map = TextMap::new();
            for index in 0..count {
                assert_eq!(map.insert(format!("n{index}"), index.to_string()), None);
            }
            assert_eq!(map.insert("n0", "other"), Some(Text::from("0")));
            assert_eq!(map.get("n0").and_then(Text::as_literal), Some("other"));
            assert!(map.get(&format!("n{}", count - 1)).is_some() && map.get("missing").is_none());
            let names: Vec<String> = map.iter().map(|(name, _)| name.to_owned()).collect();
            assert_eq!(names, (0..count).map(|index| format!("n{index}")).collect::<Vec<_>>());
        }
    }
}
