//! A connector file in the program.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, clippy::all, clippy::pedantic)]

use authwire::Connector;

/// Acme's orders.
#[derive(Connector, Debug)]
#[connector(file = "connectors/acme.json")]
pub struct Acme;

#[cfg(test)]
mod tests {
    use super::Acme;

    #[test]
    fn it_is_there_with_its_types() {
        assert_eq!(Acme::config().name(), "acme");
        assert_eq!(Acme::auth_config().username().as_literal(), Some("integration"));
        assert_eq!(format!("{:?}", Acme::auth_config().password()), "Secret(env:ACME_PASSWORD)");
        assert!(Acme::FILE.contains("Acme's orders"));
        assert!(std::ptr::eq(Acme::config(), <Acme as authwire::Connector>::config()));
    }
}
