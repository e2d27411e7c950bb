//! The schema's words as docs: Markdown of which rustdoc makes no test of the user's crate.

use proc_macro2::TokenStream;
use quote::quote;

/// The attribute that says `text`.
pub(super) fn doc(text: &str) -> TokenStream {
    let text = without_tests(text);
    quote! { #[doc = #text] }
}

/// The same Markdown without code that is Rust to rustdoc: a fence is labelled as text, and nothing is indented to be code.
fn without_tests(text: &str) -> String {
    if !(text.contains("```") || text.contains("~~~") || text.contains("   ") || text.contains('\t')) {
        return text.to_owned();
    }
    let (mut lines, mut open): (Vec<String>, Option<&str>) = (Vec::new(), None);
    for line in text.split('\n') {
        match (open, fence(line)) {
            (Some(opening), closing) => {
                lines.push(line.to_owned());
                let closes =
                    |(fence, rest): (&str, &str)| fence.starts_with(opening) && rest.trim().is_empty();
                if closing.is_some_and(closes) {
                    open = None;
                }
            }
            (None, Some((fence, _))) => {
                lines.push(format!("{fence}text"));
                open = Some(fence);
            }
            // in a list or a quote, a fence would be one too, and so would what is indented
            (None, None) => {
                let words: Vec<&str> = line.split_ascii_whitespace().collect();
                lines.push(words.join(" ").replace("```", "\\`\\`\\`").replace("~~~", "\\~\\~\\~"));
            }
        }
    }
    lines.extend(open.map(str::to_owned));
    lines.join("\n")
}

/// The fence that a line is, and what stands behind it.
fn fence(line: &str) -> Option<(&str, &str)> {
    let indented = line.trim_start_matches(' ');
    let mark = indented.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let rest = indented.trim_start_matches(mark);
    let fence = &indented[..indented.len() - rest.len()];
    // what is indented by more is none
    let is_fence =
        fence.len() >= 3 && line.len() - indented.len() < 4 && !(mark == '`' && rest.contains('`'));
    is_fence.then_some((fence, rest))
}

#[cfg(test)]
mod tests {
    use super::without_tests;

    #[test]
    fn no_code_of_a_schema_is_a_test() {
        for (text, expected) in [
            ("A  key.\nOf two lines.", "A  key.\nOf two lines."),
            ("So:\n```\nlet x\n```\nEnd.", "So:\n```text\nlet x\n```\nEnd."),
            ("```rust\n    a\n  ```\n    b", "```text\n    a\n  ```\nb"),
            ("~~~~ should_panic\n~~~\n~~~~", "~~~~text\n~~~\n~~~~"),
            ("```\nnever closed", "```text\nnever closed\n```"),
            ("So:\n\n    let x\n\ty", "So:\n\nlet x\ny"),
            ("> ```\n> x", "> \\`\\`\\`\n> x"),
            ("-     code", "- code"),
            ("``` a ``` b", "\\`\\`\\` a \\`\\`\\` b"),
        ] {
            assert_eq!(without_tests(text), expected);
        }
    }
}
