#[derive(authwire::Connector)]
#[connector(schema = "inputs/schema_two_mistakes_are_told_at_once.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
