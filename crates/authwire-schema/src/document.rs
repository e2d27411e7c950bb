//! From files to compiled documents: auth types, folders of them, and Authwire's own.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use authwire_model::compiled::{Annotations, AuthType, Builtin, Document};
use authwire_model::json::Tree;
use authwire_model::list::{Str, sorted};
use authwire_model::table::{Json, Keyword, Node, NodeId, Registry, Schema, Types};

use crate::compiler::{Compiler, Draft};
use crate::diagnostic::Diagnostics;
use crate::library::{IsValid, Library, own_name};
use crate::problems::{Problem, Problems, Spot};
use crate::shape::Shape;
use crate::source::{Site, Source};
use crate::{display, endless, plan, samples, union};

/// Reads the auth type in the file at `path`, with everything that it references. Returns it with the warnings.
///
/// # Errors
/// Everything that is wrong with it, warnings included.
pub fn read_auth_type(library: &mut Library, path: &Path) -> Result<(AuthType, Diagnostics), Diagnostics> {
    let source = match library.file(path) {
        Ok(source) => source,
        Err(why) => {
            let source = library.unreadable(path, why);
            return Err(given_up(library, source));
        }
    };
    library.load_references(source);
    let (document, problems) = compile(library, source, Role::AuthType, &[]);
    conclude(library, document, problems)
}

/// Reads the built-in auth type `name`; `None` if there is none.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_builtin(
    library: &mut Library,
    name: &str,
) -> Option<Result<(AuthType, Diagnostics), Diagnostics>> {
    authwire_schemas::FILES.iter().find(|file| file.auth_type() == Some(name))?;
    let source = library.own(name)?;
    library.load_references(source);
    let (document, problems) = compile(library, source, Role::AuthType, &[]);
    Some(conclude(library, document, problems))
}

/// Reads a schema that is no auth type from `text`; diagnostics call it `name`.
///
/// # Errors
/// Everything that is wrong with it, warnings included.
pub fn read_text(
    library: &mut Library,
    name: &str,
    text: &str,
) -> Result<(Document, Diagnostics), Diagnostics> {
    let source = library.text(name, text);
    library.load_references(source);
    let (document, problems) = compile(library, source, Role::Plain, &[]);
    conclude(library, document, problems)
}

/// Reads every auth type of a folder, sorted by name: the `*.json` files in it that have an `x-auth`. Those without may
/// be referenced, by path or by `$id`. Returns them with the warnings.
///
/// # Errors
/// Everything that is wrong with any of them, a name of a built-in type included: all or none are loaded.
pub fn read_folder(
    library: &mut Library,
    folder: &Path,
) -> Result<(Vec<AuthType>, Diagnostics), Diagnostics> {
    let paths = match json_files(folder) {
        Ok(paths) => paths,
        Err(error) => {
            let why = format!("the folder `{}` cannot be read: {error}", folder.display());
            let source = library.unreadable(folder, why);
            return Err(given_up(library, source));
        }
    };
    let mut problems = Problems::default();
    let mut sources = Vec::new();
    for path in paths {
        sources.push(match library.file(&path) {
            Ok(source) => source,
            Err(why) => library.unreadable(&path, why),
        });
    }
    sources.iter().for_each(|source| library.load_references(*source));
    same_ids(library, &sources, &mut problems);
    let mut documents = Vec::new();
    for index in sources {
        let Some(source) = library.source(index) else { continue };
        source.problems.iter().for_each(|problem| problems.push(problem.clone()));
        if source.root().is_none_or(|root| root.get("x-auth").is_none()) {
            continue;
        }
        if is_builtin(&source.name) {
            let message = format!("there is a built-in auth type `{}`", source.name);
            problems.push(
                Problem::error(Spot { source: index, span: 0..0 }, message).with_help("rename the file"),
            );
        }
        let (document, more) = compile(library, index, Role::AuthType, &[]);
        problems.append(more);
        documents.extend(document);
    }
    conclude(library, Some(documents), problems)
}

/// Tells of ids that two of the files `sources` have: a `$ref` would mean the first.
fn same_ids(library: &Library, sources: &[usize], problems: &mut Problems) {
    let mut known: HashMap<&str, &Source> = HashMap::new();
    for source in sources.iter().filter_map(|index| library.source(*index)) {
        for resource in &source.resources {
            let Some(uri) = resource.uri.as_deref() else { continue };
            let first = *known.entry(uri).or_insert(source);
            let site = source.site_at(resource.span.start).and_then(|site| site.get("$id"));
            if let Some(site) = site.filter(|_| first.index != source.index) {
                let file = first.path.as_deref().and_then(Path::file_name).unwrap_or_default();
                let message = format!("`{}` has the id `{uri}` already", file.to_string_lossy());
                problems
                    .push(Problem::error(site.spot(), message).with_help("give each file an id of its own"));
            }
        }
    }
}

