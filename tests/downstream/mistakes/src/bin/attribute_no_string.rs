#[derive(authwire::Connector)]
#[connector(schema = 7)]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
