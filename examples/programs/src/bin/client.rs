//! Calls an API through its connector file, with tokens that last:
//!
//! ```console
//! $ cargo run -p authwire-examples --bin client -- connectors/zoom.json /users/me
//! ```

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use authwire::ConnectorConfig;
use authwire_runtime::{Client, Connector, Services};
use authwire_store::{KeySource, Store, StoredSecrets};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("usage: client CONNECTOR PATH".into());
    };
    let client = client(Path::new(&file))?;
    let response = client.get(path).send().await?;
    println!("{}", response.status());
    if let Some(refusal) = response.refusal() {
        eprintln!("{refusal}");
    }
    println!("{}", response.text().await?);
    Ok(())
}

/// A client for the connector in `file`: its tokens are kept in the user's store, and so is what `{"store"}` names.
fn client(file: &Path) -> Result<Client, Box<dyn Error>> {
    let config = ConnectorConfig::from_slice(&std::fs::read(file)?)?;
    let folder = file.parent().map_or_else(PathBuf::new, Path::to_owned);
    let connector = Connector::from(config).with_folder(folder);
    let path = Store::default_path().ok_or("no home folder")?;
    let store = Arc::new(Store::open(&path, KeySource::from_environment(&path))?);
    let services = Services::standard(&connector)?
        .with_resolver(Arc::new(StoredSecrets::new(Arc::clone(&store))))
        .with_store(store);
    Ok(Client::with_services(connector, services))
}
