//! `connection`: what the connection itself proves.

use authwire_core::plan::{ConnectionAuth, ConnectionPlan};

use super::words::Words;

/// What the connection proves, as a paragraph.
pub(super) fn step(words: Words<'_>, connection: &ConnectionPlan) -> String {
    let when = words.conditions(&connection.when).map(|when| format!("Where {when}, "));
    let every = |lower: &str, upper: &str| match &when {
        Some(when) => format!("{when}{lower}"),
        None => upper.to_owned(),
    };
    let what = match &connection.what {
        ConnectionAuth::ClientCertificate { certificate, private_key, passphrase } => {
            let mut what = format!(
                "{} TLS connection, to the API and for token requests, shows a client certificate (RFC 8446 §4.4.2, \
                 RFC 8705): that in {}",
                every("every", "Every"),
                words.optional(certificate)
            );
            if let Some(key) = private_key {
                what.push_str(&format!(", with the key in {}", words.optional(key)));
            }
            if let Some(passphrase) = passphrase {
                what.push_str(&format!(", unlocked with {}", words.optional(passphrase)));
            }
            what
        }
        ConnectionAuth::Ntlm { username, password, domain, workstation: _ } => {
            let domain = domain.as_ref().map(|domain| format!(" in {}", words.optional(domain)));
            format!(
                "{} HTTP/1.1 connection to the API proves by NTLMv2 (MS-NLMP) that it belongs to {}{} with {}: a request \
                 without a body asks for a challenge, the next one answers it, and those that follow on the connection \
                 need nothing more",
                every("an", "An"),
                words.optional(username),
                domain.unwrap_or_default(),
                words.optional(password)
            )
        }
    };
    format!("{what}.\n\n")
}
