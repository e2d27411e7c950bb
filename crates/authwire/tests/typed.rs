//! What generated configs are beside read: made in code, written, converted.

use std::fs;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;

use authwire::{
    ApiKeyConfig, AuthConfig, AuthType, BasicAuthConfig, CertificatePart, Config, ConnectorConfig, Display,
    Judge, JwtBearerConfig, KeyFault, Reference, Report, Secret,
};
use authwire_core::interpreter::is_valid_tree;
use serde_json::{Value, json};

/// A config of whatever auth type, and the same written and read again.
fn read_and_written<A: AuthType>(bytes: &[u8]) -> Result<(Arc<dyn Config>, A::Config), Report> {
    let config = A::from_slice(bytes)?;
    let written = serde_json::to_value(&config).unwrap();
    A::validate(&written)?;
    Ok((Arc::new(config.clone()), serde_json::from_value(written).unwrap()))
}

#[test]
fn code_over_any_auth_type_reads_configs() {
    let (shared, read) = read_and_written::<authwire::BasicAuth>(
        br#"{"type": "basic_auth", "username": "ada", "password": {"env": "P"}}"#,
    )
    .unwrap();
    assert_eq!(format!("{shared:?}"), format!("{read:?}"));
    let report = read_and_written::<authwire::BearerToken>(br#"{}"#).unwrap_err();
    assert_eq!(codes(&report), [("required", "")]);
    assert!(<authwire::BearerToken as AuthType>::check(br#"{"api_key": "k"}"#).config.is_some());
}

/// What knows a certificate's parts is written with what this crate exports.
#[test]
fn a_judge_can_be_written() {
    struct Strict;

    impl Judge for Strict {
        fn url(&self, _: &str) -> Result<(), String> {
            Err("there is no such server".to_owned())
        }

        fn signing_key(&self, _: &str, _: &str, _: Option<&str>) -> Result<Vec<String>, KeyFault> {
            Err(KeyFault { message: "it is no key".to_owned(), help: "write one".to_owned() })
        }

        fn client_certificate(
            &self,
            _: &str,
            _: Option<&str>,
            _: Option<&str>,
        ) -> Result<(), (CertificatePart, KeyFault)> {
            Ok(())
        }
    }

    let file = br#"{"name": "acme", "base_url": "https://a.example", "auth_config": {"type": "no_auth"}}"#;
    let report = ConnectorConfig::check_with(file, &[], Some(&Strict)).report;
    assert_eq!(codes(&report), [("url", "/base_url")]);
    assert_eq!(report.findings()[0].display, Display::Origin);
}

fn env(name: &str) -> Reference {
    Reference::Env(name.to_owned())
}

fn codes(report: &Report) -> Vec<(&'static str, &str)> {
    report.findings().iter().map(|finding| (finding.code.as_str(), finding.pointer.as_str())).collect()
}

#[test]
fn a_config_made_in_code_is_the_one_that_is_read() {
    let made = BasicAuthConfig::builder().username("ada").password(env("PASSWORD")).build().unwrap();
    let read: BasicAuthConfig = r#"{"username": "ada", "password": {"env": "PASSWORD"}}"#.parse().unwrap();
    assert_eq!(made, read);
    let made = ApiKeyConfig::builder()
        .api_key_auth_type("param_auth")
        .param_auth_param_name("key")
        .api_key(Secret::literal("s3\"cret\n"))
        .build()
        .unwrap();
    let ApiKeyConfig::ParamAuth(made) = made else { panic!("{made:?}") };
    assert_eq!(made.api_key().expose_literal(), Some("s3\"cret\n"));
    // the last of a name counts
    let made = BasicAuthConfig::builder().username("ada").username("bob").password(env("P")).build().unwrap();
    assert_eq!(made.username().as_literal(), Some("bob"));
}

#[test]
fn what_a_builder_refuses_it_reports_as_a_document_s_check_does() {
    let report = BasicAuthConfig::builder().username("").build().unwrap_err();
    assert_eq!(codes(&report), [("required", ""), ("min_length", "/username")]);
    assert!(report.findings().iter().all(|finding| finding.place.is_none()));
    let value = json!({"username": ""});
    assert_eq!(codes(&BasicAuthConfig::try_from(&value).unwrap_err()), codes(&report));
    let report =
        ApiKeyConfig::builder().api_key_auth_type("param_auth").header_auth_key("X").build().unwrap_err();
    assert!(codes(&report).contains(&("unknown_field", "/header_auth_key")), "{report}");
    let report = JwtBearerConfig::builder()
        .private_key(Secret::literal("canary-s3cret"))
        .algorithm(authwire::JwtBearerAlgorithm::Rs256)
        .claims_expiry_seconds(0)
        .build()
        .unwrap_err();
    assert!(!report.to_string().contains("canary") && !format!("{report:?}").contains("canary"), "{report}");
}

#[test]
fn what_stands_in_a_config_is_written_and_set_again() {
    let file = br#"{"type": "oauth2_refresh_token", "client_id": "acme", "refresh_token": {"env": "R"},
        "token_url": "https://acme.example/token", "client_authentication": "request_body",
        "token_response": {"access_token": "/data/token", "expires_in_format": "rfc3339"}}"#;
    let read = authwire::Oauth2RefreshToken::from_slice(file).unwrap();
    let response = read.token_response().unwrap();
    assert_eq!(
        serde_json::to_value(response).unwrap(),
        json!({"access_token": "/data/token", "expires_in_format": "rfc3339"})
    );
    let made = authwire::Oauth2RefreshTokenConfig::builder()
        .client_id("acme")
        .refresh_token(env("R"))
        .token_url("https://acme.example/token")
        .client_authentication(read.client_authentication().unwrap())
        .token_response(response)
        .build()
        .unwrap();
    assert_eq!(made, read);
    // a secret that stands in a part is not written either
    let literal = AuthConfig::from(
        BasicAuthConfig::builder().username("ada").password(Secret::literal("canary")).build().unwrap(),
    );
    let error = serde_json::to_string(&literal).unwrap_err().to_string();
    assert!(error.contains("refer to it") && !error.contains("canary"), "{error}");
}

#[test]
fn an_enum_is_read_by_its_value_and_shown_as_it() {
    let algorithm: authwire::JwtBearerAlgorithm = "RS256".parse().unwrap();
    assert_eq!(format!("{algorithm:>6}"), " RS256");
    assert_eq!(serde_json::to_value(algorithm).unwrap(), "RS256");
    let error = authwire::JwtBearerAlgorithm::from_str("none").unwrap_err();
    assert_eq!(error.to_string(), "the values are `HS256`, `RS256`, `ES256`");
    assert_eq!(error.known(), ["HS256", "RS256", "ES256"]);
}

#[test]
fn a_report_is_gone_through_finding_by_finding() {
    let report = BasicAuthConfig::from_str("{\n  \"username\": \"\"\n}").unwrap_err();
    let mut lines = Vec::new();
    for finding in &report {
        lines.push(finding.to_string());
    }
    assert_eq!(lines.len(), 2);
    assert!(
        lines[1].starts_with("2:15: error[min_length]: ") && lines[1].contains("(at /username)"),
        "{lines:?}"
    );
    assert_eq!(lines.join("\n"), report.to_string());
}

#[test]
fn a_builder_shows_names_and_no_values() {
    let builder = BasicAuthConfig::builder().username("ada").password(Secret::literal("s3cret"));
    let shown = format!("{builder:?}");
    assert!(shown.contains("password") && !shown.contains("s3cret") && !shown.contains("ada"), "{shown}");
}

#[test]
fn a_connector_is_made_in_code_and_written() {
    let auth = BasicAuthConfig::builder().username("ada").password(env("PASSWORD")).build().unwrap();
    let made = ConnectorConfig::builder()
        .name("acme")
        .base_url("https://api.acme.example/v1")
        .auth_config(AuthConfig::from(auth))
        .build()
        .unwrap();
    let written = serde_json::to_value(&made).unwrap();
    assert_eq!(
        written,
        json!({"name": "acme", "base_url": "https://api.acme.example/v1",
            "auth_config": {"type": "basic_auth", "username": "ada", "password": {"env": "PASSWORD"}}})
    );
    let report = ConnectorConfig::builder().name("9").build().unwrap_err();
    assert_eq!(codes(&report), [("required", ""), ("required", ""), ("pattern", "/name")]);
}

#[test]
fn an_auth_config_that_cannot_be_written_is_told_and_not_dropped() {
    let mut library = authwire_schema::Library::new(is_valid_tree);
    let (auth, _) = authwire_schema::read_builtin(&mut library, "no_auth").unwrap().unwrap();
    let loaded = authwire::Document::new(std::sync::Arc::new(auth.schema), &json!({"type": "no_auth"}));
    let report = ConnectorConfig::builder()
        .name("acme")
        .base_url("https://api.acme.example")
        .auth_config(AuthConfig::Other(loaded))
        .build()
        .unwrap_err();
    assert_eq!(codes(&report), [("unknown_type", "/auth_config")]);
    assert!(report.to_string().contains("loaded at run time"), "{report}");
}

#[test]
fn a_literal_secret_is_never_written() {
    let made = BasicAuthConfig::builder()
        .username("ada")
        .password(Secret::literal("canary-s3cret"))
        .build()
        .unwrap();
    let error = serde_json::to_string(&made).unwrap_err().to_string();
    assert!(error.contains("refer to it") && !error.contains("canary"), "{error}");
    assert!(!format!("{made:?}").contains("canary"));
}

#[test]
fn what_is_written_of_the_examples_reads_as_it_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/connectors");
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let config: ConnectorConfig = text.parse().unwrap();
        let mut expected: Value = serde_json::from_str(&text).unwrap();
        let written =
            serde_json::to_value(&config).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        expected.as_object_mut().unwrap().remove("$schema");
        assert_eq!(without_schema(written.clone()), expected, "{}", path.display());
        let again: ConnectorConfig = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&again).unwrap(), written);
        files += 1;
    }
    assert!(files >= 100, "only {files} examples were found");
}

fn without_schema(mut value: Value) -> Value {
    value.as_object_mut().unwrap().remove("$schema");
    value
}

#[test]
fn serde_reads_from_elsewhere_with_the_same_report() {
    let error =
        serde_json::from_value::<BasicAuthConfig>(json!({"username": "a:b", "password": "s3cret", "x": 1}));
    let error = error.unwrap_err().to_string();
    assert!(error.contains("unknown_field") && !error.contains("s3cret"), "{error}");
    // within a type of the user's own
    #[derive(serde::Deserialize)]
    struct Settings {
        auth: BasicAuthConfig,
    }
    let settings: Settings =
        serde_json::from_str(r#"{"auth": {"username": "ada", "password": {"env": "P"}}}"#).unwrap();
    assert_eq!(settings.auth.username().as_literal(), Some("ada"));
}
