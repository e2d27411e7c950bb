//! The mask: takes secrets out of what a server said.
//!
//! A server may echo what it was sent, as it was, percent-encoded or in Base64. What is known to be secret is
//! searched for in each of these forms.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::{hex, percent};

/// What stands in the place of a secret.
const MASKED: &str = "***";

/// The longest text of a server that is repeated, in characters.
const LONGEST: usize = 500;

/// Secrets in every form that a server may echo.
#[derive(Default)]
pub(crate) struct Mask {
    forms: Vec<Zeroizing<String>>,
}

impl Mask {
    /// Adds a secret.
    pub(crate) fn add(&mut self, secret: &str) {
        if secret.is_empty() {
            return;
        }
        let mut forms = vec![secret.to_owned(), percent::query(secret), percent::form(secret)];
        let json = serde_json::Value::from(secret).to_string();
        forms.push(json.trim_matches('"').to_owned());
        forms.push(escaped(secret));
        forms.push(html(secret));
        // what was encoded once more on its way
        forms.push(percent::query(&percent::query(secret)));
        let hexadecimal = hex::encode(secret.as_bytes());
        if hexadecimal.len() >= 12 {
            forms.push(hexadecimal);
        }
        // inside of a longer Base64 text the secret begins at any of three places
        for skipped in 0..3 {
            let inner = secret.as_bytes().get(skipped..).unwrap_or_default();
            let whole = inner.get(..inner.len() - inner.len() % 3).unwrap_or_default();
            // fewer bytes would match by chance
            if whole.len() >= 6 {
                forms.push(STANDARD_NO_PAD.encode(whole));
                forms.push(URL_SAFE_NO_PAD.encode(whole));
            }
        }
        forms.push(STANDARD_NO_PAD.encode(secret));
        forms.push(URL_SAFE_NO_PAD.encode(secret));
        for form in forms {
            let form = Zeroizing::new(form);
            if !form.is_empty() && !self.forms.contains(&form) {
                self.forms.push(form);
            }
        }
        // a secret that holds another goes first
        self.forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    }

    /// `text` without secrets and control characters, and no longer than need be.
    pub(crate) fn apply(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for form in &self.forms {
            masked = without(masked, form);
        }
        let mut characters =
            masked.chars().map(|character| if character.is_control() { ' ' } else { character });
        let mut clean: String = characters.by_ref().take(LONGEST).collect();
        if characters.next().is_some() {
            clean.push('…');
        }
        clean
    }
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mask(redacted)")
    }
}

/// JSON as those write it who keep to ASCII.
fn escaped(text: &str) -> String {
    let mut written = String::new();
    for character in text.chars() {
        match character {
            '"' | '\\' => written.extend(['\\', character]),
            ' '..='~' => written.push(character),
            _ => character
                .encode_utf16(&mut [0; 2])
                .iter()
                .for_each(|unit| written.push_str(&format!("\\u{unit:04x}"))),
        }
    }
    written
}

/// As a page of HTML has it.
fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.replace('"', "&quot;").replace('\'', "&#39;")
}

/// `text` with every `form` masked, in upper or lower case: both write percent-encoding.
fn without(text: String, form: &str) -> String {
    let (lower, form) =
        (Zeroizing::new(text.to_ascii_lowercase()), Zeroizing::new(form.to_ascii_lowercase()));
    if !lower.contains(form.as_str()) {
        return text;
    }
    let (mut masked, mut end) = (String::with_capacity(text.len()), 0);
    for (start, found) in lower.match_indices(form.as_str()) {
        masked.push_str(text.get(end..start).unwrap_or_default());
        masked.push_str(MASKED);
        end = start + found.len();
    }
    masked.push_str(text.get(end..).unwrap_or_default());
    masked
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::Mask;

    #[test]
    fn a_secret_is_found_in_every_form() {
        let secret = "p+a%ss/w=&:x \"é";
        let mut mask = Mask::default();
        mask.add(secret);
        let percent = crate::percent::query(secret);
        for echo in [
            secret.to_owned(),
            percent.clone(),
            percent.replace("%2F", "%2f").replace("%2B", "%2b"),
            crate::percent::form(secret),
            serde_json::json!({ "sent": secret }).to_string(),
            r#"p+a%ss/w=&:x \"\u00E9"#.to_owned(),
            "<p>p+a%ss/w=&amp;:x &quot;é</p>".to_owned(),
            percent.replace('%', "%25"),
            secret.bytes().map(|byte| format!("{byte:02X}")).collect(),
            STANDARD.encode(secret),
            STANDARD.encode(format!("id:{secret}")),
            STANDARD.encode(format!("id1:{secret}")),
            STANDARD.encode(format!("id12:{secret}")),
            URL_SAFE_NO_PAD.encode(format!("id12:{secret}:more")),
        ] {
            let masked = mask.apply(&format!("you sent {echo}, which is wrong"));
            assert!(masked.contains("***"), "{echo} -> {masked}");
        }
        assert_eq!(mask.apply("invalid_client"), "invalid_client");
    }

    #[test]
    fn a_long_text_is_cut_and_control_characters_go() {
        let mask = Mask::default();
        assert_eq!(mask.apply("a\u{1b}[31mb\nc"), "a [31mb c");
        assert_eq!(mask.apply(&"x".repeat(600)).chars().count(), 501);
        // nothing is missing, though these were longer as bytes
        assert_eq!(mask.apply("a\u{85}b\u{9b}"), "a b ");
        assert_eq!(mask.apply(&"é".repeat(500)), "é".repeat(500));
    }
}
