//! How each type is written back as JSON: a row for each field. What is made of it stands in `authwire-core`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::model::{Held, Names, Shape, Struct, Tagged};
use crate::name::ident;

/// An implementation for every type of the shape.
pub(super) fn all(held: &Held) -> TokenStream {
    let mut code = TokenStream::new();
    write(held, &mut code);
    code
}

/// The implementation for a type, with the body of `write`; serde's is made of it.
pub(super) fn written(name: &Ident, body: &TokenStream) -> TokenStream {
    quote! {
        impl __w::Write for #name {
            fn write(&self, __writer: &mut __w::Writer) {
                #body
            }
        }

        impl __a::serde::Serialize for #name {
            fn serialize<S: __a::serde::Serializer>(
                &self,
                __serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                __a::serialize(self, __serializer)
            }
        }
    }
}

fn write(held: &Held, code: &mut TokenStream) {
    if held.shared {
        return;
    }
    match &held.shape {
        Shape::Struct(shape) => structure(shape, code),
        Shape::Tagged(shape) => tagged(shape, code),
        Shape::Names(Names { name, .. }) => {
            let name = ident(name);
            code.extend(written(&name, &quote! { __w::Write::write(self.as_str(), __writer); }));
        }
        Shape::List(item) => write(item, code),
        _ => {}
    }
}

fn tagged(shape: &Tagged, code: &mut TokenStream) {
    let name = ident(&shape.name);
    let variants = shape.variants.iter().map(|(_, variant, _)| ident(variant));
    let body =
        quote! { match self { #(Self::#variants(__value) => __w::Write::write(__value, __writer),)* } };
    code.extend(written(&name, &body));
    shape.variants.iter().for_each(|(.., of)| structure(of, code));
}

fn structure(shape: &Struct, code: &mut TokenStream) {
    let name = ident(&shape.name);
    let constants = shape.constants.iter().map(|constant| {
        let (key, text) = (&constant.key, constant.value.to_string());
        quote! { __writer.raw(#key, #text); }
    });
    let fields = shape.fields.iter().map(|field| {
        let (key, name) = (&field.key, ident(&field.name));
        match field.required {
            true => quote! { __writer.member(#key, &self.#name); },
            false => quote! { __writer.optional(#key, &self.#name); },
        }
    });
    code.extend(written(&name, &quote! { __writer.object(|__writer| { #(#constants)* #(#fields)* }); }));
    shape.fields.iter().for_each(|field| write(&field.held, code));
}
