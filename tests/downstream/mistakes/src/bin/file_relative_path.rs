#[derive(authwire::Connector)]
#[connector(file = "inputs/file_relative_path.json")]
struct Case;

fn main() {
    let _ = Case::config();
    let _ = Case::auth_config();
}
