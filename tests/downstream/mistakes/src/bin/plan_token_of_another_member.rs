#[derive(authwire::Connector)]
#[connector(schema = "inputs/plan_token_of_another_member.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
