//! What may be filled in: the fields of an object, its choices, and what hangs together.

use authwire_core::compiled::Document;
use authwire_core::table::{Discriminant, If, Keyword, NodeId, Properties, Union};

use super::kind::{is_reference, kind, literal};
use super::markdown::{code, codes, listed, table};

/// Objects inside of objects are shown so deep and no deeper.
const DEPTH: usize = 6;

/// The rows of a node and of all that must hold with it: behind its `$ref`s and in its `allOf`s.
pub(super) fn rows(document: &Document, node: NodeId) -> Vec<Keyword> {
    let mut nodes = vec![node];
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(node) = nodes.get(next).copied() {
        next += 1;
        for row in document.schema.node(node).keywords.iter() {
            let more = match row {
                Keyword::Ref(target) => vec![*target],
                Keyword::AllOf(branches) => branches.to_vec(),
                row => {
                    found.push(row.clone());
                    continue;
                }
            };
            for node in more {
                if !nodes.contains(&node) {
                    nodes.push(node);
                }
            }
        }
    }
    found
}

/// The fields of the object at `node`, as Markdown: a table, a part for each choice and each object inside of it.
/// Empty if there are none. Headings begin at `level`.
pub(super) fn fields(document: &Document, node: NodeId, level: usize) -> String {
    let mut text = String::new();
    let mut writer = Writer { document, level, open: vec![(document.schema.resolved(node), String::new())] };
    writer.object(node, "", DEPTH, Scope::Whole, &mut text);
    text
}

struct Writer<'d> {
    document: &'d Document,
    level: usize,
    /// The objects that are being written, with their paths: one that holds itself is described once.
    open: Vec<(NodeId, String)>,
}

/// What of an object a node describes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// All of it.
    Whole,
    /// What holds in one of several cases.
    Case,
}

/// A field of an object.
struct Field {
    key: String,
    node: NodeId,
    /// `always`, or beside what it may stand.
    required: String,
}

