//! Bad input: a clear error, the exit status of the contract, no panic, no hang, and nothing that hides the findings of
//! other files.
//!
//! The tests may run as root, for whom every permission is given. So what cannot be read is: a link that leads nowhere, a
//! loop of links, a FIFO, a socket, a folder named like a file, and a file whose every read fails (`/proc/self/mem`).
#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;

use authwire_tests::program::Run;
use serde_json::{Value, json};

use crate::support::{Folder, plain};

const MIB: usize = 1 << 20;

/// A file that no check can find good: its content, and what is found in it.
fn broken() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let sound = plain("acme");
    let mut long = plain("acme").into_bytes();
    long.resize(16 * MIB + 1, b' ');
    let mut half = sound.clone().into_bytes();
    half.truncate(sound.len() / 2);
    let deep_object = format!("{}1{}", "{\"a\":".repeat(129), "}".repeat(129));
    vec![
        ("truncated", half, "1:35 syntax"),
        ("truncated_in_a_character", b"{\"name\": \"\xc3".to_vec(), "1:11 encoding"),
        ("empty", Vec::new(), "1:1 syntax"),
        ("huge", long, "1:1 too_large"),
        ("deep_arrays", "[".repeat(3 * MIB).into_bytes(), "1:129 too_deep"),
        ("deep_objects", deep_object.into_bytes(), "1:641 too_deep"),
        ("zeros", vec![0; 4096], "1:1 syntax"),
        ("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "1:1 encoding"),
        ("gzip", b"\x1f\x8b\x08\0\0\0\0\0".to_vec(), "1:2 encoding"),
        ("latin1", b"{\"name\": \"caf\xe9\"}".to_vec(), "1:14 encoding"),
        ("utf16", b"\xff\xfe{\0}\0".to_vec(), "1:1 encoding"),
        ("byte_order_mark", format!("\u{feff}{sound}").into_bytes(), "1:1 encoding"),
        ("surrogate", br#"{"name": "\ud800"}"#.to_vec(), "1:11 encoding"),
        ("comment", b"{} // no".to_vec(), "1:4 syntax"),
        ("two_values", b"{} {}".to_vec(), "1:4 syntax"),
    ]
}

/// Of a JSON report the findings of `file` as `line:column code`.
fn of_file(run: &Run, file: &str) -> Vec<String> {
    let prefix = format!("{file}:");
    let findings = run.findings();
    let of_file = findings.iter().filter_map(|one| one.strip_prefix(&prefix));
    of_file.map(|one| one.trim_end().to_owned()).collect()
}

#[test]
fn a_broken_file_has_one_finding_at_its_place_and_hides_no_other() {
    let folder = Folder::with("d/a_faulty.json", r#"{"name": 1}"#);
    folder.write("d/z_valid.json", plain("valid"));
    for (name, content, _) in broken() {
        folder.write(&format!("d/{name}.json"), content);
    }
    let run = folder.run(&["validate", "d", "--format", "json"]).ends_with(1);
    for (name, _, finding) in broken() {
        assert_eq!(of_file(&run, &format!("d/{name}.json")), [finding], "{name}");
    }
    let count = broken().len() as u64;
    let counts = ["files", "valid", "invalid"].map(|name| run.json()[name].as_u64());
    assert_eq!(counts, [Some(count + 2), Some(1), Some(count + 1)]);
    assert_eq!(of_file(&run, "d/a_faulty.json").len(), 3, "{:?}", run.findings());
    for format in ["human", "github", "sarif"] {
        let run = folder.run(&["validate", "d", "--format", format]).ends_with(1);
        for (name, ..) in broken() {
            assert!(run.stdout.contains(&format!("d/{name}.json")), "{format} {name}");
        }
    }
}

#[test]
fn every_command_refuses_a_broken_file_and_none_panics() {
    let folder = Folder::new();
    for (name, content, finding) in broken() {
        folder.write("x.json", content);
        let code = finding.split(' ').nth(1).expect("a code");
        for command in [&["explain", "x.json"][..], &["token", "x.json"], &["call", "x.json", "GET", "/"]] {
            let run = folder.run(command).ends_with(1);
            assert!(run.stderr.contains(&format!("error[{code}]")), "{command:?} {name}: {run:?}");
            assert!(run.stdout.is_empty(), "{command:?} {name}: {run:?}");
        }
    }
}

#[test]
fn stdin_is_checked_like_a_file() {
    let folder = Folder::new();
    for (name, content, finding) in broken() {
        let run = folder.run_with(&["validate", "-", "--format", "json"], &[], &content).ends_with(1);
        assert_eq!(of_file(&run, "<stdin>"), [finding], "{name}");
    }
}

/// Puts into `folder` what cannot be read. Returns the names, each with the reason.
fn unreadable(folder: &Folder) -> Vec<(&'static str, &'static str)> {
    let path = |name: &str| folder.path().join(name);
    let made = Command::new("mkfifo").arg(path("fifo.json")).status().expect("mkfifo");
    assert!(made.success());
    symlink("nowhere", path("dangling.json")).expect("a link");
    symlink("loop_b.json", path("loop_a.json")).expect("a link");
    symlink("loop_a.json", path("loop_b.json")).expect("a link");
    drop(UnixListener::bind(path("socket.json")).expect("a socket"));
    let mut all = vec![
        ("dangling.json", "it does not exist"),
        ("fifo.json", "it is not a regular file"),
        ("loop_a.json", "symbolic links"),
        ("loop_b.json", "symbolic links"),
        ("socket.json", "it is not a regular file"),
    ];
    if cfg!(target_os = "linux") {
        // its first page is never there, so that reading it fails for everybody
        symlink("/proc/self/mem", path("mem.json")).expect("a link");
        all.push(("mem.json", "error"));
    }
    all
}

/// What is no regular file is neither waited for nor read without end, wherever a connector or a command names it.
#[test]
fn a_pipe_or_a_device_in_the_place_of_a_file_is_refused_at_once() {
    let folder = Folder::new();
    unreadable(&folder);
    for ca_file in ["/dev/zero", "fifo.json"] {
        let connector = json!({
            "name": "acme", "base_url": "https://127.0.0.1:9", "auth_config": {"type": "no_auth"},
            "http": {"ca_file": ca_file}, "test": {"path": "/"}
        });
        folder.write("ca.json", connector.to_string());
        for command in [
            &["validate", "--resolve", "ca.json"][..],
            &["test", "ca.json"],
            &["call", "ca.json", "GET", "/"],
        ] {
            let run = folder.run(command).ends_with(1);
            let told = format!("{}{}", run.stdout, run.stderr);
            assert!(told.contains("it is not a regular file"), "{ca_file} {command:?}: {run:?}");
        }
    }
    folder.write("x.json", plain("acme"));
    let run = folder.run(&["call", "x.json", "POST", "/", "-d", "@/dev/zero"]).ends_with(2);
    assert!(run.stderr.contains("may never end"), "{run:?}");
}

#[test]
fn what_cannot_be_read_is_told_with_the_reason_and_the_rest_is_checked() {
    let folder = Folder::with("valid.json", plain("valid"));
    folder.write("faulty.json", r#"{"name": 1}"#);
    folder.write("folder.json/inner.json", plain("inner"));
    let bad = unreadable(&folder);
    let run = folder.run(&["validate", ".", "gone.json", "--format", "json"]).ends_with(2);
    for (name, why) in &bad {
        let line = run.stderr.lines().find(|line| line.contains(&format!("`./{name}` cannot be read")));
        assert!(line.is_some_and(|line| line.contains(why)), "{name} {why}: {}", run.stderr);
    }
    assert!(run.stderr.contains("`gone.json` cannot be read: it does not exist"), "{}", run.stderr);
    // a folder is a folder, whatever its name
    let counts = ["files", "valid", "invalid"].map(|name| run.json()[name].as_u64());
    assert_eq!(counts, [Some(3), Some(2), Some(1)]);
    assert_eq!(of_file(&run, "./faulty.json").len(), 3);

    for (name, why) in bad {
        for command in [&["validate"][..], &["explain"], &["token"]] {
            let run = folder.run(&[command, &[name]].concat()).ends_with(2);
            assert!(run.stderr.contains(why), "{command:?} {name}: {run:?}");
        }
    }
    folder.run(&["explain", "folder.json"]).ends_with(2);
}

#[test]
fn a_file_that_nobody_may_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::with("a.json", plain("acme"));
    folder.write("b.json", "{}");
    let path = folder.path().join("a.json");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).expect("its owner may");
    // root may read it all the same
    let readable = std::fs::read(&path).is_ok();
    let run = folder.run(&["validate", ".", "--format", "json"]).ends_with(if readable { 1 } else { 2 });
    assert_eq!(run.stderr.contains("`./a.json` cannot be read: permission denied"), !readable, "{run:?}");
    assert_eq!(of_file(&run, "./b.json").len(), 3);
}

const SCHEMA: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Acme",
  "description": "Acme's key.",
  "type": "object",
  "properties": {
    "key": { "title": "Key", "description": "The key.", "$ref": "authwire:common#/$defs/secret" }
  },
  "required": ["key"],
  "additionalProperties": false,
  "x-auth": { "apply": [{ "header": { "X-Key": "{key}" } }] }
}
"#;

