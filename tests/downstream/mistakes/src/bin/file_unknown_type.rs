#[derive(authwire::Connector)]
#[connector(file = "inputs/file_unknown_type.json")]
struct Case;

fn main() {
    let _ = Case::config();
    let _ = Case::auth_config();
}
