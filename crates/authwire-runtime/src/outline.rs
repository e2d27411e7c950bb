//! The outline of a connector: what its plan does, as far as it hangs on nothing that a reference can hold.
//!
//! It is known before anything is resolved, and never changes.

use authwire_core::plan::{At, FieldId, Plan};
use authwire_core::secrecy;
use authwire_core::table::{Keyword, Schema};
use http::Method;

use crate::connector::Connector;
use crate::made::Named;
use crate::material::Material;
use crate::percent;
use crate::placement::{self, Edit};
use crate::renewal;
use crate::template::{Scope, Token};

/// What a connector's plan does.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// Whether it obtains a token.
    pub(crate) has_token: bool,
    /// The statuses of an API's answer on which the credential is dead.
    pub(crate) renew_on: Vec<u16>,
    /// Whether the token's answer says where the API is.
    pub(crate) moves: bool,
    /// The query parameters that are ours, the connector's own included.
    query: Vec<String>,
}

impl Outline {
    /// The outline of `connector`. Where it cannot be used, that is told when it is.
    pub(crate) fn of(connector: &Connector) -> Self {
        let Ok(material) = Material::unresolved(connector) else { return Self::default() };
        let named = Named(&material);
        let token = material.plan().token.as_ref().map(Token::unknown);
        let scope = Scope { token: token.as_ref(), ..Scope::bare(&material, &connector.name, &named) };
        let edits = placement::read(&scope).unwrap_or_default();
        let auth = edits.into_iter().flat_map(|edit| match edit {
            Edit::Query(member) => vec![member.name],
            // a redirect is followed with any method
            Edit::Sign(signer) => {
                signer.added(&Method::POST).query.into_iter().map(|(name, _)| name).collect()
            }
            Edit::Header(_) | Edit::Cookie(_) | Edit::Cookies(_) | Edit::Body(_) => Vec::new(),
        });
        Self {
            has_token: material.plan().token.as_ref().is_some_and(|token| scope.holds(&token.when)),
            moves: moves(&scope),
            renew_on: renewal::statuses(&material),
            query: auth.chain(material.query.iter().map(|(name, _)| name.clone())).collect(),
        }
    }

    /// Takes out of `query` what is ours: a server may have put it into a redirect.
    pub(crate) fn strip_query(&self, query: &str) -> String {
        let is_ours = |part: &&str| {
            let name = percent::decode(part.split_once('=').map_or(*part, |(name, _)| name));
            self.query.contains(&name)
        };
        query.split('&').filter(|part| !is_ours(part)).collect::<Vec<_>>().join("&")
    }
}

/// Whether the token's answer says where the API is.
pub(crate) fn moves(scope: &Scope<'_>) -> bool {
    let token = scope.material.plan().token.as_ref().filter(|token| scope.holds(&token.when));
    let place = token.and_then(|token| token.response.base_url.as_ref());
    place.is_some_and(|place| {
        let at = match &place.at {
            At::Pointer(at) | At::Header(at) | At::Cookie(at) | At::Input(at) | At::Meta(at) => at,
            At::Cookies(_) => return false,
        };
        scope.holds(&place.when) && scope.template(at).is_ok_and(|at| at.is_some())
    })
}

/// Whether the schema lets the text of `field` be empty: a password may be, little else.
pub(crate) fn may_be_empty(schema: &Schema, plan: &Plan, field: FieldId) -> bool {
    let pointer = plan.field(field).map_or("", |field| &field.pointer);
    let Some(path) = authwire_core::pointer::tokens(pointer) else { return false };
    let nodes = path.iter().fold(secrecy::in_place(&schema.nodes, schema.root()), |nodes, name| {
        secrecy::below(schema, &nodes, Some(name))
    });
    let mut keywords = nodes.iter().flat_map(|node| &schema.node(*node).keywords);
    !nodes.is_empty() && !keywords.any(|keyword| matches!(keyword, Keyword::MinLength(1..)))
}
