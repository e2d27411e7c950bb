//! From a document to its report: syntax, schema and semantic layer, one after the other.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde_json::Value;

use crate::finding::{Code, Finding, Severity};
use crate::instance::Instance;
use crate::interpreter::{self, Found};
use crate::json::{Cursor, Kind, Tree};
use crate::judge::Judge;
use crate::place::Lines;
use crate::pointer::{index, push_token, steps};
use crate::report::Report;
use crate::semantic::{self, Issue, UNUSABLE};
use crate::table::{Keyword, Registry, Schema};

/// Checks the bytes of a document.
#[must_use]
pub fn report(schema: &Schema, registry: Registry<'_>, bytes: &[u8], judge: Option<&dyn Judge>) -> Report {
    match Tree::parse(bytes) {
        Err(error) => Report::new(vec![error.to_finding(bytes)]),
        Ok(tree) => report_tree(schema, registry, &tree, judge),
    }
}

/// Checks a document that was read already.
#[must_use]
pub fn report_tree(
    schema: &Schema,
    registry: Registry<'_>,
    tree: &Tree<'_>,
    judge: Option<&dyn Judge>,
) -> Report {
    let lines = Lines::new(tree.text().as_bytes());
    let (mut found, second) = duplicates(tree, &lines);
    let is_read = |one: &Found| !one.span.as_ref().is_some_and(|span| is_within(span, &second));
    found.extend(check(schema, registry, tree.root().into(), judge).into_iter().filter(is_read));
    Report::new(
        found
            .into_iter()
            .map(|Found { mut finding, span }| {
                finding.place = span.map(|span| lines.place(span));
                finding
            })
            .collect(),
    )
}

/// Checks a document in memory. Its findings have no place.
#[must_use]
pub fn report_value(
    schema: &Schema,
    registry: Registry<'_>,
    value: &Value,
    judge: Option<&dyn Judge>,
) -> Report {
    Report::new(check(schema, registry, value.into(), judge).into_iter().map(|found| found.finding).collect())
}

/// Whether a document in memory has no error. What a valid one may be warned of is not looked for.
///
/// # Errors
/// Everything that there is to say of one that is not valid.
pub fn verdict(schema: &Schema, registry: Registry<'_>, value: &Value) -> Result<(), Report> {
    let root = Instance::from(value);
    if interpreter::is_valid(schema, schema.root(), registry, root)
        && !semantic::has_document_errors(schema, registry, root)
    {
        return Ok(());
    }
    Err(report_value(schema, registry, value, None))
}

fn check(
    schema: &Schema,
    registry: Registry<'_>,
    root: Instance<'_>,
    judge: Option<&dyn Judge>,
) -> Vec<Found> {
    let mut found = interpreter::findings(schema, registry, root);
    let issues = semantic::issues(schema, registry, root, judge);
    if issues.is_empty() {
        return found;
    }
    let broken: HashSet<String> = found
        .iter()
        .filter(|found| found.finding.severity() == Severity::Error)
        .map(|found| found.finding.pointer.clone())
        .collect();
    let mut places = Places::new(root);
    for issue in issues {
        // what the schema refused already is one mistake, not two
        if !issue.at_key && broken.contains(&issue.pointer) {
            if issue.code == Code::Url {
                explain(&mut found, &issue);
            }
            continue;
        }
        let value = places.at(&issue.pointer);
        let span = value.and_then(|value| if issue.at_key { value.key_span() } else { value.span() });
        let mut finding = Finding::new(issue.code, issue.pointer, issue.message);
        (finding.help, finding.title, finding.display) = (issue.help, issue.title, issue.display);
        finding.schema = issue.schema;
        found.push(Found { finding, span });
    }
    found
}

/// Has what a pattern found at the place of `issue` tell the reason, which this knows.
fn explain(found: &mut [Found], issue: &Issue) {
    let pattern = found
        .iter_mut()
        .map(|found| &mut found.finding)
        .find(|finding| finding.code == Code::Pattern && finding.pointer == issue.pointer);
    if let Some(finding) = pattern {
        finding.help = issue.message.strip_prefix(UNUSABLE).map(str::to_owned);
    }
}

/// The auth config inside of a document: the document itself, or the member that holds one; with its pointer.
pub(crate) fn auth_config<'s, 'd>(
    schema: &'s Schema,
    registry: Registry<'s>,
    root: Instance<'d>,
) -> Option<(&'s Schema, Instance<'d>, String)> {
    if schema.plan.is_some() {
        return Some((schema, root, String::new()));
    }
    let member = auth_member(schema)?;
    let config = root.get(member)?;
    let name = config.get("type")?.string()?;
    Some((registry.get(&name)?, config, format!("/{member}")))
}

