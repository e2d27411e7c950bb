//! The attribute: `#[connector(schema = "…", crate = path)]`, or `file = "…"`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote_spanned};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{LitStr, Token, parenthesized};

use crate::item::Item;

/// What the attribute says.
pub(crate) struct Attribute {
    pub(crate) source: Source,
    pub(crate) krate: Option<TokenStream>,
}

/// Where the type comes from.
pub(crate) enum Source {
    /// A schema file, relative to the manifest.
    Schema(LitStr),
    /// A connector file, relative to the manifest.
    File(LitStr),
    /// The auth types that come with Authwire. For the crate `authwire` itself.
    Builtin(Span),
}

impl Attribute {
    pub(crate) fn parse(item: &Item) -> syn::Result<Self> {
        let mut said = Said::default();
        for attribute in &item.attributes {
            (|input: ParseStream<'_>| said.attribute(input)).parse2(attribute.clone())?;
        }
        match said.source {
            Some(source) => Ok(Self { source, krate: said.krate }),
            None => Err(syn::Error::new(
                item.name.span(),
                "say where the schema is: `#[connector(schema = \"schemas/name.json\")]`, relative to Cargo.toml; or the \
                 connector file: `#[connector(file = \"connectors/name.json\")]`",
            )),
        }
    }
}

/// What the attributes have said so far.
#[derive(Default)]
struct Said {
    source: Option<Source>,
    krate: Option<TokenStream>,
}

impl Said {
    /// `connector(key = value, …)`.
    fn attribute(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        input.call(Ident::parse_any)?;
        let keys;
        parenthesized!(keys in input);
        while !keys.is_empty() {
            self.key(&keys)?;
            if !keys.is_empty() {
                keys.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    fn key(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let key = input.call(Ident::parse_any)?;
        let is_said = match key.to_string().as_str() {
            "schema" | "file" => self.source.is_some(),
            // to anybody else it is a key like any other that there is none of
            "builtin" if is_authwire() => self.source.is_some(),
            "crate" => self.krate.is_some(),
            _ => {
                let message =
                    "unknown key: the keys are `schema = \"path\"` or `file = \"path\"`, and `crate = path`";
                return Err(syn::Error::new(key.span(), message));
            }
        };
        if is_said {
            return Err(syn::Error::new(key.span(), "this is said twice"));
        }
        if key == "builtin" {
            self.source = Some(Source::Builtin(key.span()));
            return Ok(());
        }
        input.parse::<Token![=]>()?;
        if key == "crate" {
            self.krate = Some(path(input)?);
        } else {
            let file = input.parse::<LitStr>()?;
            self.source = Some(if key == "file" { Source::File(file) } else { Source::Schema(file) });
        }
        Ok(())
    }
}

/// Whether it is the crate `authwire` that is being built.
fn is_authwire() -> bool {
    std::env::var_os("CARGO_PKG_NAME").is_some_and(|name| name == "authwire")
}

/// The path of a crate or a module: `authwire`, `::authwire`, `crate::renamed`.
fn path(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut path = TokenStream::new();
    if !input.peek(Token![::]) {
        input.call(Ident::parse_any)?.to_tokens(&mut path);
    }
    while let Some(colons) = input.parse::<Option<Token![::]>>()? {
        let name = input.call(Ident::parse_any)?;
        path.extend(quote_spanned! { colons.spans[0] => :: #name });
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use super::{Attribute, Source};

    fn read(tokens: TokenStream) -> Result<Attribute, String> {
        Attribute::parse(&syn::parse2(tokens).expect("an item")).map_err(|error| error.to_string())
    }

    #[test]
    fn a_crate_may_have_any_path() {
        for path in [quote! { authwire }, quote! { ::renamed }, quote! { crate::inner::authwire }] {
            let attribute = read(quote! {
                #[connector(crate = #path,)]
                #[connector(file = "zoom.json")]
                struct Name;
            });
            let attribute = attribute.expect("it is right");
            assert_eq!(attribute.krate.map(|krate| krate.to_string()), Some(path.to_string()));
            assert!(matches!(attribute.source, Source::File(path) if path.value() == "zoom.json"));
        }
    }

    #[test]
    fn what_is_no_list_of_keys_is_refused() {
        for (attribute, says) in [
            (quote! { connector }, "parentheses"),
            (quote! { connector = "a.json" }, "parentheses"),
            (quote! { connector("a.json") }, "ident"),
            (quote! { connector(schema = "a.json" crate = b) }, "`,`"),
            (quote! { connector(schema = "a.json", crate = "b") }, "ident"),
            (quote! { connector(crate = ::) }, "ident"),
            (quote! { connector(crate = b::<c>, schema = "a.json") }, "ident"),
            (quote! { connector(schema = "a.json") and more }, "unexpected token"),
        ] {
            let error = read(quote! { #[#attribute] struct Name; }).err().unwrap_or_default();
            assert!(error.contains(says), "{attribute}: {error}");
        }
    }
}
