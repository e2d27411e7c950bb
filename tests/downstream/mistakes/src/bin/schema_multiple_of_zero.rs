#[derive(authwire::Connector)]
#[connector(schema = "inputs/schema_multiple_of_zero.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
