#[derive(authwire::Connector)]
#[connector(schema = "inputs/plan_apply_no_list.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
