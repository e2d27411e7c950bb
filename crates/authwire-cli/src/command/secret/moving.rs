//! `authwire secret move`: lifts the secrets of a connector file into the store, and leaves references.

use std::collections::HashSet;
use std::fs;
use std::io::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use authwire_core::json::Tree;
use authwire_core::{Code, Severity};
use authwire_store::Store;
use clap::Args;
use serde_json::json;
use zeroize::Zeroizing;

use crate::arguments::TypeArguments;
use crate::auth_types::Types;
use crate::connector_file;
use crate::files::Input;
use crate::outcome::{Failure, Outcome, Status, complain, say};
use crate::store::{self, StoreArguments};
use crate::terminal::on_one_line;

/// Move the secrets that are written in a connector file into the store, and leave references in their place.
///
/// Everything that `validate` reports as `literal_secret` is moved, under the names of connector and field; nothing else in
/// the file changes. Secrets that were in a repository are still in its history: replace those at their source.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The connector file
    file: PathBuf,
    /// Show what would be moved, without moving it
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    types: TypeArguments,
}

const EXAMPLES: &str = "\
Examples:
  authwire secret move connectors/zoom.json --dry-run
  authwire secret move connectors/zoom.json";

/// A secret that stands in the file.
struct Literal {
    pointer: String,
    span: Range<usize>,
    value: Zeroizing<String>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let path = &arguments.file;
    if path == Path::new("-") {
        return Err(Failure::not_run("a connector file on stdin cannot be changed").with_help("name a file"));
    }
    let types = Types::load(&arguments.types.schemas)?;
    let bytes = Input::new(path).read().map(Zeroizing::new).map_err(|unreadable| {
        Failure::not_run(format!("`{}` cannot be read: {}", unreadable.name, unreadable.why))
    })?;
    let (name, literals) = literals(&bytes, path, &types)?;
    if literals.is_empty() {
        say(&format!("no secret is written in {}", path.display()));
        return Ok(Status::Fine);
    }
    let (literals, fixed): (Vec<_>, Vec<_>) =
        literals.into_iter().partition(|literal| literal.may_be_a_reference(&bytes, &types));
    for literal in &fixed {
        complain(
            &on_one_line(&format!("{} stays: its auth type takes no reference there", literal.pointer)),
            &["in its schema, \"$ref\": \"authwire:common#/$defs/secret\" lets one stand there".to_owned()],
        );
    }
    let status = if fixed.is_empty() { Status::Fine } else { Status::Failed };
    if literals.is_empty() {
        return Ok(status);
    }
    if arguments.dry_run {
        for literal in &literals {
            say(&on_one_line(&format!(
                "would move {} to `{}`",
                literal.pointer,
                key(&name, &literal.pointer)
            )));
        }
        return Ok(status);
    }
    let store = arguments.store.open()?;
    let mut new = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let mut rest = 0;
    let mut keys = HashSet::new();
    for literal in &literals {
        let key = keep(&store, &key(&name, &literal.pointer), literal, &mut keys)?;
        new.extend_from_slice(&bytes[rest..literal.span.start]);
        new.extend_from_slice(json!({ "store": key }).to_string().as_bytes());
        rest = literal.span.end;
        say(&on_one_line(&format!("moved {} to `{key}`", literal.pointer)));
    }
    new.extend_from_slice(&bytes[rest..]);
    // every secret is durable by now: a kill leaves the file as it was or as it is to be
    replace(path, &new).map_err(|error| {
        Failure::not_run(format!("`{}` cannot be written: {error}", path.display()))
            .with_help("the secrets are in the store now, and still in the file")
    })?;
    say(&format!("kept in {}", store.location()));
    Ok(status)
}

impl Literal {
    /// Whether the file is still valid with a reference in the secret's place.
    fn may_be_a_reference(&self, bytes: &[u8], types: &Types) -> bool {
        let (before, after) = (&bytes[..self.span.start], &bytes[self.span.end..]);
        let changed = Zeroizing::new([before, br#"{"store":"name"}"#, after].concat());
        connector_file::check(&changed, types).report.is_valid()
    }
}

/// The connector's name, and the secrets that stand in its file, in its order.
fn literals(bytes: &[u8], path: &Path, types: &Types) -> Result<(String, Vec<Literal>), Failure> {
    let checked = connector_file::check(bytes, types);
    let findings = checked.report.findings();
    if findings.iter().any(|finding| finding.severity() == Severity::Error) {
        return Err(super::super::invalid(
            &path.to_string_lossy(),
            bytes,
            &checked.report,
            "nothing was moved",
        ));
    }
    let unread = || Failure::not_run(format!("`{}` cannot be read", path.display()));
    let tree = Tree::parse(bytes).map_err(|_| unread())?;
    let (name, _) = checked.name.ok_or_else(unread)?;
    let mut literals: Vec<Literal> = findings
        .iter()
        .filter(|finding| finding.code == Code::LiteralSecret)
        .filter_map(|finding| {
            let literal = tree.root().pointer(&finding.pointer)?;
            let value = Zeroizing::new(literal.string()?.into_owned());
            Some(Literal { pointer: finding.pointer.clone(), span: literal.span(), value })
        })
        .collect();
    literals.sort_by_key(|literal| literal.span.start);
    literals.dedup_by_key(|literal| literal.span.start);
    Ok((name, literals))
}

/// `zoom.client_secret`: the connector's name and the field's.
fn key(name: &str, pointer: &str) -> String {
    let field = pointer.strip_prefix("/auth_config").unwrap_or(pointer).replace('/', ".");
    let legal = |character: char| match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '.' | '-' => character,
        _ => '_',
    };
    format!("{name}{field}").chars().map(legal).take(120).collect()
}

/// Keeps a secret. One of another value that has the key already stays what it is.
fn keep(
    store: &Store,
    wanted: &str,
    literal: &Literal,
    used: &mut HashSet<String>,
) -> Result<String, Failure> {
    let mut key = wanted.to_owned();
    for count in 2.. {
        let taken = used.contains(&key);
        let known = store.secret(&key).map_err(store::failure)?;
        let is_same = known.as_ref().is_some_and(|known| *known == literal.value);
        if is_same || (known.is_none() && !taken) {
            if !is_same {
                store.set_secret(&key, &literal.value).map_err(store::failure)?;
            }
            break;
        }
        key = format!("{wanted}-{count}");
    }
    used.insert(key.clone());
    Ok(key)
}

/// Puts a file with these bytes in the place of the one at `path`, in one step; it keeps its owner and its permissions.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // a link goes on leading where it led
    let path = fs::canonicalize(path)?;
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let unfinished = PathBuf::from(name);
    let written =
        fs::OpenOptions::new().write(true).create_new(true).open(&unfinished).and_then(|mut file| {
            let old = fs::metadata(&path)?;
            keep_owner(&file, &old)?;
            file.set_permissions(old.permissions())?;
            file.write_all(bytes)?;
            file.sync_all()
        });
    written.and_then(|()| fs::rename(&unfinished, &path)).inspect_err(|_| {
        let _ = fs::remove_file(&unfinished);
    })
}

/// Gives `file` to whom the old one belongs. Only root changes a file of somebody else's so.
fn keep_owner(file: &fs::File, old: &fs::Metadata) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, fchown};
        let new = file.metadata()?;
        if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
            fchown(file, Some(old.uid()), Some(old.gid()))?;
        }
    }
    Ok(())
}
