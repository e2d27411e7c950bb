//! A person's login without the person: what the server is asked, and how often.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use authwire_runtime::login::{BrowserLogin, DeviceLogin};
use authwire_runtime::{Error, HttpOptions};
use serde_json::{Value, json};

use crate::fixture::{Seen, Server, config, connector, form_answer, json_answer, ok, refused, token};

fn person() -> Value {
    json!({
        "type": "oauth2_authorization_code", "client_id": "c", "client_secret": "cs",
        "authorization_url": "https://auth.example/authorize",
        "token_url": "https://auth.example/token",
        "device_authorization_url": "https://auth.example/device",
    })
}

/// The requests for a token: the one for a code goes elsewhere.
fn polls_of(server: &Server) -> Vec<Seen> {
    server.seen().into_iter().filter(|seen| seen.uri.ends_with("/token")).collect()
}

#[tokio::test(start_paused = true)]
async fn while_a_person_types_the_client_proves_itself_in_the_way_that_was_found() {
    // takes the client's secret in the form alone, and the person needs a while
    let polls = Mutex::new(0);
    let server = Server::new(move |seen, _| {
        let by_form = seen.parameter("client_secret").is_some();
        match seen.uri.trim_start_matches("https://auth.example") {
            "/device" | "/token" if !by_form => refused(401, "invalid_client"),
            "/device" => json_answer(
                200,
                json!({
                    "device_code": "d-1", "user_code": "WDJB-MJHT", "verification_uri": "https://auth.example/go",
                    "expires_in": 600, "interval": 5,
                }),
            ),
            "/token" => {
                let mut polls = polls.lock().unwrap();
                *polls += 1;
                match *polls {
                    1 => refused(400, "authorization_pending"),
                    2 => refused(400, "slow_down"),
                    3 => refused(503, "temporarily_unavailable"),
                    _ => json_answer(
                        200,
                        json!({"access_token": "abc", "refresh_token": "r-1", "expires_in": 60}),
                    ),
                }
            }
            _ => ok(),
        }
    });
    let client = server.client(connector(config(person())));
    let error = client.get("/").send().await.unwrap_err();
    assert!(matches!(error, Error::LoginRequired { .. }), "{error}");
    assert_eq!(server.seen().len(), 0);

    let login = DeviceLogin::begin(client.authenticator()).await.unwrap();
    assert_eq!((login.user_code(), login.verification_uri()), ("WDJB-MJHT", "https://auth.example/go"));
    login.finish().await.unwrap();
    let by_basic = |seen: &&Seen| seen.header("authorization").is_some();
    let asked = polls_of(&server);
    assert_eq!((asked.len(), asked.iter().filter(by_basic).count()), (5, 1));
    client.get("/").send().await.unwrap();
    assert_eq!(polls_of(&server).len(), 5);
}

/// RFC 8628 §3.5: five seconds longer from then on, whatever the status says beside it.
#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_patience_is_asked_less_often() {
    let asked: Arc<Mutex<Vec<tokio::time::Instant>>> = Arc::default();
    let server = {
        let asked = Arc::clone(&asked);
        Server::new(move |seen, _| match seen.uri.as_str() {
            "https://auth.example/device" => json_answer(
                200,
                json!({
                    "device_code": "d-1", "user_code": "A", "verification_uri": "https://auth.example/go",
                    "expires_in": 600.0, "interval": null,
                }),
            ),
            _ => {
                let mut asked = asked.lock().unwrap();
                asked.push(tokio::time::Instant::now());
                match asked.len() {
                    1 | 2 => refused(429, "slow_down"),
                    3 => refused(400, "authorization_pending"),
                    _ => json_answer(200, json!({"access_token": "abc"})),
                }
            }
        })
    };
    let connector = connector(config(person())).with_http(HttpOptions::default());
    let login = DeviceLogin::begin(server.client(connector).authenticator()).await.unwrap();
    login.finish().await.unwrap();
    let asked = asked.lock().unwrap();
    let pauses: Vec<u64> = asked.windows(2).map(|pair| (pair[1] - pair[0]).as_secs()).collect();
    assert_eq!(pauses, [10, 15, 15]);
}

#[tokio::test(start_paused = true)]
async fn a_code_that_nobody_types_in_ends() {
    let server = Server::new(|seen, _| match seen.uri.as_str() {
        "https://auth.example/device" => json_answer(
            200,
            json!({
                "device_code": "d-1", "user_code": "A", "verification_uri": "https://auth.example/go",
                "expires_in": "12", "interval": "5",
            }),
        ),
        _ => refused(400, "authorization_pending"),
    });
    let client = server.client(connector(config(person())));
    let login = DeviceLogin::begin(client.authenticator()).await.unwrap();
    let error = login.finish().await.unwrap_err();
    assert!(error.to_string().contains("the code ended"), "{error}");
    assert_eq!(polls_of(&server).len(), 2);
}

