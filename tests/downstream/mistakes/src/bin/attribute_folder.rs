#[derive(authwire::Connector)]
#[connector(schema = "inputs")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
