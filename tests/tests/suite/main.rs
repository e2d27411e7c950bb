//! The official JSON Schema test suite (draft 2020-12): through the model that is built at run time, and through generated
//! code, one crate for the whole of it.
//!
//! Each group of tests is accepted, and every test in it agrees. `AUTHWIRE_SUITE` names the suite's folder; without it, the
//! one beside the checkout is taken if there is one.

mod at_run_time;
mod generated;

use std::path::{Path, PathBuf};
use std::{env, fs};

use authwire_core::interpreter::is_valid_tree;
use authwire_schema::{Diagnostics, Document, Library};
use serde_json::Value;

/// The suite, as it lies on the disk.
struct Suite {
    /// Every group of every file, with the file's name.
    groups: Vec<(String, Value)>,
    /// The documents that references lead to, by the URIs at which the suite has them.
    documents: Vec<(String, Vec<u8>)>,
}

impl Suite {
    /// The suite; `None`, which is said, where there is none to be found.
    fn find() -> Option<Self> {
        let Some(folder) = folder() else {
            println!("SKIPPED: there is no JSON Schema test suite: name its folder by AUTHWIRE_SUITE");
            return None;
        };
        let mut documents = documents(&folder.join("remotes"), "http://localhost:1234");
        documents.extend(metaschema());
        Some(Self { groups: groups(&folder), documents })
    }

    /// The schema of a group, read beside the documents that it may refer to.
    fn read(&self, group: &Value) -> Result<Document, Diagnostics> {
        let mut library = Library::new(is_valid_tree);
        for (uri, bytes) in &self.documents {
            library.add(uri, bytes.clone());
        }
        let text = serde_json::to_string(&group["schema"]).expect("JSON");
        authwire_schema::read_text(&mut library, "schema", &text).map(|(document, _)| document)
    }
}

/// Where the suite is; `None` where there is none to be found.
fn folder() -> Option<PathBuf> {
    if let Some(path) = env::var_os("AUTHWIRE_SUITE") {
        let path = PathBuf::from(path);
        assert!(
            path.join("tests").is_dir(),
            "AUTHWIRE_SUITE: {} is no JSON Schema test suite",
            path.display()
        );
        return Some(path);
    }
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/suites/json-schema-test-suite");
    beside.is_dir().then_some(beside)
}

/// The files below `folder`, by their URIs.
fn documents(folder: &Path, uri: &str) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the remotes") {
        let path = entry.expect("an entry").path();
        let uri = format!("{uri}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        // of other drafts nothing is referenced
        if path.is_dir() {
            if !uri.contains("/draft") || uri.contains("2020-12") {
                found.extend(documents(&path, &uri));
            }
        } else {
            found.push((uri, fs::read(&path).expect("a file")));
        }
    }
    found
}

/// The draft's metaschema, in its parts, as another validator has it.
fn metaschema() -> Vec<(String, Vec<u8>)> {
    let base = "https://json-schema.org/draft/2020-12/schema";
    let vocabularies =
        ["core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "content"];
    let uris = vocabularies.map(|name| base.replace("/schema", &format!("/meta/{name}")));
    // it has them once something refers to them
    let reference = serde_json::json!({"$ref": base});
    let registry = jsonschema::Registry::new().add("urn:suite", &reference).expect("a URI");
    let registry = registry.prepare().expect("a registry");
    let resolver = registry.resolver(jsonschema::uri::from_str(base).expect("a URI"));
    let document = |uri: String| {
        let resolved = resolver.lookup(&uri).expect("the metaschema");
        (uri, resolved.contents().to_string().into_bytes())
    };
    uris.into_iter().chain([base.to_owned()]).map(document).collect()
}

/// The groups of the files in `suite`.
fn groups(suite: &Path) -> Vec<(String, Value)> {
    let entries = fs::read_dir(suite.join("tests/draft2020-12")).expect("the tests");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let groups: Vec<Value> = serde_json::from_slice(&fs::read(&file).expect("a file")).expect("JSON");
        found.extend(groups.into_iter().map(|group| (name.clone(), group)));
    }
    found
}
