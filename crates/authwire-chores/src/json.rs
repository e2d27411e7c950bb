//! JSON as people write it, members in the order of the schema's text.

use std::convert::Infallible;

use authwire_core::json::quote;
use authwire_core::table::Json;

/// What stands on one line may be this long.
const WIDTH: usize = 90;

/// On one line: `{ "env": "ACME_API_KEY" }`.
pub(crate) fn line(value: &Json) -> String {
    let mut text = String::new();
    write_line(value, &mut text);
    text
}

fn write_line(value: &Json, text: &mut String) {
    match value {
        Json::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { ", " });
                write_line(item, text);
            }
            text.push(']');
        }
        Json::Object(members) if !members.is_empty() => {
            for (index, (name, value)) in members.iter().enumerate() {
                text.push_str(if index == 0 { "{ " } else { ", " });
                write_name(name, text);
                write_line(value, text);
            }
            text.push_str(" }");
        }
        plain => text.push_str(&plain.to_string()),
    }
}

/// On several lines where one is too short. The outermost object always has a line for each member.
pub(crate) fn block(value: &Json) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text
}

fn write(value: &Json, depth: usize, text: &mut String) {
    if depth > 0 && !holds_objects(value) {
        let start = text.len();
        write_line(value, text);
        if 2 * depth + text[start..].chars().count() <= WIDTH {
            return;
        }
        text.truncate(start);
    }
    match value {
        Json::Object(members) if !members.is_empty() => {
            text.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                next(index, depth, text);
                write_name(name, text);
                write(value, depth + 1, text);
            }
            end('}', depth, text);
        }
        Json::Array(items) if !items.is_empty() => {
            text.push('[');
            for (index, value) in items.iter().enumerate() {
                next(index, depth, text);
                write(value, depth + 1, text);
            }
            end(']', depth, text);
        }
        plain => write_line(plain, text),
    }
}

/// Whether it is an object that holds others: those are easier to read line by line.
fn holds_objects(value: &Json) -> bool {
    matches!(value, Json::Object(members) if members.iter().any(|(_, value)| matches!(value, Json::Object(_))))
}

fn next(index: usize, depth: usize, text: &mut String) {
    if index > 0 {
        text.push(',');
    }
    text.push('\n');
    text.push_str(&"  ".repeat(depth + 1));
}

fn end(bracket: char, depth: usize, text: &mut String) {
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
    text.push(bracket);
}

fn write_name(name: &str, text: &mut String) {
    let Ok(()) = quote(name, &mut |part| {
        text.push_str(part);
        Ok::<(), Infallible>(())
    });
    text.push_str(": ");
}

#[cfg(test)]
mod tests {
    use super::{block, line};
    use authwire_core::table::Json;

    fn object(members: Vec<(&str, Json)>) -> Json {
        Json::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    #[test]
    fn members_keep_their_order_and_small_objects_their_line() {
        let reference = object(vec![("env", Json::String("KEY".into()))]);
        let value = object(vec![("z", Json::Bool(true)), ("a", reference)]);
        assert_eq!(line(&value), r#"{ "z": true, "a": { "env": "KEY" } }"#);
        assert_eq!(block(&value), "{\n  \"z\": true,\n  \"a\": { \"env\": \"KEY\" }\n}");
    }

    #[test]
    fn empty_containers_stay_on_their_line() {
        assert_eq!(
            block(&object(vec![("a", object(vec![])), ("b", Json::Array(vec![].into()))])),
            "{\n  \"a\": {},\n  \"b\": []\n}"
        );
    }
}
