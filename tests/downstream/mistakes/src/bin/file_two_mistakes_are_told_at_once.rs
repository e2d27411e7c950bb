#[derive(authwire::Connector)]
#[connector(file = "inputs/file_two_mistakes_are_told_at_once.json")]
struct Case;

fn main() {
    let _ = Case::config();
    let _ = Case::auth_config();
}
