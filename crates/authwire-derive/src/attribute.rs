//! The attribute: `#[connector(schema = "…", crate = path)]`, or `file = "…"`.

use proc_macro2::{Delimiter, Ident, Span, TokenStream};

use crate::error::{Error, Result};
use crate::item::Item;
use crate::tokens::Tokens;

/// What the attribute says.
pub(crate) struct Attribute {
    pub(crate) source: Source,
    pub(crate) krate: Option<TokenStream>,
}

/// Where the type comes from.
pub(crate) enum Source {
    /// A schema file, relative to the manifest.
    Schema(String, Span),
    /// A connector file, relative to the manifest.
    File(String, Span),
    /// The auth types that come with Authwire. For the crate `authwire` itself.
    Builtin(Span),
}

impl Attribute {
    pub(crate) fn parse(item: &mut Item) -> Result<Self> {
        let (mut source, mut krate) = (None, None);
        for attribute in &mut item.attributes {
            if attribute.keyword("connector").is_some() {
                read(attribute, &mut source, &mut krate)?;
            }
        }
        match source {
            Some(source) => Ok(Self { source, krate }),
            None => Err(Error::new(
                item.name.span(),
                "say where the schema is: `#[connector(schema = \"schemas/name.json\")]`, relative to Cargo.toml; or the \
                 connector file: `#[connector(file = \"connectors/name.json\")]`",
            )),
        }
    }
}

fn read(attribute: &mut Tokens, source: &mut Option<Source>, krate: &mut Option<TokenStream>) -> Result<()> {
    let span = attribute.span();
    let Some(list) = attribute.group(Delimiter::Parenthesis) else {
        return Err(Error::new(span, "expected `(`: `#[connector(schema = \"schemas/name.json\")]`"));
    };
    let mut list = Tokens::inside(&list);
    while !list.is_empty() {
        let span = list.span();
        let key = list.word().as_ref().map(Ident::to_string).unwrap_or_default();
        let is_there = match key.as_str() {
            "schema" | "file" | "builtin" => source.is_some(),
            "crate" => krate.is_some(),
            _ => {
                return Err(Error::new(
                    span,
                    "unknown key: the keys are `schema = \"path\"` or `file = \"path\"`, and `crate = path`",
                ));
            }
        };
        if is_there {
            return Err(Error::new(span, "this is said twice"));
        }
        match key.as_str() {
            "crate" => *krate = Some(list.path_value()?),
            "builtin" => *source = Some(Source::Builtin(span)),
            of => {
                let (path, span) = list.string_value()?;
                let source_of = if of == "schema" { Source::Schema } else { Source::File };
                *source = Some(source_of(path, span));
            }
        }
        let span = list.span();
        if !list.is_empty() && list.punct(',').is_none() {
            return Err(Error::new(span, "expected `,`"));
        }
    }
    Ok(())
}
