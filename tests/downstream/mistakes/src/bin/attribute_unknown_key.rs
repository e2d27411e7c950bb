#[derive(authwire::Connector)]
#[connector(schma = "inputs/x.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
