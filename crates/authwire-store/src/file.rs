//! Files that nobody else may read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use authwire_runtime::store::{StoreError, StoreErrorKind};

/// Makes the folder of `path`, where it is missing, for us alone.
pub(crate) fn make_folder_of(path: &Path) -> Result<(), StoreError> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    make_folder(folder)
}

/// Makes `folder`, where it is missing, for us alone.
pub(crate) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| unmade(folder, &error))
}

/// Makes an empty file for us alone, unless there is one.
pub(crate) fn make(path: &Path) -> Result<(), StoreError> {
    if path.exists() {
        return Ok(());
    }
    match write_new(path, b"") {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other.map_err(|error| unmade(path, &error)),
    }
}

/// Opens the file of a lock, which is made where it is missing.
pub(crate) fn open_lock(path: &Path) -> io::Result<File> {
    private().append(true).create(true).open(path)
}

/// Writes a new file for us alone. It is on the disk when this returns.
///
/// Whoever sees it sees the whole of it, and after it was closed: to close the file of an open database would end the
/// locks that this process has on it.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = beside(path, &format!(".{:016x}", fastrand::u64(..)));
    let mut file = private().write(true).create_new(true).open(&unfinished)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    drop(file);
    let linked = written.and_then(|()| fs::hard_link(&unfinished, path));
    // it may hold a key: it goes whatever happened
    fs::remove_file(&unfinished)?;
    linked?;
    sync_folder_of(path)
}

/// Gives `from` the name `to`. It has it on the disk when this returns.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    sync_folder_of(to)
}

/// Refuses a file that others may read or write, or that another user owns: its owner may do both. Root may anyway.
pub(crate) fn demand_private(path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        let metadata = fs::metadata(path).map_err(|error| unread(path, &error))?;
        let shown = path.display();
        let denied = |message: String| StoreError::new(StoreErrorKind::Denied, message);
        let mode = metadata.permissions().mode() & 0o777;
        if metadata.is_file() && mode & 0o077 != 0 {
            return Err(denied(format!("others may read or write `{shown}` (mode {mode:04o})"))
                .with_help(format!("take that away: chmod 600 '{shown}'")));
        }
        let owner = metadata.uid();
        if metadata.is_file() && ![nix::unistd::geteuid().as_raw(), 0].contains(&owner) {
            return Err(denied(format!("`{shown}` belongs to another user (number {owner})"))
                .with_help("use a store and a key of your own, or run as that user"));
        }
    }
    Ok(())
}

/// `path` with an ending more: `store.db` and `.key` are `store.db.key`.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

pub(crate) fn unread(path: &Path, error: &io::Error) -> StoreError {
    StoreError::new(kind_of(error), format!("`{}` cannot be read: {error}", path.display()))
}

pub(crate) fn unmade(path: &Path, error: &io::Error) -> StoreError {
    StoreError::new(kind_of(error), format!("`{}` cannot be made: {error}", path.display()))
}

fn kind_of(error: &io::Error) -> StoreErrorKind {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StoreErrorKind::Denied,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreErrorKind::Full,
        _ => StoreErrorKind::Other,
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A new name is on the disk when its folder is.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}
