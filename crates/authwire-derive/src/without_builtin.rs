//! What is said where the feature `builtin` is off, in place of what `builtin` does.

use std::path::Path;

use authwire_codegen::rust::Target;
use authwire_schema::Library;
use proc_macro2::{Span, TokenStream};
use syn::LitStr;

pub(crate) fn auth_types(_: &mut Library, span: Span, _: &Target) -> syn::Result<TokenStream> {
    let message = "the auth types that come with Authwire are behind the feature `builtin` of `authwire`";
    Err(syn::Error::new(span, message))
}

pub(crate) fn connector_file(
    _: &mut Library,
    _: &Path,
    path: &LitStr,
    _: &Target,
) -> syn::Result<TokenStream> {
    let message = "a connector file is of an auth type that comes with Authwire: switch on the feature `builtin` of `authwire`";
    Err(syn::Error::new(path.span(), message))
}
