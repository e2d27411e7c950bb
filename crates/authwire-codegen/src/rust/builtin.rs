//! The auth types that come with Authwire, and the connector file that holds one of them.

use authwire_model::compiled::Document;
use proc_macro2::TokenStream;
use quote::quote;

use super::{Target, auth_type, conversions, implementation, types};
use crate::model;
use crate::name::{ident, type_name};

/// A document, with the same schema as one self-contained text where `schemars` is to have it.
#[derive(Debug, Clone)]
pub struct Bundled<'d> {
    /// The document.
    pub document: &'d Document,
    /// The text.
    pub bundle: Option<String>,
}

/// The built-in auth types and the connector file.
#[must_use]
pub fn builtin(connector: Bundled<'_>, auth: Vec<Bundled<'_>>, krate: &TokenStream) -> TokenStream {
    let visibility = quote! { pub };
    let mut code = TokenStream::new();
    let mut variants = Vec::new();
    for Bundled { document: auth, bundle } in auth {
        let target = Target {
            name: type_name(&auth.name),
            visibility: visibility.clone(),
            krate: krate.clone(),
            bundle,
        };
        let marker = ident(&target.name);
        let doc = format!("{}: {}", auth.schema.title, auth.description(0).unwrap_or_default());
        let auth_code = auth_type(auth, &target);
        code.extend(quote! {
            #[doc = #doc]
            #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
            pub struct #marker;
            #auth_code
        });
        variants.push((
            auth.name.clone(),
            marker,
            ident(&format!("{}Config", target.name)),
            auth.schema.title.to_string(),
        ));
    }
    let target =
        Target { name: "Connector".to_owned(), visibility, krate: krate.clone(), bundle: connector.bundle };
    let held = model::root(connector.document, "Connector");
    code.extend(types::all(&held, connector.document, &target));
    code.extend(auth_config(&variants, krate));
    code.extend(implementation(&held, connector.document, &target));
    code.extend(conversions(&held, connector.document, &target));
    code
}

/// The enum over all auth types.
fn auth_config(
    variants: &[(String, proc_macro2::Ident, proc_macro2::Ident, String)],
    krate: &TokenStream,
) -> TokenStream {
    let names: Vec<_> = variants.iter().map(|(name, ..)| name).collect();
    let markers: Vec<_> = variants.iter().map(|(_, marker, ..)| marker).collect();
    let configs: Vec<_> = variants.iter().map(|(_, _, config, _)| config).collect();
    let titles: Vec<_> = variants.iter().map(|(.., title)| title).collect();
    quote! {
        /// The auth config of a connector file.
        #[derive(::core::fmt::Debug, ::core::clone::Clone)]
        #[non_exhaustive]
        pub enum AuthConfig {
            #(#[doc = #titles] #markers(#configs),)*
            /// An auth type that was loaded at run time.
            Other(#krate::Document),
        }

        impl AuthConfig {
            /// The compiled schemas of the built-in auth types, by name.
            pub const BUILTIN: &'static [&'static #krate::__private::core::table::Schema] = &[
                #(<#configs as #krate::__private::Parse>::SCHEMA,)*
            ];

            /// The config, as an engine reads it.
            #[must_use]
            pub fn as_config(&self) -> &dyn #krate::__private::core::slot::Config {
                match self {
                    #(Self::#markers(config) => config,)*
                    Self::Other(config) => config,
                }
            }

            fn parse(
                reader: &mut #krate::__private::core::json::Reader<'_>,
                loaded: #krate::__private::Loaded<'_>,
            ) -> #krate::__private::core::read::Read<#krate::__private::Box<Self>> {
                let name = #krate::__private::core::read::tag(reader, "type")?;
                let config = match &*name {
                    #(#names => Self::#markers(<#configs as #krate::__private::Parse>::parse(reader, loaded)?),)*
                    _ => Self::Other(#krate::__private::document(reader, &name, loaded)?),
                };
                ::core::result::Result::Ok(#krate::__private::Box::new(config))
            }
        }

        impl #krate::__private::core::write::Write for AuthConfig {
            fn write(&self, writer: &mut #krate::__private::core::write::Writer) {
                match self {
                    #(Self::#markers(config) => config.write(writer),)*
                    Self::Other(_) => writer.refuse("a config whose type was loaded at run time is not written"),
                }
            }
        }

        impl #krate::__private::serde::Serialize for AuthConfig {
            fn serialize<S: #krate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                #krate::__private::serialize(self, serializer)
            }
        }

        #(impl ::core::convert::From<#configs> for AuthConfig {
            fn from(config: #configs) -> Self {
                Self::#markers(config)
            }
        })*
    }
}
