#[derive(authwire::Connector)]
#[connector(schema = "a.json", file = "b.json")]
struct Case;

fn main() {
    let _ = Case::from_slice(b"{}");
    let _: Option<CaseConfig> = None;
}