#[test]
fn a_broken_schema_is_told_and_no_type_of_its_folder_is_loaded() {
    let whole = Folder::with("types/acme.json", SCHEMA);
    let sound = r#"{"name": "acme", "base_url": "https://a.example", "auth_config": {"type": "acme", "key": {"env": "K"}}}"#;
    whole.write("x.json", sound);
    whole.run(&["validate", "x.json", "--schemas", "types"]).ends_with(0);
    let cases = [
        ("not JSON", SCHEMA.as_bytes()[..100].to_vec(), "types/broken.json:"),
        (
            "an unknown keyword",
            SCHEMA.replace("\"required\"", "\"requird\"").into_bytes(),
            "types/broken.json:9:3: error:",
        ),
        (
            "an unknown field in the plan",
            SCHEMA.replace("{key}", "{kee}").into_bytes(),
            "types/broken.json:11:50: error:",
        ),
        ("not UTF-8", b"{\"title\": \"\xff\"}".to_vec(), "types/broken.json:1:12: error:"),
        ("deep", "[".repeat(MIB).into_bytes(), "types/broken.json:1:129: error:"),
        ("a byte order mark", format!("\u{feff}{SCHEMA}").into_bytes(), "types/broken.json:1:1: error:"),
        ("too large", vec![b' '; 16 * MIB + 1], "types/broken.json:1:1: error:"),
    ];
    for (what, content, told) in cases {
        whole.write("types/broken.json", content);
        for command in [
            &["validate", "x.json"][..],
            &["types"],
            &["types", "acme"],
            &["schema"],
            &["explain", "x.json"],
            &["new", "acme", "--auth", "acme"],
        ] {
            let run = whole.run(&[command, &["--schemas", "types"]].concat()).ends_with(2);
            assert!(run.stderr.contains(told), "{what} {command:?}: {run:?}");
            assert!(run.stderr.contains("no type was loaded"), "{what} {command:?}: {run:?}");
            assert!(run.stdout.is_empty(), "{what} {command:?}: {run:?}");
        }
    }
}

