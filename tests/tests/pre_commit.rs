//! The hook entries that the guide and this repository have for pre-commit, run by pre-commit itself.
#![allow(dead_code, reason = "of the program, only its place is of interest here")]

mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const RIGHT: &str =
    r#"{"name": "acme", "base_url": "https://api.acme.example", "auth_config": {"type": "no_auth"}}"#;
const WRONG: &str =
    r#"{"name": "acme", "base_url": "https://api.acme.example", "auth_config": {"type": "no_aut"}}"#;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A git repository with a connector file and this configuration of pre-commit.
fn repository(configuration: &str, connector: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::create_dir(folder.path().join("connectors")).expect("a folder");
    fs::write(folder.path().join(".pre-commit-config.yaml"), configuration).expect("a file");
    fs::write(folder.path().join("connectors/acme.json"), connector).expect("a file");
    // what is not a connector is none of the hook's business
    fs::write(folder.path().join("other.json"), "{}").expect("a file");
    fs::write(folder.path().join("connectors/acme.schema.json"), "{}").expect("a file");
    git(folder.path(), &["init", "--quiet"]);
    git(folder.path(), &["add", "."]);
    folder
}

fn git(folder: &Path, arguments: &[&str]) {
    let author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
    let ran = Command::new("git").current_dir(folder).args(author).args(arguments).output().expect("git");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

fn pre_commit(repository: &TempDir) -> Output {
    let programs = program::program().parent().expect("a folder").to_owned();
    let path = std::env::var("PATH").unwrap_or_default();
    authwire_tests::python_module("pre_commit")
        .current_dir(repository.path())
        .env("PATH", format!("{}:{path}", programs.display()))
        .env("PRE_COMMIT_HOME", repository.path().join(".git/pre-commit-home"))
        .args(["run", "--all-files", "--color", "never"])
        .output()
        .expect("pre-commit")
}

/// Checks that the hook lets the right file pass and stops the wrong one.
fn works(configuration: &str) {
    let passed = pre_commit(&repository(configuration, RIGHT));
    assert!(passed.status.success(), "{passed:?}");
    assert!(String::from_utf8_lossy(&passed.stdout).contains("Passed"), "{passed:?}");
    let stopped = pre_commit(&repository(configuration, WRONG));
    let told = String::from_utf8_lossy(&stopped.stdout);
    assert!(!stopped.status.success() && told.contains("did you mean `no_auth`?"), "{stopped:?}");
    assert!(!told.contains("other.json"), "{told}");
}

#[test]
fn the_entry_of_the_guide_works() {
    let guide = fs::read_to_string(root().join("docs/guide/ci.md")).expect("the guide");
    let configuration = guide.split("```yaml\n").find(|block| block.starts_with("repos:")).expect("an entry");
    works(configuration.split("```").next().expect("its end"));
}

#[test]
fn the_hook_of_this_repository_works() {
    let hooks = fs::read_to_string(root().join(".pre-commit-hooks.yaml")).expect("the hooks");
    let hook = tempfile::tempdir().expect("a folder");
    fs::write(hook.path().join(".pre-commit-hooks.yaml"), hooks).expect("a file");
    git(hook.path(), &["init", "--quiet"]);
    git(hook.path(), &["add", "."]);
    git(hook.path(), &["commit", "--quiet", "--message", "hooks"]);
    git(hook.path(), &["tag", "v1"]);
    let repo = hook.path().display();
    works(&format!("repos:\n  - repo: {repo}\n    rev: v1\n    hooks:\n      - id: authwire-validate\n"));
}
