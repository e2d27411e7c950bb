//! Writing: strings as RFC 8259 §7 has them, and the values of the tables.

use std::fmt;

use crate::number::Number;
use crate::table::Json;

/// Writes `text` as a JSON string, part by part.
///
/// # Errors
/// If `push` has one.
pub fn quote<E>(text: &str, push: &mut dyn FnMut(&str) -> Result<(), E>) -> Result<(), E> {
    push("\"")?;
    let mut rest = text;
    while let Some(at) = rest.find(|character: char| matches!(character, '"' | '\\' | '\0'..='\u{1f}')) {
        let (plain, escaped) = rest.split_at(at);
        push(plain)?;
        let mut characters = escaped.chars();
        match characters.next() {
            Some('"') => push("\\\"")?,
            Some('\\') => push("\\\\")?,
            Some('\u{8}') => push("\\b")?,
            Some('\u{c}') => push("\\f")?,
            Some('\n') => push("\\n")?,
            Some('\r') => push("\\r")?,
            Some('\t') => push("\\t")?,
            Some(control) => push(&format!("\\u{:04x}", u32::from(control)))?,
            None => {}
        }
        rest = characters.as_str();
    }
    push(rest)?;
    push("\"")
}

impl fmt::Display for Json {
    /// Writes it as JSON; a number beyond `f64` as `null`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(Number::Float(number)) if !number.is_finite() => f.write_str("null"),
            // with a fraction or an exponent, so that it stays a float
            Self::Number(Number::Float(number)) => fmt::Debug::fmt(number, f),
            Self::Number(number) => number.fmt(f),
            Self::String(text) => quote(text, &mut |part| f.write_str(part)),
            Self::Array(items) => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { "," })?;
                    item.fmt(f)?;
                }
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                for (at, (name, value)) in members.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { "," })?;
                    quote(name, &mut |part| f.write_str(part))?;
                    f.write_str(":")?;
                    value.fmt(f)?;
                }
                f.write_str("}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::number::Number;
    use crate::table::Json;

    #[test]
    fn a_value_is_written_as_serde_json_reads_it() {
        let text = |text: &str| Json::String(text.to_owned().into());
        let numbers = ["0", "1", "-2", "1.0", "-0.0", "0.1", "1e16", "1e-7", "1e300", "18446744073709551615"];
        let values = [
            (Json::Null, "null"),
            (Json::Bool(true), "true"),
            (text("a\"b\\c\n\u{1}\u{7f}ü😀"), r#""a\"b\\c\n\u0001\u007fü😀""#),
            (Json::Number(Number::parse("1e400")), "null"),
            (Json::Array(vec![].into()), "[]"),
            (Json::Array(vec![Json::Null, text("")].into()), r#"[null, ""]"#),
            (
                Json::Object(
                    vec![("\"".to_owned().into(), Json::Null), ("b".to_owned().into(), text("c"))].into(),
                ),
                r#"{"\"": null, "b": "c"}"#,
            ),
        ];
        let numbers = numbers.map(|text| (Json::Number(Number::parse(text)), text));
        let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("it is JSON");
        for (value, expected) in values.iter().chain(&numbers) {
            assert_eq!(read(&value.to_string()), read(expected), "{value}");
        }
        // a string is written as `serde_json` writes it, to the letter
        for character in ('\0'..='\u{ff}').chain(['😀']) {
            let expected = serde_json::Value::from(character.to_string()).to_string();
            assert_eq!(text(&character.to_string()).to_string(), expected);
        }
    }
}
