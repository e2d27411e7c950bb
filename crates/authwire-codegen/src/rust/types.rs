//! The types: private fields, accessors that know the defaults, the schema's words as docs.

use authwire_model::compiled::Document;
use authwire_model::table::{Json, NodeId};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Target;
use super::doc::doc;
use crate::model::{Field, Held, Integer, Names, Shape, Struct, Tagged};
use crate::name::ident;

/// The name of the root's type.
pub(super) fn name_of(held: &Held, marker: &str) -> String {
    match &held.shape {
        Shape::Struct(shape) => shape.name.clone(),
        Shape::Tagged(shape) => shape.name.clone(),
        _ => format!("{marker}Config"),
    }
}

/// The root's type and all that stand in it.
pub(super) fn all(held: &Held, document: &Document, target: &Target) -> TokenStream {
    let mut code = TokenStream::new();
    let writer = Writer { document, target };
    if matches!(held.shape, Shape::Value | Shape::SecretValue(_)) {
        let (name, visibility, value) =
            (ident(&name_of(held, &target.name)), &target.visibility, writer.owned(held));
        let doc = writer.doc(held.node);
        code.extend(quote! {
            #doc
            #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::cmp::PartialEq)]
            #visibility struct #name {
                value: #value,
            }

            impl #name {
                /// The config, checked.
                #[must_use]
                #visibility fn value(&self) -> &#value {
                    &self.value
                }
            }
        });
    }
    writer.write(held, &mut code);
    code
}

/// Writes types.
pub(super) struct Writer<'d> {
    pub(super) document: &'d Document,
    pub(super) target: &'d Target,
}

