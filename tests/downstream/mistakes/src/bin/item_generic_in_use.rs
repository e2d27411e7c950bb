#[derive(authwire::Connector)]
#[connector(schema = "../derive_only/schemas/tenant_key.json")]
struct Case<'a, T: Iterator<Item = u8> = std::vec::IntoIter<u8>, const N: usize = 1>(&'a [T; N])
where
    T: Clone;

fn main() {
    let config = Case::<std::vec::IntoIter<u8>, 2>::from_slice(b"{}").unwrap();
    println!("{} {}", config.tenant(), Case::<std::vec::IntoIter<u8>>::SCHEMA);
}
