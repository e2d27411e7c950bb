//! The documents that a `$ref` may reach: Authwire's own and files. Reads and keeps them; does not know what a keyword
//! means beyond where a subschema may stand.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use authwire_model::json::{Cursor, Kind};
use authwire_model::pattern::Pattern;
use authwire_model::table::{NodeId, Registry, Schema};
use authwire_model::{pointer, suggest};

use crate::keyword::{self, Holds};
use crate::pattern::{self, PatternError};
use crate::reference::{Fragment, OWN, Reference, Target};
use crate::resource::{self, Address};
use crate::source::{MAX_BYTES, Site, Source};

/// Whether a value is valid by a node of a schema. What checks documents, `authwire_core::interpreter::is_valid_tree`, decides it
/// for the defaults and examples in a schema too. It is handed in, so that a build need not wait for it to read schemas.
pub type IsValid = fn(&Schema, NodeId, Registry<'_>, Cursor<'_>) -> bool;

/// Reads a file.
type Loader = Box<dyn Fn(&Path) -> io::Result<Vec<u8>>>;

/// The schema documents that are known, by id and by path: Authwire's own always, files as they are asked for.
pub struct Library {
    sources: Vec<Source>,
    /// The resources by their URIs. Few enough to look through.
    by_id: Vec<(String, Address)>,
    by_path: HashMap<PathBuf, Result<usize, String>>,
    files_read: Vec<PathBuf>,
    loader: Loader,
    /// What decides on defaults and examples.
    pub(crate) is_valid: IsValid,
    patterns: RefCell<HashMap<String, Result<Pattern, PatternError>>>,
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.sources.iter().map(|source| &source.file)).finish()
    }
}

impl Library {
    /// A library that reads files from the disk. `is_valid` decides on defaults and examples:
    /// `authwire_core::interpreter::is_valid_tree`.
    #[must_use]
    pub fn new(is_valid: IsValid) -> Self {
        Self::with_loader(is_valid, read_file)
    }

    /// A library that reads files with `loader`.
    #[must_use]
    pub fn with_loader(is_valid: IsValid, loader: impl Fn(&Path) -> io::Result<Vec<u8>> + 'static) -> Self {
        Self {
            sources: Vec::new(),
            by_id: Vec::new(),
            by_path: HashMap::new(),
            files_read: Vec::new(),
            loader: Box::new(loader),
            is_valid,
            patterns: RefCell::default(),
        }
    }

    /// The files that were read so far, those that could not be read included: what a build must watch.
    #[must_use]
    pub fn files_read(&self) -> &[PathBuf] {
        &self.files_read
    }

    pub(crate) fn sources(&self) -> &[Source] {
        &self.sources
    }

    pub(crate) fn source(&self, index: usize) -> Option<&Source> {
        self.sources.get(index)
    }

    /// The pattern `source`, compiled once.
    pub(crate) fn pattern(&self, source: &str) -> Result<Pattern, PatternError> {
        if let Some(known) = self.patterns.borrow().get(source) {
            return known.clone();
        }
        let compiled = pattern::compile(source);
        self.patterns.borrow_mut().insert(source.to_owned(), compiled.clone());
        compiled
    }

    /// Authwire's own document `name`.
    pub(crate) fn own(&mut self, name: &str) -> Option<usize> {
        if let Some(known) = self.by_own_id(name) {
            return Some(known);
        }
        let file = authwire_schemas::FILES.iter().find(|file| own_name(file.path) == name)?;
        let mut source = Source::new(
            self.sources.len(),
            format!("schemas/{}", file.path),
            name.to_owned(),
            None,
            file.text.into(),
        );
        source.builtin = true;
        source.id.get_or_insert_with(|| format!("{OWN}{name}"));
        let index = self.push(source);
        // the name is the id, whatever the file says; that it says so is checked where `$id` is read
        self.name(format!("{OWN}{name}"), (index, 0));
        Some(index)
    }

    fn by_own_id(&self, name: &str) -> Option<usize> {
        self.by_id(&format!("{OWN}{name}")).map(|(index, _)| index)
    }

    fn by_id(&self, id: &str) -> Option<Address> {
        self.by_id.iter().find(|(known, _)| known == id).map(|(_, address)| *address)
    }

    /// Lets the resource at `address` be found by `id`, unless another is.
    fn name(&mut self, id: String, address: Address) {
        if self.by_id(&id).is_none() {
            self.by_id.push((id, address));
        }
    }

