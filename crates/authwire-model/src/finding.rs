//! A finding: what is wrong with a document, where, and what to do.

use std::fmt;

use crate::place::Place;
use crate::table::Display;

/// One thing found in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What kind of thing; says also its layer and severity.
    pub code: Code,
    /// Where, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// Where, in the file; `None` where the document was a `Value`.
    pub place: Option<Place>,
    /// The `title` of the field.
    pub title: Option<String>,
    /// What is wrong, as a sentence. Never holds a secret.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where in the schema the rule stands: `authwire:basic_auth#/properties/username/minLength`.
    pub schema: Option<String>,
    /// What of the flagged value a snippet may show.
    pub display: Display,
}

impl Finding {
    /// A finding of `code` at `pointer`.
    pub fn new(code: Code, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            pointer: pointer.into(),
            place: None,
            title: None,
            message: message.into(),
            help: None,
            schema: None,
            display: Display::Masked,
        }
    }

    /// The same with a help.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// The layer it was found in.
    #[must_use]
    pub fn layer(&self) -> Layer {
        self.code.layer()
    }
}

impl fmt::Display for Finding {
    /// One line, without the file's name: `3:5: error[min_length]: … (at /username); what to do`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{}:{}: ", place.line, place.column)?;
        }
        write!(f, "{}[{}]: {}", self.severity(), self.code, self.message)?;
        if !self.pointer.is_empty() {
            write!(f, " (at {})", self.pointer)?;
        }
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        Ok(())
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Unwise.
    Warning,
    /// It can never work.
    Error,
}

impl Severity {
    /// `error`, `warning` or `note`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Where in the checking a finding was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// It is no strict JSON.
    Syntax,
    /// It breaks the schema, as any draft 2020-12 validator finds.
    Schema,
    /// It breaks what no schema can say.
    Semantic,
}

impl Layer {
    /// `syntax`, `schema` or `semantic`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Schema => "schema",
            Self::Semantic => "semantic",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Writes the list of codes once: name, text, layer, severity, meaning.
macro_rules! codes {
    ($($name:ident $text:literal $layer:ident $severity:ident $meaning:literal;)*) => {
        /// What kind of thing a finding is. A closed list.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $meaning] $name,)*
        }

        impl Code {
            /// Every code, in the order of the layers.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as reports write it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The layer it belongs to.
            #[must_use]
            pub fn layer(self) -> Layer {
                match self { $(Self::$name => Layer::$layer,)* }
            }

            /// How bad it is.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// What it means, in one sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }
        }
    };
}

codes! {
    Syntax "syntax" Syntax Error "The file is not JSON (RFC 8259).";
    Encoding "encoding" Syntax Error "The file is not UTF-8, begins with a byte order mark, or escapes half a surrogate pair.";
    TooDeep "too_deep" Syntax Error "Values are nested more than 128 deep.";
    TooLarge "too_large" Syntax Error "The file is larger than 16 MiB.";
    DuplicateKey "duplicate_key" Syntax Error "An object has the same key twice.";
    UnknownField "unknown_field" Schema Error "A field that is not known here (`additionalProperties`).";
    UnknownType "unknown_type" Schema Error "`auth_config.type` names no auth type.";
    Required "required" Schema Error "A field is missing.";
    Type "type" Schema Error "The value has the wrong JSON type.";
    Enum "enum" Schema Error "The value is none of those allowed.";
    Const "const" Schema Error "The value is not the one allowed.";
    Pattern "pattern" Schema Error "The text does not match its pattern.";
    MinLength "min_length" Schema Error "The text is too short.";
    MaxLength "max_length" Schema Error "The text is too long.";
    Minimum "minimum" Schema Error "The number is too small.";
    Maximum "maximum" Schema Error "The number is too large.";
    ExclusiveMinimum "exclusive_minimum" Schema Error "The number is not above its bound.";
    ExclusiveMaximum "exclusive_maximum" Schema Error "The number is not below its bound.";
    MultipleOf "multiple_of" Schema Error "The number is no multiple of what it must be.";
    MinItems "min_items" Schema Error "The array has too few items.";
    MaxItems "max_items" Schema Error "The array has too many items.";
    UniqueItems "unique_items" Schema Error "The array has the same item twice.";
    Contains "contains" Schema Error "The array lacks an item of the kind it must contain.";
    Items "items" Schema Error "The array has an item where none may be.";
    PropertyNames "property_names" Schema Error "A name is not allowed here.";
    MinProperties "min_properties" Schema Error "The object has too few members.";
    MaxProperties "max_properties" Schema Error "The object has too many members.";
    DependentRequired "dependent_required" Schema Error "A field needs another that is missing.";
    OneOf "one_of" Schema Error "Not exactly one of the alternatives holds.";
    AnyOf "any_of" Schema Error "None of the alternatives holds.";
    AllOf "all_of" Schema Error "Nothing is allowed here.";
    Not "not" Schema Error "The value is one of those excluded.";
    If "if" Schema Error "A condition's consequence is not met.";
    Url "url" Semantic Error "The URL cannot be used.";
    HeaderName "header_name" Semantic Error "Not a legal header name (RFC 9110 §5.1).";
    HeaderValue "header_value" Semantic Error "Not a legal header value: visible ASCII, space and tab.";
    Placeholder "placeholder" Semantic Error "The pattern does not hold exactly one `%s`.";
    Username "username" Semantic Error "A user name that Basic cannot carry (RFC 7617 §2).";
    Key "key" Semantic Error "The key cannot be used; with `--resolve`, a reference names nothing.";
    AlgMismatch "alg_mismatch" Semantic Error "The `alg` header contradicts `algorithm`.";
    ReservedClaim "reserved_claim" Semantic Error "A claim that Authwire makes itself.";
    ReservedHeader "reserved_header" Semantic Error "A header that may not be set.";
    OverridesSecret "overrides_secret" Semantic Error "A parameter that carries a secret may not be overridden.";
    Conflict "conflict" Semantic Error "Two settings contradict each other.";
    LiteralSecret "literal_secret" Semantic Warning "A secret stands in the file itself.";
    Overrides "overrides" Semantic Warning "A setting replaces what Authwire would send.";
    DoubledPrefix "doubled_prefix" Semantic Warning "The key already begins with the pattern's prefix.";
    WeakKey "weak_key" Semantic Warning "The key is shorter than its algorithm wants.";
    DuplicateName "duplicate_name" Semantic Warning "Two connectors have the same name.";
    KeyRepaired "key_repaired" Semantic Note "The key was not well formed and could be repaired.";
    DeprecatedGrant "deprecated_grant" Semantic Note "The grant is deprecated (RFC 9700).";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
