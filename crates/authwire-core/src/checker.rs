//! From a document to its report: syntax, schema and semantic layer, one after the other.

use std::ops::Range;

use serde_json::Value;

use crate::finding::{Code, Finding, Severity};
use crate::instance::Instance;
use crate::interpreter::{self, Found};
use crate::json::{Cursor, Tree};
use crate::place::{Lines, tokens};
use crate::report::Report;
use crate::semantic;
use crate::table::{Keyword, Registry, Schema};

/// The last word on values that no table can judge. `authwire-runtime` has one that knows URLs, keys and certificates.
///
/// No verdict repeats any part of what was judged.
pub trait Judge {
    /// Whether a URL that passed its pattern can be used.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence.
    fn url(&self, url: &str) -> Result<(), String>;

    /// Whether a key can sign by `algorithm` (RFC 7518 §3.1); `encoding` is how an HS256 secret is written. Returns what had to
    /// be repaired before it could be read, each as a sentence without its subject's name.
    ///
    /// # Errors
    /// Why it can't.
    fn signing_key(
        &self,
        key: &str,
        algorithm: &str,
        encoding: Option<&str>,
    ) -> Result<Vec<String>, KeyFault> {
        let _ = (key, algorithm, encoding);
        Ok(Vec::new())
    }

    /// Whether a client certificate can be shown: with its key where that is given apart, unlocked with the passphrase.
    ///
    /// # Errors
    /// Why it can't, and which of the three it is about.
    fn client_certificate(
        &self,
        certificate: &str,
        private_key: Option<&str>,
        passphrase: Option<&str>,
    ) -> Result<(), (CertificatePart, KeyFault)> {
        let _ = (certificate, private_key, passphrase);
        Ok(())
    }
}

/// Why a key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFault {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// A part of a client certificate as a connector gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificatePart {
    /// The certificate.
    Certificate,
    /// The private key.
    PrivateKey,
    /// The passphrase.
    Passphrase,
}

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
    let mut found: Vec<Found> = tree
        .duplicates()
        .iter()
        .map(|span| Found { finding: duplicate(tree.root(), span), span: Some(span.clone()) })
        .collect();
    found.extend(check(schema, registry, tree.root(), judge));
    let lines = Lines::new(tree.text().as_bytes());
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
    Report::new(check(schema, registry, value, judge).into_iter().map(|found| found.finding).collect())
}

fn check<'d, I: Instance<'d>>(
    schema: &Schema,
    registry: Registry<'_>,
    root: I,
    judge: Option<&dyn Judge>,
) -> Vec<Found> {
    let mut found = interpreter::findings(schema, registry, root);
    let broken: Vec<String> = found
        .iter()
        .filter(|found| found.finding.severity() == Severity::Error)
        .map(|found| found.finding.pointer.clone())
        .collect();
    for issue in semantic::issues(schema, registry, root, judge) {
        // what the schema refused already is one mistake, not two
        if !issue.at_key && broken.contains(&issue.pointer) {
            continue;
        }
        let value = at(root, &issue.pointer);
        let span = value.and_then(|value| if issue.at_key { value.key_span() } else { value.span() });
        let mut finding = Finding::new(issue.code, issue.pointer, issue.message);
        (finding.help, finding.title, finding.display) = (issue.help, issue.title, issue.display);
        finding.schema = issue.schema;
        found.push(Found { finding, span });
    }
    found
}

/// The auth config inside of a document: the document itself, or the member that holds one; with its pointer.
pub(crate) fn auth_config<'s, 'd, I: Instance<'d>>(
    schema: &'s Schema,
    registry: Registry<'s>,
    root: I,
) -> Option<(&'s Schema, I, String)> {
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
        let Keyword::Properties(rows) = row else { return None };
        rows.named.iter().find_map(|(name, node)| {
            let rows = &schema.node(schema.resolved(*node)).keywords;
            rows.iter().any(|row| matches!(row, Keyword::AuthType)).then_some(&**name)
        })
    })
}

fn at<'d, I: Instance<'d>>(root: I, pointer: &str) -> Option<I> {
    tokens(pointer)?.iter().try_fold(root, |value, token| match token.parse::<usize>() {
        Ok(index) if value.kind() == crate::json::Kind::Array => value.items().nth(index),
        _ => value.get(token),
    })
}

fn duplicate(root: Cursor<'_>, span: &Range<usize>) -> Finding {
    let mut pointer = String::new();
    let mut name = String::new();
    let mut value = Some(root);
    while let Some(parent) = value {
        let inside = parent.items().enumerate().find(|(_, child)| {
            child.span().end > span.start
                && child.key_span().map_or(child.span().start, |key| key.start) <= span.start
        });
        value = inside.map(|(index, child)| {
            name = match child.key_span() {
                Some(_) => {
                    parent.members().nth(index).map_or_else(String::new, |(name, _)| name.into_owned())
                }
                None => index.to_string(),
            };
            crate::place::push_token(&mut pointer, &name);
            child
        });
        if value.is_some_and(|child| child.key_span().as_ref() == Some(span)) {
            break;
        }
    }
    Finding::new(Code::DuplicateKey, pointer, format!("`{name}` stands in this object already"))
        .with_help("keep one of them: readers differ in which one counts")
}
