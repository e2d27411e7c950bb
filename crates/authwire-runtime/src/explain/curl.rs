//! An explained request as a command for curl: what can be looked up is, the rest is left to fill in.
//!
//! `<env:NAME>` becomes `"$NAME"`, `<file:PATH>` what the file holds. Everything else is quoted, so that a shell reads
//! nothing into it.

use super::{ExplainedBody, ExplainedRequest};
use crate::percent;

/// What curl does by itself where a request can only be described: options, with a value or without, instead of headers.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ByCurl {
    pub(crate) options: Vec<(&'static str, Option<String>)>,
    pub(crate) instead_of: &'static [&'static str],
}

/// What curl says of a form by itself.
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

impl ExplainedRequest {
    /// The request as a command for curl. Secrets that are references come out of their places, files out of the connector
    /// file's folder; those that are not there, such as `<access_token>`, are for the reader to fill in. A query parameter that
    /// is looked up needs curl 7.87 or newer, which encodes it.
    #[must_use]
    pub fn to_curl(&self) -> String {
        let has_body = self.body != ExplainedBody::None;
        let mut command = match (self.method.as_str(), has_body) {
            ("GET", false) | ("POST", true) => "curl".to_owned(),
            ("HEAD", _) => "curl --head".to_owned(),
            (method, _) => format!("curl -X {method}"),
        };
        let (url, looked_up) = without_looked_up(&self.url);
        if url.contains(['[', ']', '{', '}']) {
            // curl would make several URLs of it
            command.push_str(" --globoff");
        }
        command.push(' ');
        command.push_str(&argument(&url));
        for parameter in looked_up {
            push(&mut command, "--url-query", parameter);
        }
        for (name, value) in &self.headers {
            let is_implied =
                (name.as_str(), value.as_str()) == FORM && matches!(self.body, ExplainedBody::Form(_));
            let is_made = self.by_curl.instead_of.iter().any(|made| made.eq_ignore_ascii_case(name));
            if is_implied || is_made {
                continue;
            }
            let pair = value.strip_prefix("Basic base64(").and_then(|rest| rest.strip_suffix(')'));
            match pair.filter(|_| name.eq_ignore_ascii_case("authorization")) {
                Some(pair) => push(&mut command, "-u", pair),
                None => push(&mut command, "-H", &format!("{name}: {value}")),
            }
        }
        for (option, value) in &self.by_curl.options {
            match value {
                Some(value) => push(&mut command, option, value),
                None => command.push_str(&format!(" \\\n  {option}")),
            }
        }
        match &self.body {
            ExplainedBody::None => {}
            ExplainedBody::Form(pairs) => {
                for (name, value) in pairs {
                    // curl encodes the value alone
                    push(&mut command, "--data-urlencode", &format!("{}={value}", percent::form(name)));
                }
            }
            ExplainedBody::Json(value) => push(&mut command, "-d", &value.to_string()),
        }
        command
    }

    /// What stands in the command for what only the reader can fill in: `<access_token>`, `<store:acme.key>`.
    #[must_use]
    pub fn to_fill_in(&self) -> Vec<String> {
        let command = self.to_curl();
        let mut found: Vec<String> = Vec::new();
        let mut rest = command.as_str();
        while let Some((_, from)) = rest.split_once('<') {
            rest = from;
            let Some((inner, after)) = from.split_once('>') else { break };
            let is_ours = !inner.is_empty()
                && inner
                    .chars()
                    .all(|it| it.is_alphanumeric() || matches!(it, '_' | '.' | ':' | '-' | ' ' | '/'));
            if is_ours {
                let shown = format!("<{inner}>");
                if !found.contains(&shown) {
                    found.push(shown);
                }
                rest = after;
            }
        }
        found
    }
}

/// A URL without those parameters whose value a shell looks up, and those: they are encoded only then.
fn without_looked_up(url: &str) -> (String, Vec<&str>) {
    let Some((path, query)) = url.split_once('?') else { return (url.to_owned(), Vec::new()) };
    let (looked_up, kept): (Vec<&str>, Vec<&str>) =
        query.split('&').partition(|parameter| next_reference(parameter).is_some());
    let separator = if kept.is_empty() { "" } else { "?" };
    (format!("{path}{separator}{}", kept.join("&")), looked_up)
}

fn push(command: &mut String, option: &str, value: &str) {
    command.push_str(" \\\n  ");
    command.push_str(option);
    command.push(' ');
    command.push_str(&argument(value));
}

/// One argument for a POSIX shell.
fn argument(text: &str) -> String {
    let mut quoted = String::new();
    let mut rest = text;
    while let Some((before, reference, after)) = next_reference(rest) {
        if !before.is_empty() {
            quoted.push_str(&literal(before));
        }
        quoted.push_str(&reference);
        rest = after;
    }
    if !rest.is_empty() || quoted.is_empty() {
        quoted.push_str(&literal(rest));
    }
    quoted
}

/// The first reference of `text` that a shell can look up, with what stands before and after it.
fn next_reference(text: &str) -> Option<(&str, String, &str)> {
    text.match_indices('<').find_map(|(at, _)| {
        let (inner, after) = text.get(at + 1..)?.split_once('>')?;
        let reference = match inner.split_once(':')? {
            ("env", name) if is_variable(name) => format!("\"${name}\""),
            ("file", path) => format!("\"$(cat {})\"", literal(path)),
            _ => return None,
        };
        Some((text.get(..at)?, reference, after))
    })
}

fn is_variable(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::{ByCurl, argument};
    use crate::explain::{ExplainedBody, ExplainedRequest, Purpose};

    #[test]
    fn a_parameter_that_is_looked_up_is_encoded_then() {
        let command = |url: &str| {
            let (method, url) = ("GET".to_owned(), url.to_owned());
            ExplainedRequest {
                purpose: Purpose::Call,
                when: None,
                method,
                url,
                headers: Vec::new(),
                body: ExplainedBody::None,
                by_curl: ByCurl::default(),
            }
            .to_curl()
        };
        for (url, expected) in [
            ("https://a.example/x?a=1", "curl 'https://a.example/x?a=1'"),
            ("https://a.example/x?page[size]=1", "curl --globoff 'https://a.example/x?page[size]=1'"),
            ("https://a.example/x?k=<env:K>", "curl 'https://a.example/x' \\\n  --url-query 'k='\"$K\""),
            ("<env:BASE>/x?a=1&k=<env:K>&b=2", "curl \"$BASE\"'/x?a=1&b=2' \\\n  --url-query 'k='\"$K\""),
        ] {
            assert_eq!(command(url), expected);
        }
    }

    #[test]
    fn what_a_shell_can_look_up_is_left_to_it() {
        for (text, expected) in [
            ("", "''"),
            ("plain", "'plain'"),
            ("it's; rm -rf $HOME `x`", r"'it'\''s; rm -rf $HOME `x`'"),
            ("joe:<env:PASSWORD>", "'joe:'\"$PASSWORD\""),
            ("<env:A><env:B>c", "\"$A\"\"$B\"'c'"),
            ("<file:a b/it's>", "\"$(cat 'a b/it'\\''s')\""),
            ("<store:key> <access_token> <env:a;b> <", "'<store:key> <access_token> <env:a;b> <'"),
        ] {
            assert_eq!(argument(text), expected, "{text}");
        }
    }
}
