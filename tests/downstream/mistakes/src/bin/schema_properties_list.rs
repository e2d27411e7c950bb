#[derive(authwire::Connector)]
#[connector(schema = "inputs/schema_properties_list.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
