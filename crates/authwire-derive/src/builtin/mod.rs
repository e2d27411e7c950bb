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
    let absolute = absolute(file, path.span())?;
    Ok(rust::embedded(&embedded.auth_type, &embedded.title, &absolute, target))
}

/// The path of `file` as `include_str!` takes it: absolute, and a text.
fn absolute(file: &Path, span: Span) -> syn::Result<String> {
    let refused =
        |why: &str| syn::Error::new(span, format!("`{}` cannot be embedded: {why}", file.display()));
    let absolute = file.canonicalize().map_err(|error| refused(&error.to_string()))?;
    let absolute = absolute.into_os_string().into_string();
    absolute.map_err(|_| refused("its path is not UTF-8, which the compiler does not take"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    use authwire_codegen::rust::Target;
    use authwire_core::interpreter::is_valid_tree;
    use authwire_schema::Library;
    use proc_macro2::Span;
    use quote::quote;
    use syn::LitStr;

    use super::connector_file;

    #[test]
    fn a_file_that_the_compiler_cannot_name_is_refused() {
        let folder = std::env::temp_dir().join(OsStr::from_bytes(b"authwire-derive-\xff"));
        std::fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join("zoom.json");
        let connector =
            r#"{"name": "zoom", "base_url": "https://api.zoom.us/v2", "auth_config": {"type": "no_auth"}}"#;
        std::fs::write(&file, connector).expect("a file");
        let target = Target {
            name: "Zoom".to_owned(),
            visibility: quote! {},
            krate: quote! { ::authwire },
            bundle: None,
        };
        let path = LitStr::new("zoom.json", Span::call_site());
        let code = connector_file(&mut Library::new(is_valid_tree), &file, &path, &target);
        std::fs::remove_dir_all(&folder).expect("it can be removed");
        let told = code.expect_err("the path is no text").to_string();
        assert!(told.ends_with("its path is not UTF-8, which the compiler does not take"), "{told}");
    }
}
