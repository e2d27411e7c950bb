//! The least that a crate with an auth type of its own has: the derive, and no built-in types. Its build time is measured.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, clippy::all, clippy::pedantic)]

/// A key with its tenant.
#[derive(authwire::Connector, Debug)]
#[connector(schema = "schemas/tenant_key.json")]
pub struct TenantKey;

#[cfg(test)]
mod tests {
    use super::TenantKey;

    #[test]
    fn it_reads() {
        assert!(TenantKey::from_slice(br#"{"tenant": "t1", "key": {"store": "k"}}"#).is_ok());
        assert!(TenantKey::from_slice(br#"{"tenant": "t1"}"#).is_err());
    }
}
