//! The lowest edition, without the standard library and without any prelude.
#![cfg_attr(not(test), no_std)]
#![deny(warnings, missing_docs, missing_debug_implementations, clippy::all, clippy::pedantic)]

extern crate authwire;

/// Where no trait is in scope but what is named.
pub mod bare {
    #![no_implicit_prelude]

    /// A type of every shape.
    #[derive(::authwire::Connector, Debug)]
    #[connector(schema = "../own_type/schemas/every_shape.json")]
    pub struct EveryShape;

    /// A connector file.
    #[derive(::authwire::Connector, Debug)]
    #[connector(file = "../embedded/connectors/acme.json")]
    pub struct Acme;
}

#[cfg(test)]
mod tests {
    use bare::{Acme, EveryShape};

    #[test]
    fn it_reads() {
        let config = EveryShape::from_slice(br#"{"user": "ada", "key": {"env": "K"}, "port": 80, "wide": 7}"#).unwrap();
        assert_eq!((config.port(), config.wide()), (80, Some(7)));
        assert!(EveryShape::from_slice(br#"{"user": "ada", "key": "k", "port": 65536}"#).is_err());
        assert_eq!(Acme::auth_config().username().as_literal(), Some("integration"));
    }
}
