//! The auth types that come with Authwire, and connector files, which are of one of them.

mod embedded;

use std::path::Path;

use authwire_codegen::rust::{self, Bundled, Target};
use authwire_schema::Library;
use proc_macro2::{Span, TokenStream};
use syn::LitStr;

use crate::bundle;

/// The code of all of them.
pub(crate) fn auth_types(library: &mut Library, span: Span, target: &Target) -> syn::Result<TokenStream> {
    let builtin = authwire_schema::builtin(library).map_err(|faults| syn::Error::new(span, faults))?;
    let bundled = |document| Bundled { document, bundle: bundle::auth_type(library, document) };
    let connector = Bundled { document: &builtin.connector, bundle: bundle::connector(library, &builtin) };
    Ok(rust::builtin(connector, builtin.auth.iter().map(bundled).collect(), &target.krate))
}

/// The code of the connector file `file`, which the attribute calls `path`. It is held to the built-in schemas.
pub(crate) fn connector_file(
    library: &mut Library,
    file: &Path,
    path: &LitStr,
    target: &Target,
) -> syn::Result<TokenStream> {
    let embedded = embedded::check(library, file, &path.value())
        .map_err(|faults| syn::Error::new(path.span(), faults))?;
    let absolute = file.canonicalize().ok().and_then(|file| file.to_str().map(str::to_owned));
    Ok(rust::embedded(&embedded.auth_type, &embedded.title, &absolute.unwrap_or_default(), target))
}
