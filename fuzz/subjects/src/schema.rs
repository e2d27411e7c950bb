//! The schema reader: any bytes as a schema file end in tables or in diagnostics, and tables can be written as Rust and used.
//! The same bytes are read as a schema that is no auth type, since some keywords stand in those alone.

use std::io;
use std::path::Path;

use authwire_codegen::name::type_name;
use authwire_codegen::rust::{self, Target};
use authwire_core::checker;
use authwire_core::interpreter::is_valid_tree;
use authwire_core::table::Registry;
use authwire_schema::{AuthType, Library, bundle_type, read_auth_type, read_text};
use quote::quote;

use crate::pace;

/// What a schema is held against.
const DOCUMENTS: [&str; 3] = ["{}", r#"{"type": "acme"}"#, "[1]"];

/// Any bytes as the schema file of an auth type, and as a schema that is none.
///
/// # Panics
/// Where it is neither compiled nor refused with words.
pub fn hold(bytes: &[u8]) {
    pace::hold(bytes.len(), || {
        read(bytes.to_vec());
    });
    if let Ok(text) = str::from_utf8(bytes) {
        pace::hold(bytes.len(), || read_plain(text));
    }
}

fn read_plain(text: &str) {
    let mut library = Library::with_loader(is_valid_tree, |_| Err(io::ErrorKind::NotFound.into()));
    match read_text(&mut library, "plain", text) {
        Ok((document, _)) => {
            for instance in DOCUMENTS {
                let report =
                    checker::report(&document.schema, Registry { types: &[] }, instance.as_bytes(), None);
                assert!(report.is_valid() || !report.to_string().is_empty());
            }
        }
        Err(diagnostics) => assert!(!diagnostics.to_string().is_empty(), "it is refused without a word"),
    }
}

/// The auth type that `bytes` are the schema of, used in every way that there is; `None` if they are none.
pub(crate) fn read(bytes: Vec<u8>) -> Option<AuthType> {
    let mut library = Library::with_loader(is_valid_tree, move |path| match path == Path::new("acme.json") {
        true => Ok(bytes.clone()),
        false => Err(io::ErrorKind::NotFound.into()),
    });
    match read_auth_type(&mut library, Path::new("acme.json")) {
        Ok((auth, _)) => {
            let bundle = bundle_type(&library, &auth);
            assert!(serde_json::from_str::<serde_json::Value>(&bundle).is_ok(), "the bundle is no JSON");
            let target = Target {
                name: type_name(&auth.name),
                visibility: quote!(pub),
                krate: quote!(::authwire),
                bundle: Some(bundle),
            };
            assert!(!rust::auth_type(&auth, &target).is_empty());
            for document in DOCUMENTS {
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
