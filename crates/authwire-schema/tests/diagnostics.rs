//! What is told about broken schemas: a table of cases, each with every diagnostic that it gives.
//!
//! A case in `cases/*.txt` is a title (`# …`), the text, and below it a line per diagnostic: `! line:column fragment of
//! the message`, and `? fragment of the help` where that matters. One mistake gives one diagnostic: there may be no more
//! than are listed. `^ …` lists a warning. A case without any is fine.

use std::path::{Path, PathBuf};

use authwire_core::interpreter::is_valid_tree;
use authwire_schema::{Diagnostic, Diagnostics, Library, Severity, read_auth_type, read_text};

struct Case<'t> {
    title: &'t str,
    text: String,
    expected: Vec<Expected<'t>>,
}

struct Expected<'t> {
    severity: Severity,
    place: &'t str,
    message: &'t str,
    help: Option<&'t str>,
}

fn cases(file: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    for line in file.lines() {
        if let Some(title) = line.strip_prefix("# ") {
            cases.push(Case { title, text: String::new(), expected: Vec::new() });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        let row = line.strip_prefix("! ").map(|rest| (Severity::Error, rest));
        if let Some((severity, rest)) = row.or(line.strip_prefix("^ ").map(|rest| (Severity::Warning, rest)))
        {
            let (place, message) = rest.split_once(' ').unwrap();
            case.expected.push(Expected { severity, place, message, help: None });
        } else if let Some(help) = line.strip_prefix("? ") {
            case.expected.last_mut().unwrap().help = Some(help);
        } else {
            case.text.push_str(line);
            case.text.push('\n');
        }
    }
    cases
}

/// Compares what is told with what a case lists; `before` lines of the text are not the case's.
fn compare(case: &Case<'_>, told: &Diagnostics, before: u32) -> Result<(), String> {
    let mut left: Vec<&Diagnostic> = told.iter().collect();
    for Expected { severity, place, message, help } in &case.expected {
        let matches = |diagnostic: &&Diagnostic| {
            let Diagnostic { place: at, .. } = diagnostic;
            let at = format!("{}:{}", at.line.saturating_sub(before), at.column);
            diagnostic.severity == *severity
                && at == *place
                && diagnostic.message.contains(message)
                && help.is_none_or(|help| diagnostic.help.as_ref().is_some_and(|told| told.contains(help)))
        };
        match left.iter().position(matches) {
            Some(found) => drop(left.remove(found)),
            None => return Err(format!("not told: {place} {message} ({help:?})\ntold:\n{told}")),
        }
    }
    match left.is_empty() {
        true => Ok(()),
        false => Err(format!("told beyond what is listed:\n{told}")),
    }
}

fn run(file: &str, before: u32, read: impl Fn(&str) -> Diagnostics) {
    let mut wrong = Vec::new();
    let cases = cases(file);
    for case in &cases {
        if let Err(why) = compare(case, &read(&case.text), before) {
            wrong.push(format!("## {}\n{why}", case.title));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n\n{}", wrong.len(), cases.len(), wrong.join("\n\n"));
}

fn read_type(text: String) -> Diagnostics {
    let load = move |path: &Path| match path == Path::new("acme.json") {
        true => Ok(text.clone().into_bytes()),
        false => Err(std::io::ErrorKind::NotFound.into()),
    };
    match read_auth_type(&mut Library::with_loader(is_valid_tree, load), &PathBuf::from("acme.json")) {
        Ok((_, warnings)) => warnings,
        Err(diagnostics) => diagnostics,
    }
}

#[test]
fn keywords() {
    run(include_str!("cases/keywords.txt"), 0, |text| {
        match read_text(&mut Library::new(is_valid_tree), "case.json", text) {
            Ok((_, warnings)) => warnings,
            Err(diagnostics) => diagnostics,
        }
    });
}

#[test]
fn auth_types() {
    run(include_str!("cases/auth_types.txt"), 0, |text| read_type(text.to_owned()));
}

#[test]
fn plans() {
    let shape = include_str!("cases/shape.json");
    let before = u32::try_from(shape.lines().count()).unwrap();
    run(include_str!("cases/plans.txt"), before, |plan| {
        let open = shape.trim_end().strip_suffix('}').unwrap();
        read_type(format!("{open}, \"x-auth\":\n{plan}}}"))
    });
}

#[test]
fn names_are_told_by_what_is_wrong_with_them() {
    let picks: Vec<String> = (0..258).map(|at| format!("\"p{at}\": \"/x\"")).collect();
    let plan = format!(
        r#"{{"token": {{"request": {{"url": "{{url}}"}}, "response": {{"access_token": "/t", "pick": {{{}}}}}}}, "apply": []}}"#,
        picks.join(", ")
    );
    let shape = include_str!("cases/shape.json");
    let open = shape.trim_end().strip_suffix('}').unwrap();
    let told = read_type(format!("{open}, \"x-auth\":\n{plan}}}"));
    let told: Vec<&str> = told.iter().map(|told| told.message.as_str()).collect();
    assert_eq!(told, ["these are more than 256, which no plan has use for"; 2]);
}

#[test]
fn what_is_too_much_to_prove_is_told() {
    let read = |count: usize| {
        let names = || 0..count;
        let properties: Vec<String> =
            names().map(|at| format!(r#""p{at}": {{"enum": ["a", "b"]}}"#)).collect();
        let required: Vec<String> = names().map(|at| format!(r#""p{at}""#)).collect();
        let when: Vec<String> = names().map(|at| format!(r#""p{at}": "a""#)).collect();
        read_type(format!(
            r#"{{"type": "object", "properties": {{{}}}, "required": [{}], "x-auth": {{"apply": [{{"when": {{{}}}, "header": {{"X": "1"}}}}]}}}}"#,
            properties.join(", "),
            required.join(", "),
            when.join(", ")
        ))
    };
    for (count, begins) in
        [(2, "nothing is done when"), (13, "that something is always done is too much to prove")]
    {
        let told = read(count);
        let told: Vec<&str> = told.iter().map(|told| told.message.as_str()).collect();
        assert!(matches!(told[..], [told] if told.starts_with(begins)), "{count}: {told:?}");
    }
}

#[test]
fn how_many_are_not_told_is_told() {
    for (count, last) in [(1000, None), (1003, Some("3 more are not told"))] {
        let properties: Vec<String> = (0..count).map(|at| format!(r#""p{at}": {{"x{at}": 1}}"#)).collect();
        let text = format!(r#"{{"properties": {{{}}}}}"#, properties.join(", "));
        let told = read_text(&mut Library::new(is_valid_tree), "case.json", &text).unwrap_err();
        let others: Vec<&str> =
            told.iter().map(|told| &*told.message).filter(|told| told.contains("more")).collect();
        assert_eq!(others, last.into_iter().collect::<Vec<_>>());
        assert_eq!(told.len(), 1000 + usize::from(last.is_some()));
    }
}

#[test]
fn a_sample_may_be_nested_only_so_deep_by_whatever_it_is_nested() {
    for (open, close) in [("[", "]"), ("{\"a\": ", "}")] {
        let read = |levels: usize| {
            let sample = format!("{}1{}", open.repeat(levels), close.repeat(levels));
            let read =
                read_text(&mut Library::new(is_valid_tree), "a.json", &format!(r#"{{"default": {sample}}}"#));
            read.map(drop).map_err(|diagnostics| diagnostics.to_string())
        };
        assert_eq!(read(3), Ok(()), "{open}");
        let refused = read(80).err().unwrap_or_default();
        assert!(refused.contains("the default is nested more than"), "{open}: {refused}");
    }
}
