//! A connector file that is being filled in: what stands in it so far, and what a person's words become in it.

use std::fmt::Write as _;

use authwire_core::json::Tree;
use authwire_core::pointer::push_token;
use authwire_core::suggest::nearest;
use authwire_core::table::{NodeId, Schema, Types};
use authwire_core::{Code, Finding, Reference, Report, Severity, checker};
use authwire_runtime::judge::Expert;
use serde_json::{Map, Value, json};

use super::form::{Blank, Choice, Form};
use super::{layout, placeholder};
use crate::fields::{self, Field};
use crate::outcome::Failure;

/// A connector file in the making.
pub(super) struct Draft<'c> {
    pub(super) form: Form<'c>,
    connector: &'c Schema,
    /// The members beside `auth_config`, in order.
    pub(super) head: Vec<(&'static str, Value)>,
    /// `test.path`
    pub(super) test_path: Option<String>,
    /// The fields of the auth type.
    pub(super) config: Value,
    name: String,
}

impl<'c> Draft<'c> {
    pub(super) fn new(form: Form<'c>, connector: &'c Schema, name: &str) -> Self {
        let head = vec![("name", json!(name))];
        let config = Value::Object(Map::new());
        Self { form, connector, head, test_path: None, config, name: name.to_owned() }
    }

    /// The fields that apply as things stand.
    pub(super) fn blanks(&self) -> Vec<Blank> {
        self.form.blanks(&self.config)
    }

    /// Fields that have to be there and are not.
    pub(super) fn missing(&self) -> Vec<Blank> {
        self.blanks().into_iter().filter(|blank| blank.required && !self.has(&blank.name)).collect()
    }

    /// Fields that may be there and are not.
    pub(super) fn optional(&self) -> Vec<Blank> {
        let open = |blank: &Blank| !blank.required && !self.has(&blank.name);
        self.blanks()
            .into_iter()
            .filter(|blank| open(blank) && blank.needs.iter().all(|name| self.has(name)))
            .collect()
    }

    fn has(&self, name: &str) -> bool {
        self.config.get(name).is_some()
    }

    /// The environment variable for the field `name`.
    pub(super) fn variable(&self, name: &str) -> String {
        placeholder::variable(&self.name, name)
    }

    /// Puts what stands for a field until a person fills it in.
    ///
    /// # Errors
    /// If nothing is known that its schema takes.
    pub(super) fn hold(&mut self, blank: &Blank) -> Result<(), Failure> {
        let value = placeholder::value(self.form, &self.fitting(blank), &self.variable(&blank.name));
        let value = value.ok_or_else(|| {
            Failure::not_run(format!("no placeholder is known for `{}`", blank.name))
                .with_help(format!("give it: --set {}=VALUE", blank.name))
        })?;
        self.config[&blank.name] = value;
        Ok(())
    }

    /// `blank` with the choices that allow for the fields that are filled in already, if there are such choices.
    fn fitting(&self, blank: &Blank) -> Blank {
        let fits = |choice: &&Choice| {
            let mut config = self.config.clone();
            config[&blank.name] = choice.value.clone();
            let blanks = self.form.blanks(&config);
            let names = self.config.as_object().into_iter().flat_map(Map::keys);
            names.into_iter().all(|name| blanks.iter().any(|blank| blank.name == *name))
        };
        let choices: Vec<Choice> = blank.choices.iter().filter(fits).cloned().collect();
        if choices.is_empty() { blank.clone() } else { Blank { choices, ..blank.clone() } }
    }

    /// Takes `KEY=VALUE`: a field by its name or its label, and what a person writes into it. `KEY.MEMBER=VALUE` is for
    /// fields that hold others. Nothing behind the `=` leaves the field out.
    ///
    /// # Errors
    /// If there is no such field, or a secret would stand in the file.
    pub(super) fn set(&mut self, assignment: &str) -> Result<(), Failure> {
        let Some((key, text)) = assignment.split_once('=') else {
            return Err(Failure::not_run("`--set` needs KEY=VALUE")
                .with_help("KEY is a field's name or label: authwire types TYPE lists them"));
        };
        let (field, path) = self.field(key)?;
        let text = text.trim();
        let mut node = Some(field.node);
        for member in &path {
            node = node.and_then(|node| self.form.member(node, member));
        }
        let choices = if path.is_empty() { self.choices(&field) } else { Vec::new() };
        let value = match (text, node) {
            ("", _) => None,
            (text, Some(node)) => Some(self.value(&field.name, node, &choices, text)?),
            (text, None) => Some(json!(text)),
        };
        let (last, parents) = match path.split_last() {
            Some((last, parents)) => (*last, parents),
            None => (field.name.as_str(), [].as_slice()),
        };
        let mut place = &mut self.config;
        if !path.is_empty() {
            place = child(place, &field.name);
        }
        for member in parents {
            place = child(place, member);
        }
        if let Value::Object(members) = place {
            match value {
                Some(value) => members.insert(last.to_owned(), value),
                None => members.remove(last),
            };
        }
        Ok(())
    }

