//! A mistake in the derive's input, and how the compiler is told of it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

/// What is wrong, and where.
#[derive(Debug)]
pub(crate) struct Error {
    span: Span,
    message: String,
}

/// A result of reading the input.
pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(span: Span, message: impl ToString) -> Self {
        Self { span, message: message.to_string() }
    }

    /// The invocation of `compile_error!` that says it.
    pub(crate) fn into_compile_error(self) -> TokenStream {
        let Self { span, message } = self;
        let compile_error = Ident::new("compile_error", span);
        quote_spanned! { span => ::core::#compile_error! { #message } }
    }
}
