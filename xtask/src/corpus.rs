//! Connector files by the thousand, made from the schemas: what the benchmarks read, and whoever wants to try a tool on many.

use std::fs;
use std::path::{Path, PathBuf};

use authwire_chores::corpus::ConnectorFiles;
use authwire_core::interpreter::is_valid_tree;
use authwire_runtime::judge::Expert;
use authwire_schema::Library;

/// What is to be written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Corpus {
    folder: PathBuf,
    count: usize,
    seed: u64,
}

impl Corpus {
    /// Reads `DIR [--count N] [--seed S]`.
    pub(crate) fn new(arguments: &[&str]) -> Result<Self, String> {
        let mut folder = None;
        let mut corpus = Self { folder: PathBuf::new(), count: 10_000, seed: 1 };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match *argument {
                "--count" => corpus.count = number("--count", rest.next())?,
                "--seed" => corpus.seed = number("--seed", rest.next())?,
                option if option.starts_with('-') => return Err(format!("`corpus` knows no `{option}`")),
                path if folder.is_none() => folder = Some(PathBuf::from(path)),
                more => return Err(format!("`corpus` writes one folder: what is `{more}`?")),
            }
        }
        corpus.folder = folder.ok_or("`corpus` needs a folder to write to")?;
        Ok(corpus)
    }

    /// Writes `valid/` and `invalid/`. Returns what there is to tell.
    pub(crate) fn write(&self) -> Result<String, String> {
        let mut library = Library::new(is_valid_tree);
        let builtin = authwire_schema::builtin(&mut library).map_err(|problems| problems.to_string())?;
        let mut files = ConnectorFiles::new(&builtin, Some(&Expert), self.seed);
        let valid = self.write_folder("valid", || files.valid())?;
        let invalid = self.write_folder("invalid", || files.invalid())?;
        let folder = self.folder.display();
        Ok(format!(
            "{folder}/valid: {0} files, {1} bytes on average\n{folder}/invalid: {0} files, {2} bytes on average",
            self.count,
            valid / self.count.max(1),
            invalid / self.count.max(1),
        ))
    }

    /// Writes one folder, which must not be there yet. Returns how many bytes it holds.
    fn write_folder(&self, name: &str, mut next: impl FnMut() -> String) -> Result<usize, String> {
        let folder = self.folder.join(name);
        let told = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
        fs::create_dir_all(&self.folder).map_err(|error| told(&self.folder, error))?;
        fs::create_dir(&folder).map_err(|error| told(&folder, error))?;
        let mut bytes = 0;
        for index in 1..=self.count {
            let (path, text) = (folder.join(format!("{index:05}.json")), next());
            fs::write(&path, &text).map_err(|error| told(&path, error))?;
            bytes += text.len();
        }
        Ok(bytes)
    }
}

fn number<T: std::str::FromStr>(option: &str, text: Option<&&str>) -> Result<T, String> {
    let number = text.and_then(|text| text.parse().ok());
    number.ok_or_else(|| format!("`{option}` needs a whole number"))
}

#[cfg(test)]
mod tests {
    use super::Corpus;

    #[test]
    fn a_number_that_is_none_and_a_folder_too_many_are_refused() {
        let refused = |arguments: &[&str]| Corpus::new(arguments).unwrap_err();
        assert_eq!(refused(&["a", "--count", "many"]), "`--count` needs a whole number");
        assert_eq!(refused(&["a", "--seed"]), "`--seed` needs a whole number");
        assert_eq!(refused(&["a", "b"]), "`corpus` writes one folder: what is `b`?");
        assert_eq!(refused(&["--fast"]), "`corpus` knows no `--fast`");
        assert_eq!(refused(&[]), "`corpus` needs a folder to write to");
    }

    #[test]
    fn a_folder_that_is_there_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let corpus = Corpus { folder: folder.path().to_owned(), count: 3, seed: 1 };
        corpus.write().unwrap();
        let first = std::fs::read(folder.path().join("valid/00001.json")).unwrap();
        assert!(corpus.write().unwrap_err().contains("valid"));
        assert_eq!(std::fs::read(folder.path().join("valid/00001.json")).unwrap(), first);
    }
}