fn signed() -> Value {
    json!({
        "type": "oauth1", "consumer_key": "c", "consumer_secret": "cs",
        "request_token_url": "https://auth.example/request", "authorization_url": "https://auth.example/authorize?a=1",
        "access_token_url": "https://auth.example/access",
    })
}

#[tokio::test(start_paused = true)]
async fn what_temporary_credentials_hold_is_told_to_nobody() {
    let server = Server::new(|seen, _| match seen.uri.trim_start_matches("https://auth.example") {
        "/request" => form_answer(
            200,
            "oauth_token=t-temp&oauth_token_secret=t-s3cret-temp&oauth_callback_confirmed=true",
        ),
        // it says all that it was told, as servers do
        "/access" => {
            form_answer(401, "oauth_problem=token_rejected&error_description=v-s3cret-verifier+t-s3cret-temp")
        }
        _ => ok(),
    });
    let client = server.client(connector(config(signed())));
    let login = BrowserLogin::begin(client.authenticator(), "http://127.0.0.1:1/back").await.unwrap();
    assert_eq!(login.url(), "https://auth.example/authorize?a=1&oauth_token=t-temp");
    assert!(!login.is_answered_by("/back?oauth_token=other&oauth_verifier=1"));
    assert!(!format!("{login:?}").contains("s3cret"));
    let error = login.finish("/back?oauth_token=t-temp&oauth_verifier=v-s3cret-verifier").await.unwrap_err();
    let told = format!("{error} {error:?}");
    assert!(!told.contains("s3cret-") && told.contains("token_rejected"), "{told}");
    let asked = server.seen();
    let header = |at: usize| asked[at].header("authorization").unwrap_or_default().to_owned();
    assert!(header(0).contains("oauth_callback=\"http%3A%2F%2F127.0.0.1%3A1%2Fback\""), "{}", header(0));
    assert!(
        header(1).contains("oauth_token=\"t-temp\"") && header(1).contains("oauth_verifier="),
        "{}",
        header(1)
    );
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_know_the_callback_is_left_alone() {
    let server = Server::new(|_, _| form_answer(200, "oauth_token=t&oauth_token_secret=s-s3cret"));
    let client = server.client(connector(config(signed())));
    let error = BrowserLogin::begin(client.authenticator(), "http://127.0.0.1:1/back").await.unwrap_err();
    let told = error.to_string();
    assert!(told.contains("oauth_callback_confirmed") && !told.contains("s3cret"), "{told}");
}

/// Once the code was presented it is spent: what it brings is kept, whoever waits for it.
#[tokio::test(start_paused = true)]
async fn a_login_whose_caller_goes_away_comes_to_its_end() {
    let server =
        Server::slow(
            Duration::from_secs(2),
            |seen, _| if seen.is_token_request() { token("abc") } else { ok() },
        );
    let client = server.client(connector(config(person())));
    let login = BrowserLogin::begin(client.authenticator(), "http://127.0.0.1:1/back").await.unwrap();
    let state = login.url().split_once("state=").unwrap().1.split('&').next().unwrap();
    let redirect = format!("/back?code=c-1&state={state}");
    tokio::time::timeout(Duration::from_secs(1), login.finish(&redirect)).await.unwrap_err();
    client.authenticator().settled().await;
    client.get("/").send().await.unwrap();
    assert_eq!(server.token_requests().len(), 1);
}

/// Anybody may send a browser to where the redirect is awaited.
#[tokio::test(start_paused = true)]
async fn nobody_else_ends_a_login_not_even_by_saying_things_twice() {
    let server = Server::new(|_, _| {
        form_answer(200, "oauth_token=t-temp&oauth_token_secret=s&oauth_callback_confirmed=true")
    });
    for (auth, answers) in [
        (person(), ["state=1&state=2", "state=1&state=2&error=access_denied", "error=access_denied"]),
        (signed(), ["oauth_token=1&oauth_token=2", "denied=1&denied=2", "denied=1"]),
    ] {
        let client = server.client(connector(config(auth)));
        let login = BrowserLogin::begin(client.authenticator(), "http://127.0.0.1:1/back").await.unwrap();
        for answer in answers {
            assert!(!login.is_answered_by(&format!("/back?{answer}")), "{answer}");
        }
    }
}
