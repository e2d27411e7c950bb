//! What a request carries beside what stands in one placement: the secrets of other placements and of signatures, which
//! neither a spread nor a name that the config chooses may take the place of.

use super::Check;
use super::spread::{Added, Guarded, Sends, Stake};
use crate::plan::{
    Carried, CarriedName, Carrier, Members, Need, ParameterLocation, Placed, SignaturePlan, Template, Value,
};

impl Check<'_, '_> {
    /// The names under which `others` put secrets at `place`.
    pub(super) fn beside<'p>(
        &self,
        place: ParameterLocation,
        others: impl Iterator<Item = &'p Placed>,
    ) -> Vec<String> {
        let mut names = Vec::new();
        for placed in others {
            match (place, placed) {
                (ParameterLocation::Header, Placed::Header(members))
                | (ParameterLocation::Query, Placed::Query(members))
                | (ParameterLocation::Cookie, Placed::Cookie(members))
                | (ParameterLocation::Body, Placed::Form(members) | Placed::Json(members)) => {
                    names.extend(members.named.iter().filter_map(|(name, value)| self.secret(name, value)));
                }
                (ParameterLocation::Header, Placed::Basic { username, password: _ })
                    if self.present(username) =>
                {
                    names.push(super::header::AUTHORIZATION.to_owned());
                }
                (_, Placed::Signature(signature)) => names.extend(self.signed(place, signature)),
                _ => {}
            }
        }
        names
    }

    /// The names that `signature` sets at `place`.
    pub(super) fn signed(&self, place: ParameterLocation, signature: &SignaturePlan) -> Vec<String> {
        let is_needed = |need: &Need<'_>| match need {
            Need::Present(template) => self.present(template),
            Need::Is(template, text) => self.literal(template).is_none_or(|(said, _)| said == *text),
        };
        let name = |carried: Carried<'_>| {
            let its = match carried.carrier {
                Carrier::Header => ParameterLocation::Header,
                Carrier::Query => ParameterLocation::Query,
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
