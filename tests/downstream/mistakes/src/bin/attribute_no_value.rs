#[derive(authwire::Connector)]
#[connector(schema)]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
