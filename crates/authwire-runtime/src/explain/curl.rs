//! A planned request as a command for curl: what can be looked up is, the rest is left to fill in.
//!
//! The value of an environment variable becomes `"$NAME"`, that of a file what the file holds. Everything else is quoted, so
//! that a shell reads nothing into it.

use std::path::Path;

use authwire_core::Reference;

use super::ExplainedRequest;
use super::planned::{Planned, PlannedBody, json_text};
use crate::percent;
use crate::phrase::{Phrase, Shown};

/// What curl does by itself where a request can only be described: options, with a value or without, instead of headers.
#[derive(Debug, Clone, Default)]
pub(crate) struct ByCurl {
    pub(crate) options: Vec<(&'static str, Option<Phrase>)>,
    pub(crate) instead_of: &'static [&'static str],
}

impl ByCurl {
    /// The option that names a user.
    pub(crate) fn user(name: &Phrase, password: &Phrase) -> (&'static str, Option<Phrase>) {
        let mut pair = name.clone();
        pair.push(Phrase::clear(":"));
        pair.push(password.clone());
        ("-u", Some(pair))
    }
}

/// A command for curl.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Command {
    text: String,
    /// What only the reader can fill in.
    missing: Vec<String>,
    /// Whether it reads a file whose path is relative.
    reads_relative: bool,
}

/// What curl says of a form by itself.
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

impl ExplainedRequest {
    /// The request as a command for curl. Secrets that are references come out of their places, files out of the connector
    /// file's folder; those that are not there, such as `<access_token>`, are for the reader to fill in. A query parameter that
    /// is looked up needs curl 7.87 or newer, which encodes it.
    #[must_use]
    pub fn to_curl(&self) -> &str {
        &self.curl.text
    }

    /// What stands in the command for what only the reader can fill in: `<access_token>`, `<store:acme.key>`.
    #[must_use]
    pub fn to_fill_in(&self) -> &[String] {
        &self.curl.missing
    }

    /// Whether the command reads files whose paths begin at the connector file's folder.
    #[must_use]
    pub fn curl_reads_relative_files(&self) -> bool {
        self.curl.reads_relative
    }
}

impl Command {
    /// The command for a request.
    pub(super) fn of(request: &Planned) -> Self {
        let has_body = !matches!(request.body, PlannedBody::None);
        let mut command = Self {
            text: match (request.method.as_str(), has_body) {
                ("GET", false) | ("POST", true) => "curl".to_owned(),
                ("HEAD", _) => "curl --head".to_owned(),
                (method, _) => format!("curl -X {method}"),
            },
            ..Self::default()
        };
        // what is looked up is encoded only then
        let (looked_up, known): (Vec<_>, Vec<_>) =
            request.query.iter().partition(|(_, value)| value.shown_parts().any(|part| is_looked_up(&part)));
        let mut url = request.url.clone();
        for (name, value) in known {
            let separator = if url.shown().contains('?') { '&' } else { '?' };
            url.push(Phrase::clear(format!("{separator}{}=", percent::query(name))));
            url.push(value.encode(percent::query));
        }
        if url.shown().contains(['[', ']', '{', '}']) {
            // curl would make several URLs of it
            command.text.push_str(" --globoff");
        }
        command.text.push(' ');
        command.argument(&url);
        for (name, value) in looked_up {
            command.pair("--url-query", &format!("{}=", percent::query(name)), value);
        }
        for (name, value) in &request.headers {
            let is_implied =
                matches!(request.body, PlannedBody::Form(_)) && (name.as_str(), &*value.shown()) == FORM;
            let is_made = request.by_curl.instead_of.iter().any(|made| made.eq_ignore_ascii_case(name));
            if is_implied || is_made {
                continue;
            }
            match user_of(value).filter(|_| name.eq_ignore_ascii_case("authorization")) {
                Some(user) => command.option("-u", user),
                None => command.pair("-H", &format!("{name}: "), value),
            }
        }
        for (option, value) in &request.by_curl.options {
            match value {
                Some(value) => {
                    command.reads_relative |=
                        matches!(*option, "--cert" | "--key") && Path::new(&value.shown()).is_relative();
                    command.pair(option, "", value);
                }
                None => command.text.push_str(&format!(" \\\n  {option}")),
            }
        }
        match &request.body {
            PlannedBody::None => {}
            PlannedBody::Form(pairs) => {
                for (name, value) in pairs {
                    // curl encodes the value alone
                    command.pair("--data-urlencode", &format!("{}=", percent::form(name)), value);
                }
            }
            PlannedBody::Json(tree) => command.pair("-d", "", &json_text(tree)),
        }
        command
    }

    fn pair(&mut self, option: &str, before: &str, value: &Phrase) {
        let before = Some(Shown::Clear(before.to_owned())).filter(|_| !before.is_empty());
        self.option(option, before.into_iter().chain(value.shown_parts()));
    }

    fn option(&mut self, option: &str, value: impl IntoIterator<Item = Shown>) {
        self.text.push_str(" \\\n  ");
        self.text.push_str(option);
        self.text.push(' ');
        self.quoted(value);
    }

    fn argument(&mut self, phrase: &Phrase) {
        self.quoted(phrase.shown_parts());
    }

