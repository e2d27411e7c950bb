//! Tokens one after the other. The derive reads an attribute and a unit struct: for that little, a parser of all of Rust
//! would be most of what its users compile.

use std::iter::Peekable;
use std::vec::IntoIter;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use crate::error::{Error, Result};
use crate::literal;

/// The tokens that are left.
pub(crate) struct Tokens {
    left: Peekable<IntoIter<TokenTree>>,
    /// What a mistake is told at where no token is left.
    end: Span,
}

impl Tokens {
    pub(crate) fn new(stream: TokenStream, end: Span) -> Self {
        let mut all = Vec::new();
        flatten(stream, &mut all);
        Self { left: all.into_iter().peekable(), end }
    }

    /// Those inside of a group.
    pub(crate) fn inside(group: &Group) -> Self {
        Self::new(group.stream(), group.span_close())
    }

    /// Where the next token stands.
    pub(crate) fn span(&mut self) -> Span {
        self.left.peek().map_or(self.end, TokenTree::span)
    }

    pub(crate) fn is_empty(&mut self) -> bool {
        self.left.peek().is_none()
    }

    /// Whether the next token is this one.
    pub(crate) fn is_punct(&mut self, punct: char) -> bool {
        matches!(self.left.peek(), Some(TokenTree::Punct(next)) if next.as_char() == punct)
    }

    /// Takes the next token, if it is this one.
    pub(crate) fn punct(&mut self, punct: char) -> Option<TokenTree> {
        self.is_punct(punct).then(|| self.left.next()).flatten()
    }

    /// Takes the next token, if it is a word.
    pub(crate) fn word(&mut self) -> Option<Ident> {
        match self.left.next_if(|next| matches!(next, TokenTree::Ident(_))) {
            Some(TokenTree::Ident(word)) => Some(word),
            _ => None,
        }
    }

    /// Takes the next token, if it is this word.
    pub(crate) fn keyword(&mut self, keyword: &str) -> Option<Ident> {
        match self.left.peek() {
            Some(TokenTree::Ident(word)) if word == keyword => self.word(),
            _ => None,
        }
    }

    /// Takes the next token, if it is a group in these delimiters.
    pub(crate) fn group(&mut self, delimiter: Delimiter) -> Option<Group> {
        let is_one =
            |next: &TokenTree| matches!(next, TokenTree::Group(group) if group.delimiter() == delimiter);
        match self.left.next_if(is_one) {
            Some(TokenTree::Group(group)) => Some(group),
            _ => None,
        }
    }

    /// Takes `= "text"`: the text, and where it stands.
    pub(crate) fn string_value(&mut self) -> Result<(String, Span)> {
        self.equals_sign()?;
        let span = self.span();
        match self.left.next() {
            Some(TokenTree::Literal(literal)) => literal::string(&literal.to_string()),
            _ => None,
        }
        .map(|text| (text, span))
        .ok_or_else(|| Error::new(span, "expected string literal"))
    }

    /// Takes `= path`: words with `::` between them.
    pub(crate) fn path_value(&mut self) -> Result<TokenStream> {
        self.equals_sign()?;
        let mut path = Vec::new();
        let mut separator = [self.punct(':'), self.punct(':')];
        loop {
            path.extend(separator.into_iter().flatten());
            let span = self.span();
            path.push(self.word().ok_or_else(|| Error::new(span, "expected a path"))?.into());
            if !self.is_punct(':') {
                return Ok(path.into_iter().collect());
            }
            separator = [self.punct(':'), self.punct(':')];
        }
    }

    fn equals_sign(&mut self) -> Result<()> {
        let span = self.span();
        self.punct('=').map(drop).ok_or_else(|| Error::new(span, "expected `=`"))
    }
}

/// A fragment of `macro_rules!` stands in a group without delimiters, which says nothing here.
fn flatten(stream: TokenStream, all: &mut Vec<TokenTree>) {
    for token in stream {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => flatten(group.stream(), all),
            token => all.push(token),
        }
    }
}
