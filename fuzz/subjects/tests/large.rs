//! What is large takes as much longer as it is larger, and no more: documents with very many of one thing, all on one line.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use authwire::ConnectorConfig;
use authwire_cli::fuzzing;
use authwire_fuzz_subjects::pace;

/// So many are checked; were each to look at all others, that would take minutes.
const CHECKED: usize = 100_000;

/// So many are shown, in every format.
const SHOWN: usize = 3_000;

/// Of processor time, where the system tells it.
const LIMIT: Duration = Duration::from_secs(20);

/// A connector file with so many members or items in the place of `…`.
fn document(around: &str, count: usize, member: fn(usize) -> String) -> String {
    let mut members = String::new();
    for index in 0..count {
        let comma = if index > 0 { ", " } else { "" };
        write!(members, "{comma}{}", member(index)).unwrap();
    }
    around.replace('…', &members)
}

/// What there are many of, the document around them, and each of them.
type Case = (&'static str, String, fn(usize) -> String);

#[test]
fn many_of_one_thing_are_read_and_reported_in_time() {
    let head = r#""name": "big", "base_url": "https://a.example", "auth_config": {"type": "no_auth"}"#;
    let cases: [Case; 6] = [
        ("headers", format!(r#"{{{head}, "headers": {{…}}}}"#), |n| format!(r#""X-{n}": "v""#)),
        ("literal secrets", format!(r#"{{{head}, "headers": {{…}}}}"#), |n| {
            format!(r#""X-Token-{n}": "v""#)
        }),
        ("query", format!(r#"{{{head}, "query": {{…}}}}"#), |n| format!(r#""q{n}": {{"env": "A"}}"#)),
        ("unknown fields", format!("{{{head}, …}}"), |n| format!(r#""u{n}": 0"#)),
        ("duplicate keys", format!("{{{head}, …}}"), |_| r#""description": "x""#.to_owned()),
        ("wrong items", format!(r#"{{{head}, "test": {{"path": "/", "expect_status": […]}}}}"#), |_| {
            "1".to_owned()
        }),
    ];
    for (name, around, member) in cases {
        let (text, few) = (document(&around, CHECKED, member), document(&around, SHOWN, member));
        let (begun, used) = (Instant::now(), pace::processor_time());
        let spent =
            || pace::processor_time().zip(used).map_or_else(|| begun.elapsed(), |(now, before)| now - before);
        let findings = ConnectorConfig::check(text.as_bytes()).report.into_findings().len();
        let checked = spent();
        let shown: usize =
            fuzzing::reports("big.json", few.as_bytes()).unwrap().iter().map(String::len).sum();
        let took = spent();
        println!(
            "{name}: {findings} findings in {} bytes, {checked:?}; {shown} bytes are shown, {took:?}",
            text.len()
        );
        assert!(took < LIMIT, "{name}: {} bytes took {took:?}", text.len());
    }
}
