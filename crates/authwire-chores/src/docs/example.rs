//! Complete connector files around the examples of an auth type.

use authwire_core::compiled::Document;
use authwire_core::table::Json;

/// A connector file for each example of the auth type.
pub(crate) fn connector_files(document: &Document) -> Vec<Json> {
    let examples = document.notes.first().map(|note| &*note.examples).unwrap_or_default();
    examples.iter().map(|example| connector_file(&document.name, example)).collect()
}

fn connector_file(auth_type: &str, example: &Json) -> Json {
    let text = |text: &str| Json::String(text.into());
    let mut auth_config = vec![("type".into(), text(auth_type))];
    if let Json::Object(members) = example {
        auth_config.extend(members.iter().filter(|(name, _)| *name != "type").cloned());
    }
    Json::Object(
        vec![
            ("name".into(), text("acme")),
            ("base_url".into(), text("https://api.example.com/v1")),
            ("auth_config".into(), Json::Object(auth_config.into())),
            ("test".into(), Json::Object(vec![("path".into(), text("/users/me"))].into())),
        ]
        .into(),
    )
}
