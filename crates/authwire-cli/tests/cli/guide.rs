//! The guide's set-ups, followed by its labels: `authwire types` has each of them, and `authwire new` makes a valid file
//! of what a person would write beside them.
//!
//! `guide.json` has the labels of each set-up, in the guide's order, with an answer; an empty one where the guide says to
//! leave the field blank; behind them stand the types that the guide could not do. Four things in the guide are no label
//! of the type: its drop-down of auth types and `Oauth 2 Grant Type` choose the type itself; the second label for a custom
//! grant type is the same field as the first; and `Client Credentials Grant Scope`, blank, is named under another grant
//! (`blank_elsewhere`).

use serde_json::Value;

use crate::support::Folder;

const GUIDE: &str = include_str!("guide.json");

struct Setup {
    name: String,
    fields: Vec<(String, String)>,
    blank_elsewhere: Vec<String>,
}

fn setups() -> Vec<Setup> {
    let guide: Value = serde_json::from_str(GUIDE).expect("the guide's data");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    list(&guide)
        .iter()
        .map(|setup| Setup {
            name: text(&setup["setup"]),
            fields: list(&setup["fields"]).iter().map(|pair| (text(&pair[0]), text(&pair[1]))).collect(),
            blank_elsewhere: list(&setup["blank_elsewhere"]).iter().map(text).collect(),
        })
        .collect()
}

#[test]
fn every_label_of_the_guide_is_a_field_of_its_type() {
    let folder = Folder::new();
    let mut known: Vec<String> = Vec::new();
    for setup in setups() {
        known.push(setup.name.clone());
        let whole = folder.run(&["types", &setup.name, "--format", "json"]).ends_with(0).json();
        let titles: Vec<String> = whole["fields"]
            .as_array()
            .expect("fields")
            .iter()
            .map(|field| field["title"].as_str().expect("a title").to_lowercase())
            .collect();
        let human = folder.run(&["types", &setup.name]).ends_with(0).stdout.to_lowercase();
        for (label, _) in &setup.fields {
            assert!(titles.contains(&label.to_lowercase()), "{}: {label} {titles:?}", setup.name);
            assert!(human.contains(&label.to_lowercase()), "{}: {label}", setup.name);
        }
        for label in &setup.blank_elsewhere {
            assert!(!titles.contains(&label.to_lowercase()), "{}: {label}", setup.name);
        }
    }
    known.dedup();
    assert!(known.len() >= 10, "the guide has eight set-ups, and two that it could not do: {known:?}");
}

#[test]
fn every_setup_ends_in_a_valid_file() {
    for setup in setups() {
        let folder = Folder::new();
        let mut arguments: Vec<String> =
            ["new", "acme", "--auth", &setup.name, "-o", "acme.json"].map(str::to_owned).into();
        let step_1 = ["--description", "Acme's tickets", "--base-url", "https://api.acme.example"];
        arguments.extend(step_1.map(str::to_owned));
        for (label, value) in &setup.fields {
            arguments.extend(["--set".to_owned(), format!("{label}={value}")]);
        }
        let run = folder.run(&arguments).ends_with(0);
        assert!(!run.stderr.contains("to fill in"), "{}: {}", setup.name, run.stderr);
        folder.run(&["validate", "acme.json", "--deny-warnings"]).ends_with(0);
        let written = std::fs::read(folder.path().join("acme.json")).expect("the file");
        let written: Value = serde_json::from_slice(&written).expect("JSON");
        let filled = setup.fields.iter().filter(|(_, value)| !value.is_empty()).count();
        let config = written["auth_config"].as_object().expect("an auth config");
        assert_eq!(config.len(), filled + 1, "{}: {config:?}", setup.name);
        folder.run(&["explain", "acme.json", "GET", "/tickets"]).ends_with(0);
    }
}

/// The same at a terminal: `script` (util-linux) is one.
#[cfg(target_os = "linux")]
#[test]
fn every_setup_answered_at_a_terminal_ends_in_a_valid_file() {
    for setup in setups() {
        let folder = Folder::new();
        let whole = folder.run(&["types", &setup.name, "--format", "json"]).json();
        let fields = whole["fields"].as_array().expect("fields").clone();
        let required = |label: &str| {
            let same =
                |field: &&Value| field["title"].as_str().map(str::to_lowercase) == Some(label.to_lowercase());
            fields.iter().find(same).is_some_and(|field| field["required"] == true)
        };
        let filled: Vec<_> = setup.fields.iter().filter(|(_, value)| !value.is_empty()).collect();
        let mut answers = vec!["Acme's tickets".to_owned(), "https://api.acme.example".to_owned()];
        // required fields are asked for in the order of the schema
        let mut asked: Vec<_> = filled.iter().filter(|(label, _)| required(label)).collect();
        let order = folder.run(&["types", &setup.name]).stdout.to_lowercase();
        let place = |label: &str| order.find(&format!("  {}  (", label.to_lowercase()));
        asked.sort_by_key(|(label, _)| place(label));
        answers.extend(asked.iter().map(|(_, value)| value.clone()));
        for (label, value) in filled.iter().filter(|(label, _)| !required(label)) {
            answers.extend([label.clone(), value.clone()]);
        }
        // no other field, no test
        answers.extend(["".to_owned(), "".to_owned(), "".to_owned()]);
        let command =
            format!("'{}' new acme --auth '{}' -o acme.json", env!("CARGO_BIN_EXE_authwire"), setup.name);
        let transcript = crate::support::at_a_terminal(&folder, &command, &answers.join("\n"));
        let run = folder.run(&["validate", "acme.json", "--deny-warnings"]);
        assert_eq!(run.status, Some(0), "{}: {run:?}\n{transcript}", setup.name);
        let written = std::fs::read(folder.path().join("acme.json")).expect("the file");
        let written: Value = serde_json::from_slice(&written).expect("JSON");
        let config = written["auth_config"].as_object().expect("an auth config");
        assert_eq!(config.len(), filled.len() + 1, "{}: {config:?}\n{transcript}", setup.name);
        for (label, _) in filled {
            assert!(
                transcript.to_lowercase().contains(&label.to_lowercase()),
                "{}: {label}\n{transcript}",
                setup.name
            );
        }
    }
}
