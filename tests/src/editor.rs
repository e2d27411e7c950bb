//! VS Code's JSON language service: what an editor proposes and marks in a connector file, given a schema.

use serde_json::{Value, json};

use crate::installation;

/// What the editor makes of a file.
#[derive(Clone, Debug)]
pub struct Opinion {
    /// What it proposes at the cursor.
    pub completions: Vec<String>,
    /// What it marks: the text, and what it says of it.
    pub problems: Vec<(String, String)>,
    /// What it shows where the cursor is, as JSON.
    pub hover: Value,
}

/// What VS Code's language service makes of `file`, in which `‸` is the cursor, given the text of `schema`.
///
/// # Panics
/// If it is not installed, or fails; the message says why.
#[must_use]
#[track_caller]
pub fn opinion(schema: &str, file: &str) -> Opinion {
    let mut command = installation::node_program("editor.mjs").unwrap_or_else(|missing| panic!("{missing}"));
    let order = json!({"schema": schema, "file": file}).to_string();
    let output = command.arg(order).output().unwrap_or_else(|error| panic!("no node: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |name: &str| answer[name].as_array().cloned().unwrap_or_default();
    Opinion {
        completions: list("completions").iter().map(text).collect(),
        problems: list("problems").iter().map(|one| (text(&one["text"]), text(&one["message"]))).collect(),
        hover: answer["hover"].clone(),
    }
}
