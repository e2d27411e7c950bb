#[derive(authwire::Connector)]
#[connector(builtin)]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
}
