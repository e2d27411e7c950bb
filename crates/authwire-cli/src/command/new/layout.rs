//! How a connector file is laid out: its members in the order of the documentation, short values on one line.

use std::fmt::Write as _;

use serde_json::Value;

/// A value of up to so many characters that holds no other objects stands on one line.
const SHORT: usize = 80;

/// The text of a connector file.
pub(super) fn connector_file(
    head: &[(&str, Value)],
    auth_config: &[(String, Value)],
    test_path: Option<&str>,
) -> String {
    let mut members: Vec<(String, String)> = Vec::new();
    for (name, value) in head {
        members.push(((*name).to_owned(), text(value, 1)));
    }
    let config: Vec<(String, String)> =
        auth_config.iter().map(|(name, value)| (name.clone(), text(value, 2))).collect();
    members.push(("auth_config".to_owned(), block(&config, 1)));
    if let Some(path) = test_path {
        members.push(("test".to_owned(), format!("{{ \"path\": {} }}", Value::from(path))));
    }
    format!("{}\n", block(&members, 0))
}

/// An object with a member on each line.
fn block(members: &[(String, String)], depth: usize) -> String {
    let mut lines = String::from("{");
    for (index, (name, value)) in members.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let indent = "  ".repeat(depth + 1);
        let _ = write!(lines, "{comma}\n{indent}{}: {value}", Value::from(name.as_str()));
    }
    let _ = write!(lines, "\n{}}}", "  ".repeat(depth));
    lines
}

fn text(value: &Value, depth: usize) -> String {
    let short = line(value);
    match value {
        Value::Object(members) if !members.is_empty() => {
            let deep = members.values().any(|value| value.is_object() || value.is_array());
            if !deep && short.chars().count() <= SHORT {
                return short;
            }
            let members: Vec<(String, String)> =
                members.iter().map(|(name, value)| (name.clone(), text(value, depth + 1))).collect();
            block(&members, depth)
        }
        _ => short,
    }
}

/// The value on one line.
fn line(value: &Value) -> String {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), line(value)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(line).collect::<Vec<_>>().join(", ")),
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::connector_file;

    #[test]
    fn members_keep_their_order_and_short_values_their_line() {
        let config =
            [("type".to_owned(), json!("x")), ("a".to_owned(), json!({ "env": "A", "b": [1, "2"] }))];
        let text = connector_file(&[("name", json!("é\"")), ("a", json!("b"))], &config, Some("/"));
        let expected = "{
  \"name\": \"é\\\"\",
  \"a\": \"b\",
  \"auth_config\": {
    \"type\": \"x\",
    \"a\": {
      \"b\": [1, \"2\"],
      \"env\": \"A\"
    }
  },
  \"test\": { \"path\": \"/\" }
}
";
        assert_eq!(text, expected);
    }
}
