//! An auth type of one's own, by a schema with definitions of its own and in another file, under every lint that there is.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, clippy::all, clippy::pedantic)]

use authwire::Connector;

/// Acme's session login.
#[derive(Connector, Debug)]
#[connector(schema = "schemas/acme_session.json")]
pub struct AcmeSession;

/// The same once more, for this crate only.
#[derive(Connector, Debug)]
#[connector(schema = "schemas/acme_session.json")]
#[allow(dead_code)]
pub(crate) struct Internal;

/// In a place where every name that generated code may use means something else.
pub mod hostile {
    #![allow(non_camel_case_types, dead_code, missing_docs, missing_debug_implementations, clippy::pedantic)]

    pub struct Result;
    pub struct Option;
    pub struct Some;
    pub struct None;
    pub struct Ok;
    pub struct Err;
    pub struct String;
    pub struct Vec;
    pub struct Box;
    pub struct Default;
    pub struct Clone;
    pub struct Debug;
    pub struct Into;
    pub struct From;
    pub struct AsRef;
    pub struct Iterator;
    pub struct bool;
    pub struct str;
    pub struct u8;
    pub struct u32;
    pub mod serde {}
    pub mod serde_json {}
    pub mod core {}
    pub mod std {}

    /// Acme's session login, here.
    #[derive(::authwire::Connector)]
    #[connector(schema = "schemas/acme_session.json")]
    pub struct Session;
}

/// In a place where constants and unit structs have the names that a local of generated code might have: a pattern would be
/// the constant, whatever the macro's hygiene.
pub mod named {
    #![allow(non_camel_case_types, non_upper_case_globals, dead_code, missing_docs, missing_debug_implementations)]

    macro_rules! taken {
        ($($constant:ident)* ; $($unit:ident)*) => {
            $(pub const $constant: u8 = 1;)*
            $(pub struct $unit;)*
        };
    }

    taken!(
        bytes config field item number tag text value ;
        deserializer f name object reader serializer writer
    );

    /// A type of every shape.
    #[derive(::authwire::Connector)]
    #[connector(schema = "schemas/every_shape.json")]
    pub struct EveryShape;

    /// Acme's session login, here.
    #[derive(::authwire::Connector)]
    #[connector(schema = "schemas/acme_session.json")]
    pub struct Session;
}

/// By a name that begins beyond ASCII.
#[derive(Connector, Debug)]
#[connector(schema = "schemas/every_shape.json")]
pub struct Übersicht;

/// Out of a macro, which hands on the visibility and the name.
macro_rules! session {
    ($(#[$attribute:meta])* $visibility:vis $name:ident) => {
        $(#[$attribute])*
        #[derive(Connector, Debug)]
        #[connector(schema = "schemas/acme_session.json")]
        #[allow(dead_code)]
        $visibility struct $name;
    };
}

session!(
    /// For everybody.
    pub MadePublic
);
session!(pub(crate) MadeInternal);
session!(MadePrivate);

/// How many characters the password of a config has, if it stands there.
///
/// # Errors
/// Everything that is wrong with the config.
pub fn within_a_function(config: &str) -> Result<usize, authwire::Report> {
    #[derive(Connector)]
    #[connector(schema = "schemas/acme_session.json")]
    struct Local;

    let config: LocalConfig = Local::from_slice(config.as_bytes())?;
    Ok(config.password().expose_literal().map_or(0, |literal| literal.chars().count()))
}

#[cfg(test)]
mod tests {
    use super::{AcmeSession, AcmeSessionConfig, AcmeSessionRegion, ÜbersichtConfig, within_a_function};
    use authwire::{AuthType, Reference};
    use serde_json::json;

    const CONFIG: &str = r#"{"username": "ada", "password": {"env": "ACME"}, "login_url": "https://acme.example/login"}"#;

    #[test]
    fn a_config_is_read_with_its_defaults() {
        let config: AcmeSessionConfig = CONFIG.parse().unwrap();
        assert_eq!(config.username(), "ada");
        assert_eq!(config.region(), AcmeSessionRegion::Eu);
        assert_eq!(AcmeSession::NAME, "acme_session");
        assert!(AcmeSession::SCHEMA.contains("X-Session-Key"));
    }

    #[test]
    fn a_name_may_begin_beyond_ascii() {
        let config: ÜbersichtConfig = r#"{"user": "ada", "key": {"env": "K"}}"#.parse().unwrap();
        assert_eq!((config.user(), config.port()), ("ada", 443));
    }

    #[test]
    fn a_setter_takes_what_its_accessor_gives_and_json() {
        let document = json!({
            "user": "ada", "key": {"env": "K"}, "open": {"a": [1, null]}, "home": {"city": "Bonn"},
            "work": {"city": "Köln", "number": 7}, "places": [{"city": "Trier"}], "hidden": ["s3cret"],
            "inner": {"name": "n", "key": "k3y"}, "star": {"of": "dwarf", "size": 3},
        });
        let read = ÜbersichtConfig::try_from(&document).unwrap();
        let of_parts = ÜbersichtConfig::builder()
            .user(read.user())
            .key(read.key().clone())
            .open(read.open().unwrap())
            .home(read.home().unwrap())
            .work(read.work().unwrap())
            .places(read.places().unwrap())
            .hidden(read.hidden().unwrap())
            .inner(read.inner().unwrap())
            .star(read.star().unwrap().clone())
            .build()
            .unwrap();
        assert_eq!(format!("{of_parts:?}"), format!("{read:?}"));
        assert_eq!(of_parts.inner().unwrap().key().unwrap().expose_literal(), Some("k3y"));
        let of_json = ÜbersichtConfig::builder()
            .user("ada")
            .key(Reference::Env("K".to_owned()))
            .places([json!({"city": "Trier"})])
            .work(json!({"city": "Köln", "number": 7}))
            .build()
            .unwrap();
        assert_eq!(of_json.places(), read.places());
        assert_eq!(serde_json::to_value(of_json.work().unwrap()).unwrap(), document["work"]);
        assert!(serde_json::to_string(read.inner().unwrap()).is_err());
    }

    #[test]
    fn every_violation_is_told_with_its_place() {
        let report = AcmeSession::from_slice(br#"{"username": "", "pasword": "x", "region": "de"}"#).unwrap_err();
        let codes: Vec<_> = report.findings().iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, ["required", "required", "min_length", "unknown_field", "enum"]);
        assert!(report.to_string().contains("did you mean `password`?"), "{report}");
        assert_eq!(AcmeSession::validate(&json!({"username": 1})).unwrap_err().findings().len(), 3);
        let checked = AcmeSession::check(br#"{"username": "ada", "password": "x", "login_url": "https://a.example"}"#);
        assert!(checked.config.is_some() && !checked.report.is_empty());
    }

    #[test]
    fn a_config_is_made_and_written() {
        let made = AcmeSessionConfig::builder()
            .username("ada")
            .password(Reference::Env("ACME".to_owned()))
            .login_url("https://acme.example/login")
            .region(AcmeSessionRegion::Us)
            .build()
            .unwrap();
        let written = serde_json::to_value(&made).unwrap();
        assert_eq!(
            written,
            json!({"type": "acme_session", "username": "ada", "password": {"env": "ACME"},
                "login_url": "https://acme.example/login", "region": "us"})
        );
        assert_eq!(AcmeSessionConfig::try_from(&written).unwrap(), made);
        assert_eq!(within_a_function(CONFIG), Ok(0));
    }
}
