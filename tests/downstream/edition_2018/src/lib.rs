//! The edition whose prelude has no `TryFrom`.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, clippy::all, clippy::pedantic)]

/// A type of every shape.
#[derive(authwire::Connector, Debug)]
#[connector(schema = "../own_type/schemas/every_shape.json")]
pub struct EveryShape;

#[cfg(test)]
mod tests {
    use super::EveryShape;

    #[test]
    fn it_reads() {
        let config = EveryShape::from_slice(br#"{"user": "ada", "key": {"env": "K"}, "port": 80, "wide": 7}"#).unwrap();
        assert_eq!((config.port(), config.wide()), (80, Some(7)));
        assert!(EveryShape::from_slice(br#"{"user": "ada", "key": "k", "port": 65536}"#).is_err());
    }
}
