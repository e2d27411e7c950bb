//! The mask: takes secrets out of what a server said.
//!
//! A server may echo what it was sent, as it was, percent-encoded or in Base64; it may cut it short, wrap its lines, or put
//! something invisible into it. A secret is searched for in each form, whole, and a long one also piece by piece.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::{hex, percent};

/// What stands in the place of a secret.
const MASKED: &str = "***";

/// The longest text of a server that is repeated, in characters.
const LONGEST: usize = 500;

/// The length from which a secret is searched for piece by piece, in characters: of a shorter one a piece is most of it, and
/// stands in other words too.
const LONG: usize = 12;

/// Secrets that a server may echo.
#[derive(Default)]
pub(crate) struct Mask {
    secrets: Vec<Zeroizing<String>>,
}

impl Mask {
    /// Adds a secret.
    pub(crate) fn add(&mut self, secret: &str) {
        if !secret.is_empty() && !self.secrets.iter().any(|known| known.as_str() == secret) {
            self.secrets.push(Zeroizing::new(secret.to_owned()));
        }
    }

    /// `text` without secrets.
    pub(crate) fn hide(&self, text: &str) -> String {
        let (visible, dense) = (Bare::new(text, is_invisible), Bare::new(text, is_gap));
        let mut pieces = Pieces::default();
        let mut found = Vec::new();
        for secret in &self.secrets {
            for form in forms(secret) {
                let form = Bare::new(&form, is_invisible);
                found.extend(visible.places_of(&form.text));
            }
            if secret.chars().count() >= LONG {
                forms(path_of(secret)).iter().for_each(|form| pieces.add(&Bare::new(form, is_gap).text));
            }
        }
        pieces.sort();
        found.extend(pieces.places_in(&dense));
        without(text, found)
    }

    /// `text` without secrets and control characters, and no longer than need be.
    pub(crate) fn apply(&self, text: &str) -> String {
        let hidden = self.hide(text);
        let mut characters =
            hidden.chars().map(|character| if character.is_control() { ' ' } else { character });
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

/// A secret in every form that a server may echo.
fn forms(secret: &str) -> Vec<Zeroizing<String>> {
    let json = serde_json::Value::from(secret).to_string();
    let mut forms = vec![
        secret.to_owned(),
        percent::query(secret),
        percent::form(secret),
        json.trim_matches('"').to_owned(),
        escaped(secret),
        html(secret),
        // what was encoded once more on its way
        percent::query(&percent::query(secret)),
        STANDARD_NO_PAD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
    ];
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
    forms.sort_unstable();
    forms.dedup();
    forms.into_iter().filter(|form| !form.is_empty()).map(Zeroizing::new).collect()
}

/// Of a URL what is behind its host, which may be shown; else all of it.
fn path_of(secret: &str) -> &str {
    match secret.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|start| rest.get(start..)).unwrap_or_default(),
        None => secret,
    }
}

/// Whether nobody sees it: control characters, those that join, break, direct or fill.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        )
}

/// Whether it may part what was wrapped.
fn is_gap(character: char) -> bool {
    is_invisible(character) || character.is_whitespace()
}

/// A text as it is searched: in lower case, as both cases write percent-encoding, and without some of its characters.
struct Bare {
    text: Zeroizing<String>,
    /// Where each byte stands in the text that it was made of.
    places: Vec<usize>,
}

impl Bare {
    fn new(text: &str, leaves_out: fn(char) -> bool) -> Self {
        let mut bare = Self {
            text: Zeroizing::new(String::with_capacity(text.len())),
            places: Vec::with_capacity(text.len()),
        };
        for (start, character) in text.char_indices().filter(|(_, character)| !leaves_out(*character)) {
            bare.text.push(character.to_ascii_lowercase());
            bare.places.extend(start..start + character.len_utf8());
        }
        bare
    }

    /// Where `form` stands in the text that this was made of.
    fn places_of(&self, form: &str) -> impl Iterator<Item = Range<usize>> {
        // all of a form may be left out
        let found = (!form.is_empty()).then(|| self.text.match_indices(form));
        found.into_iter().flatten().filter_map(|(start, found)| self.range(start, start + found.len() - 1))
    }

    /// From the byte `first` to the byte `last`, in the text that this was made of.
    fn range(&self, first: usize, last: usize) -> Option<Range<usize>> {
        Some(*self.places.get(first)?..self.places.get(last)? + 1)
    }
}

/// The pieces of secrets: every eight bytes, as a number.
#[derive(Default)]
struct Pieces(Zeroizing<Vec<u64>>);

impl Pieces {
    /// The length of a piece.
    const LENGTH: usize = size_of::<u64>();

    fn add(&mut self, form: &str) {
        self.0.extend(Self::of(form).map(|(_, piece)| piece));
    }

    /// To be done before they are looked for.
    fn sort(&mut self) {
        self.0.sort_unstable();
    }

