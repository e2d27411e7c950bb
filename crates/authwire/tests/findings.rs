//! What is found in a connector file, where, and how it is told: a line a case.

use std::time::{Duration, Instant};

use authwire::{ConnectorConfig, Severity};

/// A connector around an auth config.
fn around(auth: &str) -> String {
    format!(r#"{{"name": "acme", "base_url": "https://api.acme.example", "auth_config": {auth}}}"#)
}

const BASIC: &str = r#""type": "basic_auth", "username": "ada""#;
const OAUTH: &str =
    r#""type": "oauth2_client_credentials", "client_id": "id", "token_url": "https://a.example/t""#;

/// The findings as `code pointer`, and whether a config came out.
fn found(document: &str) -> (Vec<String>, bool) {
    let checked = ConnectorConfig::check(document.as_bytes());
    let codes =
        checked.report.findings().iter().map(|finding| format!("{} {}", finding.code, finding.pointer));
    let has_error = checked.report.findings().iter().any(|finding| finding.severity() == Severity::Error);
    assert_eq!(checked.config.is_none(), has_error, "{document}");
    assert_eq!(ConnectorConfig::from_slice(document.as_bytes()).is_err(), has_error, "{document}");
    (codes.collect(), checked.config.is_some())
}

#[test]
fn each_mistake_in_an_auth_config_has_its_code_and_place() {
    let basic = |rest: &str| format!("{{{BASIC}, {rest}}}");
    let oauth = |rest: &str| format!("{{{OAUTH}, {rest}}}");
    let cases: Vec<(String, &[&str])> = vec![
        (basic(r#""password": {"env": "P"}"#), &[]),
        (basic(r#""password": """#), &[]),
        (basic(r#""password": "x""#), &["literal_secret /auth_config/password"]),
        (basic(r#""pasword": {"env": "P"}"#), &["required /auth_config", "unknown_field /auth_config/pasword"]),
        (basic(r#""password": {"env": "P", "file": "p"}"#), &["one_of /auth_config/password"]),
        (basic(r#""password": {}"#), &["one_of /auth_config/password"]),
        (
            basic(r#""password": {"envv": "P"}"#),
            &["one_of /auth_config/password", "unknown_field /auth_config/password/envv"],
        ),
        (basic(r#""password": {"env": "9P"}"#), &["pattern /auth_config/password/env"]),
        (basic(r#""password": 5"#), &["type /auth_config/password"]),
        (basic(r#""password": null"#), &["type /auth_config/password"]),
        (
            r#"{"type": "basic_auth", "username": "a:b", "password": {"env": "P"}}"#.to_owned(),
            &["username /auth_config/username"],
        ),
        (
            r#"{"type": "basic_auth", "username": "", "password": {"env": "P"}}"#.to_owned(),
            &["min_length /auth_config/username"],
        ),
        (r#"{"type": "basicauth"}"#.to_owned(), &["unknown_type /auth_config/type"]),
        (r#"{"type": 5}"#.to_owned(), &["type /auth_config/type"]),
        (r#"{"type": ""}"#.to_owned(), &["min_length /auth_config/type"]),
        (r#"{"username": "ada"}"#.to_owned(), &["required /auth_config"]),
        (r#""basic_auth""#.to_owned(), &["type /auth_config"]),
        (oauth(r#""client_secret": {"env": "S"}"#), &[]),
        (
            r#"{"type": "oauth2_client_credentials", "client_id": "i", "client_secret": {"env": "S"}, "token_url": "https://a.example/t?tenant=x&client_secret=x"}"#
                .to_owned(),
            &["literal_secret /auth_config/token_url"],
        ),
        (
            r#"{"type": "oauth2_client_credentials", "client_id": "i", "client_secret": {"env": "S"}, "token_url": "https://a.example/t?tenant=x&client_secret="}"#
                .to_owned(),
            &[],
        ),
        (oauth(r#""client_secret": {"env": "S"}, "scope": "a  b""#), &["pattern /auth_config/scope"]),
        (
            oauth(r#""client_secret": {"env": "S"}, "client_authentication": "body""#),
            &["enum /auth_config/client_authentication"],
        ),
        (
            oauth(r#""client_secret": {"env": "S"}, "additional_request_data": {"grant_type": "x"}"#),
            &["overrides /auth_config/additional_request_data/grant_type"],
        ),
        (
            oauth(r#""client_secret": {"env": "S"}, "additional_request_data": {"grant_type": "client_credentials"}"#),
            &[],
        ),
        (
            oauth(
                r#""client_secret": {"env": "S"}, "custom_grant_type": "y", "additional_request_data": {"grant_type": "x"}"#,
            ),
            &["conflict /auth_config/additional_request_data/grant_type"],
        ),
        (
            oauth(r#""client_secret": {"env": "S"}, "additional_request_data": {"client_secret": {"env": "T"}}"#),
            &["overrides_secret /auth_config/additional_request_data/client_secret"],
        ),
        (
            oauth(r#""client_secret": {"env": "S"}, "additional_headers": {"authorization": {"env": "T"}}"#),
            &["overrides_secret /auth_config/additional_headers/authorization"],
        ),
        (
            oauth(r#""client_secret": {"env": "S"}, "additional_headers": {"X-A": "1", "x-a": "2", "a b": "3", "Host": "h"}"#),
            &[
                "conflict /auth_config/additional_headers/x-a",
                "header_name /auth_config/additional_headers/a b",
                "reserved_header /auth_config/additional_headers/Host",
            ],
        ),
        (
            oauth(r#""client_secret": {"env": "S"}, "additional_request_data": {"client_id": "id"}, "additional_headers": {"Accept": "application/json", "content-type": "application/x-www-form-urlencoded"}"#),
            &[],
        ),
        (
            oauth(r#""client_secret": {"env": "S"}, "additional_request_data": {"client_id": "other"}, "additional_headers": {"Accept": "text/plain"}"#),
            &[
                "overrides /auth_config/additional_headers/Accept",
                "overrides /auth_config/additional_request_data/client_id",
            ],
        ),
        (
            oauth(r#""client_secret": {"env": "S"}, "header_auth_value_pattern": "Token""#),
            &["placeholder /auth_config/header_auth_value_pattern"],
        ),
        (
            oauth(r#""client_secret": {"env": "S"}, "header_auth_value_pattern": "%%s %s%%""#),
            &[],
        ),
        (
            oauth(r#""client_secret": {"env": "S"}, "client_authentication": "basic", "additional_headers": {"Authorization": {"env": "T"}}"#),
            &["overrides_secret /auth_config/additional_headers/Authorization"],
        ),
        // only the form encoding writes a colon otherwise
        (
            r#"{"type": "oauth2_client_credentials", "client_id": "a:b", "client_secret": {"env": "S"}, "token_url": "https://a.example/t", "client_authentication": "basic"}"#.to_owned(),
            &[],
        ),
        (
            r#"{"type": "oauth2_client_credentials", "client_id": "a:b", "client_secret": {"env": "S"}, "token_url": "https://a.example/t", "client_authentication": "basic_username_password"}"#.to_owned(),
            &["username /auth_config/client_id"],
        ),
        (
            r#"{"type": "client_credentials_header", "client_id": "i", "client_secret": {"env": "S"}, "token_url": "https://a.example/t", "additional_headers": {"Client-Secret": {"env": "T"}}}"#.to_owned(),
            &["overrides_secret /auth_config/additional_headers/Client-Secret"],
        ),
        (
            r#"{"type": "client_credentials_header", "client_id": "i", "client_secret": {"env": "S"}, "token_url": "https://a.example/t", "client_id_header": "X-A", "client_secret_header": "x-a"}"#.to_owned(),
            &["conflict /auth_config/client_id_header", "conflict /auth_config/client_secret_header"],
        ),
        // three bytes, however long the text around them is
        (
            r#"{"type": "jwt_bearer", "algorithm": "HS256", "claims_expiry_seconds": 60, "private_key": "{\"kty\":\"oct\",\"kid\":\"some-key-id-2024\",\"k\":\"YWJj\"}"}"#.to_owned(),
            &["literal_secret /auth_config/private_key", "weak_key /auth_config/private_key"],
        ),
        // a style for no client
        (
            r#"{"type": "jwt_bearer", "private_key": {"env": "K"}, "algorithm": "RS256", "claims_expiry_seconds": 60, "token_url": "https://a.example/t", "client_authentication": "basic"}"#.to_owned(),
            &["conflict /auth_config/client_authentication"],
        ),
        // a name of one's own, and one that is sent already
        (
            r#"{"type": "jwt_bearer", "private_key": {"env": "K"}, "algorithm": "RS256", "claims_expiry_seconds": 60, "token_url": "https://a.example/t", "assertion_key": "grant_type"}"#.to_owned(),
            &["conflict /auth_config/assertion_key"],
        ),
        (
            r#"{"type": "jwt_bearer", "private_key": {"env": "K"}, "algorithm": "RS256", "claims_expiry_seconds": 60, "token_url": "https://a.example/t", "client_id": "c", "assertion_key": "client_id"}"#.to_owned(),
            &["conflict /auth_config/assertion_key"],
        ),
        (
            r#"{"type": "jwt_bearer", "private_key": {"env": "K"}, "algorithm": "RS256", "claims_expiry_seconds": 60, "token_url": "https://a.example/t", "assertion_key": "jwt"}"#.to_owned(),
            &[],
        ),
        // a colon ends the name where nothing is encoded
        (
            r#"{"type": "oauth2_client_credentials", "client_id": "a:b", "token_url": "https://a.example/t", "client_secret": {"env": "S"}, "client_authentication": "basic_raw"}"#.to_owned(),
            &["username /auth_config/client_id"],
        ),
        (
            r#"{"type": "oauth2_client_credentials", "client_id": "a:b", "token_url": "https://a.example/t", "client_secret": {"env": "S"}, "client_authentication": "basic"}"#.to_owned(),
            &[],
        ),
        (oauth(r#""client_secret": {"env": "S"}, "refresh_on_status": []"#), &["min_items /auth_config/refresh_on_status"]),
        (
            oauth(r#""client_secret": {"env": "S"}, "refresh_on_status": [200, 401.5, "x"]"#),
            &[
                "minimum /auth_config/refresh_on_status/0",
                "type /auth_config/refresh_on_status/1",
                "type /auth_config/refresh_on_status/2",
            ],
        ),
        (
            oauth(r#""client_secret": {"env": "S"}, "token_response": {"expires_in_format": "hours", "scope": "/s"}"#),
            &["enum /auth_config/token_response/expires_in_format", "unknown_field /auth_config/token_response/scope"],
        ),
        (
            r#"{"type": "oauth2_client_credentials", "client_id": "i", "client_secret": {"env": "S"}, "token_url": "http://a.example/t"}"#
                .to_owned(),
            &["pattern /auth_config/token_url"],
        ),
        (
            r#"{"type": "api_key", "api_key_auth_type": "param_auth", "api_key": {"env": "K"}, "param_auth_param_name": "key", "header_auth_key": "X"}"#
                .to_owned(),
            &["unknown_field /auth_config/header_auth_key"],
        ),
        (
            r#"{"type": "api_key", "api_key": {"env": "K"}, "api_key_auth_type": "cookie_auth"}"#.to_owned(),
            &["enum /auth_config/api_key_auth_type"],
        ),
        (
            r#"{"type": "bearer_token", "api_key": "Bearer abc"}"#.to_owned(),
            &["literal_secret /auth_config/api_key", "doubled_prefix /auth_config/api_key"],
        ),
        (
            r#"{"type": "jwt_bearer", "private_key": {"env": "K"}, "algorithm": "RS256", "claims_expiry_seconds": 60, "scope": "a"}"#
                .to_owned(),
            &["dependent_required /auth_config/scope"],
        ),
        (
            r#"{"type": "jwt_bearer", "private_key": {"env": "K"}, "algorithm": "RS256", "claims_expiry_seconds": 60, "claims_issuer": "i", "additional_claims": {"iat": 1, "iss": "x", "name": "n"}, "headers": {"alg": "HS256"}, "private_key_encoding": "hex"}"#
                .to_owned(),
            &[
                "reserved_claim /auth_config/additional_claims/iat",
                "reserved_claim /auth_config/additional_claims/iss",
                "alg_mismatch /auth_config/headers/alg",
                "conflict /auth_config/private_key_encoding",
            ],
        ),
        (
            r#"{"type": "jwt_bearer", "private_key": "-----BEGIN PRIVATE KEY-----", "algorithm": "HS256", "claims_expiry_seconds": 60}"#
                .to_owned(),
            &["key /auth_config/private_key", "literal_secret /auth_config/private_key"],
        ),
        (
            r#"{"type": "oauth2_authorization_code", "client_id": "id", "authorization_url": "https://a.example/a?tenant=1", "token_url": "https://a.example/t"}"#
                .to_owned(),
            &[],
        ),
        (
            r#"{"type": "oauth2_authorization_code", "client_id": "id", "authorization_url": "https://a.example/a?state=1", "token_url": "https://a.example/t", "additional_authorization_data": {"state": "2"}}"#
                .to_owned(),
            &[
                "conflict /auth_config/authorization_url",
                "conflict /auth_config/additional_authorization_data/state",
            ],
        ),
        (
            r#"{"type": "oauth2_authorization_code", "client_id": "id", "authorization_url": "https://a.example/a?state=1", "token_url": "https://a.example/t"}"#
                .to_owned(),
            &["conflict /auth_config/authorization_url"],
        ),
    ];
    for (auth, expected) in cases {
        let document = around(&auth);
        let (mut codes, mut expected) =
            (found(&document).0, expected.iter().map(ToString::to_string).collect::<Vec<_>>());
        codes.sort();
        expected.sort();
        assert_eq!(codes, expected, "{document}");
    }
}

/// A connector whose auth signs, with more around it.
fn signed(auth: &str, around: &str) -> String {
    format!(r#"{{"name": "ab", "base_url": "https://a.example", {around}, "auth_config": {{{auth}}}}}"#)
}

#[test]
fn each_mistake_around_it_has_its_code_and_place() {
    let auth = r#""auth_config": {"type": "no_auth"}"#;
    let cases: &[(String, &[&str])] = &[
        (String::new(), &["syntax "]),
        ("{".to_owned(), &["syntax "]),
        (format!(r#"{{"name": "a", "base_url": "https://a.example", {auth}}}"#), &["pattern /name"]),
        (format!(r#"{{"name": "", "base_url": "https://a.example", {auth}}}"#), &["min_length /name"]),
        (format!(r#"{{"name": "ab", "name": "ab", "base_url": "https://a.example", {auth}}}"#), &["duplicate_key /name"]),
        (format!(r#"{{"name": "ab", "base_url": "https://a.example?x=1", {auth}}}"#), &["pattern /base_url"]),
        (
            format!(r#"{{"name": "ab", "base_url": "https://a.example", {auth}, "headers": {{"X-Api-Key": "k", "Connection": "c", "X": "ü"}}}}"#),
            &["literal_secret /headers/X-Api-Key", "reserved_header /headers/Connection", "header_value /headers/X"],
        ),
        (
            r#"{"name": "ab", "base_url": "https://a.example", "headers": {"authorization": {"env": "A"}}, "auth_config": {"type": "basic_auth", "username": "u", "password": {"env": "P"}}}"#
                .to_owned(),
            &["overrides /headers/authorization"],
        ),
        (
            signed(r#""type": "oauth1", "consumer_key": "k", "consumer_secret": {"env": "S"}, "placement": "query""#,
                r#""headers": {"Authorization": "mine"}, "query": {"oauth_nonce": {"env": "N"}, "oauth_token": {"env": "T"}}"#),
            &["literal_secret /headers/Authorization", "overrides /query/oauth_nonce"],
        ),
        (
            signed(r#""type": "oauth1", "consumer_key": "k", "consumer_secret": {"env": "S"}, "access_token": {"env": "T"}, "access_token_secret": {"env": "U"}, "placement": "query""#,
                r#""query": {"oauth_token": {"env": "T"}}"#),
            &["overrides /query/oauth_token"],
        ),
        (
            signed(r#""type": "aws_sigv4", "access_key_id": "AKIDEXAMPLE", "secret_access_key": {"env": "S"}, "region": "eu-central-1", "service": "s3""#,
                r#""headers": {"x-amz-content-sha256": "UNSIGNED-PAYLOAD", "x-amz-security-token": {"env": "T"}}"#),
            &["overrides /headers/x-amz-content-sha256"],
        ),
        (
            format!(r#"{{"name": "ab", "base_url": "https://a.example", {auth}, "test": {{"path": "//x"}}, "http": {{"max_retries": 11}}, "extra": 1}}"#),
            &["pattern /test/path", "maximum /http/max_retries", "unknown_field /extra"],
        ),
    ];
    for (document, expected) in cases {
        assert_eq!(found(document).0, *expected, "{document}");
    }
}

#[test]
fn a_finding_says_where_what_and_what_to_do() {
    let document = "{\n  \"name\": \"acme\",\n  \"base_url\": \"https://a.example\",\n  \"auth_config\": {\n    \"type\": \"basic_auth\",\n    \"username\": \"ü\", \"pasword\": \"hunter2\"\n  }\n}";
    let report = ConnectorConfig::from_slice(document.as_bytes()).unwrap_err();
    let places: Vec<_> = report
        .findings()
        .iter()
        .map(|finding| finding.place.as_ref().map(|place| (place.line, place.column)))
        .collect();
    assert_eq!(places, [Some((4, 18)), Some((6, 22))]);
    let unknown = &report.findings()[1];
    assert_eq!(unknown.message, "unknown field `pasword`");
    assert_eq!(unknown.help.as_deref(), Some("did you mean `password`?"));
    assert_eq!(unknown.schema.as_deref(), Some("authwire:basic_auth#/additionalProperties"));
    assert!(!format!("{report} {report:?}").contains("hunter2"));
}

/// Each line: a document, a finding's code and pointer, and what its message and help have to say.
#[test]
fn a_finding_leads_on() {
    let auth = |rest: &str| around(&format!("{{{rest}}}"));
    let typed = |name: &str| auth(&format!(r#""type": "{name}""#));
    let oauth = |rest: &str| auth(&format!(r#"{OAUTH}, "client_secret": {{"env": "S"}}, {rest}"#));
    let bearer = |rest: &str| auth(&format!(r#""type": "bearer_token", "api_key": {{"env": "K"}}, {rest}"#));
    let basic = |rest: &str| auth(&format!(r#""type": "basic_auth", {rest}"#));
    let jwt = |rest: &str| auth(&format!(r#""type": "jwt_bearer", "claims_expiry_seconds": 60, {rest}"#));
    let file = |rest: &str| {
        format!(
            r#"{{"name": "acme", "base_url": "https://a.example", {rest}, "auth_config": {{"type": "no_auth"}}}}"#
        )
    };
    const ALL_OAUTH2: &str = "did you mean `oauth2_authorization_code`, `oauth2_client_credentials`, `oauth2_password`, \
                              `oauth2_private_key_jwt`, `oauth2_refresh_token` or `oauth2_token_exchange`?";
    for (document, finding, words) in [
        (
            auth(r#""type": "oauth1", "consumer_key": "k""#),
            "any_of /auth_config",
            "one of `consumer_secret`, `private_key` is missing",
        ),
        (typed("oauth2"), "unknown_type /auth_config/type", ALL_OAUTH2),
        (typed("nosuch"), "unknown_type /auth_config/type", "the auth types are "),
        (typed("oauth3"), "unknown_type /auth_config/type", "the auth types are "),
        (typed("bearer"), "unknown_type /auth_config/type", "did you mean `bearer_token` or `jwt_bearer`?"),
        (typed("basic"), "unknown_type /auth_config/type", "did you mean `basic_auth`?"),
        (
            typed("jwt"),
            "unknown_type /auth_config/type",
            "did you mean `jwt_bearer` or `oauth2_private_key_jwt`?",
        ),
        (
            typed("JWT Auth"),
            "unknown_type /auth_config/type",
            "did you mean `jwt_bearer` or `oauth2_private_key_jwt`?",
        ),
        (
            typed("jwt_auth"),
            "unknown_type /auth_config/type",
            "did you mean `jwt_bearer` or `oauth2_private_key_jwt`?",
        ),
        (typed("Bearer Token Auth"), "unknown_type /auth_config/type", "did you mean `bearer_token`?"),
        (
            typed("client_credentials"),
            "unknown_type /auth_config/type",
            "did you mean `client_credentials_header` or `oauth2_client_credentials`?",
        ),
        (typed("refresh_token"), "unknown_type /auth_config/type", "did you mean `oauth2_refresh_token`?"),
        (typed("password"), "unknown_type /auth_config/type", "did you mean `oauth2_password`?"),
        (typed("aws"), "unknown_type /auth_config/type", "did you mean `aws_sigv4`?"),
        (typed("sigv4"), "unknown_type /auth_config/type", "did you mean `aws_sigv4`?"),
        (typed("oauth2_jwt_bearer"), "unknown_type /auth_config/type", "did you mean `jwt_bearer`?"),
        (typed("basicauth"), "unknown_type /auth_config/type", "did you mean `basic_auth`?"),
        // the guide's labels
        (
            auth(
                r#""type": "oauth2_client_credentials", "client_id": "i", "Oauth2 Token Url": "https://a.example""#,
            ),
            "unknown_field /auth_config/Oauth2 Token Url",
            "did you mean `token_url`?",
        ),
        (
            auth(
                r#""type": "oauth2_client_credentials", "client_id": "i", "oauth2_token_url": "https://a.example""#,
            ),
            "required /auth_config",
            "`oauth2_token_url` stands here: did you mean `token_url`?",
        ),
        (
            jwt(r#""jwt_auth_algorithm": "RS256""#),
            "unknown_field /auth_config/jwt_auth_algorithm",
            "did you mean `algorithm`?",
        ),
        (
            jwt(r#""jwt_auth_private_key": {"env": "K"}"#),
            "unknown_field /auth_config/jwt_auth_private_key",
            "did you mean `private_key`?",
        ),
        (
            auth(r#""type": "oauth2_password", "password_grant_username": "u""#),
            "unknown_field /auth_config/password_grant_username",
            "did you mean `username`?",
        ),
        (
            auth(r#""type": "oauth2_refresh_token", "refresh_token_grant_refresh_token": {"env": "T"}"#),
            "unknown_field /auth_config/refresh_token_grant_refresh_token",
            "did you mean `refresh_token`?",
        ),
        (basic(r#""user": "u""#), "unknown_field /auth_config/user", "did you mean `username`?"),
        (basic(r#""pass": {"env": "P"}"#), "unknown_field /auth_config/pass", "did you mean `password`?"),
        (
            file(r#""http": {"timeout": 5}"#),
            "unknown_field /http/timeout",
            "did you mean `connect_timeout_seconds` or `timeout_seconds`?",
        ),
        // where it belongs
        (
            bearer(r#""headers": {"X": "y"}"#),
            "unknown_field /auth_config/headers",
            "`headers` is a field of the file itself: move it out of `auth_config`",
        ),
        (
            bearer(r#""username": "u""#),
            "unknown_field /auth_config/username",
            "`username` is a field of `basic_auth`, ",
        ),
        (
            oauth(r#""audience": "https://a.example""#),
            "unknown_field /auth_config/audience",
            "what else a request for a token is to carry goes into `additional_request_data`",
        ),
        (
            oauth(r#""expires_in_format": "seconds""#),
            "unknown_field /auth_config/expires_in_format",
            "`expires_in_format` belongs in `token_response`",
        ),
        (file(r#""api_key": {"env": "K"}"#), "unknown_field /api_key", "`api_key` belongs in `auth_config`"),
        (file(r#""type": "api_key""#), "unknown_field /type", "`type` belongs in `auth_config`"),
        (file(r#""max_retries": 1"#), "unknown_field /max_retries", "`max_retries` belongs in `http`"),
        // values
        (file(r#""description": null"#), "type /description", "leave the field out"),
        (
            basic(r#""username": null"#),
            "type /auth_config/username",
            "the field is required: give it a value",
        ),
        (basic(r#""username": """#), "min_length /auth_config/username", "the field is required: fill it in"),
        (
            oauth(r#""custom_grant_type": """#),
            "min_length /auth_config/custom_grant_type",
            "leave the field out, or fill it in",
        ),
        (
            oauth(r#""scope": ["a", "b"]"#),
            "type /auth_config/scope",
            "write them as one text, with a space between two",
        ),
        (jwt(r#""include_jti": "true""#), "type /auth_config/include_jti", "write it without quotes"),
        (
            auth(r#""type": "jwt_bearer", "claims_expiry_seconds": 3600.5"#),
            "type /auth_config/claims_expiry_seconds",
            "`claims_expiry_seconds` must be a whole number, not one with a fraction",
        ),
        (
            auth(r#""type": "api_key", "api_key": {"env": "K"}"#),
            "required /auth_config",
            "`api_key_auth_type` is missing it is one of `header_auth`, `param_auth`",
        ),
    ] {
        let report = ConnectorConfig::from_slice(document.as_bytes()).unwrap_err();
        let (code, pointer) = finding.split_once(' ').unwrap();
        let told: Vec<String> = report
            .findings()
            .iter()
            .filter(|one| one.code.as_str() == code && one.pointer == pointer)
            .map(|one| format!("{} {}", one.message, one.help.as_deref().unwrap_or_default()))
            .collect();
        assert!(told.iter().any(|told| told.contains(words)), "{document}: {told:#?}\n{report}");
    }
}

/// Without the tag of a union nobody knows which branch was meant, but what is wrong in each of them is wrong.
#[test]
fn what_is_wrong_in_every_branch_is_told_whichever_was_meant() {
    for (rest, expected) in [
        (r#""api_key": {"env": "K"}"#, &["required /auth_config"][..]),
        (
            r#""api_key": 5, "foo": 1, "header_auth_key": """#,
            &["required /auth_config", "type /auth_config/api_key", "unknown_field /auth_config/foo"],
        ),
        (
            r#""api_key_auth_type": "cookie""#,
            &["enum /auth_config/api_key_auth_type", "required /auth_config"],
        ),
        (
            r#""api_key_auth_type": "", "api_key": """#,
            &["min_length /auth_config/api_key", "min_length /auth_config/api_key_auth_type"],
        ),
        (
            r#""api_key_auth_type": 5, "api_key": {"env": "K"}, "param_auth_param_name": "k""#,
            &["type /auth_config/api_key_auth_type"],
        ),
    ] {
        let mut codes = found(&around(&format!(r#"{{"type": "api_key", {rest}}}"#))).0;
        codes.sort();
        assert_eq!(codes, expected, "{rest}");
    }
}

#[test]
fn a_finding_has_the_title_of_the_field_that_it_is_about() {
    let jwt = r#"{"type": "jwt_bearer", "private_key": {"env": "K"}, "algorithm": "RS256", "claims_expiry_seconds": 60, "scope": "a"}"#;
    let map = r#"{"name": "acme", "base_url": "https://a.example", "auth_config": {"type": "no_auth"}, "query": {"a": 5}}"#;
    for (document, code, title) in
        [(around(jwt), "dependent_required", "Jwt Auth Oauth2 Scope"), (map.to_owned(), "type", "Query")]
    {
        let report = ConnectorConfig::from_slice(document.as_bytes()).unwrap_err();
        let titles: Vec<_> =
            report.findings().iter().map(|one| (one.code.as_str(), one.title.as_deref())).collect();
        assert_eq!(titles, [(code, Some(title))], "{document}");
    }
}

#[test]
fn nesting_and_size_have_their_limits() {
    let deep = around(&format!("{}1{}", "[".repeat(200), "]".repeat(200)));
    assert_eq!(found(&deep).0, ["too_deep "]);
    let large = around(&format!("\"{}\"", "x".repeat(17 * 1024 * 1024)));
    assert_eq!(found(&large).0, ["too_large "]);
    assert_eq!(found("\u{feff}{}").0, ["encoding "]);
}

#[test]
fn a_name_that_is_there_again_and_again_is_told_in_time() {
    let entries = vec![r#""a": "x""#; 40_000].join(", ");
    let document = format!(
        r#"{{"name": "ab", "base_url": "https://a.example", "headers": {{{entries}}}, "auth_config": {{"type": "no_auth"}}}}"#
    );
    let begun = Instant::now();
    assert_eq!(found(&document).0, vec!["duplicate_key /headers/a"; 39_999]);
    assert!(begun.elapsed() < Duration::from_secs(10), "it took {:?}", begun.elapsed());
}
