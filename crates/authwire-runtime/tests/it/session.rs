//! The cookies of a session, as the API's answers change them.

use std::sync::Arc;
use std::time::Duration;

use authwire_runtime::Client;
use serde_json::json;

use crate::fixture::{Server, advance, config, connector, ok};

/// A server that logs in with the cookie `sid`, and answers its calls with what `set` sets, which is told how many requests there were
/// before.
fn server(set: impl Fn(usize) -> Vec<String> + Send + Sync + 'static) -> (Arc<Server>, Client) {
    let server = Server::new(move |seen, count| {
        let mut response = ok();
        let cookies =
            if seen.uri.ends_with("/login") { vec!["sid=abc; Path=/".to_owned()] } else { set(count) };
        for cookie in cookies {
            response.headers_mut().append("set-cookie", cookie.parse().unwrap());
        }
        response
    });
    let auth =
        json!({"type": "cookie", "login_url": "https://api.example/login", "username": "u", "password": "p"});
    let client = server.client(connector(config(auth)));
    (server, client)
}

#[tokio::test(start_paused = true)]
async fn a_cookie_of_an_answer_ends_when_it_says() {
    let (server, client) = server(|count| match count {
        1 => {
            vec!["visit=1; Max-Age=60".to_owned(), "day=1; Expires=Tue, 14 Nov 2023 22:15:00 GMT".to_owned()]
        }
        2 => vec!["sid=new".to_owned(), "gone=1; Max-Age=0".to_owned()],
        _ => Vec::new(),
    });
    let mut sent = Vec::new();
    for wait in [0, 30, 31, 60] {
        advance(Duration::from_secs(wait)).await;
        client.get("/").send().await.unwrap();
        sent.push(server.seen().last().unwrap().header("cookie").unwrap().to_owned());
    }
    assert_eq!(sent, ["sid=abc", "sid=abc; visit=1; day=1", "day=1; sid=new", "sid=new"]);
}

#[tokio::test(start_paused = true)]
async fn a_session_has_at_most_fifty_cookies() {
    let (server, client) = server(|count| {
        (0..30).map(|index| format!("nonce-{count}-{index}=1; Max-Age={}", count * 60)).collect()
    });
    for _ in 0..4 {
        client.get("/").send().await.unwrap();
    }
    let cookies = || {
        let sent = server.seen().last().unwrap().header("cookie").unwrap().to_owned();
        sent.split("; ").map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(cookies().len(), 50);
    assert!(cookies().contains(&"sid=abc".to_owned()), "{:?}", cookies());
    // those that ended make room
    advance(Duration::from_secs(1000)).await;
    for _ in 0..2 {
        client.get("/").send().await.unwrap();
    }
    assert_eq!(cookies().len(), 31);
    assert!(cookies().contains(&"nonce-5-0=1".to_owned()), "{:?}", cookies());
}
