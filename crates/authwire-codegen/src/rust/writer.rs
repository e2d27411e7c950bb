//! How each type is written back as JSON: a row for each field. What is made of it stands in `authwire-core`.

use authwire_model::compiled::Document;
use authwire_model::table::{Json, Keyword, NodeId};
use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Held, Names, Shape, Struct, Tagged};
use crate::name::ident;

/// An implementation for every type of the shape.
pub(super) fn all(held: &Held, document: &Document) -> TokenStream {
    let mut code = TokenStream::new();
    write(held, document, &mut code);
    code
}

fn write(held: &Held, document: &Document, code: &mut TokenStream) {
    match &held.shape {
        Shape::Struct(shape) => structure(shape, None, document, code),
        Shape::Tagged(shape) => tagged(shape, document, code),
        Shape::Names(Names { name, .. }) => {
            let name = ident(name);
            code.extend(quote! {
                impl __w::Write for #name {
                    fn write(&self, writer: &mut __w::Writer) {
                        __w::Write::write(self.as_str(), writer);
                    }
                }
            });
        }
        Shape::List(item) => write(item, document, code),
        _ => {}
    }
}

fn tagged(shape: &Tagged, document: &Document, code: &mut TokenStream) {
    let name = ident(&shape.name);
    let variants = shape.variants.iter().map(|(_, variant, _)| ident(variant));
    code.extend(quote! {
        impl __w::Write for #name {
            fn write(&self, writer: &mut __w::Writer) {
                match self { #(Self::#variants(value) => __w::Write::write(value, writer),)* }
            }
        }
    });
    for (values, _, of) in &shape.variants {
        let tag = match &values[..] {
            [only] => Some((shape.tag.as_str(), only.as_str())),
            _ => None,
        };
        structure(of, tag, document, code);
    }
}

fn structure(shape: &Struct, tag: Option<(&str, &str)>, document: &Document, code: &mut TokenStream) {
    let name = ident(&shape.name);
    let constants = shape.constants.iter().filter_map(|(key, node, required)| {
        let text = match tag.filter(|(tag, _)| tag == key) {
            Some((_, value)) => Json::String(value.to_owned().into()).to_string(),
            // a name of its own that a type may leave out is written all the same: it says what the rest is
            None if *required || key == "type" => constant(document, *node)?,
            None => return None,
        };
        Some(quote! { writer.raw(#key, #text); })
    });
    let fields = shape.fields.iter().map(|field| {
        let (key, name) = (&field.key, ident(&field.name));
        match field.required {
            true => quote! { writer.member(#key, &self.#name); },
            false => quote! { writer.optional(#key, &self.#name); },
        }
    });
    code.extend(quote! {
        impl __w::Write for #name {
            fn write(&self, writer: &mut __w::Writer) {
                writer.object(|writer| { #(#constants)* #(#fields)* });
            }
        }
    });
    for field in &shape.fields {
        write(&field.held, document, code);
    }
}

/// The text of the only value that a node lets through.
fn constant(document: &Document, node: NodeId) -> Option<String> {
    document.schema.node(node).keywords.iter().find_map(|row| match row {
        Keyword::Const(value) => Some(value.to_string()),
        Keyword::Ref(target) => constant(document, *target),
        _ => None,
    })
}
