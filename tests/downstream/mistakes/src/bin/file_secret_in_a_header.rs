#[derive(authwire::Connector)]
#[connector(file = "inputs/file_secret_in_a_header.json")]
struct Case;

fn main() {
    let _ = Case::config();
    let _ = Case::auth_config();
}
