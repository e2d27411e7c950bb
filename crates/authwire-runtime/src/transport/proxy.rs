//! The proxies of the environment (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`), by name.
//!
//! reqwest reads the variables itself and by the same rules, but its errors name no proxy, and it passes over one that it
//! cannot read, as if there were none. No name has the user and the password that a variable may hold.

use std::env;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

/// The variables that a request over TLS reads, the first that is set.
const FOR_HTTPS: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];
/// Those that count where none of these is set.
const FOR_ALL: [&str; 2] = ["ALL_PROXY", "all_proxy"];

/// The proxies of the environment, as it was when they were looked at.
#[derive(Debug)]
pub(super) struct Proxies {
    matcher: Matcher,
    /// The variable that names no proxy, if there is one, and what it is not to be read for.
    unreadable: Option<(&'static str, Matcher)>,
}

impl Proxies {
    pub(super) fn of_environment() -> Self {
        let named = first_set(FOR_HTTPS).or_else(|| first_set(FOR_ALL));
        let unreadable = named.filter(|(_, value)| !Self::is_readable(value)).map(|(name, _)| {
            let excepted = first_set(["NO_PROXY", "no_proxy"]).map(|(_, value)| value).unwrap_or_default();
            (name, Matcher::builder().all("http://proxy.invalid").no(excepted).build())
        });
        // of a CGI program the variables are what its caller says: reqwest reads none
        let unreadable = unreadable.filter(|_| env::var_os("REQUEST_METHOD").is_none());
        Self { matcher: Matcher::from_system(), unreadable }
    }

    /// The proxy that a request to `uri` goes through, if it goes through one.
    ///
    /// # Errors
    ///
    /// If the environment names one that cannot be used: what to change.
    pub(super) fn of(&self, uri: &Uri) -> Result<Option<String>, String> {
        if let Some((name, excepting)) = &self.unreadable
            && uri.scheme_str() == Some("https")
            && excepting.intercept(uri).is_some()
        {
            return Err(format!("{name} names no proxy that can be used; write it as `http://host:port`"));
        }
        let Some(proxy) = self.matcher.intercept(uri) else { return Ok(None) };
        let name = proxy.uri().to_string().trim_end_matches('/').to_owned();
        match proxy.uri().scheme_str() {
            Some("http" | "https") => Ok(Some(name)),
            _ => Err(format!("the proxy {name} of the environment does not speak HTTP; name one that does")),
        }
    }

    fn is_readable(value: &str) -> bool {
        let matcher = Matcher::builder().all(value).build();
        matcher.intercept(&Uri::from_static("https://api.invalid/")).is_some()
    }
}

/// The first of `names` that is set, with its value; `None` also where that is empty.
fn first_set(names: [&'static str; 2]) -> Option<(&'static str, String)> {
    let found = names.into_iter().find_map(|name| Some((name, env::var(name).ok()?)));
    found.filter(|(_, value)| !value.is_empty())
}
