//! Which files of a folder are read, and what happens to those that cannot be.

use std::process::Command;

use crate::support::{Folder, plain};

fn files(folder: &Folder, argument: &str) -> Vec<String> {
    // each file has the name of the first, so that each but that one is among the findings
    let run = folder.run(&["validate", argument, "--format", "json"]);
    run.findings().iter().map(|finding| finding.split(':').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_folder_is_walked_in_order_without_schemas_and_hidden_names() {
    let folder = Folder::new();
    for name in [
        "d/0.json",
        "d/b/2.json",
        "d/b/10.json",
        "d/a.json",
        "d/c.schema.json",
        "d/connector.bundle.json",
        "d/.hidden.json",
        "d/.git/x.json",
        "d/readme.md",
        "d/z.json",
    ] {
        folder.write(name, plain("same"));
    }
    assert_eq!(files(&folder, "d"), ["d/a.json", "d/b/10.json", "d/b/2.json", "d/z.json"]);
    // what is named itself is read, whatever its name
    folder.run(&["validate", "d/c.schema.json", "d/.hidden.json", "d/.git"]).ends_with(0);
}

#[cfg(unix)]
#[test]
fn links_are_followed_once_and_loops_end() {
    let folder = Folder::with("d/a.json", plain("same"));
    folder.write("elsewhere/b.json", plain("same"));
    folder.write("d/sub/c.json", plain("same"));
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, folder.path().join(name)).expect("a link");
    };
    link("..", "d/loop");
    link("sub", "d/again");
    link("../elsewhere", "d/linked");
    link("../elsewhere", "d/linked-twice");
    link("a.json", "d/same-file.json");
    let files = files(&folder, "d");
    let count = |name: &str| files.iter().filter(|file| file.ends_with(name)).count();
    assert_eq!((count("b.json"), count("c.json"), count("same-file.json")), (1, 1, 0), "{files:?}");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_told_and_hides_nothing() {
    let folder = Folder::with("d/a.json", "{}");
    folder.write("d/z.json", plain("acme"));
    let made = Command::new("mkfifo").arg(folder.path().join("d/fifo.json")).status().expect("mkfifo");
    assert!(made.success());
    std::os::unix::fs::symlink("loop.json", folder.path().join("d/loop.json")).expect("a link");
    std::os::unix::fs::symlink("nowhere", folder.path().join("d/dangling.json")).expect("a link");
    let arguments = ["validate", "d", "missing.json", "missing/", "--format", "json"];
    let run = folder.run(&arguments).ends_with(2);
    assert_eq!(run.findings().len(), 3, "{run:?}");
    assert_eq!((run.json()["files"].as_u64(), run.json()["invalid"].as_u64()), (Some(2), Some(1)));
    for name in ["d/fifo.json", "d/loop.json", "d/dangling.json", "missing.json", "missing/"] {
        assert!(run.stderr.contains(&format!("`{name}` cannot be read")), "{name}: {}", run.stderr);
    }
    let human = folder.run(&["validate", "d"]).ends_with(2);
    assert!(
        human.stdout.contains("2 files: 1 valid, 1 invalid (3 errors); 3 could not be read"),
        "{}",
        human.stdout
    );
}

#[test]
fn a_folder_without_connector_files_does_not_pass_for_valid() {
    let folder = Folder::with("d/readme.md", "");
    let run = folder.run(&["validate", "d"]).ends_with(2);
    assert!(run.stderr.contains("no connector file"), "{run:?}");
}

#[test]
fn many_files_are_reported_in_order() {
    let folder = Folder::new();
    for index in 0..1000 {
        folder.write(&format!("d/{index:04}.json"), if index % 3 == 0 { "{" } else { "[]" });
    }
    let run = folder.run(&["validate", "d", "--format", "json"]).ends_with(1);
    let files: Vec<String> = run.findings().iter().map(|one| one[..11].to_owned()).collect();
    assert!(files.is_sorted() && files.len() == 1000, "{files:?}");
    assert_eq!(folder.run(&["validate", "d"]).stdout, folder.run(&["validate", "d"]).stdout);
}

#[test]
fn what_a_glob_excludes_and_the_schemas_that_are_given_are_no_connectors() {
    let schema = r#"{"title": "Acme", "type": "object", "properties": {"type": {"const": "acme"}}, "required": ["type"],
        "additionalProperties": false, "x-auth": {"version": 1, "apply": []}}"#;
    let folder = Folder::with("d/a.json", plain("same"));
    for name in ["d/b.json", "d/old/c.json", "d/sub/old/d.json", "d/sub/e.old.json"] {
        folder.write(name, plain("same"));
    }
    folder.write("d/schemas/acme.json", schema);
    let files = |rest: &[&str]| {
        let run = folder.run(&[&["validate", "d", "--format", "json"], rest].concat());
        run.json()["files"].as_u64()
    };
    assert_eq!(files(&[]), Some(6));
    assert_eq!(files(&["--schemas", "d/schemas"]), Some(5));
    assert_eq!(files(&["--schemas", "d/sub/../schemas/"]), Some(5));
    assert_eq!(files(&["--exclude", "schemas", "--exclude", "old"]), Some(3));
    assert_eq!(files(&["--exclude", "old/**", "--exclude", "*.old.json"]), Some(4));
    // what is named itself is read
    assert_eq!(files(&["d/old/c.json", "--exclude", "old"]), Some(5));
    let run = folder.run(&["validate", "d", "--exclude", "*"]).ends_with(2);
    assert!(run.stderr.contains("no connector file"), "{run:?}");
}

#[test]
fn a_file_that_is_given_in_two_spellings_is_one() {
    let folder = Folder::with("d/a.json", plain("same"));
    folder.write("d/sub/b.json", plain("other"));
    let whole = folder.path().join("d").to_string_lossy().into_owned();
    for spellings in [["d", "./d"], ["d/", "d/sub/.."], ["d", &whole], ["d", "d/./a.json"]] {
        let run = folder.run(&[&["validate", "--format", "json"], &spellings[..]].concat()).ends_with(0);
        assert_eq!(run.json()["files"].as_u64(), Some(2), "{spellings:?}");
    }
}
