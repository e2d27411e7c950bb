#[derive(authwire::Connector)]
#[connector(schema = "inputs/schema_byte_order_mark.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
