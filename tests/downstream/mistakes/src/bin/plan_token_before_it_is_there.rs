#[derive(authwire::Connector)]
#[connector(schema = "inputs/plan_token_before_it_is_there.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
