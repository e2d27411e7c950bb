//! What every request gets: its edits. Those that sign it are `signature`'s.

use super::{Condition, Members, SignaturePlan, Template};
use crate::list::List;

/// An edit of a request: `apply: [{when?, …}]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// Holds or the edit is left out.
    pub when: List<Condition>,
    /// The edit.
    pub what: Placed,
}

/// What is placed where.
#[derive(Debug, Clone, PartialEq)]
pub enum Placed {
    /// Headers.
    Header(Members),
    /// Query parameters.
    Query(Members),
    /// Cookies.
    Cookie(Members),
    /// The cookies of a session, as `Cookie` writes them. Answers of the API may change them.
    Cookies(Template),
    /// Parameters of the call's form.
    Form(Members),
    /// Members of the call's JSON object.
    Json(Members),
    /// `Authorization: Basic` (RFC 7617).
    Basic {
        /// The user name.
        username: Template,
        /// The password.
        password: Template,
    },
    /// A signature over the request, made for each.
    Signature(SignaturePlan),
}
