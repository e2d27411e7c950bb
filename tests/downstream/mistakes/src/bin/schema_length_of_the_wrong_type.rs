#[derive(authwire::Connector)]
#[connector(schema = "inputs/schema_length_of_the_wrong_type.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
