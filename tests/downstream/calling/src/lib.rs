//! A client of an embedded connector file, that calls a server.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, clippy::all, clippy::pedantic)]

/// A server on this machine.
#[derive(authwire::Connector, Debug)]
#[connector(file = "connectors/local.json")]
pub struct Local;

/// What the server says at `path`.
///
/// # Errors
/// If it cannot be reached, or a reference names nothing.
pub async fn ask(path: &str) -> Result<String, authwire_runtime::Error> {
    authwire_runtime::Client::embedded::<Local>()?.get(path).send().await?.text().await
}