/// The name of the member that holds an auth config.
pub(crate) fn auth_member(schema: &Schema) -> Option<&str> {
    schema.node(schema.resolved(schema.root())).keywords.iter().find_map(|row| {
        row.properties()?.named.iter().find_map(|(name, node)| {
            let rows = &schema.node(schema.resolved(*node)).keywords;
            rows.iter().any(|row| matches!(row, Keyword::AuthType)).then_some(&**name)
        })
    })
}

/// Finds values by their pointers. Many in a row are of one object: its members are then looked at once.
struct Places<'d> {
    root: Instance<'d>,
    /// The object of the last value.
    parent: Option<String>,
    /// Its members, as soon as a second of them is asked for.
    members: Option<HashMap<Cow<'d, str>, Instance<'d>>>,
}

impl<'d> Places<'d> {
    fn new(root: Instance<'d>) -> Self {
        Self { root, parent: None, members: None }
    }

    fn at(&mut self, pointer: &str) -> Option<Instance<'d>> {
        let Some((parent, _)) = pointer.rsplit_once('/') else { return at(self.root, pointer) };
        if self.parent.as_deref() != Some(parent) {
            (self.parent, self.members) = (Some(parent.to_owned()), None);
            return at(self.root, pointer);
        }
        let members = self.members.get_or_insert_with(|| members(at(self.root, parent)));
        let name = steps(pointer)?.last()??;
        members.get(&*name).copied().or_else(|| at(self.root, pointer))
    }
}

/// The members of an object by name; of duplicates the first counts.
fn members(object: Option<Instance<'_>>) -> HashMap<Cow<'_, str>, Instance<'_>> {
    let mut members = HashMap::new();
    if let Some(object) = object {
        for (name, value) in object.members() {
            members.entry(name).or_insert(value);
        }
    }
    members
}

fn at<'d>(root: Instance<'d>, pointer: &str) -> Option<Instance<'d>> {
    steps(pointer)?.try_fold(root, |value, token| match token?.as_ref() {
        token if value.kind() == Kind::Array => value.items().nth(index(token)?),
        token => value.get(token),
    })
}

/// A finding for each key that stands in its object already, and where such a second value stands: nobody knows which of
/// the two counts, and the first is judged.
fn duplicates(tree: &Tree<'_>, lines: &Lines<'_>) -> (Vec<Found>, Vec<Range<usize>>) {
    let mut duplicates =
        Duplicates { spans: tree.duplicates(), lines, found: Vec::new(), second: Vec::new() };
    if !tree.duplicates().is_empty() {
        duplicates.look_through(tree.root(), &mut String::new());
    }
    (duplicates.found, duplicates.second)
}

/// Whether `span` lies in one of `spans`, which are in order and apart.
fn is_within(span: &Range<usize>, spans: &[Range<usize>]) -> bool {
    let next = spans.partition_point(|one| one.start <= span.start);
    next.checked_sub(1).is_some_and(|last| span.start < spans[last].end)
}

struct Duplicates<'t> {
    /// The keys that their object has already.
    spans: &'t [Range<usize>],
    lines: &'t Lines<'t>,
    found: Vec<Found>,
    /// The values of these keys; none lies in another.
    second: Vec<Range<usize>>,
}

impl Duplicates<'_> {
    /// Looks through `value`, at `pointer`. No value is nested deeper than a document may be.
    fn look_through(&mut self, value: Cursor<'_>, pointer: &mut String) {
        let end = pointer.len();
        let mut first: Option<HashMap<Cow<'_, str>, Range<usize>>> = None;
        for (name, child) in value.members() {
            push_token(pointer, &name);
            let key = child
                .key_span()
                .filter(|span| self.spans.binary_search_by_key(&span.start, |span| span.start).is_ok());
            if let Some(span) = key {
                let first = first.get_or_insert_with(|| first_keys(value));
                let line = first.get(&name).map(|span| self.lines.place(span.clone()).line);
                let line = line.map(|line| format!(", in line {line}")).unwrap_or_default();
                let message = format!("`{name}` stands in this object already{line}");
                let finding = Finding::new(Code::DuplicateKey, pointer.as_str(), message)
                    .with_help("keep one of them: readers differ in which one counts");
                self.found.push(Found { finding, span: Some(span) });
                if !is_within(&child.span(), &self.second) {
                    self.second.push(child.span());
                }
            }
            self.look_through(child, pointer);
            pointer.truncate(end);
        }
        for (index, child) in value.items().enumerate() {
            push_token(pointer, &index.to_string());
            self.look_through(child, pointer);
            pointer.truncate(end);
        }
    }
}

/// Where each name stands in an object first.
fn first_keys(object: Cursor<'_>) -> HashMap<Cow<'_, str>, Range<usize>> {
    let mut first = HashMap::new();
    for (name, child) in object.members() {
        if let Some(span) = child.key_span() {
            first.entry(name).or_insert(span);
        }
    }
    first
}
