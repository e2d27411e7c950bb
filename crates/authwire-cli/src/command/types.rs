//! `authwire types`: the auth types, or one type's fields.

use std::fmt::Write as _;

use authwire_schema::AuthType;
use clap::Args;
use serde_json::{Value, json};

use crate::answer::print;
use crate::arguments::{AnswerFormat, TypeArguments};
use crate::auth_types::Catalogue;
use crate::fields::{self, Field};
use crate::outcome::Outcome;
use crate::terminal::{self, on_one_line, printable, wrapped};

/// List the auth types, or the fields of one type.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The type whose fields to list
    #[arg(value_name = "TYPE")]
    auth_type: Option<String>,
    /// The output format
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
    #[command(flatten)]
    types: TypeArguments,
}

const EXAMPLES: &str = "\
Examples:
  authwire types
  authwire types basic_auth";

/// How wide descriptions are.
const WIDTH: usize = 100;

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let types = Catalogue::read(&arguments.types.schemas)?;
    let text = match (&arguments.auth_type, arguments.format) {
        (Some(name), AnswerFormat::Human) => one(types.get(name)?),
        (Some(name), AnswerFormat::Json) => format!("{:#}\n", one_value(types.get(name)?)),
        (None, AnswerFormat::Human) => all(&types),
        (None, AnswerFormat::Json) => {
            let list: Value = types.types().iter().map(summary_value).collect();
            format!("{list:#}\n")
        }
    };
    print(text)
}

fn all(types: &Catalogue) -> String {
    let style = terminal::stdout_style();
    let width = types.types().iter().map(|one| one.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for one in types.types() {
        let name = format!("{:width$}", one.name);
        let _ = writeln!(text, "{}  {}", style.strong(name), on_one_line(&one.schema.title));
    }
    text
}

fn one(auth_type: &AuthType) -> String {
    let style = terminal::stdout_style();
    let mut text = String::new();
    let _ = writeln!(text, "{}: {}", style.strong(&auth_type.name), on_one_line(&auth_type.schema.title));
    if let Some(description) = auth_type.description(auth_type.schema.root()) {
        text.push_str(&wrapped(&printable(description), "", WIDTH));
    }
    described(&mut text, auth_type, fields::of(auth_type), "");
    text
}

/// Objects are told of so deep: one may hold itself.
const DEEPEST: usize = 4;

/// Describes `fields`, which stand in the object that `path` leads to.
fn described(text: &mut String, auth_type: &AuthType, fields: Vec<Field>, path: &str) {
    let style = terminal::stdout_style();
    for field in fields {
        let need = match (field.required, &field.default, &field.when) {
            (true, _, None) => "required".to_owned(),
            (true, _, Some(when)) => format!("required with {when}"),
            (false, Some(default), None) => format!("default {default}"),
            (false, Some(default), Some(when)) => format!("default {default}, with {when} only"),
            (false, None, None) => "optional".to_owned(),
            (false, None, Some(when)) => format!("with {when} only"),
        };
        let about = style.faint(format!("({}; {need})", field.kind));
        let name = format!("{path}{}", field.name);
        let _ = writeln!(text, "\n  {}  {}  {about}", style.strong(&name), on_one_line(&field.title));
        if let Some(description) = &field.description {
            text.push_str(&wrapped(&printable(description), "      ", WIDTH));
        }
        if path.matches('.').count() < DEEPEST {
            described(text, auth_type, field.within(auth_type), &format!("{name}."));
        }
    }
}

fn summary_value(auth_type: &AuthType) -> Value {
    let description = auth_type.description(auth_type.schema.root());
    json!({ "type": auth_type.name, "title": &*auth_type.schema.title, "description": description })
}

fn one_value(auth_type: &AuthType) -> Value {
    let mut whole = summary_value(auth_type);
    whole["fields"] = values(auth_type, fields::of(auth_type), 0);
    whole
}

fn values(auth_type: &AuthType, fields: Vec<Field>, depth: usize) -> Value {
    let value = |field: Field| {
        let mut value = json!({
            "name": field.name,
            "title": field.title,
            "kind": field.kind,
            "required": field.required,
            "when": field.when,
            "default": field.default,
            "description": field.description,
        });
        let within = field.within(auth_type);
        if !within.is_empty() && depth < DEEPEST {
            value["fields"] = values(auth_type, within, depth + 1);
        }
        value
    };
    fields.into_iter().map(value).collect()
}
