//! The page of the findings.

use authwire_core::finding::{Code, Layer, Severity};

use super::examples::{Example, example};
use super::markdown::{code, table};
use super::{Program, finished, mark};
use crate::fixtures::Fixture;

/// The page of the findings: every code with its severity and meaning, layer by layer, each with what the program says of
/// an example.
///
/// # Errors
/// If the program could not run, or does not find in an example what that is an example of.
pub fn findings(fixtures: &[Fixture], program: &dyn Program) -> Result<String, String> {
    let mut text = mark("crates/authwire-model/src/finding.rs");
    text.push_str("# Findings\n\n");
    text.push_str(
        "A report lists everything that is wrong with a document, each thing as a finding with a code out of this closed \
         list. An error means that the connector can never work, a warning that it is unwise, a note that there is \
         something worth knowing.\n\n",
    );
    for (layer, heading, what) in LAYERS {
        let codes = Code::ALL.iter().filter(|code| code.layer() == layer);
        let rows: Vec<[String; 3]> = codes
            .map(|finding| {
                let severity = match finding.severity() {
                    Severity::Error => "error".to_owned(),
                    other => format!("*{other}*"),
                };
                let link = format!("[{}](#{finding})", code(finding.as_str()));
                [link, severity, finding.meaning().to_owned()]
            })
            .collect();
        text.push_str(&format!("## {heading} (`{layer}`)\n\n{what}\n\n"));
        text.push_str(&table(["Code", "Severity", "Meaning"], &rows));
    }
    text.push_str("## Examples\n\nOne for each code, as `authwire validate` shows it.\n\n");
    for code in Code::ALL {
        let example =
            example(*code, fixtures).ok_or(format!("error: the finding `{code}` has no example"))?;
        text.push_str(&section(*code, &example, program)?);
    }
    Ok(finished(text))
}

fn section(code: Code, example: &Example, program: &dyn Program) -> Result<String, String> {
    let files: Vec<(&str, &[u8])> =
        example.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let mut arguments = vec!["validate"];
    arguments.extend(example.arguments.iter().map(String::as_str));
    let output = program.run(&files, &arguments)?;
    // reports are paragraphs, one a finding
    let head = format!("{}[{code}]", code.severity());
    let told = output
        .split("\n\n")
        .find(|paragraph| paragraph.starts_with(&head))
        .ok_or_else(|| format!("error: the example of `{code}` does not show it:\n{output}"))?;
    let told: Vec<&str> = told.lines().map(str::trim_end).collect();
    let note = example.note.map(|note| format!("{note}\n\n")).unwrap_or_default();
    Ok(format!("### {code}\n\n{}\n\n{note}```text\n{}\n```\n\n", code.meaning(), told.join("\n")))
}

/// The layers, each with a heading and what it finds.
const LAYERS: [(Layer, &str, &str); 3] = [
    (
        Layer::Syntax,
        "Syntax",
        "The file is no strict JSON (RFC 8259) in UTF-8. Nothing else can be said about it, but for duplicate keys.",
    ),
    (
        Layer::Schema,
        "Schema",
        "The document breaks its schema: exactly what any validator of draft 2020-12 finds, given \
         `schemas/connector.bundle.json`.",
    ),
    (
        Layer::Semantic,
        "Semantic",
        "The document breaks what no schema can say, and what sending it would run into.",
    ),
];
