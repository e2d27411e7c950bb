//! Which files a command is to read: those that were named, and every connector file below a folder.
//!
//! It must not know what stands in a file.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use authwire_core::json::MAX_BYTES;

use crate::glob::Glob;

/// How many bytes are read: one more than may be.
const LIMIT: u64 = MAX_BYTES as u64 + 1;

/// Most files are not longer than this.
const USUAL: usize = 8 << 10;

/// Something to read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Input {
    /// `-`
    Stdin,
    /// A file that was named.
    File(PathBuf),
    /// A regular file that was found in a folder.
    Found(PathBuf),
}

/// Something that cannot be read, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    /// What: as [`Input::name`].
    pub(crate) name: String,
    /// Why: `the file does not exist`.
    pub(crate) why: String,
}

impl Input {
    /// What `argument` names.
    pub(crate) fn new(argument: &Path) -> Self {
        if argument == Path::new("-") { Self::Stdin } else { Self::File(argument.to_owned()) }
    }

    /// What reports call it.
    pub(crate) fn name(&self) -> String {
        match self.path() {
            None => "<stdin>".to_owned(),
            Some(path) => path.to_string_lossy().into_owned(),
        }
    }

    /// Whether it can be read once only.
    pub(crate) fn is_stream(&self) -> bool {
        self.path().is_none_or(is_own_descriptor)
    }

    /// Where it is; stdin is nowhere.
    fn path(&self) -> Option<&Path> {
        match self {
            Self::Stdin => None,
            Self::File(path) | Self::Found(path) => Some(path),
        }
    }

    /// The folder that relative paths in it start at.
    pub(crate) fn folder(&self) -> PathBuf {
        match self.path().and_then(Path::parent) {
            Some(folder) if folder != Path::new("") => folder.to_owned(),
            _ => PathBuf::from("."),
        }
    }

    /// Its bytes: of a file that is too large one more than may be.
    pub(crate) fn read(&self) -> Result<Vec<u8>, Unreadable> {
        let mut bytes = Vec::new();
        self.read_into(&mut bytes)?;
        Ok(bytes)
    }

    /// The same into `bytes`, in place of what is there: who reads many files needs one buffer.
    pub(crate) fn read_into(&self, bytes: &mut Vec<u8>) -> Result<(), Unreadable> {
        bytes.clear();
        match self {
            Self::Stdin => read_up_to_limit(io::stdin().lock(), bytes),
            Self::File(path) => read_file(path, bytes),
            Self::Found(path) => fs::File::open(path).and_then(|file| read_up_to_limit(file, bytes)),
        }
        .map_err(|error| Unreadable { name: self.name(), why: reason(&error) })
    }
}

fn read_file(path: &Path, bytes: &mut Vec<u8>) -> io::Result<()> {
    // looked at before it is opened: opening a FIFO waits for somebody to write
    let metadata = fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    if !metadata.is_file() && !is_own_descriptor(path) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    bytes.reserve(usize::try_from(metadata.len().min(LIMIT)).unwrap_or(0) + 1);
    read_up_to_limit(fs::File::open(path)?, bytes)
}

/// Whether `path` is one that a shell opened for us: `<(command)`, `/dev/stdin`. Somebody holds its other end.
fn is_own_descriptor(path: &Path) -> bool {
    path.starts_with("/dev/fd") || path.starts_with("/proc/self/fd") || path == Path::new("/dev/stdin")
}

fn read_up_to_limit(from: impl io::Read, bytes: &mut Vec<u8>) -> io::Result<()> {
    // a file's length is not asked for: most fit in what the first read of a buffer takes
    bytes.reserve(USUAL);
    from.take(LIMIT).read_to_end(bytes).map(drop)
}

/// The reason in words, without the number that the system gives it.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => {
            let text = error.to_string();
            match text.find(" (os error") {
                Some(end) => text[..end].to_lowercase(),
                None => text,
            }
        }
    }
}

/// What a walk through folders leaves out.
#[derive(Debug, Default)]
pub(crate) struct Excluded {
    globs: Vec<Glob>,
    /// Folders that hold something else, by their real paths.
    folders: HashSet<PathBuf>,
}

impl Excluded {
    /// What one of `globs` matches, and the folders `schemas`, whose files describe auth types.
    pub(crate) fn new(globs: &[String], schemas: &[PathBuf]) -> Self {
        let folders = schemas.iter().filter_map(|folder| fs::canonicalize(folder).ok()).collect();
        Self { globs: globs.iter().map(|glob| Glob::new(glob)).collect(), folders }
    }

