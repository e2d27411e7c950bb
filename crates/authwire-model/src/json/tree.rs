//! The positioned tree: a document with the place of every key and value.

use std::borrow::Cow;
use std::ops::Range;

use super::{Error, Kind, Reader, string};
use crate::few_set::FewSet;
use crate::number::Number;

/// A document in memory. Nothing is copied: it points into the text.
#[derive(Debug, Clone)]
pub struct Tree<'t> {
    text: Cow<'t, str>,
    nodes: Vec<Node>,
    duplicates: Vec<Range<usize>>,
}

#[derive(Debug, Clone)]
struct Node {
    kind: Kind,
    span: Range<usize>,
    /// The key with its quotes, of an object's member.
    key: Option<Range<usize>>,
    /// How many children it has.
    len: usize,
    /// The node behind its last descendant.
    end: usize,
}

impl<'t> Tree<'t> {
    /// Reads `bytes`.
    ///
    /// # Errors
    /// If they are no strict JSON. Duplicate keys alone are no error here: see [`Tree::duplicates`].
    pub fn parse(bytes: &'t [u8]) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes)?;
        let mut tree = Self { text: Cow::Borrowed(reader.text()), nodes: Vec::new(), duplicates: Vec::new() };
        tree.value(&mut reader, None)?;
        reader.finish()?;
        Ok(tree)
    }

    /// Reads the value at which `reader` stands, and moves it behind.
    ///
    /// # Errors
    /// As [`Tree::parse`].
    pub fn read(reader: &mut Reader<'t>) -> Result<Self, Error> {
        let mut tree = Self { text: Cow::Borrowed(reader.text()), nodes: Vec::new(), duplicates: Vec::new() };
        tree.value(reader, None)?;
        Ok(tree)
    }

    /// The keys that their object has already, second and later ones, in file order.
    #[must_use]
    pub fn duplicates(&self) -> &[Range<usize>] {
        &self.duplicates
    }

    /// The text that it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same with a copy of the text, to keep.
    #[must_use]
    pub fn into_owned(self) -> Tree<'static> {
        Tree { text: Cow::Owned(self.text.into_owned()), nodes: self.nodes, duplicates: self.duplicates }
    }

    /// The whole document.
    #[must_use]
    pub fn root(&self) -> Cursor<'_> {
        Cursor { tree: self, at: 0 }
    }

    fn value(&mut self, reader: &mut Reader<'t>, key: Option<Range<usize>>) -> Result<(), Error> {
        let kind = reader.peek()?;
        let start = reader.position();
        let at = self.nodes.len();
        self.nodes.push(Node { kind, span: start..start, key, len: 0, end: 0 });
        let mut len = 0;
        match kind {
            Kind::Array => {
                let mut array = reader.array()?;
                while reader.item(&mut array)? {
                    self.value(reader, None)?;
                    len += 1;
                }
            }
            Kind::Object => {
                let mut object = reader.object()?;
                let mut seen = FewSet::default();
                while let Some((key, place)) = reader.key_with_place(&mut object)? {
                    if !seen.insert(key) {
                        self.duplicates.push(place.clone());
                    }
                    self.value(reader, Some(place))?;
                    len += 1;
                }
            }
            _ => reader.skip()?,
        }
        let end = self.nodes.len();
        let node = &mut self.nodes[at];
        (node.span.end, node.len, node.end) = (reader.position(), len, end);
        Ok(())
    }
}

impl<'t> Reader<'t> {
    #[expect(clippy::type_complexity, reason = "a key and its place, or the end, or an error")]
    /// As [`Reader::key`], with the place of the key, quotes included.
    fn key_with_place(
        &mut self,
        object: &mut super::Object,
    ) -> Result<Option<(Cow<'t, str>, Range<usize>)>, Error> {
        let Some(key) = self.key(object)? else { return Ok(None) };
        // the reader stands behind the colon: the key's closing quote is the last one before it
        let end = self.text()[..self.position()].rfind('"').map_or(0, |quote| quote + 1);
        let raw = match &key {
            Cow::Borrowed(key) => end - key.len() - 2,
            Cow::Owned(_) => opening_quote(self.text(), end - 1),
        };
        Ok(Some((key, raw..end)))
    }
}

/// The opening quote of the escaped key whose closing quote stands at `close`: the nearest quote before it that is not
/// itself escaped.
fn opening_quote(text: &str, close: usize) -> usize {
    let bytes = text.as_bytes();
    (0..close)
        .rev()
        .filter(|at| bytes[*at] == b'"')
        .find(|at| bytes[..*at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 0)
        .unwrap_or(0)
}

/// One value of a [`Tree`].
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'d> {
    tree: &'d Tree<'d>,
    at: usize,
}