    /// Each piece of `text` with the place of its last byte.
    fn of(text: &str) -> impl Iterator<Item = (usize, u64)> {
        let pieces = text.bytes().scan(0_u64, |piece, byte| {
            *piece = *piece << u8::BITS | u64::from(byte);
            Some(*piece)
        });
        pieces.enumerate().skip(Self::LENGTH - 1)
    }

    /// Where they stand in the text that `bare` was made of.
    fn places_in(&self, bare: &Bare) -> impl Iterator<Item = Range<usize>> {
        let found = Self::of(&bare.text).filter(|(_, piece)| self.0.binary_search(piece).is_ok());
        found.filter_map(|(last, _)| bare.range(last + 1 - Self::LENGTH, last))
    }
}

/// `text` with a mask over every one of `ranges`; one mask over those that touch.
fn without(text: &str, mut ranges: Vec<Range<usize>>) -> String {
    ranges.sort_unstable_by_key(|range| range.start);
    let mut ranges = ranges.into_iter().peekable();
    let (mut shown, mut hidden_to, mut is_hidden) = (String::with_capacity(text.len()), 0, false);
    for (start, character) in text.char_indices() {
        while let Some(range) = ranges.next_if(|range| range.start < start + character.len_utf8()) {
            hidden_to = hidden_to.max(range.end);
        }
        let was_hidden = std::mem::replace(&mut is_hidden, start < hidden_to);
        match (was_hidden, is_hidden) {
            (false, true) => shown.push_str(MASKED),
            (true, true) => {}
            (_, false) => shown.push(character),
        }
    }
    shown
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

    fn masked(secret: &str, text: &str) -> String {
        let mut mask = Mask::default();
        mask.add(secret);
        mask.apply(text)
    }

    #[test]
    fn a_secret_is_found_cut_short_wrapped_or_with_something_invisible_inside() {
        let secret = "MYSECRET-123456";
        let base64 = STANDARD.encode(format!("client:{secret}"));
        let wrapped =
            base64.as_bytes().chunks(12).map(|line| String::from_utf8_lossy(line).into_owned() + "\r\n");
        for (echo, is_told_as) in [
            ("`MYSECRET-12345…`", "`***…`"),
            ("…SECRET-123456", "…***"),
            ("MYSEC\0RET-123456.", "***."),
            ("MYSECRET\u{200b}-123456.", "***."),
            ("mysecret-\n  123456.", "***."),
        ] {
            assert_eq!(masked(secret, echo), is_told_as, "{echo:?}");
        }
        let told = masked(secret, &wrapped.collect::<String>());
        assert!(told.contains("***") && !told.contains("RVQtM"), "{told}");
    }

    #[test]
    fn a_short_secret_is_found_whole_and_nothing_else_of_it() {
        assert_eq!(masked("password1", "the password is wrong"), "the password is wrong");
        assert_eq!(masked("password1", "password1 and pass\u{ad}word1"), "*** and ***");
        // a control character alone is no secret that could be found
        assert_eq!(masked("\n", "a b"), "a b");
    }

    #[test]
    fn of_a_url_that_is_a_secret_the_host_may_be_told() {
        let url = "https://login.acme.example/t/s3cret-tenant/token";
        assert_eq!(masked(url, "see https://login.acme.example/help"), "see https://login.acme.example/help");
        assert_eq!(masked(url, "no /t/s3cret-tenant"), "no ***");
    }

    /// Whatever stands around a piece of a long secret, and whatever invisible stands within.
    #[test]
    fn no_eight_characters_of_a_long_secret_are_left() {
        let mut random = fastrand::Rng::with_seed(7);
        let gaps = ['\0', '\u{200b}', '\u{202e}', '\n', '\u{ad}', '\u{7f}'];
        for _ in 0..2000 {
            let secret: Vec<char> = (0..random.usize(12..60)).map(|_| random.char('!'..='~')).collect();
            let from = random.usize(0..=secret.len() - 8);
            let to = random.usize(from + 8..=secret.len());
            let mut echo = random.alphanumeric().to_string();
            for character in &secret[from..to] {
                echo.push(*character);
                if random.u8(..) < 40 {
                    echo.push(gaps[random.usize(..gaps.len())]);
                }
            }
            echo.push_str(" is wrong");
            let secret: String = secret.into_iter().collect();
            let told = masked(&secret, &echo).replace(' ', "");
            let pieces = secret.as_bytes().windows(8);
            let left = pieces.filter(|piece| told.contains(std::str::from_utf8(piece).unwrap()));
            assert_eq!(left.count(), 0, "{secret:?} {echo:?} {told:?}");
        }
    }

    #[test]
    fn a_long_text_is_searched_in_time() {
        let mut mask = Mask::default();
        mask.add(&"a".repeat(4000));
        let (text, start) = ("ab".repeat(500_000) + &"a".repeat(500_000), std::time::Instant::now());
        assert!(mask.hide(&text).ends_with("***"));
        assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
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
