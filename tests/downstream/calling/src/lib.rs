//! A client of an embedded connector file, that calls a server.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, clippy::all, clippy::pedantic)]

/// A server on this machine.
#[derive(authwire::Connector, Debug)]
#[connector(file = "connectors/local.json")]
pub struct Local;

/// The same server, with auth of whatever type.
#[must_use]
pub fn connector(auth: std::sync::Arc<dyn authwire_runtime::Config>) -> authwire_runtime::Connector {
    authwire_runtime::Connector::new("local", Local::config().base_url().clone(), auth)
}

/// What the server says at `path`.
///
/// # Errors
/// If it cannot be reached, or a reference names nothing.
pub async fn ask(path: &str) -> Result<String, authwire_runtime::Error> {
    authwire_runtime::Client::embedded::<Local>()?.get(path).send().await?.text().await
}
