//! The crate under another name, in the edition of 2021.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, clippy::all, clippy::pedantic)]

/// What other crates are reached through.
pub mod facade {
    pub use wire;
}

/// A key with its tenant.
#[derive(wire::Connector, Debug)]
#[connector(schema = "schemas/tenant_key.json", crate = crate::facade::wire)]
pub struct TenantKey;

#[cfg(test)]
mod tests {
    use super::TenantKey;

    #[test]
    fn it_reads() {
        let config = TenantKey::from_slice(br#"{"tenant": "t1", "key": {"store": "k"}}"#).unwrap();
        assert_eq!(config.tenant(), "t1");
    }
}
