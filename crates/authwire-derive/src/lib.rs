//! `#[derive(Connector)]`: a thin shim over `authwire-codegen`.
//!
//! It reads the attribute and the files that it names, and hands on what comes out: code, or every diagnostic at the
//! attribute.
//!
//! Who takes no built-in types (`builtin`) or no `schemars` does not build what makes them.

mod attribute;
#[cfg(feature = "builtin")]
mod builtin;
#[cfg(not(feature = "builtin"))]
#[path = "without_builtin.rs"]
mod builtin;
mod bundle;
mod expansion;
mod item;

use proc_macro::TokenStream;

/// Makes a typed, validated config of an auth type out of its schema file.
///
/// ```ignore
/// use authwire::Connector;
///
/// /// Acme's session login.
/// #[derive(Connector)]
/// #[connector(schema = "schemas/acme_session.json")]
/// pub struct AcmeSession;
///
/// let config = AcmeSession::from_slice(br#"{"username": "ada", "password": {"env": "ACME_PASSWORD"}}"#)?;
/// ```
///
/// Beside the struct it generates `AcmeSessionConfig`, with the struct's visibility: private fields with accessors, a
/// builder, serde's `Serialize` (secrets as their references) and `Deserialize`, `FromStr`, `TryFrom<&Value>`. The path is
/// relative to the crate's manifest. `crate = path` names the crate `authwire` where it goes by another name.
///
/// # The names of types
///
/// Every type's name begins with the struct's. Of `AcmeSession` there are `AcmeSessionConfig` and
/// `AcmeSessionConfigBuilder`, and for what stands in the config:
///
/// - a property that is an enum or a closed object is of a type that ends with the property's name: `AcmeSessionRegion` of
///   `region`; one within it goes on with its own, and the items of a list with `Item`;
/// - a branch of a tagged union (`oneOf`) is a struct that ends with the tag's value: `ApiKeyHeaderAuth` of `header_auth`;
/// - a definition that stands in several places is one type, named after the first of them;
/// - of two that would have one name, the second gets an underscore at its end.
///
/// They stand in the struct's module, where they may meet those of another derive: `Acme`, with a property `session_config`,
/// and `AcmeSession` would both make `AcmeSessionConfig`, which the compiler tells as a name that is defined twice. Put one of
/// the structs into a module of its own, or give it another name.
///
/// # Embedded connector files
///
/// With `file` it embeds a connector file, checked while compiling:
///
/// ```ignore
/// #[derive(Connector)]
/// #[connector(file = "connectors/zoom.json")]
/// struct Zoom;
///
/// let config: &ConnectorConfig = Zoom::config();
/// let auth: &Oauth2ClientCredentialsConfig = Zoom::auth_config();
/// let client = authwire_runtime::Client::embedded::<Zoom>()?;
/// ```
///
/// A literal secret in it is an error (it would end up in the binary), and so is a relative path. It takes `authwire`'s
/// feature `builtin`, which is on unless it is switched off.
///
/// # Rust
///
/// The least supported Rust is 1.90. The crate that derives may be of any edition, from 2015 on.
#[proc_macro_derive(Connector, attributes(connector))]
pub fn connector(input: TokenStream) -> TokenStream {
    expansion::expand(input.into()).into()
}