    /// The field that `key` names, with the members below it.
    fn field<'k>(&self, key: &'k str) -> Result<(Field, Vec<&'k str>), Failure> {
        let key = key.trim();
        let fields = fields::of(self.form.auth_type);
        let find = |key: &str| {
            let by_name = fields.iter().find(|field| field.name == key);
            by_name.or_else(|| fields.iter().find(|field| is_label(&field.title, key)))
        };
        if let Some(field) = find(key) {
            return Ok((field.clone(), Vec::new()));
        }
        if let Some((first, rest)) = key.split_once('.')
            && let Some(field) = find(first)
        {
            return Ok((field.clone(), rest.split('.').collect()));
        }
        let known = fields.iter().flat_map(|field| [field.name.as_str(), field.title.as_str()]);
        let auth_type = &self.form.auth_type.name;
        let help = match nearest(key, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("authwire types {auth_type} lists them"),
        };
        Err(Failure::not_run(format!("`{auth_type}` has no field `{key}`")).with_help(help))
    }

    /// The choices of a field, wherever they come from: it may apply only later.
    fn choices(&self, field: &Field) -> Vec<Choice> {
        let blank = self.blanks().into_iter().find(|blank| blank.name == field.name);
        blank.map(|blank| blank.choices).unwrap_or_default()
    }

    /// What `text` becomes in the field `name`.
    ///
    /// # Errors
    /// If it is a secret that could be kept elsewhere. The text is never repeated.
    pub(super) fn value(
        &self,
        name: &str,
        node: NodeId,
        choices: &[Choice],
        text: &str,
    ) -> Result<Value, Failure> {
        let chosen = choices.iter().find(|choice| choice.text() == text).or_else(|| {
            choices.iter().find(|choice| choice.title.as_deref().is_some_and(|title| is_label(title, text)))
        });
        if let Some(choice) = chosen {
            return Ok(choice.value.clone());
        }
        let takes_reference = self.form.takes_reference(node);
        if let Some(reference) = place(text).filter(|_| takes_reference) {
            return Ok(reference);
        }
        let parsed: Option<Value> =
            serde_json::from_str(text).ok().filter(|value: &Value| !value.is_string());
        let wants_text = self.form.types(node).contains(Types::STRING);
        let value = match parsed {
            Some(value) if !wants_text || self.form.takes(node, &value) => value,
            _ => json!(text),
        };
        if value.is_string() && takes_reference && self.form.is_secret(node) {
            let message = format!("`{name}` is a secret, and this does not say where it is kept");
            let help = format!(
                "keep it elsewhere and name the place: env:{}, file:PATH or store:KEY",
                self.variable(name)
            );
            return Err(Failure::not_run(message).with_help(help));
        }
        Ok(value)
    }

    /// Puts `value` into the field `name`, unless that is wrong: then it says what is, and what to do.
    pub(super) fn try_value(&mut self, name: &str, value: Value) -> Result<(), String> {
        let before = self.config.get(name).cloned();
        self.config[name] = value;
        let mut pointer = "/auth_config".to_owned();
        push_token(&mut pointer, name);
        let Some(wrong) = self.wrong_at(&pointer) else { return Ok(()) };
        if let Value::Object(members) = &mut self.config {
            match before {
                Some(value) => members.insert(name.to_owned(), value),
                None => members.remove(name),
            };
        }
        Err(wrong)
    }

    /// What is wrong with the value at `pointer`.
    pub(super) fn wrong_at(&self, pointer: &str) -> Option<String> {
        let is_here = |finding: &&Finding| {
            let below = finding.pointer.strip_prefix(pointer);
            finding.severity() == Severity::Error
                && finding.code != Code::DependentRequired
                && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let report = self.report(&self.text());
        let mut words = String::new();
        for finding in report.findings().iter().filter(is_here) {
            let help = finding.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
            let _ = write!(words, "{}{}{help}", if words.is_empty() { "" } else { "; " }, finding.message);
        }
        (!words.is_empty()).then_some(words)
    }

    /// The file.
    pub(super) fn text(&self) -> String {
        let mut order: Vec<String> = vec!["type".to_owned()];
        order.extend(self.blanks().into_iter().map(|blank| blank.name));
        let members = self.config.as_object().cloned().unwrap_or_default();
        let mut config = vec![("type".to_owned(), json!(self.form.auth_type.name))];
        config.extend(members.into_iter().filter(|(name, _)| name != "type"));
        config.sort_by_key(|(name, _)| order.iter().position(|one| one == name).unwrap_or(order.len()));
        layout::connector_file(&self.head, &config, self.test_path.as_deref())
    }

    /// What is to be said of the file.
    pub(super) fn report(&self, text: &str) -> Report {
        match Tree::parse(text.as_bytes()) {
            Ok(tree) => checker::report_tree(self.connector, self.form.registry, &tree, Some(&Expert)),
            Err(error) => Report::new(vec![error.to_finding(text.as_bytes())]),
        }
    }

    /// The environment variables that the auth config refers to.
    pub(super) fn variables(&self) -> Vec<String> {
        let mut found = Vec::new();
        variables(&self.config, &mut found);
        found
    }
}

fn variables(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            let mut only = members.iter().filter(|_| members.len() == 1);
            match only.next().map(|(source, name)| (source, name.as_str())) {
                Some((source, Some(name))) => {
                    if let Some(Reference::Env(name)) = Reference::new(source, name.to_owned())
                        && !found.contains(&name)
                    {
                        found.push(name);
                    }
                }
                _ => members.values().for_each(|value| variables(value, found)),
            }
        }
        Value::Array(items) => items.iter().for_each(|value| variables(value, found)),
        _ => {}
    }
}

/// The object `name` in the object `value`, made if need be.
fn child<'v>(value: &'v mut Value, name: &str) -> &'v mut Value {
    let child = &mut value[name];
    if !child.is_object() {
        *child = Value::Object(Map::new());
    }
    child
}

/// The reference that `env:NAME`, `file:PATH` or `store:KEY` is.
pub(super) fn place(text: &str) -> Option<Value> {
    let (source, name) = text.split_once(':')?;
    Reference::SOURCES.contains(&source).then(|| json!({ source: name.trim() }))
}

/// Whether a person means `title`: letters' case is no matter.
pub(super) fn is_label(title: &str, text: &str) -> bool {
    title.to_lowercase() == text.trim().to_lowercase()
}
