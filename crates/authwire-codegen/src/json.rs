//! JSON as people write it, members in the order of the schema's text.

use authwire_model::table::Json;

/// What stands on one line may be this long.
const WIDTH: usize = 90;

/// On one line: `{ "env": "ACME_API_KEY" }`.
pub(crate) fn line(value: &Json) -> String {
    match value {
        Json::Array(items) => format!("[{}]", items.iter().map(line).collect::<Vec<_>>().join(", ")),
        Json::Object(members) if members.is_empty() => "{}".to_owned(),
        Json::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("{}: {}", string(name), line(value))).collect();
            format!("{{ {} }}", members.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

/// On several lines where one is too short. The outermost object always has a line for each member.
pub(crate) fn block(value: &Json) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text
}

fn write(value: &Json, depth: usize, text: &mut String) {
    let whole = line(value);
    if depth > 0 && 2 * depth + whole.chars().count() <= WIDTH && !holds_objects(value) {
        return text.push_str(&whole);
    }
    match value {
        Json::Object(members) if !members.is_empty() => {
            text.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                next(index, depth, text);
                text.push_str(&string(name));
                text.push_str(": ");
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
        _ => text.push_str(&whole),
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

fn string(text: &str) -> String {
    Json::String(text.into()).to_string()
}

#[cfg(test)]
mod tests {
    use super::{block, line};
    use authwire_model::table::Json;

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
