//! Writes JSON for people: two spaces a level, members in their order, a newline at the end.

use authwire_model::table::Json;

/// `value` as text.
pub(super) fn pretty(value: &Json) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text.push('\n');
    text
}

fn write(value: &Json, level: usize, text: &mut String) {
    match value {
        Json::Array(items) if !items.is_empty() => {
            let items = items.iter().map(|item| (None, item));
            lines(items, level, ('[', ']'), text);
        }
        Json::Object(members) if !members.is_empty() => {
            let members = members.iter().map(|(name, value)| (Some(&**name), value));
            lines(members, level, ('{', '}'), text);
        }
        // a scalar, or an empty list, is written as everybody does
        plain => text.push_str(&plain.to_string()),
    }
}

fn lines<'v>(
    rows: impl Iterator<Item = (Option<&'v str>, &'v Json)>,
    level: usize,
    (open, close): (char, char),
    text: &mut String,
) {
    let indent = |level: usize, text: &mut String| {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", level));
    };
    text.push(open);
    for (index, (name, value)) in rows.enumerate() {
        if index > 0 {
            text.push(',');
        }
        indent(level + 1, text);
        if let Some(name) = name {
            text.push_str(&Json::String(name.into()).to_string());
            text.push_str(": ");
        }
        write(value, level + 1, text);
    }
    indent(level, text);
    text.push(close);
}
