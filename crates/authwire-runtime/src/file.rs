//! Files that are read whole: no path can make us wait for a writer, or read without end.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use zeroize::Zeroizing;

/// The bytes of the regular file at `path`, which may have `limit` of them. They are wiped when they are dropped.
///
/// # Errors
///
/// If the file cannot be read; [`InvalidInput`](io::ErrorKind::InvalidInput): it is a folder, a device or a pipe;
/// [`FileTooLarge`](io::ErrorKind::FileTooLarge): it has more bytes.
pub fn read_file(path: &Path, limit: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let too_large = || io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {limit} bytes"));
    // looked at before it is opened: opening a FIFO waits for somebody to write
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    if metadata.len() > limit {
        return Err(too_large());
    }
    // room for all of it: a buffer that grows leaves copies behind
    let room = usize::try_from(metadata.len()).unwrap_or(0) + 1;
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    // a file may grow, and what the system makes up (`/proc`) has no length
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit { Err(too_large()) } else { Ok(bytes) }
}
