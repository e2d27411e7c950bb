//! Concerns: whether a typed config has anything that calls for the semantic layer.

use authwire_model::plan::{Concern, FieldId, Flaw, Plan, Sign};
use authwire_model::pointer::tokens;
use proc_macro2::TokenStream;
use quote::quote;

use super::slots::{Way, is_constant};
use crate::model::{Held, Shape, Struct, Tagged};
use crate::name::ident;

/// `Config::needs_check`, if a config of this shape can tell.
pub(super) fn all(held: &Held, plan: &Plan) -> Option<TokenStream> {
    let concerns = plan.concerns();
    let all_in = |config: Typed<'_>| any(concerns.iter().map(|concern| config.concern(concern)));
    let answer = match &held.shape {
        Shape::Struct(shape) => all_in(Typed { plan, shape, of: quote! { self }, tag: None }),
        Shape::Tagged(tagged) => {
            let Tagged { tag, variants, .. } = &**tagged;
            let arms = variants.iter().map(|(_, variant, shape)| {
                let answer = all_in(Typed { plan, shape, of: quote! { __config }, tag: Some(tag) });
                let variant = ident(variant);
                quote! { Self::#variant(__config) => #answer }
            });
            quote! { match self { #(#arms,)* } }
        }
        _ => return None,
    };
    Some(quote! {
        #[allow(unused_variables)]
        fn needs_check(&self) -> ::core::primitive::bool {
            #answer
        }
    })
}

/// A struct that a plan reads.
struct Typed<'m> {
    plan: &'m Plan,
    shape: &'m Struct,
    /// The expression that it is.
    of: TokenStream,
    /// The name of its tag, where it is one of several: that is no field.
    tag: Option<&'m str>,
}

impl Typed<'_> {
    fn concern(&self, concern: &Concern) -> TokenStream {
        let signs = concern.iter().filter_map(|sign| self.sign(sign));
        signs.reduce(|one, other| quote! { #one && #other }).unwrap_or_else(|| quote! { true })
    }

    /// Whether a sign is there, where that can be told without a slot: a concern with one sign less comes up more often,
    /// and is none the worse for it.
    fn sign(&self, sign: &Sign) -> Option<TokenStream> {
        let (no, yes) = (quote! { false }, quote! { true });
        match sign {
            Sign::Written(field, true) => self.field(*field, &no, |_| Some(yes)),
            Sign::Written(field, false) => {
                self.field(*field, &yes, |shape| (!may_read_as_absent(shape)).then_some(no.clone()))
            }
            Sign::Literal(field) => {
                self.field(*field, &no, |shape| literal(shape).map(|text| quote! { #text.is_some() }))
            }
            Sign::Flawed(field, flaw) => {
                let flaw = flaw_of(*flaw);
                let flawed = |text| quote! { #text.is_some_and(|__text| #flaw.is_in(__text)) };
                self.field(*field, &no, |shape| literal(shape).map(flawed))
            }
            Sign::Equals { field, text, by_default } => {
                let absent = if *by_default { &yes } else { &no };
                let equals = |value| quote! { #value == ::core::option::Option::Some(#text) };
                self.field(*field, absent, |shape| literal(shape).map(equals))
            }
            Sign::Headers(field) => self.field(*field, &no, |shape| {
                matches!(shape, Shape::TextMap)
                    .then(|| quote! { __c::semantic::headers_may_be_wrong(__value) })
            }),
            Sign::Names(field, names) => self.field(*field, &no, |shape| {
                let value = match shape {
                    Shape::TextMap | Shape::Value => quote! { __value },
                    Shape::SecretValue(_) => quote! { __value.expose_value() },
                    _ => return None,
                };
                Some(quote! { (#(#value.get(#names).is_some())||*) })
            }),
        }
    }

    /// The answer of a field: `absent` where it is not written, else that of what is held in `value`.
    fn field(
        &self,
        field: FieldId,
        absent: &TokenStream,
        held: impl FnOnce(&Shape) -> Option<TokenStream>,
    ) -> Option<TokenStream> {
        let path = tokens(&self.plan.field(field)?.pointer)?;
        if path.first().map(String::as_str) == self.tag || is_constant(self.shape, &path) {
            return None;
        }
        match Way::to(self.shape, &path) {
            None => Some(absent.clone()),
            Some(way) if way.rest.is_empty() => {
                let answer = way.code(self.of.clone(), absent, held(way.held())?);
                // in front of an operator, a block would be a statement
                Some(quote! { (#answer) })
            }
            Some(_) => None,
        }
    }
}

/// Whether any of these is so.
fn any(answers: impl Iterator<Item = TokenStream>) -> TokenStream {
    answers.reduce(|one, other| quote! { #one || #other }).unwrap_or_else(|| quote! { false })
}

/// The text that `value` holds, if it holds no reference to one.
fn literal(shape: &Shape) -> Option<TokenStream> {
    match shape {
        Shape::String | Shape::Names(_) => Some(quote! { ::core::option::Option::Some(__value.as_str()) }),
        Shape::Text => Some(quote! { __value.as_literal() }),
        Shape::Secret => Some(quote! { __value.expose_literal() }),
        _ => None,
    }
}

/// Whether a plan may read what is held as nothing: what has no slot, or not one of every kind.
fn may_read_as_absent(shape: &Shape) -> bool {
    matches!(
        shape,
        Shape::List(_)
            | Shape::Struct(_)
            | Shape::Tagged(_)
            | Shape::AuthConfig
            | Shape::Value
            | Shape::SecretValue(_)
    )
}

fn flaw_of(flaw: Flaw) -> TokenStream {
    let flaw = ident(match flaw {
        Flaw::Username => "Username",
        Flaw::Domain => "Domain",
        Flaw::HeaderName => "HeaderName",
        Flaw::HeaderValue => "HeaderValue",
        Flaw::Pattern => "Pattern",
        Flaw::Query => "Query",
        Flaw::Pem => "Pem",
    });
    quote! { __p::Flaw::#flaw }
}
