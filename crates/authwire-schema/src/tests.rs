//! What the tests of several modules share: reading a schema from its text.

use authwire_core::interpreter::is_valid_tree;

use crate::{Library, read_text};

/// What is wrong with the schema `text`: `line:column: message`, one by one.
pub(crate) fn problems(text: &str) -> Vec<String> {
    let diagnostics = match read_text(&mut Library::new(is_valid_tree), "test.json", text) {
        Ok((_, warnings)) => warnings,
        Err(diagnostics) => diagnostics,
    };
    let line = |diagnostic: crate::Diagnostic| {
        format!("{}:{}: {}", diagnostic.place.line, diagnostic.place.column, diagnostic.message)
    };
    diagnostics.into_iter().map(line).collect()
}