/// Reads Authwire's own documents.
///
/// # Errors
/// Everything that is wrong with them, warnings included: nothing, in a release.
pub fn builtin(library: &mut Library) -> Result<Builtin, Diagnostics> {
    let mut problems = Problems::default();
    let mut auth = Vec::new();
    let mut sources = Vec::new();
    for file in authwire_schemas::FILES {
        let source = library.own(own_name(file.path));
        sources.extend(source.map(|source| (file, source)));
    }
    sources.iter().for_each(|(_, source)| library.load_references(*source));
    for (_, source) in sources.iter().filter(|(file, _)| file.auth_type().is_some()) {
        let (document, more) = compile(library, *source, Role::AuthType, &[]);
        problems.append(more);
        auth.extend(document);
    }
    let auth = sorted(auth, |one: &AuthType, two| one.name.cmp(&two.name));
    let types: Vec<&Schema> = auth.iter().map(|document| &document.schema).collect();
    let mut connector = None;
    for (file, source) in sources.iter().filter(|(file, _)| file.auth_type().is_none()) {
        let (document, more) = compile(library, *source, Role::Plain, &types);
        problems.append(more);
        if file.path == "connector.json" {
            connector = document;
        }
    }
    let made = connector.map(|connector| Builtin::new(connector, auth));
    let (builtin, warnings) = conclude(library, made, problems)?;
    if warnings.is_empty() { Ok(builtin) } else { Err(warnings) }
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    AuthType,
    Plain,
}

/// Whether there is a built-in auth type `name`.
fn is_builtin(name: &str) -> bool {
    authwire_schemas::FILES.iter().any(|file| file.auth_type() == Some(name))
}

fn json_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // whatever else has the name is told when it is read
        if path.extension().is_some_and(|extension| extension == "json") && !path.is_dir() {
            paths.push(path);
        }
    }
    Ok(sorted(paths, PathBuf::cmp))
}

/// The result, or what prevents it, for people.
fn conclude<T>(
    library: &Library,
    made: Option<T>,
    problems: Problems,
) -> Result<(T, Diagnostics), Diagnostics> {
    let diagnostics = problems.into_diagnostics(library.sources());
    match made {
        Some(made) if !diagnostics.has_errors() => Ok((made, diagnostics)),
        _ => Err(diagnostics),
    }
}

/// What is wrong with a document that is not even there.
fn given_up(library: &Library, source: usize) -> Diagnostics {
    let mut problems = Problems::default();
    if let Some(source) = library.source(source) {
        source.problems.iter().for_each(|problem| problems.push(problem.clone()));
    }
    problems.into_diagnostics(library.sources())
}

fn compile(library: &Library, index: usize, role: Role, types: &[&Schema]) -> (Option<Document>, Problems) {
    let mut problems = Problems::default();
    let Some(source) = library.source(index) else { return (None, problems) };
    let Some(root) = source.root() else {
        source.problems.iter().for_each(|problem| problems.push(problem.clone()));
        return (None, problems);
    };
    let mut compiler = Compiler::new(library, (role == Role::AuthType).then_some(&*source.name));
    let reached = compiler.document(root);
    let Compiler { mut drafts, mut problems, .. } = compiler;
    if let Some(problem) = endless::problem(&drafts) {
        problems.push(problem);
        return (None, problems);
    }
    let (nodes, notes) = tables(&mut drafts);
    let title = nodes.first().and_then(|node| node.title.clone());
    let mut schema = Schema {
        name: (*source.name).into(),
        title: title.unwrap_or_else(|| (*source.name).into()),
        nodes: nodes.into(),
        plan: None,
    };
    samples::check(&drafts, &schema, Registry { types }, library.is_valid, &mut problems);
    if role == Role::AuthType {
        check_auth_type(&schema, &notes, &drafts, library.is_valid, &mut problems);
        schema.plan =
            plan::compile(root, Shape { nodes: &schema.nodes, notes: &notes }, &drafts, &mut problems);
    } else if let Some(plan) = root.get("x-auth") {
        // the folder says what is an auth type, and this is none
        problems.push(Problem::error(plan.key_spot(), "`x-auth` stands in auth types only"));
    }
    schema.nodes.change(|nodes| nodes.truncate(reached));
    let mut notes = notes;
    notes.truncate(reached);
    let document = Document::new(schema, notes, source.text().to_owned(), index);
    (Some(document), problems)
}

