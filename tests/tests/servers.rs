//! The servers themselves, before any client of ours talks to them: right credentials get in, wrong ones don't.

use std::thread;
use std::time::{Duration, SystemTime};

use authwire_tests::clients::{self, Client, JWT_BEARER};
use authwire_tests::exchange::{self, Answer, encode, get, post_form};
use authwire_tests::{Algorithm, Haproxy, Httpbin, Nginx, OAuth2, Oidc, Settings, SigningKeys};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

/// Id and secret encoded as RFC 6749 §2.3.1 wants it.
fn encoded_basic(client: &Client) -> String {
    basic(&encode(client.id), &encode(secret(client)))
}

fn raw_basic(client: &Client) -> String {
    basic(client.id, secret(client))
}

fn in_the_form(client: &Client) -> String {
    format!("client_id={}&client_secret={}", encode(client.id), encode(secret(client)))
}

fn secret(client: &Client) -> &'static str {
    client.secret.expect("a confidential client")
}

fn text(answer: &Answer, member: &str) -> String {
    answer.json()[member].as_str().unwrap_or_else(|| panic!("no {member}: {answer:?}")).to_owned()
}

fn with_token(url: &str, token: &str) -> Answer {
    get(url, &[("Authorization", &format!("Bearer {token}"))])
}

const CLIENT_CREDENTIALS: &str = "grant_type=client_credentials";

#[test]
fn oidc_gives_tokens_to_its_clients_only_and_its_api_knows_them() {
    let oidc = Oidc::start();
    for client in [clients::BASIC, clients::ODD_BASIC] {
        let form = format!("{CLIENT_CREDENTIALS}&scope=api:read");
        let granted = post_form(&oidc.token_url, &[("Authorization", &encoded_basic(&client))], &form);
        assert_eq!(granted.status, 200, "{granted:?}");
        let who = with_token(&oidc.whoami_url, &text(&granted, "access_token"));
        assert_eq!((who.status, text(&who, "client")), (200, client.id.to_owned()));
        assert_eq!(text(&who, "scope"), "api:read");

        let wrong = basic(&encode(client.id), "wrong");
        let refused = post_form(&oidc.token_url, &[("Authorization", &wrong)], CLIENT_CREDENTIALS);
        assert_eq!((refused.status, text(&refused, "error")), (401, "invalid_client".to_owned()));
    }
    for client in [clients::POST, clients::ODD_POST] {
        let form = format!("{CLIENT_CREDENTIALS}&{}", in_the_form(&client));
        assert_eq!(post_form(&oidc.token_url, &[], &form).status, 200);
        let form = format!("{CLIENT_CREDENTIALS}&client_id={}&client_secret=wrong", encode(client.id));
        assert_eq!(post_form(&oidc.token_url, &[], &form).status, 401);
    }
    assert_eq!(get(&oidc.whoami_url, &[]).status, 401);
    assert_eq!(with_token(&oidc.whoami_url, "made-up").status, 401);
}

#[test]
fn oidc_takes_a_client_only_in_the_way_it_is_registered_for() {
    let oidc = Oidc::start();
    let by_basic = [("Authorization", &*encoded_basic(&clients::POST))];
    let answer = post_form(&oidc.token_url, &by_basic, CLIENT_CREDENTIALS);
    assert_eq!((answer.status, text(&answer, "error")), (401, "invalid_client".to_owned()));

    let form = format!("{CLIENT_CREDENTIALS}&{}", in_the_form(&clients::BASIC));
    assert_eq!(post_form(&oidc.token_url, &[], &form).status, 401);

    let not_encoded = [("Authorization", &*raw_basic(&clients::ODD_BASIC))];
    assert!(post_form(&oidc.token_url, &not_encoded, CLIENT_CREDENTIALS).status >= 400);
}

#[test]
fn oidc_wants_a_scope_where_the_api_asks_for_one() {
    let oidc = Oidc::start();
    let form = format!("{CLIENT_CREDENTIALS}&scope=api:read");
    let granted = post_form(&oidc.token_url, &[("Authorization", &encoded_basic(&clients::BASIC))], &form);
    let token = text(&granted, "access_token");
    assert_eq!(with_token(&format!("{}?scope=api:read", oidc.whoami_url), &token).status, 200);
    let refused = with_token(&format!("{}?scope=api:write", oidc.whoami_url), &token);
    assert_eq!((refused.status, text(&refused, "error")), (403, "insufficient_scope".to_owned()));
}

