//! A schema document as it was read: its text, its tree and where every value stands. Knows nothing of keywords.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

use authwire_model::json::{Cursor, Kind, Reader, Tree};
use authwire_model::pointer::push_token;

use crate::problems::{Problem, Spot};
use crate::reference::Reference;
use crate::resource::Resource;

/// Larger files are not read: no schema that a person wrote is.
pub(crate) const MAX_BYTES: usize = 1 << 20;

/// A schema document.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its index in the library.
    pub(crate) index: usize,
    /// How diagnostics name it.
    pub(crate) file: String,
    /// Its name: the file's stem.
    pub(crate) name: String,
    /// Its path, if it came from a disk.
    pub(crate) path: Option<PathBuf>,
    /// Its `$id`, if it has one.
    pub(crate) id: Option<String>,
    /// Whether it is one of Authwire's own.
    pub(crate) builtin: bool,
    /// What is wrong with it as a whole, as JSON first of all.
    pub(crate) problems: Vec<Problem>,
    /// Its resources, the outer ones first: at least one, once it is in the library.
    pub(crate) resources: Vec<Resource>,
    /// What its references name, each document once, with the resource that the reference stands in.
    pub(crate) references: Vec<(usize, Reference)>,
    bytes: Vec<u8>,
    tree: Option<Tree<'static>>,
}

impl Source {
    /// Reads `bytes`, the document that will be the library's `index`th.
    pub(crate) fn new(
        index: usize,
        file: String,
        name: String,
        path: Option<PathBuf>,
        bytes: Vec<u8>,
    ) -> Self {
        let mut source = Self {
            index,
            file,
            name,
            path,
            id: None,
            builtin: false,
            problems: Vec::new(),
            resources: Vec::new(),
            references: Vec::new(),
            bytes,
            tree: None,
        };
        source.parse();
        source
    }

    /// The document that would be the library's `index`th, had it been there to read.
    pub(crate) fn unreadable(index: usize, path: &Path, why: String) -> Self {
        let mut source = Self::new(index, path.display().to_string(), String::new(), None, Vec::new());
        source.problems = vec![Problem::error(Spot { source: index, span: 0..0 }, why)];
        source
    }

    fn parse(&mut self) {
        if self.bytes.len() > MAX_BYTES {
            let spot = Spot { source: self.index, span: 0..0 };
            self.problems.push(Problem::error(spot, "a schema file may be up to 1 MiB long"));
            return;
        }
        let spot = |span| Spot { source: self.index, span };
        match Tree::parse(&self.bytes) {
            Ok(tree) => {
                for span in tree.duplicates() {
                    let message = format!("the key {} stands here twice", &tree.text()[span.clone()]);
                    self.problems.push(Problem::error(spot(span.clone()), message));
                }
                self.id = tree.root().get("$id").and_then(Cursor::string).map(Cow::into_owned);
                self.tree = Some(tree.into_owned());
            }
            Err(error) => {
                let finding = error.to_finding(&self.bytes);
                let spot = spot(finding.place.map_or(0..0, |place| place.span));
                self.problems.push(Problem::error(spot, finding.message).or_help(finding.help));
            }
        }
    }

    /// Its bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its text; empty where it is no JSON.
    pub(crate) fn text(&self) -> &str {
        self.tree.as_ref().map_or("", Tree::text)
    }

    /// The whole document; `None` where it is no JSON.
    pub(crate) fn root(&self) -> Option<Site<'_>> {
        Some(Site { source: self, value: self.tree.as_ref()?.root() })
    }

    /// What the places of its nodes begin with: its `$id`, or the file's name without its folder, so that what is
    /// compiled does not depend on where it was compiled.
    pub(crate) fn label(&self) -> Cow<'_, str> {
        match (&self.id, &self.path) {
            (Some(id), _) => Cow::Borrowed(id),
            (None, Some(path)) => {
                path.file_name().map_or(Cow::Borrowed(&*self.name), |n| n.to_string_lossy())
            }
            (None, None) => Cow::Borrowed(&*self.name),
        }
    }

    /// The folder it stands in.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.path.as_deref().map(|path| path.parent().unwrap_or(Path::new("")))
    }

    /// The pointer to the innermost value, or its key, around the byte `at`.
    pub(crate) fn pointer_at(&self, at: usize) -> String {
        self.innermost(at).map_or_else(String::new, |(_, pointer)| pointer)
    }

    /// The value that begins at the byte `at`.
    pub(crate) fn site_at(&self, at: usize) -> Option<Site<'_>> {
        self.innermost(at).map(|(value, _)| Site { source: self, value })
    }

    /// The innermost value around the byte `at` of it or of its key, and the pointer to it.
    fn innermost(&self, at: usize) -> Option<(Cursor<'_>, String)> {
        let mut pointer = String::new();
        let mut value = self.tree.as_ref()?.root();
        let around = |value: &Cursor<'_>| {
            let from = value.key_span().map_or(value.span().start, |key| key.start);
            (from..value.span().end).contains(&at)
        };
        loop {
            let children = match value.kind() {
                Kind::Array | Kind::Object => value.children().enumerate().find(|(_, child)| around(child)),
                _ => None,
            };
            let Some((index, child)) = children else { return Some((value, pointer)) };
            match child.key_span() {
                Some(key) => {
                    let mut reader = self.text().get(key).and_then(|key| Reader::new(key.as_bytes()).ok());
                    let key = reader.as_mut().and_then(|reader| reader.string().ok());
                    push_token(&mut pointer, &key.unwrap_or_default());
                }
                None => push_token(&mut pointer, &index.to_string()),
            }
            value = child;
        }
    }
}

