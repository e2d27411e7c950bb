//! How the client proves who it is (RFC 6749 §2.3), and how the way is found out.

use authwire_runtime::{Error, TokenErrorKind};
use http::Response;
use serde_json::{Value, json};

use crate::fixture::{Seen, Server, answer, client_credentials, config, connector, ok, refused, token, with};

const ODD_ID: &str = "cc:odd id";
const ODD_SECRET: &str = "p+a%ss/w=&:x";

fn auth(style: Value) -> Value {
    with(
        client_credentials(),
        json!({"client_authentication": style, "client_id": ODD_ID, "client_secret": ODD_SECRET}),
    )
}

async fn asked(auth: Value) -> Seen {
    let server = Server::new(|seen, _| if seen.is_token_request() { token("abc") } else { ok() });
    server.client(connector(config(auth))).get("/").send().await.unwrap();
    server.token_requests().remove(0)
}

fn decoded(seen: &Seen) -> Option<String> {
    use base64::Engine as _;
    let credentials = seen.header("authorization")?.strip_prefix("Basic ")?;
    Some(String::from_utf8(base64::engine::general_purpose::STANDARD.decode(credentials).unwrap()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn basic_encodes_id_and_secret_and_basic_raw_does_not() {
    let seen = asked(auth(json!("basic"))).await;
    assert_eq!(decoded(&seen).as_deref(), Some("cc%3Aodd+id:p%2Ba%25ss%2Fw%3D%26%3Ax"));
    let seen = asked(with(auth(json!("basic_raw")), json!({"client_id": "odd id"}))).await;
    assert_eq!(decoded(&seen).as_deref(), Some("odd id:p+a%ss/w=&:x"));
    for parameter in ["client_id", "client_secret"] {
        assert_eq!(seen.parameter(parameter), None);
    }
}

#[tokio::test(start_paused = true)]
async fn the_request_body_carries_both() {
    let seen = asked(auth(json!("request_body"))).await;
    assert_eq!(seen.parameter("client_id").as_deref(), Some(ODD_ID));
    assert_eq!(seen.parameter("client_secret").as_deref(), Some(ODD_SECRET));
    assert_eq!(decoded(&seen), None);
}

#[tokio::test(start_paused = true)]
async fn user_name_and_password_may_be_the_proof() {
    let password = json!({
        "type": "oauth2_password", "client_id": "c", "client_secret": "cs", "username": "joe", "password": "p w",
        "token_url": "https://auth.example/token", "client_authentication": "basic_username_password",
    });
    let seen = asked(password.clone()).await;
    assert_eq!(decoded(&seen).as_deref(), Some("joe:p w"));
    assert_eq!(seen.parameter("client_id").as_deref(), Some("c"));
    assert_eq!(seen.parameter("client_secret").as_deref(), Some("cs"));
    let seen = asked(with(password, json!({"client_secret": null}))).await;
    assert_eq!((decoded(&seen).as_deref(), seen.parameter("client_secret")), (Some("joe:p w"), None));
    // where the type has no user name: as basic_raw
    let seen = asked(with(auth(json!("basic_username_password")), json!({"client_id": "odd id"}))).await;
    assert_eq!(decoded(&seen).as_deref(), Some("odd id:p+a%ss/w=&:x"));
    assert_eq!(seen.parameter("client_id"), None);
    // what follows a colon would be taken for the password, wherever the id comes from
    for style in ["basic_raw", "basic_username_password"] {
        let server = Server::new(|_, _| ok());
        let error = server.client(connector(config(auth(json!(style))))).get("/").send().await.unwrap_err();
        assert!(error.to_string().contains("colon"), "{style}: {error}");
        assert!(server.token_requests().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_public_client_names_itself_in_the_body() {
    let public = json!({
        "type": "oauth2_refresh_token", "client_id": "c", "refresh_token": "r", "token_url": "https://auth.example/token",
    });
    let seen = asked(public).await;
    assert_eq!((seen.parameter("client_id").as_deref(), decoded(&seen)), (Some("c"), None));
    assert_eq!(seen.parameter("client_secret"), None);
}

/// A server that takes the client's proof in one way only.
fn picky(basic: bool, no: fn() -> Response<authwire_runtime::Body>) -> std::sync::Arc<Server> {
    Server::new(move |seen, _| {
        if !seen.is_token_request() {
            return ok();
        }
        if seen.headers.contains_key("authorization") == basic { token("abc") } else { no() }
    })
}

#[tokio::test(start_paused = true)]
async fn auto_tries_basic_then_the_body_and_remembers_what_worked() {
    let refusals: [fn() -> Response<authwire_runtime::Body>; 5] = [
        || refused(401, "invalid_client"),
        || refused(400, "invalid_client"),
        || answer(403, ""),
        || answer(401, "<html>no</html>"),
        || {
            crate::fixture::json_answer(
                400,
                json!({"error": "invalid_request", "error_description": "client_id is missing"}),
            )
        },
    ];
    for no in refusals {
        let server = picky(false, no);
        let client = server.client(connector(config(auth(Value::Null))));
        client.get("/").send().await.unwrap();
        let seen = server.token_requests();
        assert_eq!(seen.len(), 2);
        assert!(seen[0].parameter("client_id").is_none() && seen[0].headers.contains_key("authorization"));
        assert!(
            seen[1].parameter("client_secret").is_some() && !seen[1].headers.contains_key("authorization")
        );
        // the next time the way is known
        crate::fixture::advance(std::time::Duration::from_secs(4000)).await;
        client.get("/").send().await.unwrap();
        let seen = server.token_requests();
        assert_eq!(seen.len(), 3);
        assert!(!seen[2].headers.contains_key("authorization"));
    }
    let server = picky(true, || refused(401, "invalid_client"));
    server.client(connector(config(auth(Value::Null)))).get("/").send().await.unwrap();
    assert_eq!(server.token_requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn auto_does_not_try_again_where_the_client_was_recognised() {
    for no in
        [(400, "invalid_scope"), (400, "invalid_grant"), (400, "unauthorized_client"), (500, "server_error")]
    {
        let server = Server::new(move |_, _| refused(no.0, no.1));
        let error = server.client(connector(config(auth(Value::Null)))).get("/").send().await.unwrap_err();
        assert_eq!(server.token_requests().len(), 1, "{error}");
        assert!(error.to_string().contains(no.1), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn if_both_ways_fail_the_error_shows_both_answers() {
    let server = Server::new(|seen, _| match seen.headers.contains_key("authorization") {
        true => refused(401, "invalid_client"),
        false => refused(400, "unauthorized"),
    });
    let error = server.client(connector(config(auth(Value::Null)))).get("/").send().await.unwrap_err();
    let Error::Token(token) = &error else { panic!("{error:?}") };
    assert_eq!((token.kind, token.attempts.len()), (TokenErrorKind::Refused, 2));
    let text = error.to_string();
    for part in [
        "https://auth.example/token",
        "with Basic: status 401, error `invalid_client`",
        "with the request body: status 400",
    ] {
        assert!(text.contains(part), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_basic_style_without_a_secret_is_a_conflict() {
    let server = Server::new(|_, _| ok());
    let auth = json!({
        "type": "oauth2_refresh_token", "client_id": "c", "refresh_token": "r", "token_url": "https://auth.example/token",
        "client_authentication": "basic",
    });
    let error = server.client(connector(config(auth))).get("/").send().await.unwrap_err();
    assert!(matches!(error, Error::Unusable(error) if error.code == authwire_core::Code::Conflict));
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_is_never_probed_with() {
    let auth = json!({
        "type": "oauth2_refresh_token", "client_id": "c", "client_secret": "cs", "refresh_token": "r",
        "token_url": "https://auth.example/token",
    });
    for status in [401, 403] {
        let server = Server::new(move |_, _| answer(status, ""));
        let error = server.client(connector(config(auth.clone()))).get("/").send().await.unwrap_err();
        assert_eq!(server.token_requests().len(), 1, "{error}");
        assert!(error.to_string().contains("another client authentication"), "{error}");
    }
    let server = picky(false, || refused(401, "invalid_client"));
    server.client(connector(config(auth))).get("/").send().await.unwrap();
    assert_eq!(server.token_requests().len(), 2);
}
