#[derive(authwire::Connector)]
#[connector(schema = "inputs/plan_token_where_there_is_none.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