#[test]
fn oidc_tells_what_it_was_asked() {
    let oidc = Oidc::start();
    let header = encoded_basic(&clients::ODD_BASIC);
    let headers = [("Authorization", &*header), ("X-Extra", "1")];
    let granted = post_form(&oidc.token_url, &headers, &format!("{CLIENT_CREDENTIALS}&scope=api:read"));
    assert_eq!(post_form(&oidc.token_url, &[], CLIENT_CREDENTIALS).status, 400);
    assert_eq!(with_token(&oidc.whoami_url, &text(&granted, "access_token")).status, 200);
    assert_eq!(get(&oidc.whoami_url, &[]).status, 401);

    let counts = oidc.journal.counts();
    assert_eq!(counts.token_requests, 2);
    assert_eq!(counts.token_requests_by_status, [(200, 1), (400, 1)].into());
    assert_eq!(counts.token_requests_by_client[clients::ODD_BASIC.id], 1);
    assert_eq!(counts.api_requests, 2);
    assert_eq!(counts.api_requests_by_status, [(200, 1), (401, 1)].into());

    let requests = oidc.journal.token_requests();
    assert_eq!(requests[0].client.as_deref(), Some(clients::ODD_BASIC.id));
    assert_eq!(requests[0].authentication, "client_secret_basic");
    assert_eq!(requests[0].field("scope"), Some("api:read"));
    assert_eq!(requests[0].headers["x-extra"], "1");
    assert_eq!((requests[0].status, requests[0].error.as_deref()), (200, None));
    assert_eq!(requests[1].authentication, "none");
    assert_eq!((requests[1].status, requests[1].error.as_deref()), (400, Some("invalid_request")));
}

#[test]
fn oidc_tokens_die_when_they_expire_or_are_revoked() {
    let short = Settings { access_token_lifetime: Duration::from_secs(1), ..Settings::default() };
    let oidc = Oidc::start_with(&short);
    let headers = [("Authorization", &*encoded_basic(&clients::BASIC))];
    let first = post_form(&oidc.token_url, &headers, CLIENT_CREDENTIALS);
    assert_eq!(first.json()["expires_in"], 1);
    let first = text(&first, "access_token");
    thread::sleep(Duration::from_millis(2100)); // the provider counts in whole seconds
    assert_eq!(with_token(&oidc.whoami_url, &first).status, 401);

    let oidc = Oidc::start();
    let token = text(&post_form(&oidc.token_url, &headers, CLIENT_CREDENTIALS), "access_token");
    assert_eq!(with_token(&oidc.whoami_url, &token).status, 200);
    oidc.revoke_access_tokens();
    assert_eq!(with_token(&oidc.whoami_url, &token).status, 401);
}

#[test]
fn oidc_rotates_refresh_tokens_and_punishes_their_reuse() {
    let oidc = Oidc::start();
    let headers = [("Authorization", &*encoded_basic(&clients::ROTATING))];
    let refresh = |token: &str| {
        let form = format!("grant_type=refresh_token&refresh_token={}", encode(token));
        post_form(&oidc.token_url, &headers, &form)
    };
    let first = oidc.refresh_token(&clients::ROTATING, &clients::ZOE);
    let answer = refresh(&first);
    assert_eq!(answer.status, 200, "{answer:?}");
    let second = text(&answer, "refresh_token");
    assert_ne!(second, first);
    let who = with_token(&oidc.whoami_url, &text(&answer, "access_token"));
    assert_eq!((who.status, text(&who, "user")), (200, clients::ZOE.username.to_owned()));

    let reused = refresh(&first);
    assert_eq!((reused.status, text(&reused, "error")), (400, "invalid_grant".to_owned()));
    assert_eq!(refresh(&second).status, 400); // the family is gone
}

