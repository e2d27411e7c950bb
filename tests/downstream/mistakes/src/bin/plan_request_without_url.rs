#[derive(authwire::Connector)]
#[connector(schema = "inputs/plan_request_without_url.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