    /// The resource with the URI `id` that a document at `from` means: its own before those of others.
    fn by_uri(&self, id: &str, from: usize) -> Option<Address> {
        let mut own = self.source(from)?.resources.iter();
        let own = own.position(|resource| resource.uri.as_deref() == Some(id));
        own.map_or_else(|| self.by_id(id), |resource| Some((from, resource)))
    }

    /// The document in the file at `path`; the error says why it cannot be read.
    pub(crate) fn file(&mut self, path: &Path) -> Result<usize, String> {
        if let Some(known) = self.by_path.get(path) {
            return known.clone();
        }
        self.files_read.push(path.to_owned());
        let read = match (self.loader)(path) {
            Ok(bytes) => {
                let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
                let (file, path) = (path.display().to_string(), Some(path.to_owned()));
                let source = Source::new(self.sources.len(), file, name.unwrap_or_default(), path, bytes);
                Ok(self.push(source))
            }
            Err(error) => Err(format!("`{}` cannot be read: {error}", path.display())),
        };
        self.by_path.insert(path.to_owned(), read.clone());
        read
    }

    /// A document that is neither a file nor one of Authwire's own.
    pub(crate) fn text(&mut self, name: &str, text: &str) -> usize {
        let source = Source::new(self.sources.len(), name.to_owned(), name.to_owned(), None, text.into());
        self.push(source)
    }

    /// Adds a document that a `$ref` finds by its absolute URI: nothing is fetched, so whoever has it gives it. Returns
    /// whether there is a JSON document now.
    pub fn add(&mut self, uri: &str, bytes: Vec<u8>) -> bool {
        let index = self.sources.len();
        let name = uri.rsplit('/').next().unwrap_or(uri).to_owned();
        let mut source = Source::new(index, uri.to_owned(), name, None, bytes);
        source.id.get_or_insert_with(|| uri.to_owned());
        let readable = source.problems.is_empty();
        self.push(source);
        self.name(uri.to_owned(), (index, 0));
        readable
    }

    /// A document in place of the file at `path`, which carries why it could not be read.
    pub(crate) fn unreadable(&mut self, path: &Path, why: String) -> usize {
        self.push(Source::unreadable(self.sources.len(), path, why))
    }

    fn push(&mut self, mut source: Source) -> usize {
        let index = source.index;
        resource::read(&mut source);
        for (at, resource) in source.resources.iter().enumerate() {
            // Authwire's own ids are given by the folder `schemas/`
            if let Some(uri) = resource.uri.as_ref().filter(|uri| !uri.starts_with(OWN)) {
                self.name(uri.clone(), (index, at));
            }
        }
        self.sources.push(source);
        index
    }

    /// Reads every document that the one at `index` references, and those that they reference.
    pub(crate) fn load_references(&mut self, index: usize) {
        let mut seen = vec![index];
        let mut next = 0;
        while let Some(index) = seen.get(next).copied() {
            next += 1;
            let references = self.source(index).map(|source| source.references.clone());
            for (resource, reference) in references.unwrap_or_default() {
                let known = self.find(&reference, (index, resource)).map(|(found, _)| found);
                let found = match &reference.target {
                    Target::Own(name) => self.own(name),
                    Target::Relative { path: Some(path), .. } if known.is_err() => self.file(path).ok(),
                    _ => known.ok(),
                };
                if let Some(found) = found
                    && !seen.contains(&found)
                {
                    seen.push(found);
                }
            }
        }
    }

    /// The resource that `reference`, which stands in the one at `from`, names. The error says why there is none.
    pub(crate) fn find(&self, reference: &Reference, from: Address) -> Result<Address, Missing> {
        match &reference.target {
            Target::Here => Ok(from),
            Target::AuthTypes => Err(Missing::new("`authwire:auth` is no document")),
            Target::Own(name) => self.by_own_id(name).map(|index| (index, 0)).ok_or_else(|| {
                let names = authwire_schemas::FILES.iter().map(|file| own_name(file.path)).chain(["auth"]);
                let guess = suggest::nearest(name, names).map(|near| format!("did you mean `{OWN}{near}`?"));
                Missing { why: format!("Authwire has no schema `{OWN}{name}`"), help: guess }
            }),
            Target::Id(id) => self.by_uri(id, from.0).ok_or_else(|| {
                let known = self.by_id.iter().map(|(id, _)| id.as_str());
                let help = match suggest::nearest(id, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "nothing is fetched: name a file by its path, relative to this one".to_owned(),
                };
                Missing { why: format!("no document has the id `{id}`"), help: Some(help) }
            }),
            Target::Relative { id, path } => {
                if let Some(known) = id.as_ref().and_then(|id| self.by_uri(id, from.0)) {
                    return Ok(known);
                }
                let file = path.as_ref().and_then(|path| self.by_path.get(path));
                match (file, id) {
                    (Some(Ok(found)), Some(id)) => match self.source(*found).and_then(|it| it.id.as_ref()) {
                        Some(other) => {
                            let why = format!("this means `{id}`, but the file there has the id `{other}`");
                            Err(Missing::new(why))
                        }
                        None => Ok((*found, 0)),
                    },
                    (Some(Ok(found)), None) => Ok((*found, 0)),
                    (Some(Err(why)), _) => Err(Missing::new(why)),
                    (None, Some(id)) => Err(Missing::new(format!("no document has the id `{id}`"))),
                    (None, None) => Err(Missing::new("there is no such file")),
                }
            }
        }
    }

