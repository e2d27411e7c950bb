//! The guides and the README show what is true: every JSON file in them is read as its reader would have it read.

use std::fs;
use std::path::{Path, PathBuf};

use authwire_core::checker;
use authwire_core::interpreter::is_valid_tree;
use authwire_core::table::{Registry, Schema};
use authwire_schema::{AuthType, Library};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The blocks of a page that hold a whole JSON object with the member `member`.
fn json_files(page: &str, member: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(page)).expect("the page is there");
    let blocks = text.split("```json\n").skip(1).filter_map(|rest| rest.split("```").next());
    let whole =
        blocks.filter(|block| block.starts_with('{') && block.contains(&format!("\n  \"{member}\":")));
    whole.map(str::to_owned).collect()
}

/// The auth type that a page shows, saved under `name`.
fn shown_type(page: &str, name: &str) -> AuthType {
    let folder = std::env::temp_dir().join(format!("authwire-guides-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(format!("{name}.json"));
    let [file] = &json_files(page, "x-auth")[..] else { panic!("{page} shows one auth type") };
    fs::write(&path, file).expect("written");
    let read = authwire_schema::read_auth_type(&mut Library::new(is_valid_tree), &path);
    let _ = fs::remove_dir_all(&folder);
    let (auth_type, warnings) = read.unwrap_or_else(|problems| panic!("{page}: {problems}"));
    assert!(warnings.is_empty(), "{page}: {warnings}");
    auth_type
}

/// The codes of what is found in a connector file.
fn codes(file: &str, more: &[AuthType]) -> Vec<&'static str> {
    let builtin =
        authwire_schema::builtin(&mut Library::new(is_valid_tree)).expect("our own schemas are valid");
    let types: Vec<&Schema> = builtin.auth.iter().chain(more).map(|auth_type| &auth_type.schema).collect();
    let registry = Registry { types: &types };
    let report = checker::report(&builtin.connector.schema, registry, file.as_bytes(), None);
    report.findings().iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn the_auth_type_of_the_guide_is_one_and_a_connector_may_use_it() {
    let auth_type = shown_type("docs/guide/writing-an-auth-type.md", "acme_session");
    let file = r#"{"name": "acme", "base_url": "https://api.acme.example/v1", "auth_config":
        {"type": "acme_session", "username": "integration", "password": {"env": "ACME_PASSWORD"}}}"#;
    assert_eq!(codes(file, &[auth_type]), [""; 0]);
}

#[test]
fn the_connectors_of_the_guides_are_valid() {
    for page in ["docs/guide/writing-a-connector.md", "docs/guide/editor.md", "docs/guide/logging-in.md"] {
        let files = json_files(page, "base_url");
        assert!(!files.is_empty(), "{page}");
        for file in files {
            assert_eq!(codes(&file, &[]), [""; 0], "{page}: {file}");
        }
    }
}

#[test]
fn the_connector_of_the_readme_is_valid_and_can_have_the_two_mistakes_that_it_shows() {
    let [file] = &json_files("README.md", "base_url")[..] else { panic!("the README shows one connector") };
    assert_eq!(codes(file, &[]), [""; 0]);
    let mistaken = file
        .replace("{ \"env\": \"ZOOM_CLIENT_SECRET\" }", "\"s3cr3t\"")
        .replace("\"request_body\"", "\"body\"");
    assert_eq!(codes(&mistaken, &[]), ["literal_secret", "enum"]);
}

#[test]
fn every_relative_link_leads_to_a_file() {
    let guides = fs::read_dir(root().join("docs/guide")).expect("the guides");
    let guides = guides.map(|guide| guide.expect("a guide").file_name().to_string_lossy().into_owned());
    let pages: Vec<String> = guides.map(|guide| format!("docs/guide/{guide}")).collect();
    for page in pages.iter().map(String::as_str).chain(["README.md"]) {
        let text = fs::read_to_string(root().join(page)).expect("the page is there");
        let folder = root().join(page).parent().expect("a folder").to_owned();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.starts_with("http")) {
            let path = link.split('#').next().unwrap_or_default();
            assert!(path.is_empty() || folder.join(path).exists(), "{page}: {link}");
        }
    }
}
