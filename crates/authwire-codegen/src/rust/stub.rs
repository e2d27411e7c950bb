//! What stands in for the code after an error, so that one mistake is one error: the names that can be known, and a type that
//! no use of it is wrong with.
//!
//! The error itself stands where that type's length is read. A type with an error in it is one that the compiler says nothing
//! more about, whatever is called on it and wherever it is put: a builder's setters, accessors and variants, which only the file
//! that is wrong could tell of, and traits. What stays unknown are the names of nested types.

use proc_macro2::TokenStream;
use quote::quote;

use super::Target;
use crate::name::ident;

/// The generics of an item that should have none.
#[derive(Debug, Clone, Default)]
pub struct Generics {
    /// As an `impl` declares them, without defaults: `'a, T: Clone, const N: usize`.
    pub parameters: TokenStream,
    /// As a type takes them: `'a, T, N`.
    pub arguments: TokenStream,
    /// What stands behind `where`.
    pub bounds: TokenStream,
}

/// In place of [`auth_type`](super::auth_type), with the error: `compile_error!`, as an expression.
#[must_use]
pub fn stub(target: &Target, generics: &Generics, error: &TokenStream) -> TokenStream {
    let Target { name, visibility, krate, .. } = target;
    let Generics { parameters, arguments, bounds } = generics;
    let (marker, config) = (ident(name), ident(&format!("{name}Config")));
    let unknown = unknown(error);
    quote! {
        #[doc(hidden)]
        #[allow(missing_docs, dead_code, unused_braces)]
        #visibility type #config = #unknown;

        const _: () = {
            impl<#parameters> #krate::__private::Derived for #marker<#arguments> where #bounds {}

            impl<#parameters> #krate::AuthType for #marker<#arguments> where #bounds {
                type Config = #config;
                const NAME: &'static ::core::primitive::str = "";
                const SCHEMA: &'static ::core::primitive::str = "";
            }
        };

        #[doc(hidden)]
        #[allow(missing_docs, dead_code)]
        impl<#parameters> #marker<#arguments> where #bounds {
            #visibility const SCHEMA: &'static ::core::primitive::str = "";

            #visibility fn from_slice(
                _: &[::core::primitive::u8],
            ) -> ::core::result::Result<#config, #krate::Report> {
                ::core::result::Result::Err(::core::default::Default::default())
            }

            #visibility fn check(_: &[::core::primitive::u8]) -> #krate::Checked<#config> {
                #krate::Checked { config: ::core::option::Option::None, report: ::core::default::Default::default() }
            }

            #visibility fn validate(
                _: &#krate::__private::serde_json::Value,
            ) -> ::core::result::Result<(), #krate::Report> {
                ::core::result::Result::Ok(())
            }
        }
    }
}

/// The same in place of `embedded`. Without the feature `builtin` there is no type of a connector file, nor
/// the trait.
#[must_use]
pub fn embedded_stub(target: &Target, generics: &Generics, error: &TokenStream) -> TokenStream {
    let Target { name, visibility, krate, .. } = target;
    let Generics { parameters, arguments, bounds } = generics;
    let marker = ident(name);
    let unknown = unknown(error);
    let config = match cfg!(feature = "builtin") {
        true => quote! { #krate::ConnectorConfig },
        false => quote! { __Unknown },
    };
    let connector = cfg!(feature = "builtin").then(|| {
        quote! {
            impl<#parameters> #krate::__private::Derived for #marker<#arguments> where #bounds {}

            impl<#parameters> #krate::auth_type::Connector for #marker<#arguments> where #bounds {
                type Auth = __Unknown;
                const FILE: &'static ::core::primitive::str = "";

                fn config() -> &'static #krate::ConnectorConfig {
                    #krate::__private::other_type()
                }
            }
        }
    });
    quote! {
        const _: () = {
            #[allow(unused_braces)]
            type __Unknown = #unknown;

            #[doc(hidden)]
            #[allow(missing_docs, dead_code)]
            impl<#parameters> #marker<#arguments> where #bounds {
                #visibility const FILE: &'static ::core::primitive::str = "";

                #visibility fn config() -> &'static #config {
                    #krate::__private::other_type()
                }

                #visibility fn auth_config() -> &'static __Unknown {
                    #krate::__private::other_type()
                }
            }

            #connector
        };
    }
}

/// The type that has the error in it.
fn unknown(error: &TokenStream) -> TokenStream {
    quote! { [(); { #error }] }
}
