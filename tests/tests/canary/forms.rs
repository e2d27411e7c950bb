//! Every way in which a secret might be written.

use authwire_tests::exchange::encode;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::{Content, MARK};

/// Every way in which a secret might be told.
pub(super) fn forms(hidden: &[String], which: Content) -> Vec<String> {
    let mut texts: Vec<String> = hidden.iter().flat_map(|text| pieces(text)).collect();
    if which != Content::Right {
        texts.push(MARK.to_owned());
    }
    let written: Vec<String> = texts.iter().flat_map(|text| [text.clone(), encode(text)]).collect();
    let mut forms: Vec<String> = written.iter().flat_map(|text| in_base64(text)).collect();
    for pair in texts.windows(2) {
        forms.push(STANDARD.encode(format!("{}:{}", pair[0], pair[1]))); // user and password, client and secret
    }
    for text in &texts {
        forms.push(encode(text).to_lowercase());
        forms.push(encode(text).replace("%20", "+"));
        forms.push(Value::from(text.as_str()).to_string().trim_matches('"').to_owned());
        forms.push(format!("{text:?}").trim_matches('"').to_owned());
        forms.push(text.escape_default().to_string());
    }
    forms.extend(written);
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// A key is told by each of its lines.
fn pieces(text: &str) -> Vec<String> {
    match text.contains("-----BEGIN") {
        true => text
            .lines()
            .filter(|line| line.len() > 20 && !line.contains("-----"))
            .map(str::to_owned)
            .collect(),
        false => vec![text.to_owned()],
    }
}

/// The part of the text's Base64 that is the same whatever comes before and after it, for each of the three places at
/// which it may begin.
fn in_base64(text: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for before in 0..3 {
        let mut bytes = vec![0; before];
        bytes.extend_from_slice(text.as_bytes());
        let known = (before * 8).div_ceil(6)..bytes.len() * 8 / 6;
        for encoded in [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            forms.push(encoded[known.clone()].to_owned());
        }
    }
    forms
}

#[test]
fn would_be_found_however_it_is_written() {
    let hidden = ["p+a%ss/w=&:\"x ü".to_owned()];
    let text = &hidden[0];
    let forms = forms(&hidden, Content::Right);
    let mut outputs =
        vec![text.clone(), encode(text), format!("{text:?}"), serde_json::json!({"a": text}).to_string()];
    for user in ["", "u", "us", "use", "user"] {
        for written in [text.clone(), encode(text)] {
            outputs.push(STANDARD.encode(format!("{user}:{written}")));
            outputs.push(STANDARD.encode(format!("{user}:{written} and more")));
        }
    }
    for output in outputs {
        assert!(forms.iter().any(|form| output.contains(form.as_str())), "not found: {output}");
    }
    assert!(!forms.iter().any(|form| form.len() < 15), "found everywhere: {forms:?}");
}
