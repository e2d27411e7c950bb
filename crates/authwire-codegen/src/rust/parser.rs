//! The one-pass parser: keys match to fields, each value is read and checked in place, nothing is buffered.
//!
//! It answers a value or "ask the interpreter"; what a keyword means is not said here.

use authwire_model::compiled::Document;
use authwire_model::rules::{NumberRules, Others, StringRules, TextRules, constant};
use authwire_model::table::{NodeId, Schema};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::types::integer_type;
use crate::model::{Held, Integer, Shape, Struct};
use crate::name::ident;

/// A parser in the making.
struct Parser<'d> {
    schema: &'d Schema,
    /// A function for every struct and enum.
    functions: TokenStream,
    /// The rules of texts, each once: most texts have the same.
    texts: Vec<TextRules>,
}

/// What the parser of a shape is made of, and an expression that reads the shape.
pub(super) fn parser(held: &Held, document: &Document) -> (TokenStream, TokenStream) {
    let mut parser = Parser { schema: &document.schema, functions: TokenStream::new(), texts: Vec::new() };
    parser.write(held);
    let root = parser.call(held);
    let names = (0..parser.texts.len()).map(text_name);
    let (texts, functions) = (parser.texts.iter().map(text_rules), &parser.functions);
    let items = quote! {
        #(static #names: __r::TextRules = #texts;)*
        #functions
    };
    (items, root)
}

fn text_name(at: usize) -> Ident {
    format_ident!("TEXT_{at}")
}

