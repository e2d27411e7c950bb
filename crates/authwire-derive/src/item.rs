//! The item that the derive stands on: `#[connector(…)] pub struct Name;`.
//!
//! It is read with the part of syn that every crate which uses syn builds: types, fields and bounds, which no item of ours
//! has, are another half of it.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Token, bracketed, token};

/// What a derive is told of its item.
pub(crate) struct Item {
    /// What stands in the brackets of each `#[connector…]`.
    pub(crate) attributes: Vec<TokenStream>,
    pub(crate) visibility: TokenStream,
    pub(crate) name: Ident,
    pub(crate) form: Form,
}

/// What follows the name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `struct Name;`
    Unit,
    /// `<…>`, and whatever stands behind it.
    Generic,
    /// Fields or variants.
    Other,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut attributes = Vec::new();
        while input.parse::<Option<Token![#]>>()?.is_some() {
            let content;
            bracketed!(content in input);
            let is_ours = is_ours(&content.fork());
            let tokens = content.parse()?;
            if is_ours {
                attributes.push(tokens);
            }
        }
        let visibility = visibility(input)?;
        let is_struct = input.call(Ident::parse_any)? == "struct";
        let name = input.call(Ident::parse_any)?;
        let form = match (is_struct, input.peek(Token![<]), input.peek(Token![;])) {
            (_, true, _) => Form::Generic,
            (true, false, true) => Form::Unit,
            _ => Form::Other,
        };
        input.parse::<TokenStream>()?;
        Ok(Self { attributes, visibility, name, form })
    }
}

/// Whether an attribute's path is `connector`, and nothing more.
fn is_ours(attribute: ParseStream<'_>) -> bool {
    attribute.call(Ident::parse_any).is_ok_and(|name| name == "connector") && !attribute.peek(Token![::])
}

/// `pub`, `pub(…)` or nothing; a macro's `$vis` that matched nothing is a group around nothing.
fn visibility(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let nothing = input.step(|cursor| match cursor.group(Delimiter::None) {
        Some((content, _, rest)) if content.eof() => Ok((true, rest)),
        _ => Ok((false, *cursor)),
    })?;
    let mut visibility = TokenStream::new();
    if !nothing && input.peek(Token![pub]) {
        visibility.extend([input.parse::<TokenTree>()?]);
        if input.peek(token::Paren) {
            visibility.extend([input.parse::<TokenTree>()?]);
        }
    }
    Ok(visibility)
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
    use quote::quote;

    use super::{Form, Item};

    fn read(tokens: TokenStream) -> Item {
        syn::parse2(tokens).expect("what a derive is given is an item")
    }

    #[test]
    fn a_unit_struct_has_its_visibility_and_its_own_attributes() {
        let item = read(quote! {
            #[doc = "what it is"]
            #[rustfmt::skip]
            #[::elsewhere::attribute(of = "another macro")]
            #[connector::other]
            #[unsafe(no_mangle)]
            #[connector(schema = "a.json")]
            #[cfg(feature = "x")]
            #[connector(crate = b)]
            pub(in crate::inner) struct r#type;
        });
        let attributes: Vec<String> = item.attributes.iter().map(ToString::to_string).collect();
        assert_eq!(attributes, ["connector (schema = \"a.json\")", "connector (crate = b)"]);
        assert_eq!(item.visibility.to_string(), quote! { pub(in crate::inner) }.to_string());
        assert_eq!(item.name.to_string(), "r#type");
        assert!(item.form == Form::Unit);
    }

    #[test]
    fn what_a_macro_matched_stands_in_a_group_without_brackets() {
        for inside in [quote! {}, quote! { pub }, quote! { pub(crate) }] {
            let group: TokenTree = Group::new(Delimiter::None, inside.clone()).into();
            let item = read(quote! { #group struct Name; });
            assert_eq!(item.visibility.to_string(), inside.to_string());
            assert_eq!(item.name.to_string(), "Name");
            assert!(item.form == Form::Unit);
        }
    }

    #[test]
    fn anything_but_a_unit_struct_is_told_by_its_form() {
        for (tokens, form) in [
            (quote! { struct Name<T>; }, Form::Generic),
            (quote! { enum Name<'a> { One(&'a str) } }, Form::Generic),
            (quote! { struct Name { key: Vec<String> } }, Form::Other),
            (quote! { pub struct Name(pub String); }, Form::Other),
            (quote! { pub(crate) enum Name {} }, Form::Other),
            (quote! { union Name { one: u8 } }, Form::Other),
        ] {
            let item = read(tokens.clone());
            assert!(item.form == form, "{tokens}");
            assert_eq!(item.name.to_string(), "Name");
        }
    }
}
