//! What a request carries beside what stands in one placement: the secrets of other placements and of signatures, which
//! neither a spread nor a name that the config chooses may take the place of.

use super::Check;
use super::spread::{Added, Guarded, Sends, Stake};
use crate::plan::{Carried, CarriedName, Carrier, Members, Need, Placed, SignaturePlan, Template, Value};

/// Where something is set by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Header,
    Query,
    Cookie,
    /// The parameters of a form, the members of a JSON object.
    Body,
}

impl Check<'_, '_> {
    /// The names under which `others` put secrets at `place`.
    pub(super) fn beside<'p>(&self, place: Place, others: impl Iterator<Item = &'p Placed>) -> Vec<String> {
        let mut names = Vec::new();
        for placed in others {
            match (place, placed) {
                (Place::Header, Placed::Header(members))
                | (Place::Query, Placed::Query(members))
                | (Place::Cookie, Placed::Cookie(members))
                | (Place::Body, Placed::Form(members) | Placed::Json(members)) => {
                    names.extend(members.named.iter().filter_map(|(name, value)| self.secret(name, value)));
                }
                (Place::Header, Placed::Basic { username, password: _ }) if self.present(username) => {
                    names.push(super::header::AUTHORIZATION.to_owned());
                }
                (_, Placed::Signature(signature)) => names.extend(self.signed(place, signature)),
                _ => {}
            }
        }
        names
    }

    /// The names that `signature` sets at `place`.
    pub(super) fn signed(&self, place: Place, signature: &SignaturePlan) -> Vec<String> {
        let is_needed = |need: &Need<'_>| match need {
            Need::Present(template) => self.present(template),
            Need::Is(template, text) => self.literal(template).is_none_or(|(said, _)| said == *text),
        };
        let name = |carried: Carried<'_>| {
            let its = match carried.carrier {
                Carrier::Header => Place::Header,
                Carrier::Query => Place::Query,
            };
            let name = match carried.name {
                CarriedName::Fixed(name) => name.to_owned(),
                CarriedName::Planned(name) => self.literal(name)?.0.into_owned(),
            };
            (its == place && carried.needs.iter().all(is_needed)).then_some(name)
        };
        signature.carries().into_iter().filter_map(name).collect()
    }

    /// The name under which a member puts a secret.
    fn secret(&self, name: &Template, value: &Value) -> Option<String> {
        let (name, stake) = self.stake(name, value)?;
        matches!(stake, Stake::Guarded(Guarded::Secret)).then_some(name)
    }

    /// Parameters, beside secrets of these names.
    pub(super) fn parameters_beside(&mut self, members: &Members, names: &[String]) {
        let secret = |name| Added { name, value: Sends::Other, secret: true };
        let added: Vec<Added<'_>> = names.iter().map(|name| secret(&**name)).collect();
        self.parameters(members, &added, None);
    }
}