#[test]
fn every_fault_of_every_schema_is_told_at_once() {
    let folder = Folder::with("types/a.json", SCHEMA.replace("\"title\": \"Key\"", "\"titel\": \"Key\""));
    folder.write("types/b.json", SCHEMA.replace("{key}", "{kee}").replace("\"required\"", "\"requird\""));
    let run = folder.run(&["types", "--schemas", "types"]).ends_with(2);
    for told in ["types/a.json:7:14: error:", "types/b.json:9:3: error:", "types/b.json:11:50: error:"] {
        assert!(run.stderr.contains(told), "{told}\n{}", run.stderr);
    }
}

#[test]
fn a_schema_folder_that_cannot_be_read_is_told() {
    let folder = Folder::with("types/acme.json", SCHEMA);
    let types = Folder::with("acme.json", SCHEMA);
    for (name, why) in unreadable(&types) {
        let path = types.path().join(name);
        // one at a time: each has to be enough
        let one = Folder::with("types/acme.json", SCHEMA);
        std::fs::rename(&path, one.path().join("types").join(name)).expect("it moves");
        let run = one.run(&["types", "--schemas", "types"]).ends_with(2);
        assert!(run.stderr.contains(&format!("types/{name}")), "{name}: {run:?}");
        assert!(name.starts_with("loop") || run.stderr.contains(why) || name == "dangling.json", "{run:?}");
    }
    folder.write("empty/readme.md", "");
    symlink("round", folder.path().join("round")).expect("a link");
    for schemas in ["gone", "types/acme.json", "empty", "round"] {
        let run = folder.run(&["types", "--schemas", schemas]).ends_with(2);
        assert!(run.stderr.contains(schemas) && run.stdout.is_empty(), "{schemas}: {run:?}");
    }
}

