//! A builder for the root's type: a setter for each property of each branch, and one check at the end, which is that of a
//! document.

use authwire_model::compiled::Document;
use proc_macro2::TokenStream;
use quote::quote;

use super::Target;
use super::types::{self, Writer, integer_type};
use crate::model::{Field, Held, Names, Shape, Struct, Tagged};
use crate::name::{field_name, ident};

/// The builder of the config whose schema has this root.
pub(super) fn all(held: &Held, document: &Document, target: &Target) -> TokenStream {
    let (writer, config) = (&Writer { document, target }, types::name_of(held, &target.name));
    let (visibility, krate) = (&writer.target.visibility, &writer.target.krate);
    let setters: Vec<TokenStream> = match &held.shape {
        Shape::Struct(shape) => shape.fields.iter().map(|field| setter(field, writer)).collect(),
        Shape::Tagged(shape) => tagged(shape, writer),
        _ => return TokenStream::new(),
    };
    let tag = document.schema.node(held.node).title.as_deref().unwrap_or(&document.name);
    let (config, builder) = (ident(&config), ident(&format!("{config}Builder")));
    let docs = format!("A config made in code: {tag}. What is set is checked by `build`.");
    quote! {
        #[doc = #docs]
        #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::default::Default)]
        #[must_use]
        #visibility struct #builder(#krate::__private::Builder);

        #[allow(dead_code)]
        impl #builder {
            #(#setters)*

            /// The config.
            ///
            /// # Errors
            /// Everything that is wrong with it, as a document's report says it.
            #visibility fn build(&self) -> ::core::result::Result<#config, #krate::Report> {
                self.0.build::<#config>()
            }
        }

        #[allow(dead_code)]
        impl #config {
            /// A config to be made in code.
            #visibility fn builder() -> #builder {
                ::core::default::Default::default()
            }
        }
    }
}

/// The fields of all branches, each once, and the tag.
fn tagged(shape: &Tagged, writer: &Writer<'_>) -> Vec<TokenStream> {
    let mut known: Vec<&str> = Vec::new();
    let mut setters = Vec::new();
    let (visibility, key, name) = (&writer.target.visibility, &shape.tag, ident(&field_name(&shape.tag)));
    let values: Vec<&str> =
        shape.variants.iter().flat_map(|(values, ..)| values).map(String::as_str).collect();
    if shape.variants.iter().all(|(values, ..)| values.len() == 1) {
        let docs = format!("`{}`: `{}`.", shape.tag, values.join("` or `"));
        setters.push(quote! {
            #[doc = #docs]
            #visibility fn #name(mut self, value: impl ::core::convert::AsRef<::core::primitive::str>) -> Self {
                self.0.set(#key, value.as_ref());
                self
            }
        });
        known.push(key);
    }
    let structs: Vec<&Struct> = shape.variants.iter().map(|(_, _, of)| of).collect();
    for field in structs.iter().flat_map(|shape| &shape.fields) {
        if known.contains(&field.key.as_str()) {
            continue;
        }
        known.push(&field.key);
        setters.push(setter(field, writer));
    }
    setters
}

fn setter(field: &Field, writer: &Writer<'_>) -> TokenStream {
    let (visibility, krate) = (&writer.target.visibility, &writer.target.krate);
    let (key, name, doc) = (&field.key, ident(&field.name), writer.doc(field.held.node));
    let (takes, value) = match &field.held.shape {
        Shape::String => {
            (quote! { impl ::core::convert::AsRef<::core::primitive::str> }, quote! { value.as_ref() })
        }
        Shape::Text => (quote! { impl ::core::convert::Into<#krate::Text> }, quote! { &value.into() }),
        Shape::Secret => (quote! { impl ::core::convert::Into<#krate::Secret> }, quote! { &value.into() }),
        Shape::TextMap => (quote! { #krate::TextMap }, quote! { &value }),
        Shape::Boolean => (quote! { ::core::primitive::bool }, quote! { &value }),
        Shape::Integer(integer) => (integer_type(*integer), quote! { &value }),
        Shape::Number => (quote! { ::core::primitive::f64 }, quote! { &value }),
        Shape::Names(Names { name, .. }) => {
            let name = ident(name);
            (quote! { #name }, quote! { &value })
        }
        Shape::List(item) => {
            let item = writer.owned(item);
            (
                quote! { impl ::core::iter::IntoIterator<Item = #item> },
                quote! { &value.into_iter().collect::<#krate::__private::Vec<#item>>() },
            )
        }
        Shape::AuthConfig => (quote! { AuthConfig }, quote! { &value }),
        Shape::Struct(_) | Shape::Tagged(_) | Shape::Value => {
            (quote! { #krate::__private::serde_json::Value }, quote! { &value })
        }
    };
    let explicit = match &field.held.shape {
        Shape::Text => quote! { ::<#krate::Text> },
        Shape::Secret => quote! { ::<#krate::Secret> },
        _ => quote! {},
    };
    quote! {
        #doc
        #visibility fn #name(mut self, value: #takes) -> Self {
            self.0.set #explicit (#key, #value);
            self
        }
    }
}
