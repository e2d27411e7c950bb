#[derive(authwire::Connector)]
#[connector(schema = "inputs/plan_other_version.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
