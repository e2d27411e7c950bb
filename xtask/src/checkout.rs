//! Puts generated files into a checkout, or compares them with what stands there: one code path for both.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::difference::first_difference;
use crate::generation::Generation;

/// What is done about a file that is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It is written or removed.
    Write,
    /// It is told.
    Compare,
}

/// A checkout of the repository.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Checkout<'r> {
    pub(crate) root: &'r Path,
}

/// A file that is not as it should be.
enum Deviation<'g> {
    /// It is not there, or differs: where, in words.
    Outdated { path: &'g str, text: &'g str, how: String },
    /// Nothing generates it any more.
    Stale { path: String },
}

impl Checkout<'_> {
    /// Makes the checkout what `generation` says, or compares the two. Returns what there is to tell.
    ///
    /// # Errors
    /// What differs (when comparing), or what could not be read or written.
    pub(crate) fn settle(self, generation: &Generation, mode: Mode) -> Result<String, String> {
        let deviations = self.deviations(generation)?;
        let total = generation.files.len();
        if deviations.is_empty() {
            return Ok(format!("{total} generated files are up to date"));
        }
        let mut told = Vec::new();
        for deviation in deviations {
            told.push(match (mode, deviation) {
                (Mode::Compare, Deviation::Outdated { path, how, .. }) => format!("error: {path}: {how}"),
                (Mode::Compare, Deviation::Stale { path }) => {
                    format!("error: {path}: nothing generates it any more\n")
                }
                (Mode::Write, Deviation::Outdated { path, text, .. }) => {
                    self.write(path, text)
                        .map_err(|error| format!("error: {path} cannot be written: {error}"))?;
                    format!("wrote {path}")
                }
                (Mode::Write, Deviation::Stale { path }) => {
                    fs::remove_file(self.root.join(&path))
                        .map_err(|error| format!("error: {path} cannot be removed: {error}"))?;
                    format!("removed {path}")
                }
            });
        }
        match mode {
            Mode::Write => Ok(format!("{}\n{total} generated files are up to date", told.join("\n"))),
            Mode::Compare => Err(format!("{}\nrun `cargo xtask gen`", told.join("\n"))),
        }
    }

    fn deviations<'g>(self, generation: &'g Generation) -> Result<Vec<Deviation<'g>>, String> {
        let mut found = Vec::new();
        for file in &generation.files {
            let how = match fs::read(self.root.join(&file.path)) {
                Ok(bytes) => match first_difference(&String::from_utf8_lossy(&bytes), &file.text) {
                    Some(difference) => difference,
                    None => continue,
                },
                Err(error) if error.kind() == io::ErrorKind::NotFound => "it is missing\n".to_owned(),
                Err(error) => return Err(format!("error: {} cannot be read: {error}", file.path)),
            };
            found.push(Deviation::Outdated { path: &file.path, text: &file.text, how });
        }
        for folder in &generation.folders {
            let paths = files_below(&self.root.join(folder), folder)
                .map_err(|error| format!("error: {folder} cannot be read: {error}"))?;
            let stale =
                paths.into_iter().filter(|path| !generation.files.iter().any(|file| file.path == *path));
            found.extend(stale.map(|path| Deviation::Stale { path }));
        }
        Ok(found)
    }

    fn write(self, path: &str, text: &str) -> io::Result<()> {
        let path: PathBuf = self.root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, text)
    }
}

/// The files below `folder`, whose path below the root is `path`; sorted. Those that begin with a dot are somebody
/// else's.
fn files_below(folder: &Path, path: &str) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let below = format!("{path}/{name}");
        match entry.file_type()? {
            _ if name.starts_with('.') => {}
            kind if kind.is_dir() => found.extend(files_below(&entry.path(), &below)?),
            _ => found.push(below),
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{Checkout, Mode};
    use crate::generation::{File, Generation};
    use std::fs;
    use std::path::{Path, PathBuf};

    /// A checkout of its own, gone at the end.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let root = std::env::temp_dir().join(format!("authwire-xtask-{}-{name}", std::process::id()));
            fs::create_dir_all(&root).expect("a folder");
            Self(root)
        }

        fn settle(&self, mode: Mode) -> Result<String, String> {
            let file = File { path: "docs/a.md".to_owned(), text: "one\ntwo\n".to_owned() };
            let generation = Generation { files: vec![file], folders: vec!["docs"] };
            Checkout { root: &self.0 }.settle(&generation, mode)
        }

        fn path(&self, path: &str) -> PathBuf {
            self.0.join(Path::new(path))
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn what_is_missing_is_told_and_then_written() {
        let scratch = Scratch::new("missing");
        let told = scratch.settle(Mode::Compare).expect_err("it is missing");
        assert_eq!(told, "error: docs/a.md: it is missing\n\nrun `cargo xtask gen`");
        assert!(!scratch.path("docs/a.md").exists());
        assert_eq!(
            scratch.settle(Mode::Write).expect("fine"),
            "wrote docs/a.md\n1 generated files are up to date"
        );
        assert_eq!(scratch.settle(Mode::Compare).expect("fine"), "1 generated files are up to date");
    }

    #[test]
    fn a_changed_word_is_told_with_its_line_and_mended() {
        let scratch = Scratch::new("changed");
        scratch.settle(Mode::Write).expect("fine");
        fs::write(scratch.path("docs/a.md"), "one\ntoo\n").expect("written");
        let told = scratch.settle(Mode::Compare).expect_err("it differs");
        assert_eq!(told, "error: docs/a.md: line 2\n  - too\n  + two\n\nrun `cargo xtask gen`");
        scratch.settle(Mode::Write).expect("fine");
        assert_eq!(fs::read_to_string(scratch.path("docs/a.md")).expect("read"), "one\ntwo\n");
    }

    #[test]
    fn a_stale_file_is_told_and_then_removed() {
        let scratch = Scratch::new("stale");
        scratch.settle(Mode::Write).expect("fine");
        fs::write(scratch.path("docs/old.md"), "").expect("written");
        let told = scratch.settle(Mode::Compare).expect_err("it is stale");
        assert!(told.starts_with("error: docs/old.md: nothing generates it any more"), "{told}");
        assert!(scratch.settle(Mode::Write).expect("fine").starts_with("removed docs/old.md\n"));
        assert!(!scratch.path("docs/old.md").exists() && scratch.path("docs/a.md").exists());
    }
}
