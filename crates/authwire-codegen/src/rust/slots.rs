//! Slots: how a plan reads a typed config, field by field.

use authwire_model::number::Number;
use authwire_model::plan::{FieldKind, Plan};
use authwire_model::pointer::tokens;
use authwire_model::table::Json;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use crate::model::{Field, Held, Integer, Shape, Struct, Tagged};
use crate::name::ident;

/// The implementation of `Slots`.
pub(super) fn all(held: &Held, plan: &Plan, config: &Ident) -> TokenStream {
    let arms = plan.fields.iter().enumerate().map(|(index, field)| {
        let index = Literal::usize_unsuffixed(index);
        let path = tokens(&field.pointer).unwrap_or_default();
        let slot = match &held.shape {
            Shape::Struct(shape) => in_struct(shape, &path, field.kind, quote! { self }),
            Shape::Tagged(shape) => in_tagged(shape, &path, field.kind, quote! { self }),
            Shape::SecretValue(_) => {
                Some(quote! { __c::slot::field_of(&SCHEMA, __field, self.value.expose_value()) })
            }
            _ => Some(quote! { __c::slot::field_of(&SCHEMA, __field, &self.value) }),
        };
        let slot = slot.unwrap_or_else(absent);
        quote! { #index => #slot }
    });
    quote! {
        #[allow(unused_variables)]
        impl __c::slot::Slots for #config {
            fn slot(&self, __field: __p::FieldId) -> __c::slot::Slot<'_> {
                match __field {
                    #(#arms,)*
                    _ => __c::slot::Slot::Absent,
                }
            }
        }
    }
}

fn absent() -> TokenStream {
    quote! { __c::slot::Slot::Absent }
}

/// The slot of the property at `path` in the struct that the expression `of` is; `None` if it never has one.
fn in_struct(shape: &Struct, path: &[String], kind: FieldKind, of: TokenStream) -> Option<TokenStream> {
    let (key, rest) = path.split_first()?;
    if let Some(constant) = shape.constants.iter().find(|constant| constant.key == *key) {
        return rest.is_empty().then(|| slot_of(&constant.value)).flatten();
    }
    let field = shape.fields.iter().find(|field| field.key == *key)?;
    let value = quote! { __value };
    let found = match (&field.held.shape, rest) {
        (shape, []) => convert(shape, kind),
        (Shape::Struct(inner), rest) => in_struct(inner, rest, kind, value),
        (Shape::Tagged(inner), rest) if field.held.shared => {
            in_tagged(inner, rest, kind, quote! { &**__value })
        }
        (Shape::Tagged(inner), rest) => in_tagged(inner, rest, kind, value),
        (Shape::Value, rest) => Some(in_value(&value, rest, kind)),
        (Shape::SecretValue(_), rest) => Some(in_value(&quote! { __value.expose_value() }, rest, kind)),
        _ => None,
    };
    Some(through(found?, field, &of, &absent()))
}

