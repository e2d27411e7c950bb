//! Rust for a schema: its types, their one-pass parser, the slots that its plan reads, the static tables.
//!
//! Everything but the types stands in an anonymous constant, so that no name of ours meets one of the user's; every
//! path begins at the crate's own, so that a user's `Result` or `String` does not matter; no trait has to be in scope, so
//! that it builds in every edition and without a prelude. Locals and parameters begin with `__`: a pattern that is one name is
//! the user's constant, where there is one of that name, and no hygiene changes it.

mod builder;
#[cfg(feature = "builtin")]
mod builtin;
mod concerns;
mod doc;
#[cfg(feature = "builtin")]
mod embedded;
mod parser;
mod slots;
mod stub;
mod tables;
mod types;
mod writer;

use authwire_model::compiled::Document;
use proc_macro2::TokenStream;
use quote::quote;

#[cfg(feature = "builtin")]
pub use self::builtin::{Bundled, builtin};
#[cfg(feature = "builtin")]
pub use self::embedded::embedded;
pub use self::stub::{Generics, embedded_stub, stub};

use crate::model::{self, Held, Shape};
use crate::name::ident;

/// What is to be written, and where.
#[derive(Debug, Clone)]
pub struct Target {
    /// The marker type's name.
    pub name: String,
    /// Its visibility.
    pub visibility: TokenStream,
    /// The path of the crate `authwire`, as it is reached from there.
    pub krate: TokenStream,
    /// The schema as one self-contained text, where `schemars` is to have it.
    pub bundle: Option<String>,
}

/// The code of an auth type, beside its marker.
#[must_use]
pub fn auth_type(document: &Document, target: &Target) -> TokenStream {
    let Target { name, visibility, krate, .. } = target;
    let held = model::root(document, name);
    let (marker, config) = (ident(name), ident(&types::name_of(&held, name)));
    let types = types::all(&held, document, target);
    let implementation = implementation(&held, document, target);
    let conversions = conversions(&held, document, target);
    let (text, auth_name) = (&document.text, &document.name);
    quote! {
        #types
        #implementation
        #conversions

        impl #krate::__private::Derived for #marker {}

        impl #krate::AuthType for #marker {
            type Config = #config;
            const NAME: &'static ::core::primitive::str = #auth_name;
            const SCHEMA: &'static ::core::primitive::str = #text;
        }

        impl #marker {
            /// The text of the schema.
            #visibility const SCHEMA: &'static ::core::primitive::str = #text;

            /// Reads a config in one pass.
            ///
            /// # Errors
            /// Everything that is wrong with it.
            #visibility fn from_slice(
                __bytes: &[::core::primitive::u8],
            ) -> ::core::result::Result<#config, #krate::Report> {
                #krate::__private::from_slice::<#config>(__bytes)
            }

            /// Reads a config, with warnings and notes beside it.
            #[must_use]
            #visibility fn check(__bytes: &[::core::primitive::u8]) -> #krate::Checked<#config> {
                #krate::__private::check::<#config>(__bytes)
            }

            /// Checks a config in memory: the same verdict and findings, without places.
            ///
            /// # Errors
            /// Everything that is wrong with it.
            #visibility fn validate(
                __value: &#krate::__private::serde_json::Value,
            ) -> ::core::result::Result<(), #krate::Report> {
                #krate::__private::validate::<#config>(__value)
            }
        }
    }
}

/// The types and the parser of a schema that is no auth type: for tests that hold the generated code to a suite.
#[must_use]
pub fn plain(document: &Document, target: &Target) -> TokenStream {
    let held = model::root(document, &target.name);
    let types = types::all(&held, document, target);
    let implementation = implementation(&held, document, target);
    quote! { #types #implementation }
}

/// The parser, the slots and the tables.
fn implementation(held: &Held, document: &Document, target: &Target) -> TokenStream {
    let krate = &target.krate;
    let config = ident(&types::name_of(held, &target.name));
    let tables = tables::schema(&document.schema);
    let (parser, root) = parser::parser(held, document);
    let slots = document.schema.plan.as_ref().map(|plan| {
        let slots = slots::all(held, plan, &config);
        let needs_check = concerns::all(held, plan);
        quote! {
            #slots
            impl __c::slot::Config for #config {
                fn schema(&self) -> &__t::Schema {
                    &SCHEMA
                }

                #needs_check
            }
        }
    });
    let writers = writer::all(held);
    let written_value = matches!(held.shape, Shape::Value | Shape::SecretValue(_))
        .then(|| writer::written(&config, &quote! { __w::Write::write(&self.value, __writer); }));
    let value_root = matches!(held.shape, Shape::Value | Shape::SecretValue(_))
        .then(|| quote! { .map(|__value| #config { value: __value }) });
    quote! {
        const _: () = {
            use #krate::__private as __a;
            use __a::core as __c;
            use __c::{list as __l, plan as __p, read as __r, table as __t, write as __w};

            static SCHEMA: __t::Schema = #tables;

            impl #krate::__private::Parse for #config {
                const SCHEMA: &'static __t::Schema = &SCHEMA;

                fn parse(
                    __reader: &mut __c::json::Reader<'_>,
                    __loaded: #krate::__private::Loaded<'_>,
                ) -> __r::Read<Self> {
                    #root #value_root
                }
            }

            #parser
            #writers
            #written_value
            #slots
        };
    }
}

/// What a config is besides read and written: made by a builder, converted.
fn conversions(held: &Held, document: &Document, target: &Target) -> TokenStream {
    let krate = &target.krate;
    let config = ident(&types::name_of(held, &target.name));
    let json_schema = target.bundle.as_ref().map(|text| quote! { #krate::__json_schema!(#config, #text); });
    let builder = builder::all(held, document, target);
    quote! {
        #builder

        const _: () = {
            impl<'de> #krate::__private::serde::Deserialize<'de> for #config {
                fn deserialize<D: #krate::__private::serde::Deserializer<'de>>(
                    __deserializer: D,
                ) -> ::core::result::Result<Self, D::Error> {
                    #krate::__private::deserialize(__deserializer)
                }
            }

            impl ::core::convert::TryFrom<&#krate::__private::serde_json::Value> for #config {
                type Error = #krate::Report;

                fn try_from(
                    __value: &#krate::__private::serde_json::Value,
                ) -> ::core::result::Result<Self, #krate::Report> {
                    #krate::__private::from_value(__value)
                }
            }

            impl ::core::str::FromStr for #config {
                type Err = #krate::Report;

                fn from_str(__text: &::core::primitive::str) -> ::core::result::Result<Self, #krate::Report> {
                    #krate::__private::Readable::read_whole(__text.as_bytes())
                }
            }

            #json_schema
        };
    }
}
