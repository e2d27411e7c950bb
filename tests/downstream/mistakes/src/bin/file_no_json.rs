#[derive(authwire::Connector)]
#[connector(file = "inputs/file_no_json.json")]
struct Case;

fn main() {
    let _ = Case::config();
    let _ = Case::auth_config();
}
