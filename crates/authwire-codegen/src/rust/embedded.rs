//! An embedded connector file: its text, its config, its auth config by its type.

use proc_macro2::TokenStream;
use quote::quote;

use super::Target;
use crate::name::{ident, type_name};

/// The code for a connector file of this auth type at an absolute path; `about` is what it says of itself.
#[must_use]
pub fn embedded(auth_type: &str, about: &str, path: &str, target: &Target) -> TokenStream {
    let Target { name, visibility, krate, .. } = target;
    let (marker, auth) = (ident(name), type_name(auth_type));
    let (variant, config) = (ident(&auth), ident(&format!("{auth}Config")));
    let docs = format!("The text of the connector file: {about}");
    quote! {
        impl #krate::__private::Derived for #marker {}

        impl #krate::auth_type::Connector for #marker {
            type Auth = #krate::#config;
            const FILE: &'static ::core::primitive::str = Self::FILE;

            fn config() -> &'static #krate::ConnectorConfig {
                Self::config()
            }
        }

        #[allow(dead_code)]
        impl #marker {
            #[doc = #docs]
            #visibility const FILE: &'static ::core::primitive::str = ::core::include_str!(#path);

            /// The connector, as its file says. It was checked while compiling.
            #[must_use]
            #visibility fn config() -> &'static #krate::ConnectorConfig {
                static CONFIG: #krate::__private::Once<#krate::ConnectorConfig> = #krate::__private::Once::new();
                CONFIG.get_or_init(|| #krate::__private::embedded(Self::FILE))
            }

            /// Its auth config.
            #[must_use]
            #visibility fn auth_config() -> &'static #krate::#config {
                match Self::config().auth_config() {
                    #krate::AuthConfig::#variant(__config) => __config,
                    _ => #krate::__private::other_type(),
                }
            }
        }
    }
}
