//! What a `$ref` says: which document, and where in it (RFC 3986 §5, JSON Schema 2020-12 §8.2). Small on purpose:
//! what it does not know it refuses. Knows nothing of files and of what is in a document.

use std::path::{Path, PathBuf};

use authwire_model::pointer;

/// What the ids of Authwire's own documents begin with.
pub(crate) const OWN: &str = "authwire:";

/// The document that a `$ref` names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Target {
    /// The one that the `$ref` stands in.
    Here,
    /// `authwire:auth`: whatever auth type the object's `type` names.
    AuthTypes,
    /// `authwire:NAME`: one of Authwire's own.
    Own(String),
    /// An absolute URI: the document with this `$id`.
    Id(String),
    /// A relative path: the document whose `$id` it resolves to, or else the file.
    Relative {
        /// What it resolves to, where the document has a base that paths can be resolved against.
        id: Option<String>,
        /// The file, where the document is one.
        path: Option<PathBuf>,
    },
}

/// A `$ref`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    /// The document.
    pub(crate) target: Target,
    /// Where in it.
    pub(crate) fragment: Fragment,
}

/// Where in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fragment {
    /// The tokens of a JSON pointer.
    Pointer(Vec<String>),
    /// The name that an `$anchor` gives.
    Anchor(String),
}

/// Reads a `$ref` that stands in a document with the id `base`, in the folder `folder`. The error says what is wrong.
pub(crate) fn parse(text: &str, base: Option<&str>, folder: Option<&Path>) -> Result<Reference, String> {
    let (document, fragment) = text.split_once('#').unwrap_or((text, ""));
    let fragment = percent_decode(fragment).ok_or("the part behind `#` is not well percent-encoded")?;
    let whole = fragment.is_empty();
    let fragment = match pointer::tokens(&fragment) {
        Some(tokens) => Fragment::Pointer(tokens),
        None => Fragment::Anchor(fragment),
    };
    let target = if document.is_empty() {
        Target::Here
    } else if let Some(name) = document.strip_prefix(OWN) {
        match name {
            "auth" if !whole => {
                return Err(
                    "`authwire:auth` stands for any auth type; nothing in it can be pointed at".into()
                );
            }
            "auth" => Target::AuthTypes,
            name => Target::Own(name.to_owned()),
        }
    } else if scheme(document).is_some() {
        Target::Id(document.to_owned())
    } else {
        relative(document, base, folder)?
    };
    Ok(Reference { target, fragment })
}

fn relative(document: &str, base: Option<&str>, folder: Option<&Path>) -> Result<Target, String> {
    let id = base.and_then(|base| resolve(base, document));
    let folder = folder.filter(|_| !document.starts_with('/'));
    if document.contains(['?', '\\']) || (id.is_none() && document.starts_with('/')) {
        return Err("a document is named by a relative path (`./other.json`) or by its `$id`".into());
    }
    let decoded = percent_decode(document).ok_or("the path is not well percent-encoded")?;
    let path = folder.map(|folder| join(folder, &decoded));
    if id.is_none() && path.is_none() {
        return Err("this document is no file: a document beside it is named by its `$id`".into());
    }
    Ok(Target::Relative { id, path })
}

/// The scheme of an absolute URI.
pub(crate) fn scheme(uri: &str) -> Option<&str> {
    let (scheme, _) = uri.split_once(':')?;
    let mut bytes = scheme.bytes();
    let first = bytes.next()?;
    let rest = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    (first.is_ascii_alphabetic() && bytes.all(rest)).then_some(scheme)
}