impl Parser<'_> {
    /// An expression that reads a value.
    fn call(&mut self, held: &Held) -> TokenStream {
        let node = Literal::u32_unsuffixed(held.node);
        let string = || string_rules(&StringRules::behind(self.schema, held.node));
        let read = match &held.shape {
            Shape::String => {
                let rules = string();
                quote! { __r::string(__reader, &SCHEMA, #rules).map(|__text| __text.into_owned()) }
            }
            Shape::Text => {
                let rules = self.text_behind(held);
                quote! { __r::text(__reader, &SCHEMA, &#rules) }
            }
            Shape::Secret => {
                let rules = self.text_behind(held);
                quote! { __r::secret(__reader, &SCHEMA, &#rules) }
            }
            Shape::TextMap => match TextRules::of_map(self.schema, held.node) {
                Some(rules) => {
                    let rules = self.text(rules);
                    quote! { __r::text_map(__reader, &SCHEMA, &#rules) }
                }
                // a map without rules for its values is none that was meant: the interpreter tells
                None => quote! { ::core::result::Result::Err(__r::Reject) },
            },
            Shape::Boolean => quote! { __r::boolean(__reader, &SCHEMA, #node) },
            Shape::Integer(integer) => {
                let (rules, of) =
                    (number_rules(&NumberRules::behind(self.schema, held.node)), integer_type(*integer));
                let narrowed = match integer {
                    Integer::I64 => quote! { __number.as_i64() },
                    Integer::U64 => quote! { __number.as_u64() },
                    // the trait is in no prelude before the edition of 2021
                    Integer::U16 | Integer::U32 => quote! {
                        __number.as_u64().and_then(|__number| <#of as ::core::convert::TryFrom<_>>::try_from(__number).ok())
                    },
                };
                quote! {
                    __r::number(__reader, &SCHEMA, #rules).and_then(|__number| #narrowed.ok_or(__r::Reject))
                }
            }
            Shape::Number => {
                let rules = number_rules(&NumberRules::behind(self.schema, held.node));
                quote! { __r::number(__reader, &SCHEMA, #rules).map(|__number| __number.as_f64()) }
            }
            Shape::Names(names) => {
                // that it is one of the names is all that there is to hold to
                let (name, rules) = (ident(&names.name), string_rules(&no_rules(held.node)));
                quote! {
                    __r::string(__reader, &SCHEMA, #rules).and_then(|__text| #name::named(&__text).ok_or(__r::Reject))
                }
            }
            Shape::List(item) => {
                let item = self.call(item);
                quote! { __r::list(__reader, &SCHEMA, #node, |__reader| #item) }
            }
            Shape::Struct(shape) => call_of(&shape.name, held.shared),
            Shape::Tagged(shape) => call_of(&shape.name, held.shared),
            Shape::AuthConfig => quote! { AuthConfig::parse(__reader, __loaded) },
            Shape::Value => quote! { __r::value(__reader, &SCHEMA, #node) },
            Shape::SecretValue(whole) => quote! { __r::secret_value(__reader, &SCHEMA, #node, #whole) },
        };
        if held.guarded {
            quote! { __r::guard(__reader, &SCHEMA, #node).and_then(|()| #read) }
        } else {
            read
        }
    }

    /// The static that has the rules of a text: none where the interpreter looks at it first, which knows all of them.
    fn text_behind(&mut self, held: &Held) -> Ident {
        self.text(match held.guarded {
            true => {
                let rules = no_rules(held.node);
                TextRules { string: rules, reference: [Some(rules); 3] }
            }
            false => TextRules::behind(self.schema, held.node),
        })
    }

    /// The static that has these rules.
    fn text(&mut self, rules: TextRules) -> Ident {
        let known = self.texts.iter().position(|known| *known == rules);
        text_name(known.unwrap_or_else(|| {
            self.texts.push(rules);
            self.texts.len() - 1
        }))
    }

    fn write(&mut self, held: &Held) {
        if held.shared {
            return;
        }
        match &held.shape {
            Shape::Struct(shape) => self.structure(shape),
            Shape::List(item) => self.write(item),
            Shape::Tagged(shape) => {
                let (name, function, tag) =
                    (ident(&shape.name), format_ident!("parse_{}", shape.name), &shape.tag);
                let arms = shape.variants.iter().map(|(values, variant, of)| {
                    let (variant, function) = (ident(variant), format_ident!("parse_{}", of.name));
                    quote! { #(#values)|* => #function(__reader, __loaded).map(#name::#variant) }
                });
                self.functions.extend(quote! {
                    #[allow(non_snake_case)]
                    fn #function(__reader: &mut __c::json::Reader<'_>, __loaded: __c::read::Loaded<'_>) -> __r::Read<#name> {
                        let __tag = __r::tag(__reader, #tag)?;
                        match &*__tag {
                            #(#arms,)*
                            _ => ::core::result::Result::Err(__r::Reject),
                        }
                    }
                });
                for (_, _, of) in &shape.variants {
                    self.structure(of);
                }
            }
            _ => {}
        }
    }

    fn structure(&mut self, shape: &Struct) {
        let (name, function) = (ident(&shape.name), format_ident!("parse_{}", shape.name));
        let locals: Vec<_> = (0..shape.fields.len()).map(|index| format_ident!("__f{}", index)).collect();
        // a tag stands first
        let keys = shape
            .constants
            .iter()
            .map(|constant| &constant.key)
            .chain(shape.fields.iter().map(|field| &field.key));
        let places = (0_usize..).map(Literal::usize_unsuffixed);
        let (constant_places, field_places) = (places.clone(), places.skip(shape.constants.len()));
        let calls: Vec<_> = shape.fields.iter().map(|field| self.call(&field.held)).collect();
        let flags: Vec<_> = (0..shape.constants.len()).map(|index| format_ident!("__c{}", index)).collect();
        let constants = shape.constants.iter().map(|of| match constant(self.schema, of.node) {
            Some(text) => quote! { __r::same(__reader, #text)?; },
            None => {
                let node = Literal::u32_unsuffixed(of.node);
                quote! { __r::constant(__reader, &SCHEMA, #node)?; }
            }
        });
        let demanded =
            shape.constants.iter().zip(&flags).filter(|(constant, _)| constant.required).map(|(_, flag)| {
                quote! { __r::demand(#flag)?; }
            });
        let present = |key: &str| {
            let field = shape.fields.iter().position(|field| field.key == key).map(|at| {
                let local = &locals[at];
                quote! { #local.is_some() }
            });
            let constant = || {
                shape.constants.iter().position(|constant| constant.key == key).map(|at| {
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
        self.functions.extend(quote! {
            #[allow(non_snake_case, unused_variables)]
            fn #function(__reader: &mut __c::json::Reader<'_>, __loaded: __c::read::Loaded<'_>) -> __r::Read<#name> {
                const KEYS: &[__c::json::Key] = &[#(__c::json::Key::new(#keys),)*];
                #(let mut #locals = ::core::option::Option::None;)*
                #(let mut #flags = false;)*
                let mut __object = __reader.expected()?;
                while __r::pass(__reader, &mut __object, KEYS)? {
                    #(if __reader.is_next(&mut __object, KEYS, #constant_places) {
                        __r::demand(!#flags)?;
                        #constants
                        #flags = true;
                        __reader.go_on(&mut __object);
                    })*
                    #(if __reader.is_next(&mut __object, KEYS, #field_places) {
                        __r::demand(#locals.is_none())?;
                        #locals = ::core::option::Option::Some(#calls?);
                        __reader.go_on(&mut __object);
                    })*
                }
                #(#demanded)*
                #(#needs)*
                ::core::result::Result::Ok(#name { #(#fields,)* })
            }
        });
        for field in &shape.fields {
            self.write(&field.held);
        }
    }
}

fn call_of(name: &str, shared: bool) -> TokenStream {
    let function = format_ident!("parse_{}", name);
    let boxed = shared.then(|| quote! { .map(__a::Box::new) });
    quote! { #function(__reader, __loaded) #boxed }
}

/// Rules that every string holds to.
fn no_rules(node: NodeId) -> StringRules {
    StringRules { node, min_length: 0, others: Others::None }
}

fn string_rules(rules: &StringRules) -> TokenStream {
    let (node, min_length) = (Literal::u32_unsuffixed(rules.node), Literal::u64_unsuffixed(rules.min_length));
    let others = match rules.others {
        Others::None => quote! { None },
        Others::Pattern(row) => {
            let row = Literal::usize_unsuffixed(row);
            quote! { Pattern(#row) }
        }
        Others::Rows => quote! { Rows },
    };
    quote! { __r::StringRules { node: #node, min_length: #min_length, others: __r::Others::#others } }
}

fn number_rules(rules: &NumberRules) -> TokenStream {
    let (node, others) = (Literal::u32_unsuffixed(rules.node), rules.others);
    let (least, most) = (Literal::u64_unsuffixed(rules.least), Literal::u64_unsuffixed(rules.most));
    quote! { __r::NumberRules { node: #node, least: #least, most: #most, others: #others } }
}

fn text_rules(rules: &TextRules) -> TokenStream {
    let string = string_rules(&rules.string);
    let reference = rules.reference.iter().map(|name| match name {
        Some(rules) => {
            let rules = string_rules(rules);
            quote! { Some(#rules) }
        }
        None => quote! { None },
    });
    quote! { __r::TextRules { string: #string, reference: [#(::core::option::Option::#reference,)*] } }
}
