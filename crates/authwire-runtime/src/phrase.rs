//! A phrase: a text on its way to the wire, whose parts know whether they may be shown.
//!
//! Whatever is sent is built as phrases first, so that the request and its explanation come out of the same code.
//! It must not know where a text comes from or where it goes.

use std::fmt;

use authwire_core::Reference;
use authwire_core::plan::FieldId;
use authwire_core::text::sounds_secret;
use zeroize::Zeroizing;

/// A text made of parts that are shown as they are and parts that are not.
#[derive(Clone, Default)]
pub(crate) struct Phrase {
    parts: Vec<Part>,
    fields: Vec<FieldId>,
    secret: bool,
}

#[derive(Clone)]
enum Part {
    Clear(String),
    /// `value` is `None` where it was not resolved.
    Hidden {
        value: Option<Zeroizing<String>>,
        shown: Shown,
    },
}

/// What is shown in the place of a text that may not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Where the text comes from: `<env:NAME>`.
    Reference(Reference),
    /// What it is: `<access_token>`, `<redacted>`; nothing where there is nothing to hide.
    Words(String),
    /// What was done with it: `base64(…)`.
    Made { by: String, of: Vec<Shown> },
    /// What may be shown, within the above.
    Clear(String),
}

impl From<&Reference> for Shown {
    fn from(reference: &Reference) -> Self {
        Self::Reference(reference.clone())
    }
}

impl From<String> for Shown {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<&str> for Shown {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reference(reference) => write!(f, "<{reference}>"),
            Self::Words(text) | Self::Clear(text) => f.write_str(text),
            Self::Made { by, of } => {
                write!(f, "{by}(")?;
                of.iter().try_for_each(|part| part.fmt(f))?;
                f.write_str(")")
            }
        }
    }
}

impl Phrase {
    /// A text that may be shown.
    pub(crate) fn clear(text: impl Into<String>) -> Self {
        Self { parts: vec![Part::Clear(text.into())], ..Self::default() }
    }

    /// A URL, or the path of one: parameters of its query whose names sound secret are shown as `redacted`.
    pub(crate) fn url(text: &str, redacted: &str) -> Self {
        let mut parts = Vec::new();
        let mut clear = String::new();
        let (path, query) = text.split_once('?').map_or((text, None), |(path, query)| (path, Some(query)));
        clear.push_str(path);
        for (at, parameter) in query.into_iter().flat_map(|query| query.split('&')).enumerate() {
            clear.push(if at == 0 { '?' } else { '&' });
            match parameter.split_once('=').filter(|(name, value)| sounds_secret(name) && !value.is_empty()) {
                Some((name, value)) => {
                    clear.push_str(name);
                    clear.push('=');
                    parts.push(Part::Clear(std::mem::take(&mut clear)));
                    let value = Some(Zeroizing::new(value.to_owned()));
                    parts.push(Part::Hidden { value, shown: redacted.into() });
                }
                None => clear.push_str(parameter),
            }
        }
        parts.push(Part::Clear(clear));
        Self { parts, ..Self::default() }
    }

    /// A text that is shown as `shown`.
    pub(crate) fn hidden(value: Zeroizing<String>, shown: impl Into<Shown>) -> Self {
        Self { parts: vec![Part::Hidden { value: Some(value), shown: shown.into() }], ..Self::default() }
    }

    /// A text that is not there, only what is shown of it.
    pub(crate) fn unknown(shown: impl Into<Shown>) -> Self {
        Self { parts: vec![Part::Hidden { value: None, shown: shown.into() }], ..Self::default() }
    }

    /// The same, marked as a secret by its kind: nothing may override it.
    pub(crate) fn into_secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// The same, remembering that it was read from `field`.
    pub(crate) fn read_from(mut self, field: FieldId) -> Self {
        self.fields.push(field);
        self
    }

    /// Appends `other`.
    pub(crate) fn push(&mut self, other: Self) {
        self.parts.extend(other.parts);
        self.fields.extend(other.fields);
        self.secret |= other.secret;
    }

