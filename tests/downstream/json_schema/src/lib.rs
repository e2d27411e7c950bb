//! The schema of a generated config, as schemars asks for it: within a type of one's own.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, clippy::all, clippy::pedantic)]

/// Settings of a program, one of which is how it authenticates.
#[derive(Debug, schemars::JsonSchema)]
pub struct Settings {
    /// How.
    pub auth: authwire::BasicAuthConfig,
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use authwire::{BasicAuthConfig, ConnectorConfig, Layer};
    use schemars::{JsonSchema, schema_for};
    use serde_json::Value;

    fn validator(schema: schemars::Schema) -> jsonschema::Validator {
        jsonschema::draft202012::new(&Value::from(schema)).expect("a schema")
    }

    /// Every connector file of the fixtures, valid or not.
    fn fixtures() -> Vec<Value> {
        let mut found = Vec::new();
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("the fixtures") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(value) = serde_json::from_slice(&fs::read(&path).expect("a file")) {
                    found.push(value);
                }
            }
        }
        assert!(found.len() > 100, "{}", found.len());
        found
    }

    /// What a schema can say of a report.
    fn holds(report: Result<(), authwire::Report>) -> bool {
        report.map_or_else(|report| report.findings().iter().all(|finding| finding.layer() != Layer::Schema), |()| true)
    }

    #[test]
    fn it_is_the_schema_that_the_config_is_made_of() {
        let (connector, basic) = (validator(schema_for!(ConnectorConfig)), validator(schema_for!(BasicAuthConfig)));
        for value in fixtures() {
            assert_eq!(connector.is_valid(&value), holds(ConnectorConfig::validate(&value)), "{value}");
            let auth = &value["auth_config"];
            if auth["type"] == "basic_auth" {
                assert_eq!(basic.is_valid(auth), holds(authwire::BasicAuth::validate(auth)), "{auth}");
            }
        }
    }

    #[test]
    fn it_stands_in_other_schemas() {
        let settings = validator(schema_for!(super::Settings));
        let auth = |password: Value| serde_json::json!({"auth": {"username": "ada", "password": password}});
        assert!(settings.is_valid(&auth(serde_json::json!({"env": "PASSWORD"}))));
        assert!(!settings.is_valid(&auth(serde_json::json!({"envv": "PASSWORD"}))));
        assert_eq!(BasicAuthConfig::schema_name(), "BasicAuthConfig");
    }
}
