//! Headers: legal names and values (RFC 9110 §5), and those that belong to the connection.

use std::collections::HashSet;

use super::spread::{Guarded, Spreads, Stake, has_chosen_names};
use super::{Check, Issue, Issues};
use crate::finding::Code;
use crate::header::{NAME_HELP, VALUE_HELP, is_value, name_fault, value_fault};
use crate::plan::{FieldId, Members, Names, Template};
use crate::slot::Slot;
use crate::table::Display;
use crate::text::{Text, TextMap};

/// The header that authenticates a client where one does.
pub(super) const AUTHORIZATION: &str = "Authorization";

impl Check<'_, '_> {
    /// Headers that the plan names, and those that it spreads. `sent` are those that the request has besides.
    pub(super) fn headers<'n>(&mut self, members: &Members, sent: &dyn Fn() -> Vec<Sent<'n>>) {
        for (name, value) in &members.named {
            self.header_name(name);
            self.patterns(value, true);
        }
        if has_chosen_names(members) {
            let sent = sent();
            let certain = sent.iter().filter(|sent| !matches!(sent.holds, Holds::Usual(_)));
            let certain: Vec<&str> = certain.map(|sent| sent.name).collect();
            self.chosen_names(members, &certain, Names::AnyCase);
        }
        // hardly any config has one
        let is_written = |spread: &FieldId| matches!(self.slot(*spread), Slot::Map(map) if !map.is_empty());
        if !members.spreads.iter().any(is_written) {
            return;
        }
        let own: Vec<_> = members.named.iter().filter_map(|(name, value)| self.stake(name, value)).collect();
        let own = own.iter().map(|(name, stake)| Sent { name, holds: Holds::Own(stake.lent()) });
        let sent: Vec<Sent<'_>> = sent().into_iter().chain(own).collect();
        let mut spreads = Spreads::new(members, Names::AnyCase);
        for spread in &members.spreads {
            let slot = self.slot(*spread);
            let Slot::Map(entries) = &slot else { continue };
            let mut repeats = Repeats::default();
            let place = self.place(*spread);
            for (at, (name, value)) in entries.iter().enumerate() {
                let pointer = || place.member(name);
                let repeated = repeats.has(name, entries.iter().take(at).map(|(name, _)| name));
                check_entry(name, value.as_str(), repeated, &pointer, self.issues);
                if let Some(sent) = sent.iter().find(|sent| sent.name.eq_ignore_ascii_case(name)) {
                    sent.check(name, value.as_str(), &pointer, self.issues);
                } else if let Some(earlier) = spreads.earlier(name) {
                    let holds = match self.plan.is_secret(earlier) {
                        true => Stake::Guarded(Guarded::Secret),
                        false => Stake::Text(None),
                    };
                    let sent = Sent { name, holds: Holds::Own(holds) };
                    sent.check(name, value.as_str(), &pointer, self.issues);
                }
            }
            spreads.add(*spread, &slot);
        }
    }

    fn header_name(&mut self, name: &Template) {
        let Some((text, field)) = self.written(name) else { return };
        if let Some((code, message)) = name_fault(&text) {
            let issue = self.at(field, code, message);
            self.add(if code == Code::HeaderName { issue.help(NAME_HELP) } else { issue });
        }
    }

    /// The literal of a header's value must be legal in one.
    pub(super) fn header_value(&mut self, template: &Template) {
        if let Some((text, field)) = self.written(template)
            && let Some(fault) = value_fault(&text)
        {
            let title = self.field(field).map_or("", |field| &field.path);
            let message = format!("`{title}` holds {fault}, which no header can carry");
            self.add(self.at(field, Code::HeaderValue, message).help(VALUE_HELP));
        }
    }
}

/// A header that a request has without the map: what setting it there means.
#[derive(Clone, Copy)]
pub(super) struct Sent<'n> {
    pub(super) name: &'n str,
    pub(super) holds: Holds<'n>,
}

