//! The page of the findings.

use authwire_core::finding::{Code, Layer, Severity};

use super::markdown::{code, table};
use super::{finished, mark};

/// The page of the findings: every code with its severity and meaning, layer by layer.
#[must_use]
pub fn findings() -> String {
    let mut text = mark("crates/authwire-core/src/finding.rs");
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
                [code(finding.as_str()), severity, finding.meaning().to_owned()]
            })
            .collect();
        text.push_str(&format!("## {heading} (`{layer}`)\n\n{what}\n\n"));
        text.push_str(&table(["Code", "Severity", "Meaning"], &rows));
    }
    finished(text)
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

#[cfg(test)]
mod tests {
    use super::findings;
    use authwire_core::finding::Code;

    #[test]
    fn every_code_has_its_row() {
        let page = findings();
        for code in Code::ALL {
            let rows = page.lines().filter(|line| line.starts_with(&format!("| `{code}` |"))).count();
            assert_eq!(rows, 1, "{code}");
        }
    }
}
