//! Every mistake that a user of the derive can make, in the attribute, the schema, the plan or the connector file, is one
//! error at the attribute: where in the JSON, what, and what to do (`tests/downstream/mistakes`).
//!
//! `AUTHWIRE_BLESS=1` writes what is said to `expected`, to be read before it is committed. trybuild would compile the cases
//! in a package of its own, where no path that is relative to a manifest leads anywhere.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("downstream/mistakes")
}

/// The errors of each case, as the compiler tells them: the first line is the message's, then its place.
fn told() -> BTreeMap<String, Vec<String>> {
    let root = root().canonicalize().expect("the folder");
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock"), root.join("Cargo.lock"))
        .expect("copied");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(&root)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("downstream"))
        .env_remove("RUSTFLAGS")
        .args(["check", "--bins", "--keep-going", "--message-format=json"])
        .output()
        .expect("cargo");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for message in stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let (name, message) = (&message["target"]["name"], &message["message"]);
        let is_summary = message["spans"].as_array().is_none_or(Vec::is_empty);
        // a warning beside it would be a second thing to read
        if !["error", "warning"].contains(&text(&message["level"]).as_str()) || is_summary {
            continue;
        }
        let span = &message["spans"][0];
        let place = format!("{}:{}:{}", text(&span["file_name"]), span["line_start"], span["column_start"]);
        // the checkout's own place says nothing
        let said = text(&message["message"]).replace(&format!("{}/", root.display()), "");
        told.entry(text(name)).or_default().push(format!("{place}\n{said}\n"));
    }
    assert!(!told.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    told
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn names(folder: &str, ending: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).expect("the folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> =
        names.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).collect();
    names.sort();
    names
}

#[test]
fn one_mistake_is_one_error_that_says_where_what_and_what_to_do() {
    let told = told();
    let bless = env::var_os("AUTHWIRE_BLESS").is_some();
    let cases = names("src/bin", ".rs");
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let path = root().join("expected").join(format!("{case}.txt"));
        match told.get(case).map(Vec::as_slice) {
            Some([one]) if bless => fs::write(&path, one).expect("it is written"),
            Some([one]) => {
                let expected = fs::read_to_string(&path).unwrap_or_default();
                if *one != expected {
                    wrong.push(format!("{case} says\n{one}and not\n{expected}"));
                }
                if one.contains("c4n4ry") {
                    wrong.push(format!("{case} tells a secret: {one}"));
                }
            }
            None => wrong.push(format!("{case} is no error")),
            Some(more) => wrong.push(format!("{case} is {} errors:\n{}", more.len(), more.concat())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(names("expected", ".txt"), cases, "what is expected of a case that is gone");
}