impl<'d> Cursor<'d> {
    fn node(self) -> &'d Node {
        &self.tree.nodes[self.at]
    }

    fn to(self, at: usize) -> Self {
        Self { at, ..self }
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.node().kind
    }

    /// Its bytes.
    #[must_use]
    pub fn span(self) -> Range<usize> {
        self.node().span.clone()
    }

    /// Its text, as the file writes it.
    #[must_use]
    pub fn raw(self) -> &'d str {
        &self.tree.text[self.span()]
    }

    /// The bytes of its key, quotes included, if it is an object's member.
    #[must_use]
    pub fn key_span(self) -> Option<Range<usize>> {
        self.node().key.clone()
    }

    /// The string, if it is one.
    #[must_use]
    pub fn string(self) -> Option<Cow<'d, str>> {
        (self.kind() == Kind::String).then(|| unquote(&self.tree.text, self.node().span.start))
    }

    /// The number, if it is one.
    #[must_use]
    pub fn number(self) -> Option<Number> {
        (self.kind() == Kind::Number).then(|| Number::parse(self.raw()))
    }

    /// The boolean, if it is one.
    #[must_use]
    pub fn boolean(self) -> Option<bool> {
        (self.kind() == Kind::Boolean).then(|| self.raw() == "true")
    }

    /// How many items or members it has.
    #[must_use]
    pub fn len(self) -> usize {
        self.node().len
    }

    /// Whether it has neither items nor members.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The items of an array, or the values of an object.
    #[must_use]
    pub fn children(self) -> Children<'d> {
        Children { parent: self, next: self.at + 1, left: self.len() }
    }

    /// The items of an array; nothing else has any.
    #[must_use]
    pub fn items(self) -> Children<'d> {
        self.children_of(Kind::Array)
    }

    /// The members of an object, duplicates included; nothing else has any.
    #[must_use]
    pub fn members(self) -> Members<'d> {
        Members(self.children_of(Kind::Object))
    }

    fn children_of(self, kind: Kind) -> Children<'d> {
        let left = if self.kind() == kind { self.len() } else { 0 };
        Children { left, ..self.children() }
    }

    /// The member `name` of an object; of duplicates the first.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Cursor<'d>> {
        self.members().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The value at a JSON pointer from here.
    #[must_use]
    pub fn pointer(self, pointer: &str) -> Option<Cursor<'d>> {
        let mut value = self;
        for token in crate::pointer::tokens(pointer)? {
            value = match value.kind() {
                Kind::Object => value.get(&token)?,
                Kind::Array => value.items().nth(crate::pointer::index(&token)?)?,
                _ => return None,
            };
        }
        Some(value)
    }
}

/// The items of an array, or the values of an object: what [`Cursor::items`] goes through.
#[derive(Debug, Clone)]
pub struct Children<'d> {
    parent: Cursor<'d>,
    next: usize,
    left: usize,
}

impl<'d> Iterator for Children<'d> {
    type Item = Cursor<'d>;

    fn next(&mut self) -> Option<Cursor<'d>> {
        self.left = self.left.checked_sub(1)?;
        let child = self.parent.to(self.next);
        self.next = child.node().end;
        Some(child)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

/// The members of an object: what [`Cursor::members`] goes through.
#[derive(Debug, Clone)]
pub struct Members<'d>(Children<'d>);

impl<'d> Iterator for Members<'d> {
    type Item = (Cow<'d, str>, Cursor<'d>);

    fn next(&mut self) -> Option<Self::Item> {
        let value = self.0.next()?;
        let key = value.node().key.as_ref().map_or(0, |key| key.start);
        Some((unquote(&value.tree.text, key), value))
    }
}

/// The string whose opening quote stands at `start`. The tree holds only strings that were read before.
fn unquote(text: &str, start: usize) -> Cow<'_, str> {
    string::read(text, start + 1).map_or(Cow::Borrowed(""), |(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn every_value_and_key_knows_its_place() {
        let text = r#" {"a\"b" : [1, {"c": null}], "d": "x\n"} "#;
        let tree = Tree::parse(text.as_bytes()).unwrap();
        let at = |pointer| tree.root().pointer(pointer).unwrap();
        assert_eq!(at("/a\"b").key_span().map(|span| &text[span]), Some(r#""a\"b""#));
        assert_eq!(at("/a\"b/1/c").raw(), "null");
        assert_eq!(at("/d").raw(), r#""x\n""#);
        assert_eq!(at("/d").string().as_deref(), Some("x\n"));
        assert!(["/a\"b/+1", "/a\"b/01"].iter().all(|pointer| tree.root().pointer(pointer).is_none()));
    }

    #[test]
    fn a_duplicate_is_found_at_its_second_key_however_it_is_written() {
        let text = r#"{"a": 1, "\u0061": 2}"#;
        let tree = Tree::parse(text.as_bytes()).unwrap();
        assert_eq!(
            tree.duplicates().iter().map(|span| &text[span.clone()]).collect::<Vec<_>>(),
            [r#""\u0061""#]
        );
    }

    #[test]
    fn nesting_ends_at_128() {
        let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(Tree::parse(deep(128).as_bytes()).is_ok());
        assert!(Tree::parse(deep(129).as_bytes()).is_err());
    }

    #[test]
    fn refuses_what_is_no_strict_json() {
        for text in [
            "",
            " ",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "[1 2]",
            "01",
            "1.",
            "-",
            "1e",
            "tru",
            "nul",
            "'a'",
            "[1]x",
            "{a:1}",
            "// c\n1",
            "\u{feff}1",
            "[,1]",
            "{,}",
            "\"\t\"",
            "+1",
            ".5",
            "NaN",
        ] {
            assert!(Tree::parse(text.as_bytes()).is_err(), "{text}");
            assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "serde_json reads {text}");
        }
    }
}