/// A value in a source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site<'l> {
    pub(crate) source: &'l Source,
    pub(crate) value: Cursor<'l>,
}

impl<'l> Site<'l> {
    fn to(self, value: Cursor<'l>) -> Self {
        Self { value, ..self }
    }

    pub(crate) fn kind(self) -> Kind {
        self.value.kind()
    }

    pub(crate) fn string(self) -> Option<Cow<'l, str>> {
        self.value.string()
    }

    pub(crate) fn get(self, name: &str) -> Option<Self> {
        self.value.get(name).map(|value| self.to(value))
    }

    /// The items of an array; nothing else has any.
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        self.value.items().map(move |value| self.to(value))
    }

    /// The members of an object; nothing else has any.
    pub(crate) fn members(self) -> impl Iterator<Item = (Cow<'l, str>, Self)> {
        self.value.members().map(move |(name, value)| (name, self.to(value)))
    }

    /// Its pointer in the document.
    pub(crate) fn pointer(self) -> String {
        self.source.pointer_at(self.value.span().start)
    }

    /// Where the value stands. Of an object or array its bracket, so that a snippet is short.
    pub(crate) fn spot(self) -> Spot {
        self.at(match self.kind() {
            Kind::Object | Kind::Array => self.value.span().start..self.value.span().start + 1,
            _ => self.value.span(),
        })
    }

    /// Where its key stands; of what has none the value.
    pub(crate) fn key_spot(self) -> Spot {
        self.value.key_span().map_or_else(|| self.spot(), |span| self.at(span))
    }

    /// Where the bytes `inside` of the string stand, however its characters are escaped.
    pub(crate) fn spot_inside(self, inside: Range<usize>) -> Spot {
        let (raw, start) = (self.value.raw(), self.value.span().start);
        let from = raw_offset(raw, inside.start);
        let to = raw_offset(raw, inside.end).max(from + 1).min(raw.len());
        self.at(start + from..start + to)
    }

    /// As [`Self::spot_inside`], of its key.
    pub(crate) fn key_spot_inside(self, inside: Range<usize>) -> Spot {
        let key = self.value.key_span().unwrap_or_default();
        let raw = self.source.text().get(key.clone()).unwrap_or_default();
        let from = raw_offset(raw, inside.start);
        let to = raw_offset(raw, inside.end).max(from + 1).min(raw.len().max(1));
        self.at(key.start + from..key.start + to)
    }

    fn at(self, span: Range<usize>) -> Spot {
        Spot { source: self.source.index, span }
    }
}

/// The offset in `raw`, a JSON string with its quotes, of the byte `decoded` of the string that it writes.
fn raw_offset(raw: &str, decoded: usize) -> usize {
    let (mut at, mut done) = (1, 0);
    while done < decoded {
        let Some(rest) = raw.get(at..) else { break };
        let Some(character) = rest.chars().next() else { break };
        let (width, length) = if character != '\\' {
            (character.len_utf8(), character.len_utf8())
        } else {
            let unit = |from: usize| {
                rest.get(from..from + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok())
            };
            match (rest.as_bytes().get(1), unit(2.min(rest.len()))) {
                (Some(b'u'), Some(high @ 0xd800..=0xdbff)) if high > 0 => (12, 4),
                (Some(b'u'), Some(code)) => (6, char::from_u32(code).map_or(3, char::len_utf8)),
                _ => (2, 1),
            }
        };
        at += width;
        done += length;
    }
    at.min(raw.len())
}

#[cfg(test)]
mod tests {
    use super::{Source, raw_offset};

    #[test]
    fn a_byte_of_a_string_is_found_behind_escapes() {
        let raw = r#""a\nü\u00e9\ud83d\ude00\"z""#;
        let decoded: String = serde_json::from_str(raw).unwrap();
        for (at, character) in decoded.char_indices() {
            let found = &raw[raw_offset(raw, at)..];
            let expected = match character {
                '\n' => "\\n",
                'é' => "\\u00e9",
                '😀' => "\\ud83d",
                '"' => "\\\"",
                'ü' => "ü",
                'a' => "a",
                _ => "z",
            };
            assert!(found.starts_with(expected), "{character:?}: {found}");
        }
        assert_eq!(raw_offset(raw, decoded.len()), raw.len() - 1);
    }

    #[test]
    fn a_byte_of_a_document_has_a_pointer() {
        let text = r#"{"a/b": [1, {"c": 2}], "d": null}"#;
        let source = Source::new(0, "x.json".into(), "x".into(), None, text.into());
        let at = |needle: &str| source.pointer_at(text.find(needle).unwrap());
        assert_eq!(
            [at("\"a/b"), at("1"), at("\"c"), at("2}"), at("null")],
            ["/a~1b", "/a~1b/0", "/a~1b/1/c", "/a~1b/1/c", "/d"]
        );
        assert_eq!(source.pointer_at(0), "");
    }
}
