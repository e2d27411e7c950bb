#[derive(authwire::Connector)]
#[connector(schema = "../derive_only/schemas/tenant_key.json")]
struct Case { key: String }

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
