#[derive(authwire::Connector)]
#[connector(schema = "../derive_only/schemas/tenant_key.json")]
enum Case { One }

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