    fn has(&self, path: &Path) -> bool {
        self.globs.iter().any(|glob| glob.matches(path))
    }
}

/// What `arguments` name, each once: files as they are, of folders every connector file below, but for what is `excluded`.
/// In the order of the arguments, within a folder by name.
pub(crate) fn find(arguments: &[PathBuf], excluded: &Excluded) -> Vec<Result<Input, Unreadable>> {
    let mut found = Vec::new();
    for argument in arguments {
        match Input::new(argument) {
            Input::File(path) if path.is_dir() => find_in_folder(&path, excluded, &mut found),
            input => found.push(Ok(input)),
        }
    }
    if arguments.len() > 1 {
        let mut seen = HashSet::with_capacity(found.len());
        found.retain(|one| one.as_ref().map_or(true, |input| seen.insert(input.path().map(spelled_one_way))));
    }
    found
}

/// `path` as every other spelling of it is written too: a link is a file of its own.
fn spelled_one_way(path: &Path) -> PathBuf {
    let has_steps_back = path.components().any(|step| step == Component::ParentDir);
    let spelled = if has_steps_back { fs::canonicalize(path) } else { std::path::absolute(path) };
    spelled.unwrap_or_else(|_| path.to_owned())
}

fn find_in_folder(root: &Path, excluded: &Excluded, found: &mut Vec<Result<Input, Unreadable>>) {
    let mut walk = Walk::new(root, excluded);
    let before = found.len();
    walk.folder(root);
    // what is reached without a link goes before what is reached by one, so that nothing is read twice
    let linked = !walk.links.is_empty();
    while let Some(folder) = walk.links.pop() {
        walk.folder(&folder);
    }
    found.append(&mut walk.found);
    if linked {
        found[before..].sort_by(|one, two| order(one).cmp(order(two)));
    }
    if found.len() == before {
        let why = "there is no connector file (*.json) below this folder".to_owned();
        found.push(Err(Unreadable { name: root.to_string_lossy().into_owned(), why }));
    }
}

fn order(one: &Result<Input, Unreadable>) -> &Path {
    match one {
        Ok(input) => input.path().unwrap_or(Path::new("")),
        Err(unreadable) => Path::new(&unreadable.name),
    }
}

/// A walk through the folders below one.
struct Walk<'w> {
    /// Where it begins.
    root: &'w Path,
    excluded: &'w Excluded,
    found: Vec<Result<Input, Unreadable>>,
    /// Folders that a symbolic link leads to: walked last.
    links: Vec<PathBuf>,
    /// Folders that were walked, by their real paths: a link may lead back.
    walked: HashSet<PathBuf>,
}

impl<'w> Walk<'w> {
    fn new(root: &'w Path, excluded: &'w Excluded) -> Self {
        Self { root, excluded, found: Vec::new(), links: Vec::new(), walked: HashSet::new() }
    }

    fn folder(&mut self, folder: &Path) {
        match fs::canonicalize(folder) {
            Ok(real) => self.real_folder(folder, real),
            Err(error) => self.unreadable(folder, &error),
        }
    }

    fn real_folder(&mut self, folder: &Path, real: PathBuf) {
        if self.walked.contains(&real) || (folder != self.root && self.excluded.folders.contains(&real)) {
            return;
        }
        let mut entries = match fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => return self.unreadable(folder, &error),
        };
        entries.sort_by_cached_key(fs::DirEntry::file_name);
        for entry in entries {
            let (name, path) = (entry.file_name(), entry.path());
            let is_excluded = || self.excluded.has(path.strip_prefix(self.root).unwrap_or(&path));
            if name.as_encoded_bytes().starts_with(b".") || is_excluded() {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.real_folder(&path, real.join(&name)),
                Ok(kind) if kind.is_symlink() && path.is_dir() => self.links.push(path),
                Ok(kind) if kind.is_file() && is_connector_name(&name) => {
                    self.found.push(Ok(Input::Found(path)));
                }
                // whatever else has the name is told when it is read
                Ok(_) if is_connector_name(&name) => self.found.push(Ok(Input::File(path))),
                Ok(_) => {}
                Err(error) => self.unreadable(&path, &error),
            }
        }
        self.walked.insert(real);
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        self.found.push(Err(Unreadable { name: path.to_string_lossy().into_owned(), why: reason(error) }));
    }
}

fn is_connector_name(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.ends_with(b".json") && !name.ends_with(b".schema.json") && !name.ends_with(b".bundle.json")
}
