#[derive(authwire::Connector)]
#[connector(schema = "inputs/schema_write_only_no_boolean.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