    /// The root of the resource with the URI `uri`.
    pub(crate) fn root_of(&self, uri: &str) -> Option<Site<'_>> {
        self.schema(self.by_id(uri)?, &Fragment::Pointer(Vec::new())).ok()
    }

    /// The schema that `fragment` names in the resource at `address`; otherwise why there is none.
    pub(crate) fn schema(&self, address: Address, fragment: &Fragment) -> Result<Site<'_>, String> {
        let source = self.source(address.0);
        let found = source.and_then(|source| Some((source, source.resources.get(address.1)?)));
        let Some((source, resource)) = found else { return Err("there is no such document".into()) };
        let at = match fragment {
            Fragment::Pointer(_) => resource.span.start,
            Fragment::Anchor(name) => match resource.anchors.iter().find(|anchor| anchor.name == *name) {
                Some(anchor) => anchor.at,
                None => {
                    let known = resource.anchors.iter().map(|anchor| &*anchor.name);
                    let guess =
                        suggest::nearest(name, known).map(|near| format!(" (did you mean `{near}`?)"));
                    return Err(format!("no `$anchor` is `{name}`{}", guess.unwrap_or_default()));
                }
            },
        };
        let Some(site) = source.site_at(at) else { return Err("it is no JSON".into()) };
        match fragment {
            Fragment::Pointer(tokens) => schema_at(site, tokens),
            Fragment::Anchor(_) => Ok(site),
        }
    }
}

/// Why a `$ref` names no document.
#[derive(Debug)]
pub(crate) struct Missing {
    pub(crate) why: String,
    pub(crate) help: Option<String>,
}

impl Missing {
    fn new(why: impl Into<String>) -> Self {
        Self { why: why.into(), help: None }
    }
}

/// The name of Authwire's own document at `path`: `basic_auth` for `auth/basic_auth.json`.
pub(crate) fn own_name(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.strip_suffix(".json").unwrap_or(file)
}

/// The value at `tokens` from `root`, if a schema stands there; otherwise where the way ends.
fn schema_at<'l>(root: Site<'l>, tokens: &[String]) -> Result<Site<'l>, String> {
    let mut site = root;
    let mut rest = tokens.iter();
    while let Some(token) = rest.next() {
        let holds = keyword::holds(token);
        let Some(value) = site.get(token) else {
            return Err(match holds {
                Holds::Data => format!("there is no `{token}`"),
                _ => format!("there is no `{token}` there"),
            });
        };
        site = match holds {
            Holds::Schema => value,
            Holds::Data => return Err(format!("`{token}` holds no schema")),
            Holds::Schemas | Holds::NamedSchemas => {
                let Some(name) = rest.next() else {
                    return Err(format!("`{token}` holds schemas, but is none"));
                };
                let found = match value.kind() {
                    Kind::Array => pointer::index(name).and_then(|index| value.items().nth(index)),
                    _ => value.get(name),
                };
                let Some(found) = found else {
                    let names: Vec<_> = value.members().map(|(name, _)| name).collect();
                    let near = suggest::nearest(name, names.iter().map(|name| &**name));
                    let guess = near.map(|near| format!(" (did you mean `{near}`?)")).unwrap_or_default();
                    return Err(format!("`{token}` has no `{name}`{guess}"));
                };
                found
            }
        };
    }
    Ok(site)
}

/// The bytes of the file at `path`; of one that is too large one more than may be, so that its reader says so.
fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    // looked at before it is opened: opening a FIFO waits for somebody to write
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