    /// The text itself. Parts that were not resolved are missing.
    pub(crate) fn value(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(self.parts.iter().map(Part::len).sum()));
        for part in &self.parts {
            text.push_str(part.value());
        }
        text
    }

    /// What may be shown of it.
    pub(crate) fn shown(&self) -> String {
        self.shown_parts().map(|part| part.to_string()).collect()
    }

    /// The same, part by part.
    pub(crate) fn shown_parts(&self) -> impl Iterator<Item = Shown> {
        self.parts.iter().map(|part| match part {
            Part::Clear(text) => Shown::Clear(text.clone()),
            Part::Hidden { shown, .. } => shown.clone(),
        })
    }

    /// Whether every part is there.
    pub(crate) fn is_known(&self) -> bool {
        !self.parts.iter().any(|part| matches!(part, Part::Hidden { value: None, .. }))
    }

    /// Whether some part may not be shown.
    pub(crate) fn is_hidden(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Hidden { .. }))
    }

    /// Whether it carries a secret by its kind.
    pub(crate) fn carries_secret(&self) -> bool {
        self.secret
    }

    /// The fields it was read from.
    pub(crate) fn fields(&self) -> &[FieldId] {
        &self.fields
    }

    /// The values of the parts that may not be shown.
    pub(crate) fn hidden_values(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Hidden { value: Some(value), .. } => Some(value.as_str()),
            _ => None,
        })
    }

    /// The same without `end`, as often as it ends with it.
    pub(crate) fn without_end(&self, end: char) -> Self {
        let mut trimmed = self.clone();
        if let Some(Part::Clear(text)) = trimmed.parts.last_mut() {
            text.truncate(text.trim_end_matches(end).len());
        }
        trimmed
    }

    /// Encodes character by character: what may not be shown stays readable for what it is.
    pub(crate) fn encode(&self, encode: impl Fn(&str) -> String) -> Self {
        let parts = self
            .parts
            .iter()
            .map(|part| match part {
                Part::Clear(text) => Part::Clear(encode(text)),
                Part::Hidden { value, shown } => Part::Hidden {
                    value: value.as_ref().map(|value| Zeroizing::new(encode(value))),
                    shown: shown.clone(),
                },
            })
            .collect();
        Self { parts, ..self.clone() }
    }

    /// Transforms the text as a whole; where it may not be shown, `name(…)` is.
    pub(crate) fn transform(&self, name: &str, transform: impl FnOnce(&str) -> String) -> Self {
        let part = if self.is_hidden() {
            let value = self.is_known().then(|| Zeroizing::new(transform(&self.value())));
            Part::Hidden {
                value,
                shown: Shown::Made { by: name.to_owned(), of: self.shown_parts().collect() },
            }
        } else {
            Part::Clear(transform(&self.value()))
        };
        Self { parts: vec![part], ..self.clone() }
    }
}

impl Part {
    fn value(&self) -> &str {
        match self {
            Self::Clear(text) => text,
            Self::Hidden { value, .. } => value.as_ref().map_or("", |value| value.as_str()),
        }
    }

    fn len(&self) -> usize {
        self.value().len()
    }
}

impl fmt::Debug for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phrase({:?})", self.shown())
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::Phrase;

    fn basic() -> Phrase {
        let mut phrase = Phrase::clear("joe:");
        phrase.push(Phrase::hidden(Zeroizing::new("pa ss".to_owned()), "<env:PASSWORD>"));
        phrase
    }

    #[test]
    fn what_is_hidden_is_sent_but_not_shown() {
        assert_eq!(basic().value().as_str(), "joe:pa ss");
        assert_eq!(basic().shown(), "joe:<env:PASSWORD>");
        assert_eq!(format!("{:?}", basic()), "Phrase(\"joe:<env:PASSWORD>\")");
    }

    #[test]
    fn a_placeholder_survives_encoding() {
        let encoded = basic().encode(|text| text.replace(' ', "%20").replace(':', "%3A"));
        assert_eq!(encoded.value().as_str(), "joe%3Apa%20ss");
        assert_eq!(encoded.shown(), "joe%3A<env:PASSWORD>");
        let reversed = basic().transform("reversed", |text| text.chars().rev().collect());
        assert_eq!(reversed.value().as_str(), "ss ap:eoj");
        assert_eq!(reversed.shown(), "reversed(joe:<env:PASSWORD>)");
    }

    #[test]
    fn what_is_not_there_is_known_not_to_be() {
        let phrase = Phrase::unknown("<env:KEY>");
        assert!(!phrase.is_known());
        assert_eq!(phrase.transform("base64", str::to_owned).shown(), "base64(<env:KEY>)");
    }
}
