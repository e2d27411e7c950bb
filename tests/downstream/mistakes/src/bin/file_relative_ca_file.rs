#[derive(authwire::Connector)]
#[connector(file = "inputs/file_relative_ca_file.json")]
struct Case;

fn main() {
    let _ = Case::config();
    let _ = Case::auth_config();
}
