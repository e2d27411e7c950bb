#[derive(authwire::Connector)]
#[connector(schema = "inputs/plan_brace_left_open.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
