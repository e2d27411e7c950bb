//! What a connector's JWT says, before it is signed.

use std::io::Write as _;
use std::path::Path;

use http::Method;
use serde_json::{Value, json};

use super::Arguments;
use crate::answer::answer;
use crate::command::load;
use crate::outcome::{Failure, Outcome};
use crate::terminal::printable;

pub(super) fn run(file: &Path, arguments: &Arguments) -> Outcome {
    let file = load(file, &arguments.types.schemas)?;
    let (name, auth_type) = (file.connector.name(), &file.connector.auth().schema().name);
    let explanation = authwire_runtime::explain(&file.connector, &Method::GET, "/")
        .map_err(|error| Failure::failed(error.to_string()))?;
    if explanation.made.is_empty() {
        return Err(Failure::failed(format!("`{name}` uses `{auth_type}`, which signs no JWT"))
            .with_help("authwire explain shows what it sends instead"));
    }
    answer(
        arguments.format,
        |out| {
            explanation.made.iter().try_for_each(|jwt| {
                let text = format!("header: {:#}\nclaims: {:#}\n", jwt.header, jwt.claims);
                write!(out, "{}", printable(&text))
            })
        },
        || {
            let made = explanation.made.iter();
            let made =
                made.map(|jwt| json!({ "name": jwt.name, "header": jwt.header, "claims": jwt.claims }));
            json!({ "name": name, "auth_type": auth_type.to_string(), "made": made.collect::<Value>() })
        },
    )
}
