//! A person with a browser: headless Chromium, which logs in and agrees.

use serde_json::{Value, json};

use crate::clients::User;
use crate::installation;
use crate::server::or_fail;

/// Where a browser was led to.
#[derive(Debug)]
pub struct Visited {
    /// The last page's URL.
    pub url: String,
    /// What stands on it.
    pub text: String,
}

/// Opens `url`, logs in as `user`, and agrees to what is asked, or refuses.
///
/// # Panics
/// If the browser is not installed, or what is expected is not on the pages.
#[must_use]
#[track_caller]
pub fn visit(url: &str, user: &User, agree: bool) -> Visited {
    let mut command = or_fail(installation::node_program("browser.mjs"));
    let errand = json!({"url": url, "username": user.username, "password": user.password, "agree": agree});
    let output =
        command.arg(errand.to_string()).env("AUTHWIRE_CHROMIUM", or_fail(installation::chromium())).output();
    let output = output.unwrap_or_else(|error| panic!("the browser does not start: {error}"));
    let visited: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
        panic!("the browser did not get to the end: {}", String::from_utf8_lossy(&output.stderr))
    });
    let text = |name: &str| visited[name].as_str().unwrap_or_default().to_owned();
    Visited { url: text("url"), text: text("text") }
}
