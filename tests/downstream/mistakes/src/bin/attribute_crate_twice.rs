#[derive(authwire::Connector)]
#[connector(schema = "a.json", crate = authwire, crate = authwire)]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
