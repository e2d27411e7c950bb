//! The item that the derive stands on: a unit struct, and its attributes.

use proc_macro2::{Delimiter, Ident, Span, TokenStream};

use crate::error::{Error, Result};
use crate::tokens::Tokens;

/// The item.
pub(crate) struct Item {
    /// What stands in the brackets of its attributes.
    pub(crate) attributes: Vec<Tokens>,
    pub(crate) visibility: TokenStream,
    pub(crate) name: Ident,
    pub(crate) is_generic: bool,
    /// Whether it is `struct Name;`.
    pub(crate) is_unit_struct: bool,
}

impl Item {
    pub(crate) fn parse(input: TokenStream) -> Result<Self> {
        let mut tokens = Tokens::new(input, Span::call_site());
        let mut attributes = Vec::new();
        while tokens.punct('#').is_some() {
            attributes.extend(tokens.group(Delimiter::Bracket).as_ref().map(Tokens::inside));
        }
        let mut visibility = TokenStream::new();
        if let Some(word) = tokens.keyword("pub") {
            visibility.extend([proc_macro2::TokenTree::from(word)]);
            visibility.extend(tokens.group(Delimiter::Parenthesis).map(proc_macro2::TokenTree::from));
        }
        let is_struct = tokens.keyword("struct").is_some();
        if !is_struct {
            // `enum` or `union`
            tokens.word();
        }
        let span = tokens.span();
        let name = tokens.word().ok_or_else(|| Error::new(span, "expected a name"))?;
        Ok(Self {
            attributes,
            visibility,
            name,
            is_generic: tokens.is_punct('<'),
            is_unit_struct: is_struct && tokens.is_punct(';'),
        })
    }
}
