use authwire::{AuthType, Report};

#[derive(authwire::Connector, Debug)]
#[connector(schema = "inputs/nowhere.json")]
pub struct Case;

#[derive(Debug, Clone, PartialEq)]
struct Settings {
    auth: CaseConfig,
    other: Option<CaseConfig>,
}

fn made() -> Result<CaseConfig, Report> {
    CaseConfig::builder().username("ada").password(authwire::Secret::literal("p")).build()
}

fn user(config: &CaseConfig) -> &str {
    config.username()
}

fn taken(config: std::sync::Arc<dyn authwire::Config>) -> impl std::fmt::Debug {
    config
}

fn of_any_type<A: AuthType>(bytes: &[u8]) -> Result<A::Config, Report> {
    A::from_slice(bytes)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let read = Case::from_slice(b"{}")?;
    let parsed: CaseConfig = "{}".parse()?;
    match &read {
        CaseConfig::HeaderAuth(header) => println!("{}", header.name()),
        CaseConfig::ParamAuth(param) => println!("{}", param.name()),
    }
    for item in read.items() {
        println!("{item}");
    }
    let checked = Case::check(b"{}");
    let settings = Settings { auth: made()?, other: checked.config };
    assert_eq!(settings, settings.clone());
    println!("{:?} {} {} {:?}", settings.auth, user(&parsed), Case::NAME, read.expires().map(|one| one + 1));
    taken(std::sync::Arc::new(made()?));
    taken(std::sync::Arc::new(of_any_type::<Case>(b"{}")?));
    Ok(())
}
