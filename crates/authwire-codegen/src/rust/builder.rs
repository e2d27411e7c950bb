//! A builder for the root's type: a setter for each property of each branch, and one check at the end, which is that of a
//! document.

use std::collections::HashSet;
use std::mem::discriminant;

use authwire_model::compiled::Document;
use authwire_model::table::NodeId;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Target;
use super::doc::doc;
use super::types::{self, Writer, integer_type};
use crate::model::{Field, Held, Names, Shape, Struct, Tagged};
use crate::name::{distinct, field_name, ident};

/// The builder of the config whose schema has this root.
pub(super) fn all(held: &Held, document: &Document, target: &Target) -> TokenStream {
    let (writer, config) = (&Writer { document, target }, types::name_of(held, &target.name));
    let (visibility, krate) = (&writer.target.visibility, &writer.target.krate);
    let setters: Vec<TokenStream> = match &held.shape {
        Shape::Struct(shape) => setters(&[&**shape], None, writer),
        Shape::Tagged(shape) => {
            let structs: Vec<&Struct> = shape.variants.iter().map(|(.., of)| of).collect();
            setters(&structs, Some(shape), writer)
        }
        _ => return TokenStream::new(),
    };
    let tag = document.schema.node(held.node).title.as_deref().unwrap_or(&document.name);
    let (config, builder) = (ident(&config), ident(&format!("{config}Builder")));
    let docs = doc(&format!("A config made in code: {tag}. What is set is checked by `build`."));
    quote! {
        #docs
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

/// A setter for the tag, and for each property of the structs: one by key, whatever it is in which of them.
fn setters(structs: &[&Struct], tagged: Option<&Tagged>, writer: &Writer<'_>) -> Vec<TokenStream> {
    let visibility = &writer.target.visibility;
    let mut names = HashSet::from(["build".to_owned()]);
    let mut known: Vec<&str> = Vec::new();
    let mut setters = Vec::new();
    if let Some(Tagged { tag, variants, .. }) = tagged {
        let name = ident(&distinct(field_name(tag), &mut names));
        let values: Vec<&str> = variants.iter().flat_map(|(values, ..)| values).map(String::as_str).collect();
        let docs = doc(&format!("`{tag}`: `{}`.", values.join("` or `")));
        setters.push(quote! {
            #docs
            #visibility fn #name(mut self, __value: impl ::core::convert::AsRef<::core::primitive::str>) -> Self {
                self.0.set(#tag, __value.as_ref());
                self
            }
        });
        known.push(tag);
    }
    let fields = || structs.iter().flat_map(|shape| &shape.fields);
    let constants = || structs.iter().flat_map(|shape| &shape.constants);
    for field in fields() {
        if known.contains(&field.key.as_str()) {
            continue;
        }
        known.push(&field.key);
        let name = ident(&distinct(field.name.clone(), &mut names));
        let is_one = fields()
            .all(|other| other.key != field.key || alike(&other.held.shape, &field.held.shape))
            && constants().all(|constant| constant.key != field.key);
        setters.push(match is_one {
            true => setter(field, &name, writer),
            false => any_setter(&field.key, field.held.node, &name, writer),
        });
    }
    for constant in constants().filter(|constant| constant.required) {
        if known.contains(&constant.key.as_str()) {
            continue;
        }
        known.push(&constant.key);
        let name = ident(&distinct(field_name(&constant.key), &mut names));
        setters.push(any_setter(&constant.key, constant.node, &name, writer));
    }
    setters
}

/// Whether one setter does for both.
fn alike(one: &Shape, other: &Shape) -> bool {
    match (one, other) {
        (Shape::Integer(one), Shape::Integer(other)) => one == other,
        (Shape::Names(one), Shape::Names(other)) => one.values == other.values,
        (Shape::List(one), Shape::List(other)) => alike(&one.shape, &other.shape),
        _ => discriminant(one) == discriminant(other) || (is_json(one) && is_json(other)),
    }
}

/// Whether a setter takes it as JSON: as a `Value`, or as what an accessor gave.
fn is_json(shape: &Shape) -> bool {
    matches!(shape, Shape::Struct(_) | Shape::Tagged(_) | Shape::Value | Shape::SecretValue(_))
}

/// A setter for what is one thing in one branch and another in another.
fn any_setter(key: &str, node: NodeId, name: &Ident, writer: &Writer<'_>) -> TokenStream {
    let (visibility, krate, docs) = (&writer.target.visibility, &writer.target.krate, writer.doc(node));
    quote! {
        #docs
        #visibility fn #name(mut self, __value: &(impl #krate::__private::Write + ?Sized)) -> Self {
            self.0.set(#key, __value);
            self
        }
    }
}

fn setter(field: &Field, name: &Ident, writer: &Writer<'_>) -> TokenStream {
    let (visibility, krate) = (&writer.target.visibility, &writer.target.krate);
    let (key, doc) = (&field.key, writer.doc(field.held.node));
    let (takes, value) = match &field.held.shape {
        Shape::String => {
            (quote! { impl ::core::convert::AsRef<::core::primitive::str> }, quote! { __value.as_ref() })
        }
        Shape::Text => (quote! { impl ::core::convert::Into<#krate::Text> }, quote! { &__value.into() }),
        Shape::Secret => (quote! { impl ::core::convert::Into<#krate::Secret> }, quote! { &__value.into() }),
        Shape::TextMap => (quote! { #krate::TextMap }, quote! { &__value }),
        Shape::Boolean => (quote! { ::core::primitive::bool }, quote! { &__value }),
        Shape::Integer(integer) => (integer_type(*integer), quote! { &__value }),
        Shape::Number => (quote! { ::core::primitive::f64 }, quote! { &__value }),
        Shape::Names(Names { name, .. }) => {
            let name = ident(name);
            (quote! { #name }, quote! { &__value })
        }
        Shape::List(item) => {
            let item = match is_json(&item.shape) {
                true => quote! { impl #krate::__private::Write },
                false => writer.owned(item),
            };
            (
                quote! { impl ::core::iter::IntoIterator<Item = #item> },
                quote! { &<#krate::__private::Vec<_> as ::core::iter::FromIterator<_>>::from_iter(__value) },
            )
        }
        Shape::AuthConfig => (quote! { AuthConfig }, quote! { &__value }),
        Shape::Struct(_) | Shape::Tagged(_) | Shape::Value | Shape::SecretValue(_) => {
            (quote! { impl #krate::__private::Write }, quote! { &__value })
        }
    };
    let explicit = match &field.held.shape {
        Shape::Text => quote! { ::<#krate::Text> },
        Shape::Secret => quote! { ::<#krate::Secret> },
        _ => quote! {},
    };
    quote! {
        #doc
        #visibility fn #name(mut self, __value: #takes) -> Self {
            self.0.set #explicit (#key, #value);
            self
        }
    }
}
