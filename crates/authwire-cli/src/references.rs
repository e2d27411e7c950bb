//! `--resolve`: does what the references of a connector file name exist, and does its value fit; the private CA too.
//!
//! The values take the places of their references, and the file is checked as if it had held them: so whatever is said of
//! a literal is said of a resolved value, in the same words, which hold no value.

use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use authwire_core::json::Tree;
use authwire_core::place::Lines;
use authwire_core::references::{WrittenReference, in_connector_file};
use authwire_core::secret_value::wipe;
use authwire_core::table::Display;
use authwire_core::value::ToValue as _;
use authwire_core::{Code, Finding, Reference, checker};
use authwire_runtime::judge::Expert;
use authwire_runtime::{Resolver, check_ca_file, text_or_base64};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::auth_types::Types;

/// What is to be said of the references in `bytes` besides `known`.
pub(crate) fn check(
    bytes: &[u8],
    folder: &Path,
    types: &Types,
    resolver: &dyn Resolver,
    known: &[Finding],
) -> Vec<Finding> {
    let Ok(tree) = Tree::parse(bytes) else { return Vec::new() };
    let lines = Lines::new(bytes);
    let mut document = tree.root().to_value();
    let mut findings = Vec::new();
    let mut resolved = Vec::new();
    let written = types.with_registry(|registry| in_connector_file(tree.root(), registry));
    for WrittenReference { pointer, reference, value, may_be_binary } in written {
        // what is no legal reference was told already
        if known.iter().any(|finding| is_at_or_below(&finding.pointer, &pointer)) {
            continue;
        }
        let place = value.span();
        match resolve(&reference, folder, resolver, may_be_binary) {
            Ok(value) => {
                if let Some(place) = document.pointer_mut(&pointer) {
                    *place = Value::String(value.to_string());
                }
                resolved.push((pointer, place, reference));
            }
            Err((message, help)) => {
                let mut finding = Finding::new(Code::Key, pointer, message).with_help(help);
                finding.place = Some(lines.place(place));
                finding.display = Display::Masked;
                findings.push(finding);
            }
        }
    }
    if let Some(value) = tree.root().pointer("/http/ca_file")
        && let Some(path) = value.string()
        && !known.iter().any(|finding| finding.pointer == "/http/ca_file")
        && let Err(fault) = check_ca_file(&folder.join(&*path))
    {
        let mut finding = Finding::new(fault.code, "/http/ca_file", fault.message);
        finding.help = fault.help;
        finding.place = Some(lines.place(value.span()));
        findings.push(finding);
    }
    let report = types.with_registry(|registry| {
        checker::report_value(Types::connector(), registry, &document, Some(&Expert))
    });
    wipe(&mut document);
    let is_news = |finding: &Finding| {
        finding.code != Code::LiteralSecret
            && !known.iter().any(|old| (old.code, &old.pointer) == (finding.code, &finding.pointer))
    };
    for mut finding in report.into_findings().into_iter().filter(is_news) {
        // only what a resolved value is to blame for: all else was said at its own place
        if let Some((_, span, reference)) = resolved.iter().find(|(pointer, ..)| *pointer == finding.pointer)
        {
            if finding.code == Code::MinLength {
                (finding.message, finding.help) = empty(reference);
            }
            finding.place = Some(lines.place(span.clone()));
            finding.display = Display::Secret;
            findings.push(finding);
        }
    }
    findings
}

/// The value that `reference` names, or what is wrong and what to do.
fn resolve(
    reference: &Reference,
    folder: &Path,
    resolver: &dyn Resolver,
    may_be_binary: bool,
) -> Result<Zeroizing<String>, (String, String)> {
    let absolute = match reference {
        Reference::File(path) => Reference::File(folder.join(path).to_string_lossy().into_owned()),
        other => other.clone(),
    };
    let resolved = if may_be_binary {
        at_once(resolver.resolve_bytes(&absolute)).map(|resolved| resolved.map(text_or_base64))
    } else {
        at_once(resolver.resolve(&absolute))
    };
    match resolved {
        Some(Ok(value)) => Ok(value),
        Some(Err(unresolved)) => Err((unresolved.message, unresolved.help)),
        None => Err(("the value is not there yet".to_owned(), "try again".to_owned())),
    }
}

/// What is said of a reference that leads to an empty text, and what to do.
fn empty(reference: &Reference) -> (String, Option<String>) {
    let (what, help) = match reference {
        Reference::Env(name) => (format!("the environment variable `{name}`"), "set it to the value"),
        Reference::File(path) => (format!("the file `{path}`"), "write the value into it"),
        Reference::Store(key) => (format!("the secret `{key}` of the store"), "set it again"),
        other => (format!("what `{other}` names"), "set it"),
    };
    (format!("{what} is empty"), Some(help.to_owned()))
}

/// The output of a future that waits for nothing, as the environment, files and our store do.
fn at_once<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

fn is_at_or_below(pointer: &str, other: &str) -> bool {
    pointer.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
