//! How data is written as the expression that makes it: [`Data`], what it is for the types that rows are made of, and the
//! two macros that say it for the rest, `record!` of a structure and `choice!` of an enum.

use authwire_model::list::{List, One, Str};
use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::{format_ident, quote};

/// What can be written as an expression. Where it stands, `__t` must be `authwire_model::table`, `__p` its `plan`, `__l`
/// its `list` and `__c` the crate itself.
pub(super) trait Data {
    /// The expression.
    fn data(&self) -> TokenStream;
}

/// Writes a structure by its fields, which it must have all of: `record!(__t, If { test, then, otherwise });`.
macro_rules! record {
    ($($module:ident)::+, $name:ident { $($field:ident),+ $(,)? }) => {
        impl Data for $name {
            fn data(&self) -> TokenStream {
                let Self { $($field),+ } = self;
                made(&[$(stringify!($module),)+ stringify!($name)], &[], &[$((stringify!($field), $field)),+])
            }
        }
    };
}

/// Writes an enum by its variants, which it must have all of: `choice!(__p, Part { Literal(text), Field(source) });`.
macro_rules! choice {
    ($($module:ident)::+, $name:ident { $($variant:ident
        $(($($item:ident),+))? $({ $($field:ident),+ $(,)? })?),+ $(,)?
    }) => {
        impl Data for $name {
            fn data(&self) -> TokenStream {
                let (variant, items, fields): (_, &[&dyn Data], &[(&str, &dyn Data)]) = match self {
                    $(Self::$variant $(($($item),+))? $({ $($field),+ })? => {
                        (stringify!($variant), &[$($($item),+)?], &[$($((stringify!($field), $field)),+)?])
                    })+
                };
                made(&[$(stringify!($module),)+ stringify!($name), variant], items, fields)
            }
        }
    };
}

pub(super) use {choice, record};

/// `path`, `path(items)` or `path { fields }`.
pub(super) fn made(path: &[&str], items: &[&dyn Data], fields: &[(&str, &dyn Data)]) -> TokenStream {
    let path = path.iter().map(|name| format_ident!("{name}"));
    let mut tokens = quote! { #(#path)::* };
    if !items.is_empty() {
        let items = items.iter().map(|item| item.data());
        tokens.extend(quote! { (#(#items),*) });
    }
    if !fields.is_empty() {
        let names = fields.iter().map(|(name, _)| format_ident!("{name}"));
        let values = fields.iter().map(|(_, value)| value.data());
        tokens.extend(quote! { { #(#names: #values),* } });
    }
    tokens
}

impl<T: Data> Data for List<T> {
    fn data(&self) -> TokenStream {
        let mut rows = TokenStream::new();
        self.iter().for_each(|row| push(&mut rows, row));
        list(rows)
    }
}

/// What is one for all types of rows stands outside of them, so that it is compiled once.
fn push(rows: &mut TokenStream, row: &dyn Data) {
    let row = row.data();
    rows.extend(quote! { #row, });
}

fn list(rows: TokenStream) -> TokenStream {
    match rows.is_empty() {
        true => quote! { __l::List::EMPTY },
        false => quote! { __l::List::Static(&[#rows]) },
    }
}

impl<T: Data> Data for One<T> {
    fn data(&self) -> TokenStream {
        pointed_to(&**self)
    }
}

fn pointed_to(it: &dyn Data) -> TokenStream {
    let it = it.data();
    quote! { __l::One::Static(&#it) }
}

impl<T: Data> Data for Option<T> {
    fn data(&self) -> TokenStream {
        option(self.as_ref().map(|value| value as &dyn Data))
    }
}

fn option(value: Option<&dyn Data>) -> TokenStream {
    match value.map(Data::data) {
        Some(value) => quote! { ::core::option::Option::Some(#value) },
        None => quote! { ::core::option::Option::None },
    }
}

impl<A: Data, B: Data> Data for (A, B) {
    fn data(&self) -> TokenStream {
        made(&[], &[&self.0, &self.1], &[])
    }
}

impl<A: Data, B: Data, C: Data> Data for (A, B, C) {
    fn data(&self) -> TokenStream {
        made(&[], &[&self.0, &self.1, &self.2], &[])
    }
}

impl Data for Str {
    fn data(&self) -> TokenStream {
        let text = &**self;
        quote! { __l::Str::Static(#text) }
    }
}

/// Bytes: one token, where a list of numbers would be hundreds.
pub(super) struct Bytes<'b>(pub(super) &'b [u8]);

impl Data for Bytes<'_> {
    fn data(&self) -> TokenStream {
        let bytes = Literal::byte_string(self.0);
        quote! { __l::List::Static(#bytes) }
    }
}

impl Data for bool {
    fn data(&self) -> TokenStream {
        quote! { #self }
    }
}

impl Data for char {
    fn data(&self) -> TokenStream {
        TokenTree::from(Literal::character(*self)).into()
    }
}

impl Data for u8 {
    fn data(&self) -> TokenStream {
        u64::from(*self).data()
    }
}

impl Data for u16 {
    fn data(&self) -> TokenStream {
        u64::from(*self).data()
    }
}

impl Data for u32 {
    fn data(&self) -> TokenStream {
        u64::from(*self).data()
    }
}

impl Data for u64 {
    fn data(&self) -> TokenStream {
        TokenTree::from(Literal::u64_unsuffixed(*self)).into()
    }
}

impl Data for i64 {
    fn data(&self) -> TokenStream {
        quote! { #self }
    }
}

impl Data for f64 {
    fn data(&self) -> TokenStream {
        match self.is_finite() {
            true => quote! { #self },
            false if *self > 0.0 => quote! { ::core::primitive::f64::INFINITY },
            false => quote! { ::core::primitive::f64::NEG_INFINITY },
        }
    }
}
