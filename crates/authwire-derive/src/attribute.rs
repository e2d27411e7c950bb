//! The attribute: `#[connector(schema = "…", crate = path)]`, or `file = "…"`.

use proc_macro2::Span;
use syn::spanned::Spanned as _;
use syn::{DeriveInput, LitStr, Path};

/// What the attribute says.
pub(crate) struct Attribute {
    pub(crate) source: Source,
    pub(crate) krate: Option<Path>,
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
    pub(crate) fn parse(input: &DeriveInput) -> syn::Result<Self> {
        let (mut source, mut krate) = (None, None);
        for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("connector")) {
            attribute.parse_nested_meta(|meta| {
                let twice = |there: bool| if there { Err(meta.error("this is said twice")) } else { Ok(()) };
                if meta.path.is_ident("schema") {
                    twice(source.is_some())?;
                    source = Some(Source::Schema(meta.value()?.parse()?));
                } else if meta.path.is_ident("file") {
                    twice(source.is_some())?;
                    source = Some(Source::File(meta.value()?.parse()?));
                } else if meta.path.is_ident("builtin") {
                    twice(source.is_some())?;
                    source = Some(Source::Builtin(meta.path.span()));
                } else if meta.path.is_ident("crate") {
                    twice(krate.is_some())?;
                    krate = Some(meta.value()?.parse()?);
                } else {
                    return Err(meta.error(
                        "unknown key: the keys are `schema = \"path\"` or `file = \"path\"`, and `crate = path`",
                    ));
                }
                Ok(())
            })?;
        }
        match source {
            Some(source) => Ok(Self { source, krate }),
            None => Err(syn::Error::new(
                input.ident.span(),
                "say where the schema is: `#[connector(schema = \"schemas/name.json\")]`, relative to Cargo.toml; or the \
                 connector file: `#[connector(file = \"connectors/name.json\")]`",
            )),
        }
    }
}