impl Writer<'_> {
    /// Writes the object at `node`, whose keys stand below `path`.
    fn object(&mut self, node: NodeId, path: &str, depth: usize, scope: Scope, text: &mut String) {
        let rows = rows(self.document, node);
        let mut fields = self.own(&rows, path);
        if scope == Scope::Case {
            // a field that is only named here is described elsewhere
            fields.retain(|field| !self::rows(self.document, field.node).is_empty());
        }
        if !fields.is_empty() {
            text.push_str(&self.table(&fields, path));
        }
        text.push_str(&hints(&rows, &fields, scope));
        for row in &rows {
            match row {
                Keyword::OneOf(union) => self.union(union, "exactly one", path, depth, text),
                Keyword::AnyOf(union) => self.union(union, "at least one", path, depth, text),
                Keyword::If(condition) => self.conditional(condition, path, depth, text),
                _ => {}
            }
        }
        if depth > 0 {
            for field in &fields {
                self.inside(field, path, depth, text);
            }
        }
    }

    /// The fields that `rows` name, in the order of the schema's text.
    fn own(&self, rows: &[Keyword], path: &str) -> Vec<Field> {
        let all = properties(rows).flat_map(|properties| properties.named.iter());
        let mut named: Vec<(String, NodeId)> = all.map(|(key, node)| (key.to_string(), *node)).collect();
        named.sort_by_key(|(_, node)| *node);
        named.retain(|(key, node)| !self.is_type(key, *node, path) && !self.is_never(*node));
        let required = required(rows);
        let fields = named.into_iter().map(|(key, node)| {
            let required = match needs(rows, &key) {
                _ if required.contains(&key) => "yes".to_owned(),
                needs if needs.is_empty() => "no".to_owned(),
                needs => format!("no; only beside {}", codes(needs.iter().map(String::as_str), "and")),
            };
            Field { key, node, required }
        });
        fields.collect()
    }

    /// Whether it is the `type` of an auth config: its page's title says it already.
    fn is_type(&self, key: &str, node: NodeId, path: &str) -> bool {
        path.is_empty()
            && key == "type"
            && self.document.schema.plan.is_some()
            && rows(self.document, node).iter().any(|row| matches!(row, Keyword::Const(_)))
    }

    fn is_never(&self, node: NodeId) -> bool {
        rows(self.document, node).contains(&Keyword::Never)
    }

    fn table(&self, fields: &[Field], path: &str) -> String {
        let rows: Vec<[String; 6]> = fields
            .iter()
            .map(|Field { key, node, required }| {
                let title = self.document.schema.node(*node).title.as_deref().unwrap_or_default();
                let default = self.document.inherited(*node, |note| note.default.as_ref());
                let mut description = self.document.description(*node).unwrap_or_default().to_owned();
                if self.document.inherited(*node, |note| note.deprecated.then_some(())).is_some() {
                    description.insert_str(0, "**Deprecated.** ");
                }
                let mut kind = kind(self.document, *node);
                if let Some((inner, _)) = self.inner(*node) {
                    let inner = self.document.schema.resolved(inner);
                    match self.open.iter().find(|(open, _)| *open == inner) {
                        Some((_, path)) if path.is_empty() => kind.push_str(", like the whole"),
                        Some((_, path)) => kind.push_str(&format!(", like {}", code(path))),
                        None => kind.push_str(", see below"),
                    }
                }
                [
                    title.to_owned(),
                    code(&below(path, key)),
                    kind,
                    required.clone(),
                    default.map(literal).unwrap_or_default(),
                    description,
                ]
            })
            .collect();
        table(["Label", "Key", "Kind", "Required", "Default", "Description"], &rows)
    }

    /// Writes the alternatives of an object: a part for each that has fields of its own, a line for those that only
    /// demand some.
    fn union(&mut self, union: &Union, how_many: &str, path: &str, depth: usize, text: &mut String) {
        let branches: Vec<Vec<Keyword>> =
            union.branches.iter().map(|branch| rows(self.document, *branch)).collect();
        if branches.iter().all(|rows| properties(rows).next().is_none()) {
            let demands: Vec<String> = branches.iter().map(|rows| named(&required(rows), "and")).collect();
            if demands.iter().all(|demand| !demand.is_empty()) {
                text.push_str(&format!("Of these {how_many} is given: {}.\n\n", listed(&demands, "or")));
            }
            return;
        }
        for (index, node) in union.branches.iter().enumerate() {
            let said = match &union.by {
                Discriminant::Tag(tag, values) => values.get(index).map(|values| {
                    let values: Vec<String> = values.iter().map(literal).collect();
                    format!("{} is {}", code(&below(path, tag)), listed(&values, "or"))
                }),
                _ => None,
            };
            let title = self.document.schema.node(*node).title.as_deref();
            let heading = match (title, said) {
                (Some(title), Some(said)) => format!("{title}: {said}"),
                (None, Some(said)) => format!("Where {said}"),
                (Some(title), None) => title.to_owned(),
                (None, None) => format!("Alternative {}", index + 1),
            };
            self.part(&heading, *node, path, depth, text);
        }
    }

    fn conditional(&mut self, condition: &If, path: &str, depth: usize, text: &mut String) {
        let said = self.test(condition.test, path);
        if let Some(then) = condition.then {
            self.part(&format!("Where {said}"), then, path, depth, text);
        }
        if let Some(otherwise) = condition.otherwise {
            self.part(&format!("Unless {said}"), otherwise, path, depth, text);
        }
    }

    /// What the condition of an `if` says about fields.
    fn test(&self, node: NodeId, path: &str) -> String {
        let rows = rows(self.document, node);
        let mut said: Vec<String> = Vec::new();
        for (key, node) in properties(&rows).flat_map(|properties| properties.named.iter()) {
            said.push(format!("{} is {}", code(&below(path, key)), kind(self.document, *node)));
        }
        if said.is_empty() {
            said.extend(required(&rows).iter().map(|key| format!("{} is given", code(&below(path, key)))));
        }
        if said.is_empty() { "the schema's condition holds".to_owned() } else { said.join(" and ") }
    }

    /// Writes a part about the same object: an alternative, a consequence.
    fn part(&mut self, heading: &str, node: NodeId, path: &str, depth: usize, text: &mut String) {
        if depth == 0 {
            return;
        }
        let mut inner = self.said(node);
        self.object(node, path, depth - 1, Scope::Case, &mut inner);
        if !inner.is_empty() {
            self.heading(heading, text);
            text.push_str(&inner);
        }
    }

    /// Writes the objects in a field: its own, or those of an array.
    fn inside(&mut self, field: &Field, path: &str, depth: usize, text: &mut String) {
        let Some((node, suffix)) = self.inner(field.node) else { return };
        let resolved = self.document.schema.resolved(node);
        if self.open.iter().any(|(open, _)| *open == resolved) {
            return;
        }
        let path = format!("{}{suffix}", below(path, &field.key));
        let title = self.document.schema.node(node).title.as_deref().unwrap_or("Object");
        self.heading(&format!("{title}: {}", code(&path)), text);
        text.push_str(&self.said(node));
        self.open.push((resolved, path.clone()));
        self.object(node, &path, depth - 1, Scope::Whole, text);
        self.open.pop();
    }

    /// The objects with fields of their own that a field holds, and `[]` for each array around them.
    fn inner(&self, mut node: NodeId) -> Option<(NodeId, String)> {
        let mut suffix = String::new();
        for _ in 0..DEPTH {
            let items = rows(self.document, node).into_iter().find_map(|row| match row {
                Keyword::Items(items) => items.rest,
                _ => None,
            });
            let Some(item) = items else { break };
            suffix.push_str("[]");
            node = item;
        }
        (!is_reference(self.document, node) && self.has_fields(node)).then_some((node, suffix))
    }

    /// Whether the values are objects with fields, in an alternative at least.
    fn has_fields(&self, node: NodeId) -> bool {
        let rows = rows(self.document, node);
        let named = |rows: &[Keyword]| properties(rows).any(|properties| !properties.named.is_empty());
        named(&rows)
            || rows.iter().any(|row| match row {
                Keyword::OneOf(union) | Keyword::AnyOf(union) => union.branches.iter().any(|branch| {
                    !is_reference(self.document, *branch) && named(&self::rows(self.document, *branch))
                }),
                _ => false,
            })
    }

    fn said(&self, node: NodeId) -> String {
        self.document.description(node).map(|text| format!("{text}\n\n")).unwrap_or_default()
    }

    fn heading(&self, heading: &str, text: &mut String) {
        text.push_str(&format!("{} {heading}\n\n", "#".repeat(self.level)));
    }
}

