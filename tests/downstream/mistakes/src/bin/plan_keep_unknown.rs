#[derive(authwire::Connector)]
#[connector(schema = "inputs/plan_keep_unknown.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
