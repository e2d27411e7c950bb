//! Objects with a closed set of members: what all of a plan's grammar is made of.

use authwire_model::json::Kind;
use authwire_model::suggest;

use super::Planner;
use crate::problems::Problem;
use crate::source::Site;

/// The members of an object, each known by name.
pub(super) struct Members<'l> {
    object: Site<'l>,
    what: &'static str,
    /// What the members that are not known may have been meant to be.
    misspelt: Vec<Option<String>>,
}

impl<'l> Members<'l> {
    /// The member `name`.
    pub(super) fn get(&self, name: &str) -> Option<Site<'l>> {
        self.object.get(name)
    }

    /// Whether a member that is not known, which was told, may have been meant to be one of `names`.
    pub(super) fn may_have_meant(&self, names: &[&str]) -> bool {
        self.misspelt.iter().any(|meant| meant.as_ref().is_none_or(|meant| names.contains(&&**meant)))
    }
}

impl<'l> Planner<'_, 'l> {
    /// The members of the object at `site`, which the messages call `what`. Tells of those that are not in `known`.
    pub(super) fn object(
        &mut self,
        site: Site<'l>,
        what: &'static str,
        known: &[&str],
    ) -> Option<Members<'l>> {
        if site.kind() != Kind::Object {
            self.error(site.spot(), format!("{what} wants an object"));
            return None;
        }
        let mut misspelt = Vec::new();
        for (name, value) in site.members() {
            if !known.contains(&&*name) {
                let guess = suggest::nearest(&name, known.iter().copied());
                misspelt.push(guess.map(str::to_owned));
                let problem = Problem::error(value.key_spot(), format!("{what} has no member `{name}`"))
                    .with_guess(guess)
                    .or_help(Some(match known {
                        [only] => format!("the only member is `{only}`"),
                        _ => format!("the members are {}", listed(known)),
                    }));
                self.problem(problem);
            }
        }
        Some(Members { object: site, what, misspelt })
    }

    /// The one of `kinds` that is there, as they are in the order of `kinds`. Without any, `none` says what is wanted; of
    /// several the second is told, by `several`.
    pub(super) fn one_of<const N: usize>(
        &mut self,
        members: &Members<'l>,
        kinds: [&'static str; N],
        none: &str,
        several: &str,
    ) -> Option<(&'static str, Site<'l>)> {
        let mut given = kinds.into_iter().filter_map(|kind| Some((kind, members.get(kind)?)));
        let Some(first) = given.next() else {
            if !members.may_have_meant(&kinds) {
                self.error(members.object.spot(), format!("{none} {}", listed(&kinds)));
            }
            return None;
        };
        if let Some((_, second)) = given.next() {
            self.error(second.key_spot(), several);
        }
        Some(first)
    }

    /// Whether `name`, the key of `value`, may be that of number `index` of what a plan names. Tells why not.
    pub(super) fn may_be_called(&mut self, name: &str, index: usize, value: Site<'l>) -> bool {
        let is_number = u8::try_from(index).is_ok();
        let wrong = if is_number { wrong_name(name) } else { Some(TOO_MANY) };
        if let Some(wrong) = wrong {
            self.error(value.key_spot(), wrong);
        }
        wrong.is_none()
    }

    /// The member `name`, which must be there.
    pub(super) fn required(&mut self, members: &Members<'l>, name: &str) -> Option<Site<'l>> {
        let found = members.get(name);
        if found.is_none() && !members.may_have_meant(&[name]) {
            self.error(members.object.spot(), format!("{} wants `{name}`", members.what));
        }
        found
    }
}

/// They are read by their number, which is a byte.
const TOO_MANY: &str = "these are more than 256, which no plan has use for";

/// What is wrong with the name that a plan gives something.
pub(super) fn wrong_name(name: &str) -> Option<&'static str> {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (name.is_empty() || !name.bytes().all(is_letter)).then_some("a name here is letters, digits, `_` and `-`")
}

/// Names in a row: `a`, `b` and `c`.
pub(super) fn listed(names: &[&str]) -> String {
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => format!("`{last}`"),
        Some((last, first)) => format!("`{}` and `{last}`", first.join("`, `")),
    }
}
