//! Globs: paths with gaps, as `.gitignore` writes them.
//!
//! It must not know what is done with a path that matches.

use std::path::Path;

/// `*` stands for anything within a name, `?` for one character of it, `**` for any folders. A glob without a `/` is
/// compared with names, any other with paths below the folder that is walked; one that ends in `/` is that of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glob {
    text: String,
}

impl Glob {
    /// The glob `text`.
    pub(crate) fn new(text: &str) -> Self {
        let text = text.strip_prefix("./").unwrap_or(text).trim_matches('/');
        Self { text: text.to_owned() }
    }

    /// Whether it is that of `path`, relative to the folder that is walked.
    pub(crate) fn matches(&self, path: &Path) -> bool {
        let path = path.to_string_lossy().replace('\\', "/");
        let name = path.rsplit('/').next().unwrap_or_default();
        let compared = if self.text.contains('/') { &path } else { name };
        matches(self.text.as_bytes(), compared.as_bytes())
    }
}

/// Whether `glob` is that of all of `text`: a gap is tried at every width.
fn matches(glob: &[u8], text: &[u8]) -> bool {
    match glob {
        [] => text.is_empty(),
        [b'*', b'*', b'/', rest @ ..] => {
            matches(rest, text)
                || text.iter().enumerate().any(|(at, byte)| *byte == b'/' && matches(rest, &text[at + 1..]))
        }
        [b'*', b'*', rest @ ..] => (0..=text.len()).any(|at| matches(rest, &text[at..])),
        [b'*', rest @ ..] => {
            let name = text.iter().position(|byte| *byte == b'/').unwrap_or(text.len());
            (0..=name).any(|at| matches(rest, &text[at..]))
        }
        [b'?', rest @ ..] => matches!(text, [byte, behind @ ..] if *byte != b'/' && matches(rest, behind)),
        [first, rest @ ..] => matches!(text, [byte, behind @ ..] if byte == first && matches(rest, behind)),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Glob;

    #[test]
    fn a_glob_without_a_slash_is_that_of_a_name() {
        for (glob, path, expected) in [
            ("*.old.json", "a/b.old.json", true),
            ("*.old.json", "a/b.json", false),
            ("package*.json", "package-lock.json", true),
            ("node_modules", "a/node_modules", true),
            ("node_modules/", "node_modules", true),
            ("a?.json", "ab.json", true),
            ("a?.json", "a.json", false),
            ("a/*.json", "a/b.json", true),
            ("./a/*.json", "a/b.json", true),
            ("a/*.json", "a/b/c.json", false),
            ("a/**", "a/b/c.json", true),
            ("a/**/c.json", "a/c.json", true),
            ("a/**/c.json", "a/b/d/c.json", true),
            ("**/drafts/*", "x/drafts/c.json", true),
            ("**/drafts/*", "drafts/c.json", true),
            ("*", "a/b.json", true),
        ] {
            assert_eq!(Glob::new(glob).matches(Path::new(path)), expected, "{glob} {path}");
        }
    }
}
