//! Authenticates the requests of an HTTP client of one's own, here reqwest:
//!
//! ```console
//! $ cargo run -p authwire-examples --bin own_http_client -- connectors/zoom.json /users/me
//! ```
//!
//! `Authenticator::apply` puts the credential on a request and gives a receipt; `Authenticator::observe` takes the
//! receipt and the answer, and says whether the credential was dead and the request is to be sent once more.

use std::error::Error;
use std::path::Path;

use authwire::ConnectorConfig;
use authwire_runtime::{Authenticator, Connector, Services, Verdict};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("usage: own_http_client CONNECTOR PATH".into());
    };
    let config = ConnectorConfig::from_slice(&std::fs::read(&file)?)?;
    // relative {"file": …} references begin there
    let folder = Path::new(&file).parent().unwrap_or(Path::new("."));
    let connector = Connector::from(config).with_folder(folder);
    let services = Services::standard(&connector)?;
    let authenticator = Authenticator::new(connector, services);
    // redirects would take the credential along: whoever follows them has to look where they lead
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let answer = call(&authenticator, &http, &path).await?;
    println!("{}", answer.status());
    println!("{}", answer.text().await?);
    Ok(())
}

/// A GET, sent again if its credential was dead.
async fn call(
    authenticator: &Authenticator,
    http: &reqwest::Client,
    path: &str,
) -> Result<reqwest::Response, Box<dyn Error>> {
    let request = http::Request::get(authenticator.url(path).await?).body(String::new())?;
    let (mut parts, body) = request.into_parts();
    let mut resend = None;
    loop {
        let receipt = match resend.take() {
            None => authenticator.apply(&mut parts).await?,
            Some(resend) => authenticator.apply_again(&mut parts, resend).await?,
        };
        let sent = http::Request::from_parts(parts.clone(), body.clone());
        let answer = http.execute(sent.try_into()?).await?;
        match authenticator.observe(receipt, answer.status(), answer.headers()).await {
            Verdict::Done => return Ok(answer),
            Verdict::Fail(error) => return Err(error.into()),
            // once for what the server asks to sign, once for a new credential
            Verdict::Resend(again) => resend = Some(again),
        }
    }
}
