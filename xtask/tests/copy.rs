//! What happens to a checkout when a schema changes, in a copy of this one: `gen --check` notices it, `gen` mends it; a
//! property that one schema gains is in the Rust type, the validator, the bundle and the pages; a plan that reads what is
//! not there does not compile.
//!
//! The copy is built apart, below the target folder; what this workspace built of other people's crates serves it too.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A copy of this checkout, in which files can be changed.
struct Copy {
    root: PathBuf,
}

impl Copy {
    /// A fresh one; files that did not change keep their time, so that little is built again.
    fn new() -> Self {
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copy");
        let copy = Self { root: target.join("checkout") };
        let listed = Command::new("git")
            .current_dir(&original)
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .output()
            .expect("git");
        assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
        let listed = String::from_utf8(listed.stdout).expect("UTF-8");
        let files: Vec<&str> = listed.split('\0').filter(|file| original.join(file).is_file()).collect();
        for file in &files {
            copy.write(file, &fs::read(original.join(file)).expect("a file"));
        }
        copy.remove_all_but(&files, "");
        let seeded = Command::new(original.join("scripts/seed-target")).arg(target.join("target")).status();
        assert!(seeded.expect("the script runs").success());
        copy
    }

    /// Removes what an earlier run left below `folder`.
    fn remove_all_but(&self, files: &[&str], folder: &str) {
        for entry in fs::read_dir(self.root.join(folder)).expect("a folder") {
            let entry = entry.expect("an entry");
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if entry.file_type().expect("its type").is_dir() {
                self.remove_all_but(files, &path);
                // an empty folder below `crates` would pass for a package; one that is not empty stays
                let _ = fs::remove_dir(entry.path());
            } else if !files.contains(&path.as_str()) {
                fs::remove_file(entry.path()).expect("it is removed");
            }
        }
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    fn write(&self, file: &str, bytes: &[u8]) {
        let path = self.root.join(file);
        if fs::read(&path).is_ok_and(|known| known == bytes) {
            return;
        }
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("it is written");
    }

    fn replace(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert!(text.contains(from), "{file} has no {from}");
        self.write(file, text.replacen(from, to, 1).as_bytes());
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Command::new(cargo)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", self.root.join("../target"))
            .args(arguments)
            .output()
            .expect("cargo")
    }

    /// Builds every program. With a test besides they have the features of the tests' build, and what that has built of
    /// other people's crates serves.
    fn build(&self) -> Output {
        self.cargo(&["build", "--quiet", "--workspace", "--bins", "--test", "copy"])
    }

    fn run(&self, program: &str, arguments: &[&OsStr]) -> Output {
        let program = self.root.join("../target/debug").join(program);
        Command::new(program)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", self.root.join("../target"))
            .args(arguments)
            .output()
            .expect("it runs")
    }

    fn generate(&self, arguments: &[&str]) -> Output {
        let arguments: Vec<&OsStr> = ["gen"].iter().chain(arguments).map(OsStr::new).collect();
        self.run("xtask", &arguments)
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

const SCHEMA: &str = "schemas/auth/basic_auth.json";

/// A program that uses the property as a Rust developer would.
const USER: &str = r#"//! Prints the region of a config.
fn main() {
    let text = CONFIG;
    match authwire::BasicAuth::from_slice(text.as_bytes()) {
        Ok(config) => println!("region: {:?}", config.region()),
        Err(report) => println!("{report}"),
    }
}
"#;

const USER_MANIFEST: &str = r#"[package]
name = "region"
version = "0.0.0"
edition.workspace = true

[dependencies]
authwire = { workspace = true, features = ["builtin"] }
"#;

#[test]
fn a_schema_s_change_is_noticed_and_goes_everywhere() {
    let copy = Copy::new();
    // a word, and a property
    copy.replace(SCHEMA, "The user name, without a colon.", "The account's name, without a colon.");
    let property = r#""properties": {
    "region": {
      "title": "Region",
      "description": "Where the account is kept.",
      "type": "string",
      "enum": ["eu", "us"]
    },"#;
    copy.replace(SCHEMA, "\"properties\": {", property);
    let config = r#"{"username": "me", "password": {"env": "P"}, "region": "us"}"#;
    let user = USER.replace("CONFIG", &format!("{config:?}"));
    copy.write("crates/region/src/main.rs", user.as_bytes());
    copy.write("crates/region/Cargo.toml", USER_MANIFEST.as_bytes());
    let built = copy.build();
    assert!(built.status.success(), "{}", said(&built));
    let noticed = copy.generate(&["--check"]);
    assert_eq!(noticed.status.code(), Some(1), "{}", said(&noticed));
    for told in ["schemas/connector.bundle.json", "docs/reference/basic_auth.md", "cargo xtask gen"] {
        assert!(said(&noticed).contains(told), "{told}: {}", said(&noticed));
    }
    let generated = copy.generate(&[]);
    assert!(generated.status.success(), "{}", said(&generated));
    let mended = copy.generate(&["--check"]);
    assert!(mended.status.success(), "{}", said(&mended));
    let page = copy.read("docs/reference/basic_auth.md");
    assert!(page.contains("The account's name") && page.contains("| Region | `region` | `eu` or `us` |"));
    assert!(copy.read("schemas/connector.bundle.json").contains("Where the account is kept."));
    let connector = |region: &str| {
        format!(
            r#"{{"name": "acme", "base_url": "https://acme.example",
                "auth_config": {{"type": "basic_auth", "username": "me", "password": {{"env": "P"}}, "region": "{region}"}}}}"#
        )
    };
    for (region, status) in [("eu", 0), ("de", 1)] {
        copy.write("../acme.json", connector(region).as_bytes());
        let file = copy.root.join("../acme.json");
        let checked = copy.run("authwire", &[OsStr::new("validate"), file.as_os_str()]);
        assert_eq!(checked.status.code(), Some(status), "{}", said(&checked));
    }
    let ran = copy.run("region", &[]);
    assert_eq!(String::from_utf8_lossy(&ran.stdout).trim(), "region: Some(Us)", "{}", said(&ran));

    // a plan that reads what is not there
    copy.replace(SCHEMA, "\"username\": \"{username}\"", "\"username\": \"{usernme}\"");
    let text = copy.read(SCHEMA);
    let (line, row) = text.lines().enumerate().find(|(_, row)| row.contains("{usernme}")).expect("the line");
    let place = format!("basic_auth.json:{}:{}: ", line + 1, row.find("usernme").expect("there") + 1);
    let refused = copy.build();
    assert!(!refused.status.success());
    assert!(said(&refused).contains(&place), "{place}: {}", said(&refused));
    assert!(said(&refused).contains("did you mean `username`?"), "{}", said(&refused));
}