impl Writer<'_> {
    fn write(&self, held: &Held, code: &mut TokenStream) {
        if held.shared {
            return;
        }
        match &held.shape {
            Shape::Struct(shape) => {
                self.structure(shape, self.doc(held.node), code);
            }
            Shape::Tagged(shape) => self.tagged(shape, held.node, code),
            Shape::Names(names) => code.extend(self.names(names, held.node)),
            Shape::List(item) => self.write(item, code),
            _ => {}
        }
    }

    fn structure(&self, shape: &Struct, doc: TokenStream, code: &mut TokenStream) {
        let visibility = &self.target.visibility;
        let name = ident(&shape.name);
        let fields = shape.fields.iter().map(|field| {
            let (name, of) = (ident(&field.name), self.owned(&field.held));
            if field.required {
                quote! { #name: #of }
            } else {
                quote! { #name: ::core::option::Option<#of> }
            }
        });
        let accessors = shape.fields.iter().map(|field| self.accessor(field));
        let equal = shape.comparable.then(|| quote! { #[derive(::core::cmp::PartialEq)] });
        code.extend(quote! {
            #doc
            #[derive(::core::fmt::Debug, ::core::clone::Clone)]
            #equal
            #visibility struct #name {
                #(#fields,)*
            }

            #[allow(dead_code)]
            impl #name {
                #(#accessors)*
            }
        });
        for field in &shape.fields {
            self.write(&field.held, code);
        }
    }

    fn tagged(&self, shape: &Tagged, node: NodeId, code: &mut TokenStream) {
        let (visibility, name, docs) = (&self.target.visibility, ident(&shape.name), self.doc(node));
        let variants = shape.variants.iter().map(|(values, variant, of)| {
            let doc = doc(&format!("`{}` is `{}`.", shape.tag, values.join("` or `")));
            let (variant, of) = (ident(variant), ident(&of.name));
            quote! { #doc #variant(#of) }
        });
        let is_comparable = shape.variants.iter().all(|(_, _, of)| of.comparable);
        let equal = is_comparable.then(|| quote! { #[derive(::core::cmp::PartialEq)] });
        code.extend(quote! {
            #docs
            #[derive(::core::fmt::Debug, ::core::clone::Clone)]
            #equal
            #visibility enum #name {
                #(#variants,)*
            }
        });
        for (values, _, of) in &shape.variants {
            let doc = doc(&format!("Where `{}` is `{}`.", shape.tag, values.join("` or `")));
            self.structure(of, doc, code);
        }
    }

    fn names(&self, names: &Names, node: NodeId) -> TokenStream {
        let (visibility, name, about) = (&self.target.visibility, ident(&names.name), self.doc(node));
        let krate = &self.target.krate;
        let texts: Vec<_> = names.values.iter().map(|(text, _)| text).collect();
        let variants: Vec<_> = names.values.iter().map(|(_, variant)| ident(variant)).collect();
        let docs = texts.iter().map(|text| doc(&format!("`{text}`")));
        quote! {
            #about
            #[derive(
                ::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq,
                ::core::cmp::Eq, ::core::hash::Hash,
            )]
            #visibility enum #name {
                #(#docs #variants,)*
            }

            #[allow(dead_code)]
            impl #name {
                /// As a config writes it.
                #[must_use]
                #visibility const fn as_str(self) -> &'static ::core::primitive::str {
                    match self { #(Self::#variants => #texts,)* }
                }

                /// The value that a config writes as `text`.
                #[must_use]
                #visibility fn named(__text: &::core::primitive::str) -> ::core::option::Option<Self> {
                    match __text {
                        #(#texts => ::core::option::Option::Some(Self::#variants),)*
                        _ => ::core::option::Option::None,
                    }
                }
            }

            impl ::core::fmt::Display for #name {
                fn fmt(&self, __formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    __formatter.pad(self.as_str())
                }
            }

            impl ::core::str::FromStr for #name {
                type Err = #krate::UnknownValue;

                fn from_str(__text: &::core::primitive::str) -> ::core::result::Result<Self, #krate::UnknownValue> {
                    Self::named(__text).ok_or(#krate::__private::unknown_value(&[#(#texts),*]))
                }
            }
        }
    }

    pub(super) fn doc(&self, node: NodeId) -> TokenStream {
        let title = self.document.schema.node(node).title.as_deref();
        let description = self.document.description(node);
        let text = match (title, description) {
            (Some(title), Some(description)) => format!("{title}: {description}"),
            (Some(text), None) | (None, Some(text)) => text.to_owned(),
            (None, None) => self.document.schema.node(node).at.to_string(),
        };
        doc(&text)
    }

    fn accessor(&self, field: &Field) -> TokenStream {
        let visibility = &self.target.visibility;
        let name = ident(&field.name);
        let (borrowed, get) = self.borrowed(&field.held);
        let default = field
            .default
            .as_ref()
            .filter(|_| !field.required)
            .and_then(|default| self.default(field, default));
        let mut docs = self.doc(field.held.node);
        if let Some(default) = &field.default {
            docs.extend(doc(&format!("\n\nDefault: `{}`.", default)));
        }
        let (returns, body) = match (field.required, default) {
            (true, _) => (borrowed, quote! { let __value = &self.#name; #get }),
            (false, None) => (
                quote! { ::core::option::Option<#borrowed> },
                quote! { self.#name.as_ref().map(|__value| #get) },
            ),
            (false, Some(default)) => (
                borrowed,
                quote! {
                    match &self.#name {
                        ::core::option::Option::Some(__value) => #get,
                        ::core::option::Option::None => #default,
                    }
                },
            ),
        };
        quote! {
            #docs
            #[must_use]
            #visibility fn #name(&self) -> #returns { #body }
        }
    }

    fn default(&self, field: &Field, default: &Json) -> Option<TokenStream> {
        Some(match (&field.held.shape, default) {
            (Shape::String, Json::String(text)) => {
                let text = &**text;
                quote! { #text }
            }
            (Shape::Boolean, Json::Bool(value)) => quote! { #value },
            (Shape::Integer(integer), Json::Number(number)) => integer_literal(*integer, *number)?,
            (Shape::Number, Json::Number(number)) => {
                let number = Literal::f64_suffixed(number.as_f64());
                quote! { #number }
            }
            (Shape::Names(names), Json::String(text)) => {
                let (_, variant) = names.values.iter().find(|(known, _)| *known == **text)?;
                let (name, variant) = (ident(&names.name), ident(variant));
                quote! { #name::#variant }
            }
            (Shape::List(item), Json::Array(items)) => {
                let Shape::Integer(integer) = item.shape else { return None };
                let items: Option<Vec<_>> = items
                    .iter()
                    .map(|item| match item {
                        Json::Number(number) => integer_literal(integer, *number),
                        _ => None,
                    })
                    .collect();
                let items = items?;
                quote! { &[#(#items),*] }
            }
            _ => return None,
        })
    }

    /// The type by which it is held.
    pub(super) fn owned(&self, held: &Held) -> TokenStream {
        let krate = &self.target.krate;
        match &held.shape {
            Shape::String => quote! { #krate::__private::String },
            Shape::Text => quote! { #krate::Text },
            Shape::Secret => quote! { #krate::Secret },
            Shape::TextMap => quote! { #krate::TextMap },
            Shape::Boolean => quote! { ::core::primitive::bool },
            Shape::Integer(integer) => integer_type(*integer),
            Shape::Number => quote! { ::core::primitive::f64 },
            Shape::List(item) => {
                let item = self.owned(item);
                quote! { #krate::__private::Vec<#item> }
            }
            Shape::Names(shape) => self.named(&shape.name, false),
            Shape::Struct(shape) => self.named(&shape.name, held.shared),
            Shape::Tagged(shape) => self.named(&shape.name, held.shared),
            // by far the largest of a connector's fields, which would move with it
            Shape::AuthConfig => quote! { #krate::__private::Box<AuthConfig> },
            Shape::Value => quote! { #krate::__private::serde_json::Value },
            Shape::SecretValue(_) => quote! { #krate::SecretValue },
        }
    }

    fn named(&self, name: &str, shared: bool) -> TokenStream {
        let (name, krate) = (ident(name), &self.target.krate);
        if shared {
            quote! { #krate::__private::Box<#name> }
        } else {
            quote! { #name }
        }
    }

    /// The type that an accessor answers, and how it is made of `value`.
    fn borrowed(&self, held: &Held) -> (TokenStream, TokenStream) {
        let shared = |name: &str| {
            let of = ident(name);
            (quote! { &#of }, quote! { &**__value })
        };
        match &held.shape {
            Shape::String => (quote! { &::core::primitive::str }, quote! { __value.as_str() }),
            Shape::Boolean | Shape::Integer(_) | Shape::Number | Shape::Names(_) => {
                (self.owned(held), quote! { *__value })
            }
            Shape::List(item) => {
                let item = self.owned(item);
                (quote! { &[#item] }, quote! { __value.as_slice() })
            }
            Shape::AuthConfig => (quote! { &AuthConfig }, quote! { __value }),
            Shape::Struct(shape) if held.shared => shared(&shape.name),
            Shape::Tagged(shape) if held.shared => shared(&shape.name),
            _ => {
                let of = self.owned(held);
                (quote! { &#of }, quote! { __value })
            }
        }
    }
}

pub(super) fn integer_type(integer: Integer) -> TokenStream {
    match integer {
        Integer::U16 => quote! { ::core::primitive::u16 },
        Integer::U32 => quote! { ::core::primitive::u32 },
        Integer::U64 => quote! { ::core::primitive::u64 },
        Integer::I64 => quote! { ::core::primitive::i64 },
    }
}

fn integer_literal(integer: Integer, number: authwire_model::number::Number) -> Option<TokenStream> {
    let literal = match integer {
        Integer::I64 => Literal::i64_unsuffixed(number.as_i64()?),
        _ => Literal::u64_unsuffixed(number.as_u64()?),
    };
    Some(quote! { #literal })
}
