use authwire::Connector;

#[derive(Connector)]
#[connector(file = "inputs/nowhere.json")]
struct Case;

fn name<C: authwire::auth_type::Connector>() -> &'static str {
    C::config().name()
}

fn main() {
    println!("{} {}", Case::config().base_url().as_literal().unwrap_or_default(), name::<Case>());
    println!("{:?}", Case::auth_config().client_id());
    println!("{:?}", Case::auth_config().scope().map(str::len));
}