/// What a runner of CI, or a person, takes for a line of ours is one.
#[test]
#[cfg(unix)]
fn no_name_makes_a_line_of_its_own() {
    let folder = Folder::new();
    folder.write(
        "keys.json",
        r#"{"name": "acme", "base_url": "https://a.example", "auth_config": {"type": "no_auth"}, "\n::error::key": 1,
            "headers": {"X\n::error::header": "1"}, "query": {"\u001b[2J": ""}}"#,
    );
    folder.write("\n::error::name.json", "{}");
    std::os::unix::fs::symlink("nowhere", folder.path().join("\n::error::link.json")).unwrap();
    for format in ["human", "github"] {
        let run = folder.run(&["validate", ".", "--format", format]);
        let told = format!("{}{}", run.stdout, run.stderr);
        assert!(
            told.contains("error::key") && told.contains("name.json") && told.contains("link.json"),
            "{told}"
        );
        let forged: Vec<&str> =
            told.lines().filter(|line| line.trim_start().starts_with("::error::")).collect();
        assert!(forged.is_empty() && !told.contains('\u{1b}'), "{forged:?}\n{told}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let folder = Folder::with("x.json", "[".repeat(10));
    let program = env!("CARGO_BIN_EXE_authwire");
    for command in ["schema", "types", "man", "completions zsh", "validate x.json", "new acme --auth no_auth"]
    {
        let line = format!("'{program}' {command} 2>stderr | true");
        let ran = Command::new("sh").args(["-c", &line]).current_dir(folder.path()).status();
        assert!(ran.expect("a shell").success());
        let stderr = std::fs::read_to_string(folder.path().join("stderr")).expect("stderr");
        assert!(!stderr.contains("panicked"), "{command}: {stderr}");
    }
}

#[test]
fn a_report_of_bad_input_is_still_what_its_schema_says() {
    let folder = Folder::new();
    for (name, content, _) in broken() {
        folder.write(&format!("{name}.json"), content);
    }
    let report = folder.run(&["validate", ".", "--format", "json"]).ends_with(1).json();
    let schema = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/report.schema.json"));
    let schema: Value = serde_json::from_str(schema).expect("the schema");
    let errors: Vec<String> = jsonschema::validator_for(&schema)
        .expect("a valid schema")
        .iter_errors(&report)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
}
