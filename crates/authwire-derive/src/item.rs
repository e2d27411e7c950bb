//! The item that the derive stands on: `#[connector(…)] pub struct Name;`.
//!
//! It is read with the part of syn that every crate which uses syn builds: types, fields and bounds, which no item of ours
//! has, are another half of it.

use authwire_codegen::rust::Generics;
use proc_macro2::{Delimiter, Ident, Punct, Spacing, TokenStream, TokenTree};
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
    /// Those that it should not have.
    pub(crate) generics: Generics,
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
        let generics = generics(&mut input.parse::<TokenStream>()?.into_iter());
        Ok(Self { attributes, visibility, name, form, generics })
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

/// The generics in what follows a name.
fn generics(tokens: &mut impl Iterator<Item = TokenTree>) -> Generics {
    let mut generics = Generics::default();
    let mut depth = 0;
    let mut parameter = Vec::new();
    let mut is_default = false;
    let mut before = ' ';
    for token in tokens.by_ref() {
        let sign = if let TokenTree::Punct(punct) = &token { punct.as_char() } else { ' ' };
        match sign {
            '<' => depth += 1,
            '>' if before != '-' => depth -= 1,
            _ => {}
        }
        match (depth, sign) {
            (0, '>') => break,
            // fields or variants
            (0, _) => return generics,
            (1, '<') => {}
            (1, ',') => {
                declare(&mut generics, std::mem::take(&mut parameter));
                is_default = false;
            }
            (1, '=') => is_default = true,
            _ if is_default => {}
            _ => parameter.push(token),
        }
        before = sign;
    }
    declare(&mut generics, parameter);
    let behind = tokens.skip_while(|token| !matches!(token, TokenTree::Ident(name) if name == "where"));
    generics.bounds = behind.skip(1).take_while(|token| !is_end(token)).collect();
    generics
}

/// Adds a parameter, without its attributes.
fn declare(generics: &mut Generics, parameter: Vec<TokenTree>) {
    let is = |token: &TokenTree, sign| matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign);
    let mut tokens = parameter.into_iter().peekable();
    while tokens.next_if(|token| is(token, '#')).is_some() {
        tokens.next();
    }
    let declared: Vec<TokenTree> = tokens.collect();
    if declared.is_empty() {
        return;
    }
    let is_const = matches!(declared.first(), Some(TokenTree::Ident(name)) if name == "const");
    let names = declared.iter().skip(usize::from(is_const));
    // a lifetime is two tokens
    let length = if declared.first().is_some_and(|token| is(token, '\'')) { 2 } else { 1 };
    generics.arguments.extend(names.take(length).cloned());
    generics.parameters.extend(declared);
    let comma: TokenTree = Punct::new(',', Spacing::Alone).into();
    [&mut generics.arguments, &mut generics.parameters]
        .into_iter()
        .for_each(|list| list.extend([comma.clone()]));
}

/// Whether a `where` ends here.
fn is_end(token: &TokenTree) -> bool {
    match token {
        TokenTree::Punct(punct) => punct.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
    use quote::quote;

    use super::{Form, Generics, Item};

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
            assert_eq!(form == Form::Generic, !item.generics.parameters.is_empty());
        }
    }

    #[test]
    fn generics_are_told_for_an_impl() {
        let read = |tokens| {
            let Generics { parameters, arguments, bounds } = read(tokens).generics;
            [parameters, arguments, bounds].map(|tokens| tokens.to_string())
        };
        let told = |parameters: TokenStream, arguments: TokenStream, bounds: TokenStream| {
            [parameters, arguments, bounds].map(|tokens| tokens.to_string())
        };
        assert_eq!(
            read(
                quote! { struct Name<#[a] 'a: 'static, T: Fn(Vec<u8>) -> Vec<(u8, T)> + Iterator<Item = u8> = fn(u8), const N: usize = { 1 }>; }
            ),
            told(
                quote! { 'a: 'static, T: Fn(Vec<u8>) -> Vec<(u8, T)> + Iterator<Item = u8>, const N: usize, },
                quote! { 'a, T, N, },
                quote! {}
            )
        );
        for item in [
            quote! { struct Name<T>(T) where T: Clone, Vec<T>: Copy; },
            quote! { struct Name<T> where T: Clone, Vec<T>: Copy { field: T } },
            quote! { enum Name<T,> where T: Clone, Vec<T>: Copy { One(T) } },
        ] {
            let bounds = quote! { T: Clone, Vec<T>: Copy };
            assert_eq!(read(item)[1..], told(quote! {}, quote! { T, }, bounds)[1..]);
        }
        assert_eq!(read(quote! { struct Name(Vec<u8>); })[0], "");
    }
}
