//! An example of each finding: a fixture where one shows it, else files made for it.
//!
//! Keywords that no schema of Authwire's own uses are shown by an auth type that does, in a folder of `--schemas`.

use authwire_core::finding::Code;

use crate::fixtures::Fixture;

/// Files in which the program finds something.
pub(super) struct Example {
    /// The files, each with its path.
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// What follows `validate`.
    pub(super) arguments: Vec<String>,
    /// What a reader needs to know beside the report.
    pub(super) note: Option<&'static str>,
}

/// The example of `code`.
pub(super) fn example(code: Code, fixtures: &[Fixture]) -> Option<Example> {
    if let Some(made) = made(code) {
        return Some(made);
    }
    let alone = |fixture: &&Fixture| matches!(&fixture.findings[..], [only] if only.code == code);
    let shows = |fixture: &&Fixture| fixture.findings.iter().any(|finding| finding.code == code);
    let fixture = fixtures.iter().find(|fixture| fixture.group != "connector" && alone(fixture));
    let fixture = fixture.or_else(|| fixtures.iter().find(alone)).or_else(|| fixtures.iter().find(shows))?;
    Some(file(fixture.text.as_bytes()))
}

fn file(bytes: &[u8]) -> Example {
    let files = vec![("acme.json".to_owned(), bytes.to_vec())];
    Example { files, arguments: vec!["acme.json".to_owned()], note: None }
}

fn made(code: Code) -> Option<Example> {
    Some(match code {
        Code::Syntax => file(b"{\n  \"name\": \"acme\",\n}\n"),
        Code::Encoding => file(b"{\n  \"name\": \"caf\xe9\"\n}\n"),
        Code::TooDeep => file(&[b'['; 200]),
        Code::TooLarge => file(&vec![b' '; (16 << 20) + 1]),
        Code::DuplicateKey => file(b"{\n  \"name\": \"acme\",\n  \"name\": \"acme2\"\n}\n"),
        Code::Url => connector(r#"{ "type": "no_auth" }"#, "https://api.example.com:99999/v1"),
        Code::DoubledPrefix => {
            connector(r#"{ "type": "bearer_token", "api_key": "Bearer 12345" }"#, "https://api.example.com")
        }
        Code::Key => connector(
            r#"{ "type": "jwt_bearer", "private_key": "not a key", "algorithm": "RS256", "claims_expiry_seconds": 300 }"#,
            "https://api.example.com",
        ),
        Code::KeyRepaired => {
            let config = r#"{ "type": "jwt_bearer", "private_key": { "file": "acme.pem" }, "algorithm": "ES256", "claims_expiry_seconds": 300 }"#;
            let mut example = connector(config, "https://api.example.com");
            example.files.push(("acme.pem".to_owned(), EXAMPLE_KEY.as_bytes().to_vec()));
            example.arguments.insert(0, "--resolve".to_owned());
            example.note = Some("With `--resolve`, of a key whose lines end in a written-out `\\n`.");
            example
        }
        Code::DuplicateName => {
            let mut example = connector(r#"{ "type": "no_auth" }"#, "https://api.example.com");
            example.files.push(("other.json".to_owned(), example.files[0].1.clone()));
            example.arguments.push("other.json".to_owned());
            example
        }
        other => {
            let (keyword, value) = shown_by_keyword(other)?;
            by_schema(keyword, value)
        }
    })
}

/// A key that was made for this page and opens nothing.
const EXAMPLE_KEY: &str = include_str!("example_key.pem");

fn connector(auth_config: &str, base_url: &str) -> Example {
    let text = format!(
        "{{\n  \"name\": \"acme\",\n  \"base_url\": \"{base_url}\",\n  \"auth_config\": {auth_config}\n}}\n"
    );
    file(text.as_bytes())
}

/// What a property's schema says that the built-in types do not, and a value that breaks it.
fn shown_by_keyword(code: Code) -> Option<(&'static str, &'static str)> {
    Some(match code {
        Code::Const => (r#""const": "v2""#, r#""v1""#),
        Code::MaxLength => (r#""type": "string", "maxLength": 3"#, r#""Europe""#),
        Code::ExclusiveMaximum => (r#""type": "number", "exclusiveMaximum": 1"#, "1"),
        Code::MultipleOf => (r#""type": "integer", "multipleOf": 60"#, "90"),
        Code::MaxItems => {
            (r#""type": "array", "items": { "type": "string" }, "maxItems": 1"#, r#"["a", "b"]"#)
        }
        Code::UniqueItems => (r#""type": "array", "uniqueItems": true"#, r#"["a", "a"]"#),
        Code::Contains => (r#""type": "array", "contains": { "const": "a" }"#, r#"["b"]"#),
        Code::Items => {
            (r#""type": "array", "prefixItems": [{ "type": "string" }], "items": false"#, r#"["a", "b"]"#)
        }
        Code::PropertyNames => {
            (r#""type": "object", "propertyNames": { "maxLength": 3 }"#, r#"{ "Europe": 1 }"#)
        }
        Code::MinProperties => (r#""type": "object", "minProperties": 1"#, "{}"),
        Code::MaxProperties => (r#""type": "object", "maxProperties": 1"#, r#"{ "a": 1, "b": 2 }"#),
        Code::AnyOf => (r#""anyOf": [{ "minLength": 3 }, { "maxLength": 1 }], "type": "string""#, r#""eu""#),
        Code::AllOf => (r#""allOf": [false]"#, "1"),
        Code::Not => (r#""type": "string", "not": { "const": "eu" }"#, r#""eu""#),
        Code::If => (r#""type": "string", "if": { "const": "eu" }, "then": false"#, r#""eu""#),
        _ => return None,
    })
}

/// A connector of an auth type whose field `region` has the schema `says`, with the value `value`.
fn by_schema(says: &str, value: &str) -> Example {
    let schema = format!(
        "{{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"Acme\",\n  \"type\": \"object\",\n  \
         \"properties\": {{ \"region\": {{ \"title\": \"Region\", {says} }} }},\n  \"additionalProperties\": false,\n  \
         \"x-auth\": {{ \"apply\": [] }}\n}}\n"
    );
    let config = format!("{{ \"type\": \"acme_regional\", \"region\": {value} }}");
    let mut example = connector(&config, "https://api.example.com");
    example.files.push(("schemas/acme_regional.json".to_owned(), schema.into_bytes()));
    example.arguments.extend(["--schemas".to_owned(), "schemas".to_owned()]);
    example
}