#[test]
fn oidc_keeps_the_refresh_tokens_of_other_clients() {
    let oidc = Oidc::start();
    let headers = [("Authorization", &*encoded_basic(&clients::BASIC))];
    let token = oidc.refresh_token(&clients::BASIC, &clients::ALICE);
    for _ in 0..2 {
        let form = format!("grant_type=refresh_token&refresh_token={token}");
        assert_eq!(post_form(&oidc.token_url, &headers, &form).status, 200);
    }
    let form = format!("grant_type=refresh_token&refresh_token={token}x");
    assert_eq!(post_form(&oidc.token_url, &headers, &form).status, 400);
}

#[test]
fn oidc_takes_passwords() {
    let oidc = Oidc::start();
    let headers = [("Authorization", &*encoded_basic(&clients::BASIC))];
    for user in [clients::ALICE, clients::ZOE] {
        let username = encode(user.username);
        let form = format!("grant_type=password&username={username}&password={}", encode(user.password));
        let granted = post_form(&oidc.token_url, &headers, &form);
        assert_eq!(granted.status, 200, "{granted:?}");
        text(&granted, "refresh_token");
        let who = with_token(&oidc.whoami_url, &text(&granted, "access_token"));
        assert_eq!((who.status, text(&who, "user")), (200, user.username.to_owned()));

        let form = format!("grant_type=password&username={username}&password=wrong");
        let refused = post_form(&oidc.token_url, &headers, &form);
        assert_eq!((refused.status, text(&refused, "error")), (400, "invalid_grant".to_owned()));
    }
    let headers = [("Authorization", &*encoded_basic(&clients::PASSWORD_ONLY))];
    let form = "grant_type=password&username=alice&password=wonderland";
    assert!(post_form(&oidc.token_url, &headers, form).json().get("refresh_token").is_none());
}

/// Claims about alice that expire so many seconds from now.
fn claims(issuer: &str, audience: &str, expiry: i64) -> Value {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs();
    let now = i64::try_from(now).expect("far from the end of time");
    json!({"iss": issuer, "aud": audience, "sub": "alice", "iat": now, "exp": now + expiry})
}

#[test]
fn oidc_takes_signed_assertions() {
    let keys = SigningKeys::generate();
    let settings = Settings { trusted_keys: Some(keys.clone()), ..Settings::default() };
    let oidc = Oidc::start_with(&settings);
    let claims = |audience: &str, expiry: i64| claims(clients::ISSUER.id, audience, expiry);
    let exchange = |assertion: &str| {
        let form = format!("grant_type={}&assertion={assertion}&scope=api:read", encode(JWT_BEARER));
        post_form(&oidc.token_url, &[], &form)
    };
    for algorithm in Algorithm::ALL {
        let granted = exchange(&keys.sign(algorithm, &claims(&oidc.token_url, 60)));
        assert_eq!(granted.status, 200, "{granted:?}");
        let who = with_token(&oidc.whoami_url, &text(&granted, "access_token"));
        assert_eq!((text(&who, "user"), text(&who, "scope")), ("alice".to_owned(), "api:read".to_owned()));
    }
    let strangers = SigningKeys::generate();
    for refused in [
        strangers.sign(Algorithm::Rs256, &claims(&oidc.token_url, 60)),
        keys.sign(Algorithm::Rs256, &claims("somebody-else", 60)),
        keys.sign(Algorithm::Rs256, &claims(&oidc.token_url, -60)),
    ] {
        let answer = exchange(&refused);
        assert_eq!((answer.status, text(&answer, "error")), (400, "invalid_grant".to_owned()));
    }
}