/// The same in one of several structs.
fn in_tagged(shape: &Tagged, path: &[String], kind: FieldKind, of: TokenStream) -> Option<TokenStream> {
    let slots: Vec<_> =
        shape.variants.iter().map(|(.., inner)| in_struct(inner, path, kind, quote! { __config })).collect();
    if slots.iter().all(Option::is_none) {
        return None;
    }
    let name = ident(&shape.name);
    let arms = shape.variants.iter().zip(slots).map(|((_, variant, _), slot)| {
        let (variant, slot) = (ident(variant), slot.unwrap_or_else(absent));
        quote! { #name::#variant(__config) => #slot }
    });
    Some(quote! { match #of { #(#arms,)* } })
}

fn in_value(value: &TokenStream, path: &[String], kind: FieldKind) -> TokenStream {
    let pointer: String = path.iter().fold(String::new(), |mut pointer, token| {
        authwire_model::pointer::push_token(&mut pointer, token);
        pointer
    });
    let kind = kind_of(kind);
    quote! {
        #value.pointer(#pointer).map_or(__c::slot::Slot::Absent, |__value| __c::slot::of(#kind, __value))
    }
}

/// The slot of a constant.
fn slot_of(value: &Json) -> Option<TokenStream> {
    Some(match value {
        Json::String(text) => {
            let text = &**text;
            quote! { ::core::convert::From::from(#text) }
        }
        Json::Bool(value) => quote! { __c::slot::Slot::Boolean(#value) },
        Json::Number(number) => {
            let number = match *number {
                Number::Unsigned(number) => quote! { Unsigned(#number) },
                Number::Negative(number) => quote! { Negative(#number) },
                Number::Float(number) => quote! { Float(#number) },
            };
            quote! { __c::slot::Slot::Number(__c::number::Number::#number) }
        }
        Json::Null | Json::Array(_) | Json::Object(_) => return None,
    })
}

/// Whether what stands at `path` is a constant.
pub(super) fn is_constant(shape: &Struct, path: &[String]) -> bool {
    let Some((key, rest)) = path.split_first() else { return false };
    let field = shape.fields.iter().find(|field| field.key == *key);
    match field.map(|field| &field.held.shape) {
        Some(Shape::Struct(inner)) => is_constant(inner, rest),
        Some(_) => false,
        None => shape.constants.iter().any(|constant| constant.key == *key),
    }
}

/// Code that goes into a field of the expression `of`: `found`, for which it is `value`, or `absent` where there is none.
fn through(found: TokenStream, field: &Field, of: &TokenStream, absent: &TokenStream) -> TokenStream {
    let name = ident(&field.name);
    if field.required {
        quote! { { let __value = &#of.#name; #found } }
    } else {
        quote! {
            match &#of.#name {
                ::core::option::Option::Some(__value) => #found,
                ::core::option::Option::None => #absent,
            }
        }
    }
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
        let inside = quote! { __value };
        let found =
            self.others.iter().rev().fold(found, |found, field| through(found, field, &inside, absent));
        through(found, self.first, &of, absent)
    }
}

/// The slot that `value`, a reference to what is held, comes to; `None` for what is read only by what stands in it.
fn convert(shape: &Shape, kind: FieldKind) -> Option<TokenStream> {
    Some(match shape {
        Shape::String => quote! { ::core::convert::From::from(__value.as_str()) },
        Shape::Text | Shape::Secret | Shape::TextMap => quote! { ::core::convert::From::from(__value) },
        Shape::Boolean => quote! { __c::slot::Slot::Boolean(*__value) },
        Shape::Integer(Integer::I64) => {
            quote! { __c::slot::Slot::Number(::core::convert::From::from(*__value)) }
        }
        Shape::Integer(_) => {
            quote! { __c::slot::Slot::Number(__c::number::Number::Unsigned(::core::convert::From::from(*__value))) }
        }
        Shape::Number => quote! { __c::slot::Slot::Number(::core::convert::From::from(*__value)) },
        Shape::Names(_) => quote! { ::core::convert::From::from(__value.as_str()) },
        Shape::List(item) => {
            let item = match &item.shape {
                Shape::Number => return Some(quote! { __c::slot::Slot::numbers(__value) }),
                Shape::Names(_) => quote! { __item.as_str() },
                Shape::Integer(_) | Shape::Boolean => quote! { *__item },
                Shape::String => quote! { __item.as_str() },
                Shape::Value => quote! { ::core::clone::Clone::clone(__item) },
                _ => return None,
            };
            quote! { __c::slot::Slot::list(::core::iter::Iterator::map(__value.iter(), |__item| #item)) }
        }
        Shape::Value => {
            let kind = kind_of(kind);
            quote! { __c::slot::of(#kind, __value) }
        }
        Shape::SecretValue(_) => {
            let kind = kind_of(kind);
            quote! { __c::slot::of(#kind, __value.expose_value()) }
        }
        Shape::Struct(_) | Shape::Tagged(_) | Shape::AuthConfig => return None,
    })
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
