//! From the derive's input to code or errors.

use std::path::{Path, PathBuf};

use authwire_codegen::rust::{self, Target};
use authwire_core::interpreter::is_valid_tree;
use authwire_schema::{Library, read_auth_type};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt as _;

use crate::attribute::{Attribute, Source};
use crate::item::{Form, Item};
use crate::{builtin, bundle};

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let item: Item = match syn::parse2(input) {
        Ok(item) => item,
        Err(error) => return error.into_compile_error(),
    };
    let target = Target {
        name: item.name.unraw().to_string(),
        visibility: item.visibility.clone(),
        krate: quote! { ::authwire },
        bundle: None,
    };
    let (attribute, target) = match Attribute::parse(&item) {
        Ok(attribute) => {
            let krate = attribute.krate.clone().unwrap_or_else(|| target.krate.clone());
            (Ok(attribute), Target { krate, ..target })
        }
        Err(error) => (Err(error), target),
    };
    let is_file = matches!(&attribute, Ok(Attribute { source: Source::File(_), .. }));
    match attribute.and_then(|attribute| generate(&item, &attribute, &target)) {
        Ok(code) => code,
        Err(error) => {
            let stub = if is_file { rust::embedded_stub } else { rust::stub };
            stub(&target, &item.generics, &error.into_compile_error())
        }
    }
}

fn generate(item: &Item, attribute: &Attribute, target: &Target) -> syn::Result<TokenStream> {
    if item.form != Form::Unit {
        let message = "derive `Connector` on a unit struct without generics: `pub struct Name;`; what it holds comes from the file";
        return Err(syn::Error::new(item.name.span(), message));
    }
    let mut library = Library::new(is_valid_tree);
    match &attribute.source {
        Source::Builtin(span) => builtin::auth_types(&mut library, *span, target),
        Source::Schema(path) => {
            let file = manifest_folder(path.span())?.join(path.value());
            let read = read_auth_type(&mut library, &file);
            let (document, _warnings) = read.map_err(|faults| syn::Error::new(path.span(), faults))?;
            let target = Target { bundle: bundle::auth_type(&library, &document), ..target.clone() };
            let (code, tracked) = (rust::auth_type(&document, &target), tracked(&library));
            Ok(quote! { #code #tracked })
        }
        Source::File(path) => {
            let file = manifest_folder(path.span())?.join(path.value());
            builtin::connector_file(&mut library, &file, path, target)
        }
    }
}

fn manifest_folder(span: Span) -> syn::Result<PathBuf> {
    std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| syn::Error::new(span, "CARGO_MANIFEST_DIR is not set: build with cargo"))
}

/// Has the compiler rebuild when a file that was read changes.
fn tracked(library: &Library) -> TokenStream {
    let files = library.files_read().iter().filter_map(|file| Path::new(file).canonicalize().ok());
    let files = files.filter_map(|file| file.to_str().map(str::to_owned));
    quote! { #(const _: &[::core::primitive::u8] = ::core::include_bytes!(#files);)* }
}
