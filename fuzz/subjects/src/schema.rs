//! The schema reader: any bytes as a schema file end in tables or in diagnostics, and tables can be written as Rust and used.

use std::io;
use std::path::Path;

use authwire_codegen::name::type_name;
use authwire_codegen::rust::{self, Target};
use authwire_core::checker;
use authwire_core::table::Registry;
use authwire_schema::{AuthType, Library, bundle_type, read_auth_type};
use quote::quote;

use crate::pace;

/// Any bytes as the schema file of an auth type.
///
/// # Panics
/// Where it is neither compiled nor refused with words.
pub fn hold(bytes: &[u8]) {
    pace::hold(bytes.len(), || {
        read(bytes.to_vec());
    });
}

/// The auth type that `bytes` are the schema of, used in every way that there is; `None` if they are none.
pub(crate) fn read(bytes: Vec<u8>) -> Option<AuthType> {
    let mut library = Library::with_loader(move |path| match path == Path::new("acme.json") {
        true => Ok(bytes.clone()),
        false => Err(io::ErrorKind::NotFound.into()),
    });
    match read_auth_type(&mut library, Path::new("acme.json")) {
        Ok((auth, _)) => {
            let target = Target {
                name: type_name(&auth.name),
                visibility: quote!(pub),
                krate: quote!(::authwire),
                bundle: bundle_type(&library, &auth),
            };
            assert!(
                serde_json::from_str::<serde_json::Value>(&target.bundle).is_ok(),
                "the bundle is no JSON"
            );
            assert!(!rust::auth_type(&auth, &target).is_empty());
            for document in ["{}", r#"{"type": "acme"}"#, "[1]"] {
                let registry = Registry { types: &[&auth.schema] };
                let report = checker::report(&auth.schema, registry, document.as_bytes(), None);
                assert!(!report.to_string().is_empty());
            }
            Some(auth)
        }
        Err(diagnostics) => {
            assert!(!diagnostics.to_string().is_empty(), "it is refused without a word");
            None
        }
    }
}
