//! Schemas as one self-contained text, which only `schemars` wants: without that feature there are none.

#[cfg(feature = "builtin")]
use authwire_core::compiled::Builtin;
use authwire_core::compiled::Document;
use authwire_schema::Library;

/// The schema of an auth type.
#[cfg(feature = "schemars")]
pub(crate) fn auth_type(library: &Library, document: &Document) -> Option<String> {
    Some(authwire_schema::bundle_type(library, document))
}

#[cfg(not(feature = "schemars"))]
pub(crate) fn auth_type(_: &Library, _: &Document) -> Option<String> {
    None
}

/// The schema of connector files.
#[cfg(all(feature = "builtin", feature = "schemars"))]
pub(crate) fn connector(library: &Library, builtin: &Builtin) -> Option<String> {
    Some(authwire_schema::bundle(library, &builtin.connector, &builtin.auth))
}

#[cfg(all(feature = "builtin", not(feature = "schemars")))]
pub(crate) fn connector(_: &Library, _: &Builtin) -> Option<String> {
    None
}
