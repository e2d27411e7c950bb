//! `{pattern, value}`, as `value_pattern` of the model reads it.

use super::Check;
use crate::finding::Code;
use crate::plan::{Template, Value};
use crate::table::Display;
use crate::value_pattern::{HELP, prefix};

impl Check<'_, '_> {
    /// The patterns of a value; of a header also the characters.
    pub(super) fn patterns(&mut self, value: &Value, header: bool) {
        match value {
            Value::Template(template) if header => self.header_value(template),
            // an object's are looked at with its names
            Value::Template(_) | Value::Literal(_) | Value::Object(_) => {}
            Value::First(values) | Value::Array(values) => {
                for value in values {
                    self.patterns(value, header);
                }
            }
            Value::Pattern { pattern, value } => {
                for value in value {
                    self.patterns(value, header);
                }
                if header {
                    self.header_value(pattern);
                }
                if let Some((text, field)) = self.written(pattern)
                    && let Err(fault) = prefix(&text)
                {
                    let mut issue = self.at(field, Code::Placeholder, fault).help(HELP);
                    // the key itself may have been written in the place of `%s`
                    if !text.replace("%%", "").contains("%s") {
                        issue.display = Display::Masked;
                    }
                    self.add(issue);
                } else if self.issues.wants(Code::DoubledPrefix) {
                    self.doubled_prefix(pattern, value);
                }
            }
        }
    }

    fn doubled_prefix(&mut self, pattern: &Template, value: &[Value]) {
        let [Value::Template(template)] = value else { return };
        let (Some((text, field)), Some((pattern, _))) = (self.written(template), self.literal(pattern))
        else {
            return;
        };
        let Ok(before) = prefix(&pattern) else { return };
        if before.trim().is_empty() {
            return;
        }
        if text.get(..before.len()).is_some_and(|start| start.eq_ignore_ascii_case(&before)) {
            let message =
                format!("the value already begins with `{}`, which the pattern adds", before.trim());
            self.add(self.at(field, Code::DoubledPrefix, message).help("leave the prefix out of the value"));
        }
    }
}
