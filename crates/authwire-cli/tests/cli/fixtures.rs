//! The generated fixtures: of a valid file nothing worse than a note is told, of an invalid one exactly what stands beside
//! it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::Folder;

/// The fixtures: each with its path and what is expected of it, a line a finding.
fn fixtures() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let mut found = Vec::new();
    for group in entries(&root) {
        for kind in entries(&group) {
            for file in
                entries(&kind).into_iter().filter(|path| path.extension().is_some_and(|it| it == "json"))
            {
                let expected = fs::read_to_string(file.with_extension("txt")).unwrap_or_default();
                found.push((file, expected));
            }
        }
    }
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn line(finding: &Value) -> String {
    let text = |name: &str| finding[name].as_str().expect("a text").to_owned();
    let place = format!("{}:{}", finding["line"], finding["column"]);
    format!("{place} {} {}: {}\n", text("code"), text("pointer"), text("message"))
}

#[test]
fn every_fixture_has_exactly_its_findings() {
    let folder = Folder::new();
    let fixtures = fixtures();
    assert!(fixtures.len() > 200, "only {} fixtures", fixtures.len());
    for (file, expected) in fixtures {
        let path = file.display().to_string();
        let run = folder.run(&["validate", &path, "--format", "json"]);
        let report = run.json();
        let findings = report["findings"].as_array().expect("findings");
        assert_eq!(findings.iter().map(line).collect::<String>(), expected, "{path}");
        let has_errors = findings.iter().any(|finding| finding["severity"] == "error");
        assert_eq!(run.status, Some(i32::from(has_errors)), "{path}");
        let is_valid = file.parent().and_then(Path::file_name).is_some_and(|kind| kind == "valid");
        let worse = findings.iter().any(|finding| finding["severity"] != "note");
        assert_eq!(
            worse,
            !is_valid && !expected.lines().all(|one| one.contains(" deprecated_grant ")),
            "{path}"
        );
    }
}
