#[derive(authwire::Connector)]
#[connector(schema = "inputs/schema_reference_unknown_document.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
