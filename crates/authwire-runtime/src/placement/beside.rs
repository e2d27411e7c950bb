//! What a request carries beside what stands in one placement: the secrets of other placements and of signatures, which
//! neither a spread nor a name that the config chooses may take the place of.

use authwire_core::plan::{CarriedName, Carrier, Need, ParameterLocation, SignaturePlan};

use super::Edit;
use super::body::BodyPart;
use crate::error::Error;
use crate::members::{Content, Member, Origin, overrides_secret, sent_twice};
use crate::template::Scope;

/// Something that an edit sets by name.
struct Named<'e> {
    place: ParameterLocation,
    name: &'e str,
    origin: &'e Origin,
    is_secret: bool,
}

impl<'e> Named<'e> {
    fn of<T: Content>(place: ParameterLocation, member: &'e Member<T>) -> Self {
        Self { place, name: &member.name, origin: &member.origin, is_secret: member.value.carries_secret() }
    }

    /// Whether it is a secret that the plan has named.
    fn is_guarded(&self) -> bool {
        self.is_secret && matches!(self.origin, Origin::Plan { .. })
    }

    fn is_called(&self, place: ParameterLocation, name: &str) -> bool {
        self.place == place && place.names().are_same(self.name, name)
    }

    /// Refuses it, for a secret of its name is set elsewhere. What a plan names itself is the plan's.
    fn refuse(&self, scope: &Scope<'_>) -> Result<(), Error> {
        match self.origin {
            Origin::Spread(field) => Err(overrides_secret(scope, self.name, *field)),
            Origin::Plan { named_by, .. } => {
                match named_by.iter().any(|field| scope.material.is_present(*field)) {
                    true => Err(sent_twice(scope, self.name, named_by)),
                    false => Ok(()),
                }
            }
        }
    }
}

/// Refuses `edits` of which one would take the place of a secret that another sets, or one of the `signatures`.
pub(super) fn check(scope: &Scope<'_>, edits: &[Edit], signatures: &[&SignaturePlan]) -> Result<(), Error> {
    let named: Vec<Named<'_>> = edits.iter().flat_map(named).collect();
    for (at, secret) in named.iter().enumerate().filter(|(_, named)| named.is_guarded()) {
        // within one placement a name stands once
        let others = named.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, named)| named);
        let mut same = others.filter(|other| other.is_called(secret.place, secret.name));
        same.try_for_each(|other| other.refuse(scope))?;
    }
    for signature in signatures {
        for (place, name) in signed(scope, signature)? {
            named.iter().filter(|named| named.is_called(place, &name)).try_for_each(|it| it.refuse(scope))?;
        }
    }
    Ok(())
}

/// What an edit sets by name. What a signature sets is not known before it is made; a session's cookies are the server's.
fn named(edit: &Edit) -> Vec<Named<'_>> {
    match edit {
        Edit::Header(member) => vec![Named::of(ParameterLocation::Header, member)],
        Edit::Query(member) => vec![Named::of(ParameterLocation::Query, member)],
        Edit::Cookie(member) => vec![Named::of(ParameterLocation::Cookie, member)],
        Edit::Body(BodyPart::Form(members)) => {
            members.iter().map(|it| Named::of(ParameterLocation::Body, it)).collect()
        }
        Edit::Body(BodyPart::Json(members)) => {
            members.iter().map(|it| Named::of(ParameterLocation::Body, it)).collect()
        }
        Edit::Cookies(_) | Edit::Sign(_) => Vec::new(),
    }
}

/// The names that `signature` sets, and where.
fn signed(scope: &Scope<'_>, signature: &SignaturePlan) -> Result<Vec<(ParameterLocation, String)>, Error> {
    let mut names = Vec::new();
    for carried in signature.carries() {
        let place = match carried.carrier {
            Carrier::Header => ParameterLocation::Header,
            Carrier::Query => ParameterLocation::Query,
        };
        let name = match carried.name {
            CarriedName::Fixed(name) => Some(name.to_owned()),
            CarriedName::Planned(name) => scope.template(name)?.map(|name| name.value().to_string()),
        };
        let mut is_set = true;
        for need in &carried.needs {
            is_set &= match need {
                Need::Present(template) => scope.pieces(template)?.is_some(),
                // one that is not known may be this
                Need::Is(template, wanted) => scope
                    .template(template)?
                    .is_none_or(|said| !said.is_known() || said.value().as_str() == *wanted),
            };
        }
        names.extend(name.filter(|_| is_set).map(|name| (place, name)));
    }
    Ok(names)
}
