//! Slots: how a plan reads a typed config, field by field.

use authwire_model::place::tokens;
use authwire_model::plan::{FieldKind, Plan};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use crate::model::{Field, Held, Integer, Shape, Struct};
use crate::name::ident;

/// The implementation of `Slots`.
pub(super) fn all(held: &Held, plan: &Plan, config: &Ident) -> TokenStream {
    let arms = plan.fields.iter().enumerate().map(|(index, field)| {
        let index = Literal::usize_unsuffixed(index);
        let path = tokens(&field.pointer).unwrap_or_default();
        let slot = match &held.shape {
            Shape::Struct(shape) => in_struct(shape, &path, field.kind, quote! { self }),
            Shape::Tagged(shape) => {
                let arms = shape.variants.iter().map(|(values, variant, of)| {
                    let variant = ident(variant);
                    let slot = match (&*path, values.as_slice()) {
                        ([name], [value]) if *name == shape.tag => quote! { __c::slot::Slot::from(#value) },
                        _ => in_struct(of, &path, field.kind, quote! { config }),
                    };
                    quote! { Self::#variant(config) => #slot }
                });
                quote! { match self { #(#arms,)* } }
            }
            _ => {
                quote! { __c::slot::field_of(&SCHEMA, field, &self.value) }
            }
        };
        quote! { #index => #slot }
    });
    quote! {
        #[allow(unused_variables)]
        impl __c::slot::Slots for #config {
            fn slot(&self, field: __p::FieldId) -> __c::slot::Slot<'_> {
                match field {
                    #(#arms,)*
                    _ => __c::slot::Slot::Absent,
                }
            }
        }
    }
}

/// The slot of the property at `path` in the struct that the expression `of` is.
fn in_struct(shape: &Struct, path: &[String], kind: FieldKind, of: TokenStream) -> TokenStream {
    let absent = quote! { __c::slot::Slot::Absent };
    let Some(way) = Way::to(shape, path) else { return absent };
    let slot = match (way.held(), way.rest) {
        (shape, []) => convert(shape, kind),
        (Shape::Value, rest) => {
            let pointer: String = rest.iter().fold(String::new(), |mut pointer, token| {
                authwire_model::place::push_token(&mut pointer, token);
                pointer
            });
            let kind = kind_of(kind);
            quote! {
                value.pointer(#pointer).map_or(__c::slot::Slot::Absent, |value| __c::slot::of(#kind, value))
            }
        }
        _ => return absent,
    };
    way.code(of, &absent, slot)
}

/// The way to a property through typed structs.
pub(super) struct Way<'m> {
    first: &'m Field,
    others: Vec<&'m Field>,
    /// What is left of the path, where it leads into what has no fields.
    pub(super) rest: &'m [String],
}

impl<'m> Way<'m> {
    /// The way from a struct; `None` where it has no such property.
    pub(super) fn to(shape: &'m Struct, path: &'m [String]) -> Option<Self> {
        let of_struct = |shape: &'m Struct, key: &String| shape.fields.iter().find(|field| field.key == *key);
        let (key, mut rest) = path.split_first()?;
        let mut way = Self { first: of_struct(shape, key)?, others: Vec::new(), rest };
        while let (Shape::Struct(inner), Some((key, behind))) = (way.held(), rest.split_first()) {
            way.others.push(of_struct(inner, key)?);
            rest = behind;
        }
        Some(Self { rest, ..way })
    }

    /// What the last field holds.
    pub(super) fn held(&self) -> &'m Shape {
        &self.others.last().unwrap_or(&self.first).held.shape
    }

    /// Code that goes the way from the expression `of`: `found`, for which the last field is `value`, or `absent` where
    /// there is none.
    pub(super) fn code(&self, of: TokenStream, absent: &TokenStream, found: TokenStream) -> TokenStream {
        let through = |found: TokenStream, field: &Field, of: &TokenStream| {
            let name = ident(&field.name);
            if field.required {
                quote! { { let value = &#of.#name; #found } }
            } else {
                quote! {
                    match &#of.#name {
                        ::core::option::Option::Some(value) => #found,
                        ::core::option::Option::None => #absent,
                    }
                }
            }
        };
        let inside = quote! { value };
        let found = self.others.iter().rev().fold(found, |found, field| through(found, field, &inside));
        through(found, self.first, &of)
    }
}

/// The slot that `value`, a reference to what is held, comes to.
fn convert(shape: &Shape, kind: FieldKind) -> TokenStream {
    match shape {
        Shape::String => quote! { __c::slot::Slot::from(value.as_str()) },
        Shape::Text | Shape::Secret | Shape::TextMap => quote! { __c::slot::Slot::from(value) },
        Shape::Boolean => quote! { __c::slot::Slot::Boolean(*value) },
        Shape::Integer(Integer::I64) => quote! { __c::slot::Slot::Number(__c::number::Number::from(*value)) },
        Shape::Integer(_) => {
            quote! { __c::slot::Slot::Number(__c::number::Number::Unsigned(::core::primitive::u64::from(*value))) }
        }
        Shape::Number => quote! { __c::slot::Slot::Number(__c::number::Number::Float(*value)) },
        Shape::Names(_) => quote! { __c::slot::Slot::from(value.as_str()) },
        Shape::List(item) => {
            let item = match &item.shape {
                Shape::Names(_) => quote! { item.as_str() },
                Shape::Integer(_) | Shape::Number | Shape::Boolean => quote! { *item },
                Shape::String => quote! { item.as_str() },
                Shape::Value => quote! { item.clone() },
                _ => return quote! { __c::slot::Slot::Absent },
            };
            quote! { __c::slot::Slot::list(value.iter().map(|item| #item)) }
        }
        Shape::Value => {
            let kind = kind_of(kind);
            quote! { __c::slot::of(#kind, value) }
        }
        Shape::Struct(_) | Shape::Tagged(_) | Shape::AuthConfig => quote! { __c::slot::Slot::Absent },
    }
}

fn kind_of(kind: FieldKind) -> TokenStream {
    let kind = ident(match kind {
        FieldKind::Plain => "Plain",
        FieldKind::Text => "Text",
        FieldKind::Url => "Url",
        FieldKind::Secret => "Secret",
        FieldKind::Map => "Map",
        FieldKind::Boolean => "Boolean",
        FieldKind::Number => "Number",
        FieldKind::Json => "Json",
    });
    quote! { __p::FieldKind::#kind }
}
