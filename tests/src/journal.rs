//! What an authorization server was asked, for tests that count.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::exchange;

/// The journal of a running authorization server.
#[derive(Clone, Debug)]
pub struct Journal {
    base_url: String,
}

/// How many requests came so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Token requests, the refused ones included.
    pub token_requests: u64,
    /// Token requests by the status that they were answered with.
    pub token_requests_by_status: BTreeMap<u16, u64>,
    /// Token requests by `client_id`.
    pub token_requests_by_client: BTreeMap<String, u64>,
    /// Token requests by `client_id`: how many were under way at the same time at most.
    pub token_requests_at_once: BTreeMap<String, u64>,
    /// Requests to the API, the refused ones included.
    pub api_requests: u64,
    /// Requests to the API by status.
    pub api_requests_by_status: BTreeMap<u16, u64>,
}

/// A token request as it came, and how it was answered.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// Who it was from, if that could be made out.
    pub client: Option<String>,
    /// How the client showed who it is: `client_secret_basic`, `client_secret_post`, `private_key_jwt` or `none`.
    pub authentication: String,
    /// The fields of the form, decoded, in their order.
    pub form: Vec<(String, String)>,
    /// The header fields, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The status that it was answered with.
    pub status: u16,
    /// The `error` that it was answered with.
    pub error: Option<String>,
}

impl TokenRequest {
    /// The first field of the form with this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.form.iter().find(|(each, _)| each == name).map(|(_, value)| value.as_str())
    }
}

impl Journal {
    pub(crate) fn of(base_url: &str) -> Self {
        Journal { base_url: base_url.to_owned() }
    }

    /// How many requests came so far.
    ///
    /// # Panics
    /// If the server does not answer.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let counts = self.read("counts");
        Counts {
            token_requests: number(&counts["token_requests"]),
            token_requests_by_status: by_status(&counts["token_requests_by_status"]),
            token_requests_by_client: by_name(&counts["token_requests_by_client"]).collect(),
            token_requests_at_once: by_name(&counts["token_requests_at_once"]).collect(),
            api_requests: number(&counts["api_requests"]),
            api_requests_by_status: by_status(&counts["api_requests_by_status"]),
        }
    }

    /// Every token request so far.
    ///
    /// # Panics
    /// If the server does not answer.
    #[must_use]
    pub fn token_requests(&self) -> Vec<TokenRequest> {
        self.read("token_requests").as_array().into_iter().flatten().map(token_request).collect()
    }

    fn read(&self, what: &str) -> Value {
        exchange::get(&format!("{}/test/{what}", self.base_url), &[]).json()
    }
}

fn token_request(entry: &Value) -> TokenRequest {
    let form = entry["form"].as_array().into_iter().flatten();
    let headers = entry["headers"].as_object().into_iter().flatten();
    TokenRequest {
        client: entry["client"].as_str().map(str::to_owned),
        authentication: text(&entry["authentication"]),
        form: form.map(|pair| (text(&pair[0]), text(&pair[1]))).collect(),
        headers: headers.map(|(name, value)| (name.clone(), text(value))).collect(),
        status: u16::try_from(number(&entry["status"])).unwrap_or_default(),
        error: entry["error"].as_str().map(str::to_owned),
    }
}

fn by_status(counts: &Value) -> BTreeMap<u16, u64> {
    by_name(counts).filter_map(|(status, count)| Some((status.parse().ok()?, count))).collect()
}

fn by_name(counts: &Value) -> impl Iterator<Item = (String, u64)> {
    counts.as_object().into_iter().flatten().map(|(name, count)| (name.clone(), number(count)))
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
