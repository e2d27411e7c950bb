//! Signatures over a request: of a call, or of a token request.

use authwire_core::plan::{AwsSigv4Plan, HmacPlan, Oauth1Plan, SignaturePlan, Template};

use super::members::{self, Clash};
use super::words::Words;

/// What `signature` adds to the request that it is made over.
pub(super) fn rows(words: Words<'_>, signature: &SignaturePlan) -> Vec<[String; 2]> {
    match signature {
        SignaturePlan::Oauth1(plan) => oauth1(words, plan),
        SignaturePlan::Digest { username, password } => digest(words, username, password),
        SignaturePlan::Dpop { key, token } => dpop(words, key, token),
        SignaturePlan::Hmac(plan) => hmac(words, plan),
        SignaturePlan::AwsSigv4(plan) => aws_sigv4(words, plan),
    }
}

fn row(what: &str, value: String) -> [String; 2] {
    [what.to_owned(), value]
}

fn oauth1(words: Words<'_>, plan: &Oauth1Plan) -> Vec<[String; 2]> {
    let with = |name: &str, value: &Option<Template>| {
        value.as_ref().map(|value| format!(", `{name}` {}", words.optional(value))).unwrap_or_default()
    };
    let token = plan.token.as_ref().map(|token| format!(" and {}", words.optional(token)));
    let more = with("oauth_callback", &plan.callback) + &with("oauth_verifier", &plan.verifier);
    vec![row(
        "header: `Authorization`, or parameters of query or form",
        format!(
            "OAuth 1.0 (RFC 5849): {}{}{more}, signed by {} over the method, the URL and every parameter of query and \
             form, with a timestamp and a nonce; where they go, {} says",
            words.optional(&plan.client_key),
            token.unwrap_or_default(),
            words.optional(&plan.signature_method),
            words.optional(&plan.placement)
        ),
    )]
}

fn digest(words: Words<'_>, username: &Template, password: &Template) -> Vec<[String; 2]> {
    vec![row(
        "header: `Authorization`",
        format!(
            "the answer to the server's challenge (RFC 7616; SHA-512-256, SHA-256 or MD5, the strongest that it offers), \
             from {} and {}. The first request goes without, is answered by 401 and the challenge, and is sent once \
             more; those that follow answer at once",
            words.optional(username),
            words.optional(password)
        ),
    )]
}

fn dpop(words: Words<'_>, key: &Template, token: &Template) -> Vec<[String; 2]> {
    vec![
        row("header: `Authorization`", format!("`DPoP` and {}", words.optional(token))),
        row(
            "header: `DPoP`",
            format!(
                "a JWT (RFC 9449), fresh for each request, that proves that the key in {} is held: it names the \
                 method, the URL, a digest of the token, and the nonce that the server asked for last",
                words.template(key)
            ),
        ),
    ]
}

fn hmac(words: Words<'_>, plan: &HmacPlan) -> Vec<[String; 2]> {
    let carried = |kind: &str, members| {
        let rows = members::rows(words, members, Clash::Refused).into_iter();
        rows.map(|[name, value]| row(&format!("{kind}: {name}"), value)).collect::<Vec<_>>()
    };
    let signature = format!(
        "the HMAC (RFC 2104) by {} with {}, over {}",
        words.optional(&plan.algorithm),
        words.optional(&plan.key),
        words.optional(&plan.string)
    );
    let mut rows = vec![row("`{request.signature}` is", signature)];
    rows.extend(carried("header", &plan.headers));
    rows.extend(carried("query parameter", &plan.query));
    rows
}

fn aws_sigv4(words: Words<'_>, plan: &AwsSigv4Plan) -> Vec<[String; 2]> {
    let mut rows = vec![
        row(
            "header: `Authorization`",
            format!(
                "AWS Signature Version 4: {}, signed for {} in {} over the method, the URL, the host, \
                 `Content-Type`, the headers that begin with `X-Amz-` and the body",
                words.optional(&plan.access_key_id),
                words.optional(&plan.service),
                words.optional(&plan.region)
            ),
        ),
        row("header: `X-Amz-Date`", "the time of the request".to_owned()),
        row(
            "header: `X-Amz-Content-Sha256`",
            format!("the SHA-256 of the body, where {} is `s3`", words.template(&plan.service)),
        ),
    ];
    if let Some(token) = &plan.session_token {
        rows.push(row("header: `X-Amz-Security-Token`", words.optional(token)));
    }
    rows
}