/// What a table of fields does not show: names that are required here and described elsewhere, and further names.
fn hints(rows: &[Keyword], fields: &[Field], scope: Scope) -> String {
    let mut text = String::new();
    let elsewhere: Vec<String> = required(rows)
        .into_iter()
        .filter(|name| name != "type" && !fields.iter().any(|field| field.key == *name))
        .collect();
    if !elsewhere.is_empty() && (scope == Scope::Case || !fields.is_empty()) {
        text.push_str(&format!("Required here: {}.\n\n", named(&elsewhere, "and")));
    }
    if scope == Scope::Whole
        && !fields.is_empty()
        && properties(rows).all(|properties| properties.additional.is_none())
    {
        text.push_str("Further fields may stand beside these.\n\n");
    }
    text
}

fn properties(rows: &[Keyword]) -> impl Iterator<Item = &Properties> {
    rows.iter().filter_map(Keyword::properties)
}

fn required(rows: &[Keyword]) -> Vec<String> {
    rows.iter().flat_map(Keyword::required).map(ToString::to_string).collect()
}

/// What the field `key` needs beside it.
fn needs(rows: &[Keyword], key: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for row in rows {
        if let Keyword::DependentRequired(needs) = row {
            let of_key = needs.iter().filter(|(name, _)| *name == *key);
            names.extend(of_key.flat_map(|(_, others)| others.iter()).map(ToString::to_string));
        }
    }
    names
}

fn named(names: &[String], last: &str) -> String {
    codes(names.iter().map(String::as_str), last)
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}