/// What such a header holds.
#[derive(Clone, Copy)]
pub(super) enum Holds<'n> {
    /// What authenticates the client.
    Client,
    /// What is put there where nothing else is said: this text.
    Usual(Option<&'n str>),
    /// What the plan puts there.
    Own(Stake<&'n str>),
}

impl<'n> Sent<'n> {
    /// A header that carries a secret.
    pub(super) fn secret(name: &'n str) -> Self {
        Self { name, holds: Holds::Own(Stake::Guarded(Guarded::Secret)) }
    }
}

impl Sent<'_> {
    fn check(&self, name: &str, value: Option<&str>, pointer: &dyn Fn() -> String, issues: &mut Issues) {
        let issue = match self.holds {
            Holds::Client => Issue::new(
                Code::OverridesSecret,
                pointer(),
                format!("`{name}` would replace the header that authenticates the client"),
            )
            .help("take it out, or choose another `client_authentication`"),
            Holds::Own(Stake::Guarded(guarded)) => {
                let (code, message, help) = guarded.objection(name);
                Issue::new(code, pointer(), message).help(help)
            }
            Holds::Usual(known) | Holds::Own(Stake::Text(known)) => {
                if !issues.wants(Code::Overrides) || (value.is_some() && value == known) {
                    return;
                }
                let message = format!("`{name}` replaces the header that would be sent");
                Issue::new(Code::Overrides, pointer(), message)
            }
        };
        issues.push(issue.at_key());
    }
}

/// Finds names that a map has twice, compared without case.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    asked: usize,
    /// The names in small letters, once there are too many to compare.
    many: HashSet<String>,
}

impl Repeats {
    /// So many names are compared faster than they are hashed, and without memory of their own.
    const FEW: usize = 16;

    /// Whether the next name, `name`, is one of the `earlier` ones.
    pub(super) fn has<N: AsRef<str>>(&mut self, name: &str, mut earlier: impl Iterator<Item = N>) -> bool {
        self.asked += 1;
        if self.asked <= Self::FEW {
            return earlier.any(|known| known.as_ref().eq_ignore_ascii_case(name));
        }
        if self.many.is_empty() {
            self.many.extend(earlier.map(|known| known.as_ref().to_ascii_lowercase()));
        }
        !self.many.insert(name.to_ascii_lowercase())
    }
}

/// Whether there may be something about one of the headers: a name or a value that is not legal, one that is twice there
/// or is Authwire's to set. A glance, after which most maps need no check.
#[must_use]
pub fn may_be_wrong(headers: &TextMap) -> bool {
    let wrong = |(name, value): (&str, &Text)| {
        name_fault(name).is_some()
            || name.eq_ignore_ascii_case(AUTHORIZATION)
            || value.as_literal().is_some_and(|value| !is_value(value))
    };
    headers.iter().any(wrong) || may_repeat(headers)
}

/// Whether a name may be there twice, in whatever letters.
fn may_repeat(headers: &TextMap) -> bool {
    let names = || headers.iter().map(|(name, _)| name);
    if headers.len() <= Repeats::FEW {
        let is_earlier =
            |(at, name): (usize, &str)| names().take(at).any(|one| one.eq_ignore_ascii_case(name));
        return names().enumerate().any(is_earlier);
    }
    let mut prints: Vec<u64> = names().map(fingerprint).collect();
    prints.sort_unstable();
    prints.windows(2).any(|two| two[0] == two[1])
}

/// A number that names which differ by more than the case of their letters hardly share.
fn fingerprint(name: &str) -> u64 {
    const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
    name.bytes().fold(0, |print: u64, byte| {
        (print.rotate_left(5) ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(SPREAD)
    })
}

/// One entry of a map of headers.
pub(super) fn check_entry(
    name: &str,
    value: Option<&str>,
    repeated: bool,
    pointer: &dyn Fn() -> String,
    issues: &mut Issues,
) {
    if let Some((code, message)) = name_fault(name) {
        let issue = Issue::new(code, pointer(), message).at_key();
        issues.push(if code == Code::HeaderName { issue.help(NAME_HELP) } else { issue });
    }
    if repeated {
        let message = format!("`{name}` is here already in other letters: header names compare without case");
        issues.push(Issue::new(Code::Conflict, pointer(), message).at_key().help("keep one of them"));
    }
    if let Some(fault) = value.and_then(value_fault) {
        let message = format!("`{name}` holds {fault}, which no header can carry");
        let mut issue = Issue::new(Code::HeaderValue, pointer(), message);
        issue.display = Display::Masked;
        issues.push(issue.help(VALUE_HELP));
    }
}

#[cfg(test)]
mod tests {
    use super::may_be_wrong;
    use crate::text::TextMap;

    #[test]
    fn a_glance_sees_a_repeated_name_among_few_and_among_many() {
        for count in [1, 2, 15, 16, 17, 200] {
            let mut headers: TextMap = (0..count).map(|at| (format!("X-Header-{at}"), "value")).collect();
            assert!(!may_be_wrong(&headers), "{count} headers");
            headers.insert("x-HEADER-0", "value");
            assert!(may_be_wrong(&headers), "{count} headers and one again");
        }
    }
}
