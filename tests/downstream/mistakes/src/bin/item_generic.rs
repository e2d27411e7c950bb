#[derive(authwire::Connector)]
#[connector(schema = "../derive_only/schemas/tenant_key.json")]
struct Case<const N: usize>;

fn main() {
}
