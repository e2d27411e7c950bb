//! The four formats of a report.

use serde_json::{Value, json};

use crate::support::Folder;

const BROKEN: &str = r#"{
  "name": "acme",
  "base_url": "https://api.acme.example/v1?key=s3cret",
  "auth_config": {"type": "basic_auth", "username": "ünï", "pasword": "s3cret"}
}
"#;

#[test]
fn the_human_report_points_at_the_line_and_masks_it() {
    let folder = Folder::with("x.json", BROKEN);
    let run = folder.run(&["validate", "x.json"]).ends_with(1);
    for line in [
        " --> x.json:3:15",
        "3 |   \"base_url\": \"https://api.acme.example/…\",",
        "  |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Base URL",
        " --> x.json:4:60",
        "4 |   \"auth_config\": {\"type\": \"…\", \"username\": \"…\", \"pasword\": \"…\"}",
        "  |                                                 ^^^^^^^^^",
        "  = help: did you mean `password`?",
        "1 file: invalid (3 errors)",
    ] {
        assert!(run.stdout.lines().any(|one| one == line), "{line}\n{}", run.stdout);
    }
    assert!(!run.stdout.contains('\u{1b}'), "colour is for terminals: {:?}", run.stdout);
}

#[test]
fn the_json_report_is_what_its_schema_says() {
    let folder = Folder::with("x.json", BROKEN);
    folder.write("y.json", [0xff]);
    let report = folder.run(&["validate", "x.json", "y.json", "--format", "json"]).ends_with(1).json();
    let schema = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/report.schema.json"));
    let schema: Value = serde_json::from_str(schema).expect("the schema");
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!((&report["files"], &report["valid"], &report["invalid"]), (&json!(2), &json!(0), &json!(2)));
    let unknown =
        report["findings"].as_array().and_then(|all| all.iter().find(|one| one["code"] == "unknown_field"));
    let unknown = unknown.expect("an unknown field");
    assert_eq!(
        (&unknown["line"], &unknown["column"], &unknown["layer"], &unknown["severity"]),
        (&json!(4), &json!(60), &json!("schema"), &json!("error"))
    );
}

#[test]
fn the_github_report_is_one_command_for_each_finding() {
    let folder = Folder::with("a,b.json", BROKEN);
    let run = folder.run(&["validate", "a,b.json", "--format", "github"]).ends_with(1);
    assert_eq!(run.stdout.lines().count(), 3, "{}", run.stdout);
    for line in run.stdout.lines() {
        assert!(line.starts_with("::error file=a%2Cb.json,line="), "{line}");
    }
    assert!(run.stdout.contains(",line=4,col=60,title=unknown_field::"), "{}", run.stdout);
    // a pull request knows its files without it
    let run = folder.run(&["validate", ".", "--format", "github"]).ends_with(1);
    assert!(run.stdout.starts_with("::error file=a%2Cb.json,line="), "{}", run.stdout);
}

#[test]
fn the_sarif_report_names_rules_places_and_what_was_not_read() {
    let folder = Folder::with("a b.json", BROKEN);
    let report = folder.run(&["validate", "a b.json", "gone.json", "--format", "sarif"]).ends_with(2).json();
    assert_eq!(report["version"], "2.1.0");
    let run = &report["runs"][0];
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let notified = &run["invocations"][0]["toolExecutionNotifications"][0]["locations"][0];
    assert_eq!(notified["physicalLocation"]["artifactLocation"]["uri"], "gone.json");
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 3);
    for result in results {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().expect("an index") as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        // code scanning takes no rule without them
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(rule[text]["text"].as_str().is_some_and(|text| !text.is_empty()), "{rule}");
        }
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b.json");
    }
    let unknown = results.iter().find(|one| one["ruleId"] == "unknown_field").expect("an unknown field");
    assert_eq!(
        unknown["locations"][0]["physicalLocation"]["region"],
        json!({"startLine": 4, "startColumn": 60, "endColumn": 69})
    );
}

#[test]
fn a_sarif_report_without_findings_is_whole() {
    let valid =
        r#"{"name": "acme", "base_url": "https://api.acme.example", "auth_config": {"type": "no_auth"}}"#;
    let folder = Folder::with("x.json", valid);
    let report = folder.run(&["validate", "x.json", "--format", "sarif"]).ends_with(0).json();
    let run = &report["runs"][0];
    assert_eq!((&run["results"], &run["columnKind"]), (&json!([]), &json!("unicodeCodePoints")));
    assert_eq!(run["invocations"], json!([{"executionSuccessful": true, "toolExecutionNotifications": []}]));
}

#[test]
fn a_name_is_one_line_of_the_report_whatever_is_in_it() {
    let folder = Folder::with("a\n --> b.json", BROKEN);
    let run = folder.run(&["validate", "."]).ends_with(1);
    assert!(run.stdout.contains(" --> ./a\u{fffd} --> b.json:3:15\n"), "{}", run.stdout);
}

#[cfg(target_os = "linux")]
#[test]
fn no_line_is_wider_than_the_terminal() {
    let long = format!(r#"{{"name": "acme", {} "base_url": "https://a.example"}}"#, r#""x": 1, "#.repeat(40));
    let folder = Folder::with("x.json", long);
    let program = env!("CARGO_BIN_EXE_authwire");
    for columns in [60, 80] {
        let command = format!("stty cols {columns}; {program} validate x.json");
        let shown = crate::support::at_a_terminal(&folder, &command, "");
        let lines: Vec<&str> = shown.lines().filter(|line| line.starts_with("1 | ")).collect();
        assert!(!lines.is_empty(), "{shown}");
        for line in lines {
            assert!(line.trim_end().chars().count() <= columns, "{columns}: {line}");
        }
    }
}
