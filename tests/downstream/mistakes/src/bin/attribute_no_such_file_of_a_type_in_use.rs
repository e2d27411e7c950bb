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

fn taken<T: authwire::__private::core::slot::Config + 'static>(config: T) -> Box<dyn authwire::__private::core::slot::Config> {
    Box::new(config)
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
    taken(made()?);
    Ok(())
}
