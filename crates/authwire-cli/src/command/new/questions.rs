//! Asks a person for the fields, by their labels, on stderr: stdout may be the file.

use std::io::{self, BufRead as _, Write as _};

use serde_json::{Value, json};

use super::draft::{Draft, is_label, place};
use super::form::Blank;
use super::{Arguments, BASE_URL, set_all};
use crate::fields;
use crate::outcome::Failure;
use crate::terminal::{self, printable, wrapped};

/// How wide descriptions are.
const WIDTH: usize = 100;

/// Fills in `draft`: what the arguments give is not asked for.
pub(super) fn ask(
    draft: &mut Draft<'_>,
    arguments: &Arguments,
    description: Option<String>,
) -> Result<(), Failure> {
    if let Some(wrong) = draft.wrong_at("/name") {
        return Err(Failure::not_run(wrong));
    }
    let style = terminal::stderr_style();
    let auth_type = draft.form.auth_type;
    tell(&format!("{}\n", style.strong(printable(&auth_type.schema.title))))?;
    let root = auth_type.schema.root();
    tell(&wrapped(&printable(auth_type.description(root).unwrap_or_default()), "", WIDTH))?;
    tell(
        "Enter takes the value in brackets. A value may be kept elsewhere: env:NAME, file:PATH, store:KEY.\n",
    )?;

    let description = match description {
        Some(description) => Some(description),
        None => answer("Description", "optional", None)?,
    };
    if let Some(description) = description {
        draft.head.push(("description", json!(description)));
    }
    ask_base_url(draft, arguments.base_url.as_deref())?;
    set_all(draft, &arguments.set)?;
    while let Some(blank) = draft.missing().into_iter().next() {
        ask_field(draft, &blank)?;
    }
    offer(draft)?;
    // what was chosen from the offer may need others
    while let Some(blank) = draft.missing().into_iter().next() {
        ask_field(draft, &blank)?;
    }
    if draft.test_path.is_none() {
        ask_test_path(draft)?;
    }
    Ok(())
}

/// A base URL as a file has it: a reference where the text names a place.
pub(super) fn base_url(text: &str) -> Value {
    place(text).unwrap_or_else(|| json!(text))
}

fn ask_base_url(draft: &mut Draft<'_>, given: Option<&str>) -> Result<(), Failure> {
    let mut given = given.map(str::to_owned);
    loop {
        let url = match given.take() {
            Some(url) => url,
            None => {
                let about = format!("url, such as {BASE_URL}; required");
                let Some(url) = answer("Base URL", &about, None)? else { continue };
                url
            }
        };
        draft.head.push(("base_url", base_url(&url)));
        let Some(wrong) = draft.wrong_at("/base_url") else { return Ok(()) };
        draft.head.pop();
        refuse(&wrong)?;
    }
}

fn ask_test_path(draft: &mut Draft<'_>) -> Result<(), Failure> {
    loop {
        let about = "path of a harmless GET request, such as /users/me; optional";
        draft.test_path = answer("Test", about, None)?;
        let Some(wrong) = draft.wrong_at("/test") else { return Ok(()) };
        refuse(&wrong)?;
    }
}

/// Asks for a field until there is an answer that fits.
fn ask_field(draft: &mut Draft<'_>, blank: &Blank) -> Result<(), Failure> {
    if let [only] = blank.choices.as_slice() {
        draft.config[&blank.name] = only.value.clone();
        return Ok(());
    }
    let form = draft.form;
    let auth_type = form.auth_type;
    tell("\n")?;
    if let Some(description) = auth_type.description(blank.node).filter(|_| blank.choices.is_empty()) {
        tell(&wrapped(&printable(description), "", WIDTH))?;
    }
    for choice in &blank.choices {
        let title = choice.title.as_deref().map(|title| format!("  {title}")).unwrap_or_default();
        tell(&printable(&format!("  {}{title}\n", choice.text())))?;
    }
    let secret = form.is_secret(blank.node) && form.takes_reference(blank.node);
    let variable = draft.variable(&blank.name);
    let offered = match () {
        () if secret => Some(format!("env:{variable}")),
        () => auth_type
            .inherited(blank.node, |note| note.default.as_ref())
            .map(|default| default.as_str().map_or_else(|| default.to_string(), str::to_owned)),
    };
    let kind = if secret {
        "secret: where it is kept".to_owned()
    } else if blank.choices.is_empty() {
        fields::kind(&auth_type.schema, blank.node)
    } else {
        "one of these".to_owned()
    };
    let about = format!("{kind}; {}", if blank.required { "required" } else { "optional" });
    loop {
        let Some(text) = answer(&blank.title, &about, offered.as_deref())? else {
            if blank.required {
                continue;
            }
            return Ok(());
        };
        let value = match draft.value(&blank.name, blank.node, &blank.choices, &text) {
            Ok(value) => value,
            Err(failure) => {
                refuse(&failure.words())?;
                continue;
            }
        };
        match draft.try_value(&blank.name, value) {
            Ok(()) => return Ok(()),
            Err(wrong) => refuse(&wrong)?,
        }
    }
}

/// Offers the fields that need not be there.
fn offer(draft: &mut Draft<'_>) -> Result<(), Failure> {
    loop {
        let optional = draft.optional();
        if optional.is_empty() {
            return Ok(());
        }
        tell("\nThese are optional:\n")?;
        let width = optional.iter().map(|blank| blank.name.len()).max().unwrap_or_default();
        for blank in &optional {
            tell(&printable(&format!("  {:width$}  {}\n", blank.name, blank.title)))?;
        }
        loop {
            let Some(text) = answer("Another field", "its name or label; Enter for none", None)? else {
                return Ok(());
            };
            let named = |blank: &&Blank| blank.name == text || is_label(&blank.title, &text);
            match optional.iter().find(named) {
                Some(blank) => {
                    ask_field(draft, blank)?;
                    break;
                }
                None => refuse("it is not one of these")?,
            }
        }
    }
}

/// Asks one question. `None` if nothing was answered and nothing is offered.
fn answer(label: &str, about: &str, offered: Option<&str>) -> Result<Option<String>, Failure> {
    let style = terminal::stderr_style();
    let offered_words = offered.map(|offered| format!(" [{}]", printable(offered))).unwrap_or_default();
    tell(&format!(
        "{} {}{offered_words}: ",
        style.strong(printable(label)),
        style.faint(format!("({})", printable(about)))
    ))?;
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line)? == 0 {
        return Err(Failure::not_run("the answers ended, so nothing was written"));
    }
    let text = line.trim();
    Ok(if text.is_empty() { offered.map(str::to_owned) } else { Some(text.to_owned()) })
}

fn refuse(why: &str) -> io::Result<()> {
    tell(&format!("{}: {}\n", terminal::stderr_style().error("no"), printable(why)))
}

fn tell(text: &str) -> io::Result<()> {
    let mut stderr = io::stderr().lock();
    stderr.write_all(text.as_bytes())?;
    stderr.flush()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::base_url;

    #[test]
    fn a_base_url_may_be_kept_elsewhere() {
        assert_eq!(base_url("env:ACME_URL"), json!({ "env": "ACME_URL" }));
        assert_eq!(base_url("https://a.example"), json!("https://a.example"));
    }
}
