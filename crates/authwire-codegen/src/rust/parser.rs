//! The one-pass parser: keys match to fields, each value is read and checked in place, nothing is buffered.
//!
//! It answers a value or "ask the interpreter"; what a keyword means is not said here.

use authwire_model::compiled::Document;
use authwire_model::rules::{TextNodes, string_node};
use authwire_model::table::Schema;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::types::integer_type;
use crate::model::{Held, Integer, Shape, Struct, Tagged};
use crate::name::ident;

/// A function for every struct, enum and list of the shape.
pub(super) fn all(held: &Held, document: &Document) -> TokenStream {
    let mut code = TokenStream::new();
    write(held, document, &mut code);
    code
}

/// An expression that reads a value.
pub(super) fn call(held: &Held, schema: &Schema) -> TokenStream {
    let node = Literal::u32_unsuffixed(held.node);
    let string = Literal::u32_unsuffixed(string_node(schema, held.node));
    let read = match &held.shape {
        Shape::String => quote! { __r::string(__reader, &SCHEMA, #string).map(|text| text.into_owned()) },
        Shape::Text => {
            let nodes = text_nodes(TextNodes::behind(schema, held.node));
            quote! { __r::text(__reader, &SCHEMA, #nodes) }
        }
        Shape::Secret => {
            let nodes = text_nodes(TextNodes::behind(schema, held.node));
            quote! { __r::secret(__reader, &SCHEMA, #nodes) }
        }
        Shape::TextMap => match TextNodes::of_map(schema, held.node) {
            Some(nodes) => {
                let nodes = text_nodes(nodes);
                quote! { __r::text_map(__reader, &SCHEMA, #nodes) }
            }
            // a map without rules for its values is none that was meant: the interpreter tells
            None => quote! { ::core::result::Result::Err(__r::Reject) },
        },
        Shape::Boolean => quote! { __r::boolean(__reader, &SCHEMA, #node) },
        Shape::Integer(integer) => {
            let convert = match integer {
                Integer::I64 => quote! { as_i64 },
                _ => quote! { as_u64 },
            };
            let of = integer_type(*integer);
            quote! {
                __r::number(__reader, &SCHEMA, #node).and_then(|number| {
                    number.#convert().and_then(|number| <#of>::try_from(number).ok()).ok_or(__r::Reject)
                })
            }
        }
        Shape::Number => quote! { __r::number(__reader, &SCHEMA, #node).map(|number| number.as_f64()) },
        Shape::Names(names) => {
            let name = ident(&names.name);
            quote! {
                __r::string(__reader, &SCHEMA, #string).and_then(|text| #name::named(&text).ok_or(__r::Reject))
            }
        }
        Shape::List(item) => {
            let item = call(item, schema);
            quote! { __r::list(__reader, &SCHEMA, #node, |__reader| #item) }
        }
        Shape::Struct(Struct { name, .. }) | Shape::Tagged(Tagged { name, .. }) => {
            let function = format_ident!("parse_{}", name);
            quote! { #function(__reader, __loaded) }
        }
        Shape::AuthConfig => quote! { AuthConfig::parse(__reader, __loaded) },
        Shape::Value => quote! { __r::value(__reader, &SCHEMA, #node) },
    };
    if held.guarded {
        quote! { __r::guard(__reader, &SCHEMA, #node).and_then(|()| #read) }
    } else {
        read
    }
}

fn text_nodes(nodes: TextNodes) -> TokenStream {
    let string = Literal::u32_unsuffixed(nodes.string);
    let reference = match nodes.reference {
        Some(node) => {
            let node = Literal::u32_unsuffixed(node);
            quote! { Some(#node) }
        }
        None => quote! { None },
    };
    quote! { __r::TextNodes { string: #string, reference: ::core::option::Option::#reference } }
}

fn write(held: &Held, document: &Document, code: &mut TokenStream) {
    match &held.shape {
        Shape::Struct(shape) => structure(shape, document, code),
        Shape::List(item) => write(item, document, code),
        Shape::Tagged(shape) => {
            let (name, function, tag) =
                (ident(&shape.name), format_ident!("parse_{}", shape.name), &shape.tag);
            let arms = shape.variants.iter().map(|(values, variant, of)| {
                let (variant, function) = (ident(variant), format_ident!("parse_{}", of.name));
                quote! { #(#values)|* => #function(__reader, __loaded).map(#name::#variant) }
            });
            code.extend(quote! {
                #[allow(non_snake_case)]
                fn #function(__reader: &mut __c::json::Reader<'_>, __loaded: __c::read::Loaded<'_>) -> __r::Read<#name> {
                    let tag = __r::tag(__reader, #tag)?;
                    match &*tag {
                        #(#arms,)*
                        _ => ::core::result::Result::Err(__r::Reject),
                    }
                }
            });
            for (_, _, of) in &shape.variants {
                structure(of, document, code);
            }
        }
        _ => {}
    }
}

fn structure(shape: &Struct, document: &Document, code: &mut TokenStream) {
    let (name, function) = (ident(&shape.name), format_ident!("parse_{}", shape.name));
    let locals: Vec<_> = (0..shape.fields.len()).map(|index| format_ident!("__f{}", index)).collect();
    let keys = shape.fields.iter().map(|field| &field.key);
    let calls = shape.fields.iter().map(|field| call(&field.held, &document.schema));
    let flags: Vec<_> = (0..shape.constants.len()).map(|index| format_ident!("__c{}", index)).collect();
    let constant_keys = shape.constants.iter().map(|(key, ..)| key);
    let constant_nodes = shape.constants.iter().map(|(_, node, _)| Literal::u32_unsuffixed(*node));
    let demanded =
        shape.constants.iter().zip(&flags).filter(|((.., required), _)| *required).map(|(_, flag)| {
            quote! { __r::demand(#flag)?; }
        });
    let present = |key: &str| {
        let field = shape.fields.iter().position(|field| field.key == key).map(|at| {
            let local = &locals[at];
            quote! { #local.is_some() }
        });
        let constant = || {
            shape.constants.iter().position(|(known, ..)| known == key).map(|at| {
                let flag = &flags[at];
                quote! { #flag }
            })
        };
        field.or_else(constant).unwrap_or_else(|| quote! { false })
    };
    let needs = shape.needs.iter().flat_map(|(name, others)| {
        let name = present(name);
        others
            .iter()
            .map(|other| present(other))
            .map(move |other| quote! { __r::demand(!#name || #other)?; })
            .collect::<Vec<_>>()
    });
    let fields = shape.fields.iter().zip(&locals).map(|(field, local)| {
        let name = ident(&field.name);
        if field.required {
            quote! { #name: #local.ok_or(__r::Reject)? }
        } else {
            quote! { #name: #local }
        }
    });
    code.extend(quote! {
        #[allow(non_snake_case, unused_variables)]
        fn #function(__reader: &mut __c::json::Reader<'_>, __loaded: __c::read::Loaded<'_>) -> __r::Read<#name> {
            #(let mut #locals = ::core::option::Option::None;)*
            #(let mut #flags = false;)*
            let mut object = __reader.object()?;
            while let ::core::option::Option::Some(key) = __reader.key(&mut object)? {
                match &*key {
                    #(#keys if #locals.is_none() => #locals = ::core::option::Option::Some(#calls?),)*
                    #(#constant_keys if !#flags => {
                        __r::constant(__reader, &SCHEMA, #constant_nodes)?;
                        #flags = true;
                    })*
                    _ => return ::core::result::Result::Err(__r::Reject),
                }
            }
            #(#demanded)*
            #(#needs)*
            ::core::result::Result::Ok(#name { #(#fields,)* })
        }
    });
    for field in &shape.fields {
        write(&field.held, document, code);
    }
}
