//! Headers: legal names and values (RFC 9110 §5), and those that belong to the connection.

use super::{Check, Issue};
use crate::finding::Code;
use crate::plan::{Members, Template};
use crate::slot::Slot;
use crate::table::Display;

/// Headers that frame the message: nobody may set them.
const RESERVED: [&str; 4] = ["host", "content-length", "transfer-encoding", "connection"];

/// The characters of a token (RFC 9110 §5.6.2).
const TOKEN: [bool; 256] = {
    let mut token = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        token[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let others = b"!#$%&'*+-.^_`|~";
    let mut at = 0;
    while at < others.len() {
        token[others[at] as usize] = true;
        at += 1;
    }
    token
};

/// What is wrong with a header's name ([`Code::HeaderName`] or [`Code::ReservedHeader`]), in words.
#[must_use]
pub fn name_fault(name: &str) -> Option<(Code, String)> {
    if name.is_empty() || !name.bytes().all(|byte| TOKEN[usize::from(byte)]) {
        return Some((Code::HeaderName, "this is no legal header name".to_owned()));
    }
    RESERVED
        .iter()
        .any(|reserved| name.eq_ignore_ascii_case(reserved))
        .then(|| (Code::ReservedHeader, format!("`{name}` belongs to the connection and may not be set")))
}

/// Whether a header may hold `text`.
#[must_use]
pub fn is_value(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'))
}

const NAME_HELP: &str = "a name is made of letters, digits and !#$%&'*+-.^_`|~ (RFC 9110 §5.1)";
const VALUE_HELP: &str = "a header holds visible ASCII characters, spaces and tabs";

impl Check<'_, '_> {
    /// Headers that the plan names, and those that it spreads.
    pub(super) fn headers(&mut self, members: &Members, sent: &[Sent<'_>]) {
        for (name, value) in &members.named {
            self.header_name(name);
            self.patterns(value, true);
        }
        for spread in &members.spreads {
            let Slot::Map(entries) = self.slot(*spread) else { continue };
            for (at, (name, value)) in entries.iter().enumerate() {
                let mut issues = Vec::new();
                let pointer = || self.member_pointer(*spread, name);
                let earlier = entries.iter().take(at).map(|(name, _)| &**name);
                check_entry(name, value.as_str(), earlier, &pointer, &mut issues);
                for sent in sent {
                    sent.check(name, &pointer, &mut issues);
                }
                self.issues.append(&mut issues);
            }
        }
    }

    fn header_name(&mut self, name: &Template) {
        let Some((text, Some(field))) = self.literal(name) else { return };
        if let Some((code, message)) = name_fault(&text) {
            let issue = self.at(field, code, message);
            self.add(if code == Code::HeaderName { issue.help(NAME_HELP) } else { issue });
        }
    }

    /// The literal of a header's value must be legal in one.
    pub(super) fn header_value(&mut self, template: &Template) {
        if let Some((text, Some(field))) = self.literal(template)
            && !is_value(&text)
        {
            let title = self.field(field).map_or("", |field| &field.path);
            let issue =
                self.at(field, Code::HeaderValue, format!("`{title}` holds a character that no header can"));
            self.add(issue.help(VALUE_HELP));
        }
    }
}

/// A header that a request has without the map: what setting it there means.
pub(super) struct Sent<'n> {
    pub(super) name: &'n str,
    pub(super) secret: bool,
}

impl Sent<'_> {
    fn check(&self, name: &str, pointer: &dyn Fn() -> String, issues: &mut Vec<Issue>) {
        if !name.eq_ignore_ascii_case(self.name) {
            return;
        }
        let issue = if self.secret {
            Issue::new(
                Code::OverridesSecret,
                pointer(),
                format!("`{name}` would replace the header that authenticates the client"),
            )
            .help("take it out, or choose another `client_authentication`")
        } else {
            Issue::new(Code::Overrides, pointer(), format!("`{name}` replaces the header that would be sent"))
        };
        issues.push(issue.at_key());
    }
}

/// One entry of a map of headers, after those that stand before it.
pub(super) fn check_entry<'n>(
    name: &str,
    value: Option<&str>,
    mut earlier: impl Iterator<Item = &'n str>,
    pointer: &dyn Fn() -> String,
    issues: &mut Vec<Issue>,
) {
    if let Some((code, message)) = name_fault(name) {
        let issue = Issue::new(code, pointer(), message).at_key();
        issues.push(if code == Code::HeaderName { issue.help(NAME_HELP) } else { issue });
    }
    if earlier.any(|known| known.eq_ignore_ascii_case(name)) {
        let message = format!("`{name}` is here already in other letters: header names compare without case");
        issues.push(Issue::new(Code::Conflict, pointer(), message).at_key().help("keep one of them"));
    }
    if value.is_some_and(|value| !is_value(value)) {
        let mut issue = Issue::new(
            Code::HeaderValue,
            pointer(),
            format!("`{name}` holds a character that no header can"),
        );
        issue.display = Display::Masked;
        issues.push(issue.help(VALUE_HELP));
    }
}