    /// One argument for a POSIX shell.
    fn quoted(&mut self, parts: impl IntoIterator<Item = Shown>) {
        let (mut quoted, mut literal) = (String::new(), String::new());
        let finish = |literal: &mut String, quoted: &mut String| {
            if !literal.is_empty() {
                quoted.push_str(&in_quotes(&std::mem::take(literal)));
            }
        };
        for part in parts {
            match look_up(&part) {
                Some(look_up) => {
                    finish(&mut literal, &mut quoted);
                    quoted.push_str(&look_up);
                    self.reads_relative |= matches!(&part, Shown::Reference(Reference::File(path)) if Path::new(path).is_relative());
                }
                None => {
                    literal.push_str(&part.to_string());
                    self.miss(&part);
                }
            }
        }
        finish(&mut literal, &mut quoted);
        self.text.push_str(if quoted.is_empty() { "''" } else { &quoted });
    }

    /// Notes what stands there for the reader to fill in.
    fn miss(&mut self, part: &Shown) {
        match part {
            Shown::Clear(_) => {}
            Shown::Made { of, .. } => of.iter().for_each(|part| self.miss(part)),
            Shown::Words(_) | Shown::Reference(_) => {
                let shown = part.to_string();
                if !shown.is_empty() && !self.missing.contains(&shown) {
                    self.missing.push(shown);
                }
            }
        }
    }
}

/// User name and password, where a header is Basic's and shows what it was made of.
fn user_of(value: &Phrase) -> Option<Vec<Shown>> {
    let parts: Vec<Shown> = value.shown_parts().collect();
    match parts.as_slice() {
        [Shown::Clear(scheme), Shown::Made { by, of }] if scheme == "Basic " && by == "base64" => {
            Some(of.clone())
        }
        _ => None,
    }
}

fn is_looked_up(part: &Shown) -> bool {
    look_up(part).is_some()
}

/// How a shell looks up what a reference names, where it can.
fn look_up(part: &Shown) -> Option<String> {
    match part {
        Shown::Reference(Reference::Env(name)) if is_variable(name) => Some(format!("\"${name}\"")),
        Shown::Reference(Reference::File(path)) => Some(format!("\"$(cat {})\"", in_quotes(path))),
        _ => None,
    }
}

fn is_variable(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}

fn in_quotes(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use authwire_core::Reference;
    use http::Method;

    use super::Command;
    use crate::explain::Purpose;
    use crate::explain::planned::Planned;
    use crate::phrase::Phrase;

    fn phrase(parts: &[Phrase]) -> Phrase {
        let mut whole = Phrase::default();
        parts.iter().for_each(|part| whole.push(part.clone()));
        whole
    }

    fn env(name: &str) -> Phrase {
        Phrase::unknown(&Reference::Env(name.to_owned()))
    }

    fn clear(text: &str) -> Phrase {
        Phrase::clear(text)
    }

    #[test]
    fn a_parameter_that_is_looked_up_is_encoded_then() {
        let command = |url: Phrase, query: &[(&str, Phrase)]| {
            let mut request = Planned::new(Purpose::Call, &Method::GET, url);
            request.query = query.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            Command::of(&request).text
        };
        for (url, query, expected) in [
            (clear("https://a.example/x?a=1"), vec![], "curl 'https://a.example/x?a=1'"),
            (
                clear("https://a.example/x?page[size]=1"),
                vec![("a b", clear("&"))],
                "curl --globoff 'https://a.example/x?page[size]=1&a%20b=%26'",
            ),
            (
                clear("https://a.example/x"),
                vec![("k", env("K"))],
                "curl 'https://a.example/x' \\\n  --url-query 'k='\"$K\"",
            ),
            (
                phrase(&[env("BASE"), clear("/x?a=1&b=2")]),
                vec![("k", env("K")), ("c", clear("3"))],
                "curl \"$BASE\"'/x?a=1&b=2&c=3' \\\n  --url-query 'k='\"$K\"",
            ),
        ] {
            assert_eq!(command(url, &query), expected);
        }
    }

    #[test]
    fn what_a_shell_can_look_up_is_left_to_it_and_nothing_else() {
        let file = |path: &str| Phrase::unknown(&Reference::File(path.to_owned()));
        let store = Phrase::unknown(&Reference::Store("key".to_owned()));
        for (text, expected, missing) in [
            (clear(""), "''", vec![]),
            (clear("plain"), "'plain'", vec![]),
            (clear("it's; rm -rf $HOME `x`"), r"'it'\''s; rm -rf $HOME `x`'", vec![]),
            // what only looks like a reference
            (clear("<env:HOME> <file:/etc/passwd>"), "'<env:HOME> <file:/etc/passwd>'", vec![]),
            (phrase(&[clear("joe:"), env("PASSWORD")]), "'joe:'\"$PASSWORD\"", vec![]),
            (phrase(&[env("A"), env("B"), clear("c")]), "\"$A\"\"$B\"'c'", vec![]),
            (file("a b/it's"), "\"$(cat 'a b/it'\\''s')\"", vec![]),
            (
                phrase(&[store, clear(" "), Phrase::unknown("<access_token>"), env("a;b")]),
                "'<store:key> <access_token><env:a;b>'",
                vec!["<store:key>", "<access_token>", "<env:a;b>"],
            ),
        ] {
            let mut command = Command::default();
            command.argument(&text);
            assert_eq!(
                (command.text.as_str(), command.missing),
                (expected, missing.into_iter().map(str::to_owned).collect())
            );
        }
    }
}