/// The tables of `drafts`, whose rows and annotations they take.
fn tables(drafts: &mut [Draft<'_>]) -> (Vec<Node>, Vec<Annotations>) {
    let mut notes = Vec::with_capacity(drafts.len());
    let mut nodes = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let at: Str = format!("{}#{}", draft.site.source.label(), draft.pointer).into();
        notes.push(std::mem::take(&mut draft.note));
        nodes.push(Node {
            at,
            title: draft.title.take(),
            display: authwire_model::table::Display::Masked,
            keywords: std::mem::take(&mut draft.rows).into(),
        });
    }
    let shape = Shape { nodes: &nodes, notes: &notes };
    let ids = 0..NodeId::try_from(nodes.len()).unwrap_or_default();
    let secrets = display::Secrets::of(shape);
    let mut said = Vec::with_capacity(nodes.len());
    for node in ids {
        let mut told_apart = Vec::new();
        for (at, row) in shape.rows(node).iter().enumerate() {
            if let Keyword::AnyOf(union) | Keyword::OneOf(union) = row {
                told_apart.push((at, union::discriminant(shape, node, &union.branches)));
            }
        }
        said.push((display::display(shape, &secrets, node), display::title(shape, node), told_apart));
    }
    for (node, (display, title, told_apart)) in nodes.iter_mut().zip(said) {
        (node.display, node.title) = (display, title);
        if told_apart.is_empty() {
            continue;
        }
        node.keywords.change(|rows| {
            for (at, by) in told_apart {
                if let Some(Keyword::AnyOf(union) | Keyword::OneOf(union)) = rows.get_mut(at) {
                    union.change(|union| union.by = by);
                }
            }
        });
    }
    (nodes, notes)
}

/// Whether `type` fulfils the node `names` as a name.
fn is_valid_name(schema: &Schema, names: NodeId, is_valid: IsValid) -> bool {
    Tree::parse(b"\"type\"").is_ok_and(|tree| is_valid(schema, names, Registry { types: &[] }, tree.root()))
}

/// What holds for auth types besides: they describe objects, they have a plan, and the file's name names them.
fn check_auth_type(
    schema: &Schema,
    notes: &[Annotations],
    drafts: &[Draft<'_>],
    is_valid: IsValid,
    problems: &mut Problems,
) {
    let Some(root) = drafts.first() else { return };
    let name = &*schema.name;
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !name.starts_with(|first: char| first.is_ascii_alphabetic())
        || !name.bytes().all(valid)
        || name.len() > 64
    {
        let message = format!("the file's name names the auth type, and `{name}` is no name for one");
        let help = "a letter, then up to 63 letters, digits, `_` or `-`";
        problems.push(
            Problem::error(Spot { source: root.site.source.index, span: 0..0 }, message).with_help(help),
        );
    }
    let shape = Shape { nodes: &schema.nodes, notes };
    if root.broken {
        return;
    }
    if shape.types(schema.root()) != Types::OBJECT {
        let message = "an auth type describes an object";
        problems.push(Problem::error(root.site.spot(), message).with_help("add `\"type\": \"object\"`"));
    }
    let written = Json::String(name.into()).to_string();
    let fits = |node| {
        let tree = Tree::parse(written.as_bytes());
        tree.is_ok_and(|tree| is_valid(schema, node, Registry { types: &[] }, tree.root()))
    };
    for (property, node) in shape.properties(schema.root()) {
        let Some(draft) = drafts.get(node as usize) else { continue };
        if property == "type" && !draft.broken && !fits(node) {
            let at = draft.site.get("const").or(draft.site.get("enum")).unwrap_or(draft.site);
            let message = format!("`type` is the auth type's name, which the file's name says: `{name}`");
            problems.push(Problem::error(at.spot(), message));
        }
    }
    let named = |site: Site<'_>, keyword| site.get(keyword).unwrap_or(site).key_spot();
    for (draft, node) in drafts.iter().zip(&schema.nodes).filter(|(draft, _)| draft.whole && !draft.broken) {
        for row in &node.keywords {
            let (keyword, why) = match row {
                Keyword::PropertyNames(names) if !is_valid_name(schema, *names, is_valid) => {
                    ("propertyNames", "`type` stands in every config, and is no name that this lets through")
                }
                // nobody knows whether it was counted
                Keyword::MaxProperties(_)
                    if draft.site.get("properties").is_none_or(|it| it.get("type").is_none()) =>
                {
                    ("maxProperties", "`type` stands in every config, and is a member that counts")
                }
                Keyword::Properties(row)
                    if row.named("type").is_none()
                        && !row.patterns.iter().any(|(pattern, _)| pattern.matches("type"))
                        && row.additional.is_some_and(|node| !fits(node)) =>
                {
                    (
                        "additionalProperties",
                        "`type` stands in every config, and its value does not fulfil this",
                    )
                }
                _ => continue,
            };
            problems.push(
                Problem::error(named(draft.site, keyword), why)
                    .with_help(format!("the value is {written}: name it under `properties`")),
            );
        }
    }
    if root.site.get("x-auth").is_none() {
        let message = "an auth type says under `x-auth` what it puts on the wire";
        problems.push(Problem::error(root.site.spot(), message));
    }
}