/// Resolves a path against `base` (RFC 3986 §5.2); `None` if that has no path to resolve against (`urn:…`).
pub(crate) fn resolve(base: &str, relative: &str) -> Option<String> {
    let scheme = base.find("://")?;
    let base = &base[..base.find(['?', '#']).unwrap_or(base.len())];
    if relative.starts_with("//") {
        return Some(format!("{}:{relative}", &base[..scheme]));
    }
    let path = base[scheme + 3..].find('/').map_or(base.len(), |at| scheme + 3 + at);
    let (origin, path) = base.split_at(path);
    let mut segments: Vec<&str> = path.split('/').skip(1).collect();
    segments.pop();
    let relative = match relative.strip_prefix('/') {
        Some(absolute) => {
            segments.clear();
            absolute
        }
        None => relative,
    };
    for segment in relative.split('/') {
        match segment {
            "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    // a folder, with the slash that says so
    if matches!(relative.rsplit('/').next(), Some("." | "..")) {
        segments.push("");
    }
    Some(format!("{origin}/{}", segments.join("/")))
}

/// The file at `relative` from `folder`, without `.` and, as far as it goes, `..`.
fn join(folder: &Path, relative: &str) -> PathBuf {
    let mut path = folder.to_owned();
    for segment in relative.split('/') {
        match segment {
            "" | "." => {}
            ".." if path.file_name().is_some() => drop(path.pop()),
            segment => path.push(segment),
        }
    }
    path
}

/// Undoes percent-encoding (RFC 3986 §2.1).
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Fragment, Target, parse, resolve};

    fn target(text: &str, base: Option<&str>) -> Target {
        parse(text, base, Some(Path::new("schemas/acme"))).unwrap().target
    }

    fn relative(id: Option<&str>, path: &str) -> Target {
        Target::Relative { id: id.map(str::to_owned), path: Some(PathBuf::from(path)) }
    }

    #[test]
    fn a_document_is_named_in_five_ways() {
        assert_eq!(target("#/$defs/x", None), Target::Here);
        assert_eq!(target("#", None), Target::Here);
        assert_eq!(target("authwire:auth", None), Target::AuthTypes);
        assert_eq!(target("authwire:common#/$defs/secret", None), Target::Own("common".into()));
        assert_eq!(target("urn:acme:x", None), Target::Id("urn:acme:x".into()));
        assert_eq!(target("./a.json#/x", None), relative(None, "schemas/acme/a.json"));
        assert_eq!(target("../my%20a.json", None), relative(None, "schemas/my a.json"));
        let base = Some("https://acme.example/s/v1/login.json");
        let id = |path: &str| format!("https://acme.example/{path}");
        assert_eq!(target("a.json", base), relative(Some(&id("s/v1/a.json")), "schemas/acme/a.json"));
        assert_eq!(target("../a.json", base), relative(Some(&id("s/a.json")), "schemas/a.json"));
        assert_eq!(target("a.json", Some("urn:acme:login")), relative(None, "schemas/acme/a.json"));
    }

    #[test]
    fn a_path_is_resolved_as_rfc_3986_says() {
        let base = "https://acme.example/b/c/d.json?q#f";
        for (relative, expected) in [
            ("g", "https://acme.example/b/c/g"),
            ("./g/", "https://acme.example/b/c/g/"),
            ("..", "https://acme.example/b/"),
            ("../../../g", "https://acme.example/g"),
            ("/g", "https://acme.example/g"),
            ("//other.example/g", "https://other.example/g"),
        ] {
            assert_eq!(resolve(base, relative).as_deref(), Some(expected), "{relative}");
        }
        assert_eq!(resolve("https://acme.example", "g").as_deref(), Some("https://acme.example/g"));
        assert_eq!(resolve("urn:acme:login", "g"), None);
    }

    #[test]
    fn the_fragment_is_a_pointer_or_an_anchor() {
        let tokens = |text| parse(text, None, None).map(|reference| reference.fragment);
        assert_eq!(tokens("#/$defs/a~1b%25"), Ok(Fragment::Pointer(vec!["$defs".into(), "a/b%".into()])));
        assert_eq!(tokens("#anchor"), Ok(Fragment::Anchor("anchor".into())));
        assert!(tokens("#/%zz").unwrap_err().contains("percent-encoded"));
        assert!(tokens("authwire:auth#/x").is_err());
        assert!(tokens("/abs.json").is_err());
        assert!(tokens("a.json").unwrap_err().contains("no file"));
    }
}
