#[derive(authwire::Connector)]
#[connector(schema = "inputs/plan_request_with_two_bodies.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
