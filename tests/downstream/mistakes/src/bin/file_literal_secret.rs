#[derive(authwire::Connector)]
#[connector(file = "inputs/file_literal_secret.json")]
struct Case;

fn main() {
    let _ = Case::config();
    let _ = Case::auth_config();
}
