#[derive(authwire::Connector)]
#[connector(file = "inputs/file_without_base_url.json")]
struct Case;

fn main() {
    let _ = Case::config();
    let _ = Case::auth_config();
}
