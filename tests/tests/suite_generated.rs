//! The official JSON Schema test suite (draft 2020-12), through generated code: one crate for the whole of it.
//!
//! As in the model that is built at run time (`authwire-schema`, `tests/suite.rs`), each group is accepted, and then every test
//! in it has to agree, or refused. `AUTHWIRE_SUITE` names the suite's folder; without it, the one beside the checkout is
//! taken if there is one.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use authwire_codegen::rust::{self, Target};
use authwire_schema::Library;
use serde_json::Value;

/// Where the suite is; `None` where there is none to be found.
fn suite() -> Option<PathBuf> {
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

/// The documents that references lead to, by the URIs at which the suite has them.
fn remotes(folder: &Path, uri: &str) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the remotes") {
        let path = entry.expect("an entry").path();
        let uri = format!("{uri}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        // of other drafts nothing is referenced
        if path.is_dir() {
            if !uri.contains("/draft") || uri.contains("2020-12") {
                found.extend(remotes(&path, &uri));
            }
        } else {
            found.push((uri, fs::read(&path).expect("a file")));
        }
    }
    found
}

/// Every group of every file, with the file's name.
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

const MANIFEST: &str = r#"[package]
name = "suite"
version = "0.0.0"
edition = "2024"

[dependencies]
authwire = { path = "CRATES/authwire", default-features = false }

[workspace]
"#;

/// Runs the tests of each group, and says which are wrong.
const MAIN: &str = r#"
struct Group {
    name: &'static str,
    parses: fn(&[u8]) -> bool,
    tests: &'static [(&'static str, bool)],
}

fn main() {
    let (mut passed, mut wrong) = (0, 0);
    for group in GROUPS {
        for (data, valid) in group.tests {
            if (group.parses)(data.as_bytes()) == *valid {
                passed += 1;
            } else {
                wrong += 1;
                println!("WRONG: {}: {data} is valid: {valid}", group.name);
            }
        }
    }
    println!("{} groups accepted, {passed} tests passed, {wrong} wrong", GROUPS.len());
    std::process::exit(if wrong == 0 { 0 } else { 1 });
}
"#;

#[test]
fn generated_code_means_what_the_suite_says() {
    let Some(suite) = suite() else {
        println!("SKIPPED: there is no JSON Schema test suite: name its folder by AUTHWIRE_SUITE");
        return;
    };
    let remotes = remotes(&suite.join("remotes"), "http://localhost:1234");
    let groups = groups(&suite);
    let (mut modules, mut table, mut refused) = (String::new(), String::new(), 0);
    for (index, (file, group)) in groups.iter().enumerate() {
        let mut library = Library::new();
        for (uri, bytes) in &remotes {
            library.add(uri, bytes.clone());
        }
        let text = serde_json::to_string(&group["schema"]).expect("JSON");
        let Ok((document, _)) = authwire_schema::read_text(&mut library, "schema", &text) else {
            refused += 1;
            continue;
        };
        let target = Target {
            name: "Group".to_owned(),
            visibility: "pub".parse().expect("a token"),
            krate: "::authwire".parse().expect("tokens"),
            bundle: String::new(),
        };
        let code = rust::plain(&document, &target);
        let _ = writeln!(modules, "#[allow(dead_code, unused)] mod g{index} {{ {code} }}");
        let name = format!("{file}: {}", group["description"].as_str().unwrap_or_default());
        let tests: String = group["tests"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|test| format!("({:?}, {}),", test["data"].to_string(), test["valid"]))
            .collect();
        let _ = writeln!(
            table,
            "Group {{ name: {name:?}, parses: ::authwire::__private::parses::<g{index}::GroupConfig>, tests: &[{tests}] }},"
        );
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("suite");
    fs::create_dir_all(folder.join("src")).expect("a folder");
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates").canonicalize().expect("the crates");
    let manifest = MANIFEST.replace("CRATES", crates.to_str().expect("UTF-8"));
    fs::write(folder.join("Cargo.toml"), manifest).expect("the manifest");
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock"), folder.join("Cargo.lock"))
        .expect("copied");
    let main = format!("{modules}\nstatic GROUPS: &[Group] = &[\n{table}];\n{MAIN}");
    fs::write(folder.join("src/main.rs"), main).expect("the program");

    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("downstream"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .args(["run", "--quiet"])
        .output()
        .expect("cargo");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    println!("{} groups, {refused} refused\n{stdout}", groups.len());
    assert!(output.status.success(), "{stdout}\n{}", String::from_utf8_lossy(&output.stderr));
}
