//! The connector file and the auth types that come with Authwire, made by the derive itself: the folder `schemas/auth`
//! is the list of them.

#![allow(
    missing_docs,
    reason = "the schemas' own words are the docs; where they have none, there is nothing to add"
)]

/// Stands for the schemas that come with Authwire.
#[derive(authwire_derive::Connector)]
#[connector(builtin, crate = crate)]
#[allow(dead_code, reason = "it carries the derive")]
struct Builtin;
