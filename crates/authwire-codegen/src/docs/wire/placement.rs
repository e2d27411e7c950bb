//! `apply`: what every request gets.

use authwire_core::plan::{Placed, Placement, SignaturePlan};

use super::members::{Clash, rows};
use super::words::Words;
use crate::docs::markdown::table;

/// What every request gets, as a table.
pub(super) fn step(words: Words<'_>, placements: &[Placement]) -> String {
    let mut placed: Vec<[String; 3]> = Vec::new();
    for placement in placements {
        let when = words.conditions(&placement.when).unwrap_or_else(|| "always".to_owned());
        let mut push = |kind: &str, members| {
            let members = rows(words, members, Clash::Overrides);
            let shown =
                members.into_iter().map(|[name, value]| [when.clone(), format!("{kind}: {name}"), value]);
            placed.extend(shown);
        };
        match &placement.what {
            Placed::Header(members) => push("header", members),
            Placed::Query(members) => push("query parameter", members),
            Placed::Cookie(members) => push("cookie", members),
            Placed::Form(members) => push("form of the call", members),
            Placed::Json(members) => push("JSON of the call", members),
            Placed::Cookies(session) => placed.push([
                when.clone(),
                "cookies".to_owned(),
                format!("those in {}, as later answers of the API change them", words.optional(session)),
            ]),
            Placed::Basic { username, password } => {
                let value = format!(
                    "`Basic` and the Base64 of {}, a colon and {} (RFC 7617)",
                    words.optional(username),
                    words.optional(password)
                );
                placed.push([when.clone(), "header: `Authorization`".to_owned(), value]);
            }
            Placed::Signature(signature) => placed.extend(signed(words, signature, &when)),
        }
    }
    format!(
        "{}What the request had under these names before is replaced.\n\n",
        table(["When", "Every request gets", "Value"], &placed)
    )
}

/// What a signature over the request adds to it.
fn signed(words: Words<'_>, signature: &SignaturePlan, when: &str) -> Vec<[String; 3]> {
    let row = |what: &str, value: String| [when.to_owned(), what.to_owned(), value];
    match signature {
        SignaturePlan::Oauth1 { client_key, token, signature_method, placement, .. } => {
            let token = token.as_ref().map(|token| format!(" and {}", words.optional(token)));
            vec![row(
                "header: `Authorization`, or parameters of query or form",
                format!(
                    "OAuth 1.0 (RFC 5849): {}{}, signed by {} over the method, the URL and every parameter of query and \
                     form, with a timestamp and a nonce; where they go, {} says",
                    words.optional(client_key),
                    token.unwrap_or_default(),
                    words.optional(signature_method),
                    words.optional(placement)
                ),
            )]
        }
        SignaturePlan::Digest { username, password } => vec![row(
            "header: `Authorization`",
            format!(
                "the answer to the server's challenge (RFC 7616; SHA-512-256, SHA-256 or MD5, the strongest that it offers), \
                 from {} and {}. The first request goes without, is answered by 401 and the challenge, and is sent once \
                 more; those that follow answer at once",
                words.optional(username),
                words.optional(password)
            ),
        )],
        SignaturePlan::Dpop { key, token } => vec![
            row("header: `Authorization`", format!("`DPoP` and {}", words.optional(token))),
            row(
                "header: `DPoP`",
                format!(
                    "a JWT (RFC 9449), fresh for each request, that proves that the key in {} is held: it names the \
                     method, the URL, a digest of the token, and the nonce that the server asked for last",
                    words.template(key)
                ),
            ),
        ],
        SignaturePlan::Hmac(plan) => {
            let carried = |kind: &str, members| {
                let rows = rows(words, members, Clash::Refused).into_iter();
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
        SignaturePlan::AwsSigv4 { access_key_id, session_token, region, service, .. } => {
            let mut rows = vec![
                row(
                    "header: `Authorization`",
                    format!(
                        "AWS Signature Version 4: {}, signed for {} in {} over the method, the URL, the host, \
                         `Content-Type`, the headers that begin with `X-Amz-` and the body",
                        words.optional(access_key_id),
                        words.optional(service),
                        words.optional(region)
                    ),
                ),
                row("header: `X-Amz-Date`", "the time of the request".to_owned()),
            ];
            if let Some(token) = session_token {
                rows.push(row("header: `X-Amz-Security-Token`", words.optional(token)));
            }
            rows
        }
    }
}
