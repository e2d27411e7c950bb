#[derive(authwire::Connector)]
#[connector(file = "inputs/file_duplicate_key.json")]
struct Case;

fn main() {
    let _ = Case::config();
    let _ = Case::auth_config();
}