#[test]
fn oidc_takes_a_client_that_signs() {
    let keys = SigningKeys::generate();
    let oidc = Oidc::start_with(&Settings { trusted_keys: Some(keys.clone()), ..Settings::default() });
    let id = clients::SIGNING.id;
    let signed = |keys: &SigningKeys, algorithm: Algorithm| {
        let mut claims = claims(id, &oidc.token_url, 60);
        claims["sub"] = id.into();
        claims["jti"] = algorithm.name().into();
        keys.sign(algorithm, &claims)
    };
    let ask = |assertion: &str| {
        let kind = encode("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        let form = format!("{CLIENT_CREDENTIALS}&client_assertion_type={kind}&client_assertion={assertion}");
        post_form(&oidc.token_url, &[], &form)
    };
    let strangers = SigningKeys::generate();
    for algorithm in [Algorithm::Rs256, Algorithm::Es256] {
        assert_eq!(ask(&signed(&strangers, algorithm)).status, 401);
        let answer = ask(&signed(&keys, algorithm));
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(ask(&signed(&keys, algorithm)).status, 401); // its jti came before
    }
}

#[test]
fn oauth2_takes_basic_as_it_is_and_the_form() {
    let oauth2 = OAuth2::start();
    for client in [clients::BASIC, clients::ODD_RAW] {
        let right = [("Authorization", &*raw_basic(&client))];
        let granted = post_form(&oauth2.token_url, &right, CLIENT_CREDENTIALS);
        assert_eq!(granted.status, 200, "{granted:?}");
        let who = with_token(&oauth2.whoami_url, &text(&granted, "access_token"));
        assert_eq!((who.status, text(&who, "client")), (200, client.id.to_owned()));
        let wrong = [("Authorization", &*basic(client.id, "wrong"))];
        assert_eq!(post_form(&oauth2.token_url, &wrong, CLIENT_CREDENTIALS).status, 401);
    }
    let encoded = [("Authorization", &*encoded_basic(&clients::ODD_RAW))];
    assert_eq!(post_form(&oauth2.token_url, &encoded, CLIENT_CREDENTIALS).status, 401);

    let form = format!("{CLIENT_CREDENTIALS}&{}", in_the_form(&clients::ODD_POST));
    assert_eq!(post_form(&oauth2.token_url, &[], &form).status, 200);
    let in_the_wrong_way = [("Authorization", &*raw_basic(&clients::POST))];
    let answer = post_form(&oauth2.token_url, &in_the_wrong_way, CLIENT_CREDENTIALS);
    assert_eq!((answer.status, &*answer.body), (403, ""));

    assert_eq!(with_token(&oauth2.whoami_url, "made-up").status, 401);
    assert_eq!(get(&oauth2.whoami_url, &[]).status, 401);
}

#[test]
fn oauth2_takes_passwords_and_refreshes() {
    let oauth2 = OAuth2::start();
    let user = clients::ZOE;
    let form = format!(
        "grant_type=password&username={}&password={}&scope=api:read",
        encode(user.username),
        encode(user.password)
    );
    let public = format!("client_id={}", clients::PUBLIC.id);
    for client in [in_the_form(&clients::POST), public] {
        let granted = post_form(&oauth2.token_url, &[], &format!("{form}&{client}"));
        assert_eq!(granted.status, 200, "{granted:?}");
        let refresh =
            format!("grant_type=refresh_token&refresh_token={}&{client}", text(&granted, "refresh_token"));
        let refreshed = post_form(&oauth2.token_url, &[], &refresh);
        assert_eq!(refreshed.status, 200, "{refreshed:?}");
        let who = with_token(&oauth2.whoami_url, &text(&refreshed, "access_token"));
        assert_eq!(text(&who, "user"), user.username);
        assert_eq!(post_form(&oauth2.token_url, &[], &refresh).status, 200); // not spent
    }

    let rotating = [("Authorization", &*raw_basic(&clients::ROTATING))];
    let granted = post_form(&oauth2.token_url, &rotating, &form);
    let refresh = format!("grant_type=refresh_token&refresh_token={}", text(&granted, "refresh_token"));
    assert_eq!(post_form(&oauth2.token_url, &rotating, &refresh).status, 200);
    let reused = post_form(&oauth2.token_url, &rotating, &refresh);
    assert_eq!((reused.status, text(&reused, "error")), (400, "invalid_grant".to_owned()));

    let wrong = form.replace(&encode(user.password), "wrong");
    assert_eq!(post_form(&oauth2.token_url, &rotating, &wrong).status, 400);

    let token = text(&granted, "access_token");
    assert_eq!(with_token(&oauth2.whoami_url, &token).status, 200);
    oauth2.revoke_access_tokens();
    assert_eq!(with_token(&oauth2.whoami_url, &token).status, 401);
    assert!(oauth2.journal.counts().token_requests > 0);
}

#[test]
fn nginx_checks_basic_credentials() {
    let nginx = Nginx::start();
    let url = format!("{}/basic", nginx.base_url);
    for user in Nginx::USERS {
        let right = basic(user.username, user.password);
        for method in ["GET", "POST"] {
            let answer = exchange::send(method, &url, &[("Authorization", &right)], "");
            assert_eq!((answer.status, text(&answer, "user")), (200, user.username.to_owned()));
        }
        let wrong = basic(user.username, &format!("{}x", user.password));
        assert_eq!(get(&url, &[("Authorization", &wrong)]).status, 401);
    }
    let answer = get(&url, &[]);
    assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some(r#"Basic realm="authwire""#)));
}

#[test]
fn nginx_checks_keys_and_tokens() {
    let nginx = Nginx::start();
    let key = Nginx::HEADER_KEY;
    let cases: [(&str, &str, String); 3] = [
        ("/header-key", "X-API-Key", key.to_owned()),
        ("/bearer", "Authorization", format!("Bearer {}", Nginx::BEARER_TOKEN)),
        ("/token", "Authorization", format!(r#"Token token="{key}""#)),
    ];
    for (path, name, value) in cases {
        let url = format!("{}{path}", nginx.base_url);
        assert_eq!(get(&url, &[(name, &value)]).status, 200, "{path}");
        assert_eq!(get(&url, &[(name, &value.to_uppercase())]).status, 401, "{path}");
        assert_eq!(get(&url, &[]).status, 401, "{path}");
    }
    let url = format!("{}/query-key", nginx.base_url);
    let query = format!("page=2&api_key={}", Nginx::QUERY_KEY_ENCODED);
    let answer = get(&format!("{url}?{query}"), &[]);
    assert_eq!((answer.status, text(&answer, "query")), (200, query));
    assert_eq!(get(&format!("{url}?api_key=wrong"), &[]).status, 401);
    assert_eq!(encode(Nginx::QUERY_KEY), Nginx::QUERY_KEY_ENCODED);
    assert_eq!(get(&format!("{}/open", nginx.base_url), &[]).status, 200);
}

#[test]
fn httpbin_checks_basic_credentials() {
    let httpbin = Httpbin::start();
    let url = format!("{}/basic-auth/alice/wonderland", httpbin.base_url);
    assert_eq!(get(&url, &[("Authorization", &basic("alice", "wonderland"))]).status, 200);
    assert_eq!(get(&url, &[("Authorization", &basic("alice", "wrong"))]).status, 401);
    let echo = get(&format!("{}/anything?a=1", httpbin.base_url), &[("X-Extra", "1")]).json();
    assert_eq!((&echo["args"]["a"], &echo["headers"]["X-Extra"]), (&json!("1"), &json!("1")));
}

#[test]
fn haproxy_verifies_tokens() {
    let keys = SigningKeys::generate();
    let haproxy = Haproxy::start(&keys);
    let right = claims(Haproxy::ISSUER, Haproxy::AUDIENCE, 60);
    for algorithm in Algorithm::ALL {
        let token = keys.sign(algorithm, &right);
        let answer = with_token(&haproxy.base_url, &token);
        assert_eq!((answer.status, text(&answer, "subject")), (200, "alice".to_owned()));
        assert_eq!(text(&answer, "algorithm"), algorithm.name());
        assert_eq!(keys.verify(&token, Haproxy::AUDIENCE), Ok(right.clone()));

        let strangers = SigningKeys::generate();
        assert_eq!(with_token(&haproxy.base_url, &strangers.sign(algorithm, &right)).status, 401);
        assert!(strangers.verify(&token, Haproxy::AUDIENCE).is_err());
        for wrong in [
            claims("somebody-else", Haproxy::AUDIENCE, 60),
            claims(Haproxy::ISSUER, "somebody-else", 60),
            claims(Haproxy::ISSUER, Haproxy::AUDIENCE, -60),
        ] {
            assert_eq!(with_token(&haproxy.base_url, &keys.sign(algorithm, &wrong)).status, 401, "{wrong}");
        }
    }
    assert_eq!(get(&haproxy.base_url, &[]).status, 401);
}
