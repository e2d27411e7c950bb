//! Crates as strangers have them (`tests/downstream`): no members of this workspace, each using the derive in a way of its
//! own. They build without a warning, their tests pass, and a changed schema or connector file builds its crate anew.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("downstream")
}

/// The target folder that all of them share, begun with what this workspace has built of other people's crates.
fn target() -> &'static Path {
    static TARGET: OnceLock<PathBuf> = OnceLock::new();
    TARGET.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("downstream");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/seed-target");
        let seeded = Command::new(script).arg(&target).status().expect("the script runs");
        assert!(seeded.success());
        target
    })
}

/// Runs cargo on the crate in `folder`. All of them share a target folder, apart from this workspace's.
fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    // the versions that are tested here, not whatever is newest today
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    if !folder.join("Cargo.lock").exists() {
        fs::copy(lock, folder.join("Cargo.lock")).expect("the lock file is copied");
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Command::new(cargo)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target())
        // as this workspace builds, so that what it built of other people's crates serves here too
        .env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only")
        .env("CARGO_PROFILE_DEV_BUILD_OVERRIDE_DEBUG", "line-tables-only")
        .env_remove("RUSTFLAGS")
        .args(arguments)
        .output()
        .expect("cargo")
}

#[track_caller]
fn passes(folder: &Path, arguments: &[&str]) {
    let output = cargo(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success(),
        "{}: {said}\n{}",
        folder.display(),
        String::from_utf8_lossy(&output.stdout)
    );
    assert!(!said.contains("warning:"), "{}: {said}", folder.display());
}

/// One test, so that they do not wait for each other's builds.
#[test]
fn every_crate_passes_its_tests_without_a_warning() {
    let mut crates: Vec<PathBuf> = fs::read_dir(root())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("Cargo.toml").is_file() && !path.ends_with("mistakes"))
        .collect();
    crates.sort();
    assert!(crates.len() >= 5, "{crates:?}");
    for folder in &crates {
        let _ = fs::remove_file(folder.join("Cargo.lock"));
        passes(folder, &["clippy", "--quiet", "--all-targets"]);
        passes(folder, &["test", "--quiet"]);
    }
}

/// Builds a crate, and says whether it was built or was fresh.
fn is_built(folder: &Path, name: &str) -> bool {
    let output = cargo(folder, &["build", "--message-format=json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    let messages: Vec<Value> = messages.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let of = messages.iter().find(|message| message["target"]["name"] == name && !message["fresh"].is_null());
    of.unwrap_or_else(|| panic!("{name} is not told of"))["fresh"] == Value::Bool(false)
}

/// A copy of a crate, in which files can be changed.
fn copy(name: &str, to: &Path) -> PathBuf {
    let manifest = fs::read_to_string(root().join(name).join("Cargo.toml")).expect("the manifest");
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates").canonicalize().expect("the crates");
    copy_folder(&root().join(name), to);
    let manifest = manifest.replace("../../../crates", crates.to_str().expect("UTF-8"));
    let manifest = manifest.replace(&format!("name = \"{name}\""), &format!("name = \"{name}_copy\""));
    fs::write(to.join("Cargo.toml"), manifest).expect("the manifest");
    to.to_owned()
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        match entry.file_type().expect("its type").is_dir() {
            true => copy_folder(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).expect("a file")),
        }
    }
}

#[test]
fn a_changed_file_builds_its_crate_anew_and_nothing_else_does() {
    let temporary = tempfile::TempDir::new().expect("a folder");
    let changes = [
        ("own_type", "schemas/acme_session.json", "Who logs in.", "Who it is that logs in."),
        // reached by `$ref` only
        ("own_type", "schemas/shared/region.json", "\"us\"", "\"us\", \"ap\""),
        ("embedded", "connectors/acme.json", "/orders", "/orders/all"),
    ];
    for name in ["own_type", "embedded"] {
        let folder = copy(name, &temporary.path().join(name));
        let target = format!("{name}_copy");
        is_built(&folder, &target);
        assert!(!is_built(&folder, &target), "{name}: nothing changed");
        for (_, file, from, to) in changes.iter().filter(|(of, ..)| *of == name) {
            let path = folder.join(file);
            let text = fs::read_to_string(&path).expect("the file");
            assert!(text.contains(from), "{file}");
            fs::write(&path, text.replace(from, to)).expect("the file");
            assert!(is_built(&folder, &target), "{file} was changed");
            assert!(!is_built(&folder, &target), "{file}: nothing changed since");
        }
    }
}

#[test]
fn a_connector_file_without_the_built_in_types_says_what_to_switch_on() {
    let temporary = tempfile::TempDir::new().expect("a folder");
    let folder = copy("derive_only", &temporary.path().join("derive_only"));
    let embedding = "//! It.\n\n/// It.\n#[derive(authwire::Connector)]\n#[connector(file = \"acme.json\")]\npub struct Acme;\n\n\
        /// Its name.\n#[must_use]\npub fn name() -> &'static str {\n    Acme::auth_config().scope();\n    Acme::config().name()\n}\n";
    fs::write(folder.join("src/lib.rs"), embedding).expect("the program");
    let output = cargo(&folder, &["build", "--quiet"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("switch on the feature `builtin` of `authwire`"),
        "{said}"
    );
    // and nothing else
    assert_eq!(said.matches("error: ").count(), 2, "{said}");
    assert!(said.contains("error: could not compile `derive_only_copy`"), "{said}");
}
