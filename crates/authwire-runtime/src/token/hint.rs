//! What to check after a token request that failed.

/// The properties of the config that a token request was made of.
pub(super) struct Fields {
    /// Those that say who asks.
    pub(super) client: Vec<String>,
    /// Those that say where.
    pub(super) url: Vec<String>,
}

impl Fields {
    /// What to check after an answer of `status` with `error` (RFC 6749 §5.2).
    pub(super) fn hint(&self, status: u16, error: Option<&str>) -> Option<String> {
        Some(match (status, error) {
            (_, Some("invalid_client")) | (401 | 403, None) => match list(&self.client) {
                Some(client) => format!(
                    "Check {client}; if they are right, the server may want another client authentication"
                ),
                None => "Check the credentials".to_owned(),
            },
            (_, Some("invalid_grant")) => {
                "What was presented (a refresh token, a password, an assertion) is wrong, expired or revoked"
                    .to_owned()
            }
            (_, Some("invalid_scope")) => "Check the scope that is asked for".to_owned(),
            (_, Some("unauthorized_client")) => {
                "The server knows the client, but does not let it use this grant: change that there"
                    .to_owned()
            }
            (_, Some("unsupported_grant_type")) => {
                "The server does not know this grant: check the grant type and the token URL".to_owned()
            }
            (300..=399, _) => {
                format!("Token requests follow no redirects: put the last address into {}", self.address())
            }
            (404 | 405 | 410, _) => format!("Check {}: nothing hands out tokens there", self.address()),
            (429, _) => "The server asks for fewer requests: try again later".to_owned(),
            (500..=599, _) => "The server has trouble: try again later".to_owned(),
            (200..=299, None) => {
                format!("Check {}, and where in the answer the token stands", self.address())
            }
            _ => return None,
        })
    }

    /// What to check where no answer came.
    pub(super) fn unreachable(&self) -> String {
        format!("Check {} and the network", self.address())
    }

    fn address(&self) -> String {
        list(&self.url).unwrap_or_else(|| "the token URL".to_owned())
    }
}

fn list(names: &[String]) -> Option<String> {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| names.join(" and "))
}
