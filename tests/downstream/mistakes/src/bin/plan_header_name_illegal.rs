#[derive(authwire::Connector)]
#[connector(schema = "inputs/plan_header_name_illegal.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
