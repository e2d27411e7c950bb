#[derive(authwire::Connector)]
#[connector(file = "inputs/nowhere.json")]
struct Case;

fn main() {
    let _ = Case::FILE;
}
