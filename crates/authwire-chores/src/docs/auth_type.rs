//! The page of an auth type.

use authwire_core::compiled::AuthType;

use super::example::connector_files;
use super::fields::fields;
use super::{Program, finished, mark, mistakes, wire};
use crate::fixtures::Fixture;
use crate::json;

/// The page of an auth type: what it is, its fields, what goes on the wire, complete connector files with the requests that
/// come of them, and what mistakes look like.
///
/// # Errors
/// If the program could not run.
pub fn auth_type(document: &AuthType, invalid: &[Fixture], program: &dyn Program) -> Result<String, String> {
    let name = &document.name;
    let mut text = mark(&format!("schemas/auth/{name}.json"));
    text.push_str(&format!("# {}\n\n", document.schema.title));
    if let Some(description) = document.description(document.schema.root()) {
        text.push_str(&format!("{description}\n\n"));
    }
    text.push_str(&format!(
        "In a [connector file](connector.md), the `type` of `auth_config` is `{name}`; the fields stand beside it.\n\n"
    ));
    text.push_str("## Fields\n\n");
    let fields = fields(document, document.schema.root(), 3);
    text.push_str(if fields.is_empty() { "None.\n\n" } else { &fields });
    if let Some(plan) = &document.schema.plan {
        text.push_str("## What goes on the wire\n\n");
        text.push_str(&wire::steps(plan));
    }
    let files = connector_files(document);
    if !files.is_empty() {
        text.push_str(if files.len() == 1 { "## Example\n\n" } else { "## Examples\n\n" });
    }
    for file in files {
        let file = format!("{}\n", json::block(&file));
        let explained = program.run(&[("acme.json", file.as_bytes())], &["explain", "acme.json"])?;
        let explained: Vec<&str> = explained.lines().map(str::trim_end).collect();
        text.push_str(&format!(
            "```json\n{file}```\n\n`authwire explain acme.json` shows what is sent:\n\n```text\n{}\n```\n\n",
            explained.join("\n")
        ));
    }
    text.push_str(&mistakes::section(name, invalid, program)?);
    text.push_str("Everything that `authwire validate` may find: [findings](findings.md).\n");
    Ok(finished(text))
}
