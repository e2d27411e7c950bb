//! Through generated code: a crate that is made of the suite, built and run.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use authwire_codegen::rust::{self, Target};

use crate::Suite;

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
    let Some(suite) = Suite::find() else { return };
    let (mut modules, mut table, mut refused) = (String::new(), String::new(), 0);
    for (index, (file, group)) in suite.groups.iter().enumerate() {
        let Ok(document) = suite.read(group) else {
            refused += 1;
            continue;
        };
        let target = Target {
            name: "Group".to_owned(),
            visibility: "pub".parse().expect("a token"),
            krate: "::authwire".parse().expect("tokens"),
            bundle: None,
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
    println!("{} groups, {refused} refused\n{stdout}", suite.groups.len());
    assert!(output.status.success(), "{stdout}\n{}", String::from_utf8_lossy(&output.stderr));
}
