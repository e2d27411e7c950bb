//! The line that a finding is about, masked: of strings and numbers nothing is shown but keys, and of the flagged value
//! what may be shown of it.
//!
//! It works on text that may be no JSON at all, so it must not rely on a parser: it splits the text into tokens and shows
//! no bare word of a broken one.

use std::fmt::Write as _;
use std::ops::Range;

use authwire_core::Place;
use authwire_core::json::{Reader, Tree};
use authwire_core::table::Display;

/// What stands in the place of what is not shown.
const MASK: char = '…';

/// A line of up to so many characters is shown whole where there is room for any.
pub(super) const WHOLE: usize = 120;

/// The least that is shown, however little room there is.
const LEAST: usize = 40;

/// How many tokens are looked at before and behind what is flagged: each shows a character at least.
const AROUND: usize = 120;

/// A text that is shown masked.
pub(crate) struct Masked<'t> {
    text: &'t str,
    /// Strings, numbers and bare words, in file order.
    tokens: Vec<Token>,
    /// Where each line begins.
    lines: Vec<usize>,
    /// Whether the text is JSON.
    sound: bool,
}

/// A line that may be shown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The masked line, or the part of it around what is flagged.
    pub(crate) text: String,
    /// What is flagged, in bytes of `text`.
    pub(crate) flagged: Range<usize>,
}

#[derive(Debug, PartialEq, Eq)]
struct Token {
    span: Range<usize>,
    kind: TokenKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TokenKind {
    Key,
    String,
    /// `true`, `false`, `null`
    Word,
    /// A number, or anything else that stands bare.
    Bare,
}

impl<'t> Masked<'t> {
    /// Splits `bytes`. What is not UTF-8 is not shown at all.
    pub(crate) fn new(bytes: &'t [u8]) -> Self {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let sound =
            Reader::new(bytes).is_ok_and(|mut reader| reader.skip().is_ok() && reader.finish().is_ok());
        let ends = |(at, byte)| matches!(byte, b'\n' | b'\r').then_some(at + 1);
        let lines = std::iter::once(0).chain(text.bytes().enumerate().filter_map(ends)).collect();
        Self { text, tokens: tokens(text, sound), lines, sound }
    }

    /// The line at `place`, with as much of the flagged value as `display` allows; `None` if there is none to show.
    /// It has up to `room` characters.
    pub(crate) fn line(&self, place: &Place, display: Display, room: usize) -> Option<Line> {
        if self.text.is_empty() || place.span.start > self.text.len() {
            return None;
        }
        let line = self.line_around(place.span.start);
        let start = place.span.start.min(line.end);
        let flagged = self.whole_tokens(start..place.span.end.clamp(start, line.end));
        // a key is shown by its kind; of a text that is no JSON nothing is known, nor of what an object holds where a
        // plain value belongs
        let is_object = self.text.as_bytes().get(start) == Some(&b'{');
        let display = if self.sound && !is_object { display } else { Display::Masked };
        let first = self.tokens.partition_point(|token| token.span.end <= flagged.start);
        let from = match first.checked_sub(AROUND + 1) {
            Some(early) => line.start.max(self.tokens[early].span.start),
            None => line.start,
        };
        let last = self.tokens.partition_point(|token| token.span.start < flagged.end);
        let to = self.tokens.get(last + AROUND).map_or(line.end, |token| line.end.min(token.span.end));
        let before = self.shown(from..flagged.start, &flagged, display);
        let within = self.shown(flagged.clone(), &flagged, display);
        let behind = self.shown(flagged.end..to.max(flagged.end), &flagged, display);
        Some(assemble(&before, &within, &behind, room.clamp(LEAST, AROUND)))
    }

    /// The line that holds `at`, without its end.
    fn line_around(&self, at: usize) -> Range<usize> {
        let next = self.lines.partition_point(|start| *start <= at);
        let start = self.lines[next.saturating_sub(1)];
        let end = self.lines.get(next).map_or(self.text.len(), |end| end - 1);
        start..end
    }

    /// `span`, or the whole token that it begins in.
    fn whole_tokens(&self, span: Range<usize>) -> Range<usize> {
        let first = self.tokens.partition_point(|token| token.span.end <= span.start);
        match self.tokens.get(first) {
            Some(token) if token.span.start < span.start => token.span.start..span.end.max(token.span.end),
            Some(token) if token.span.contains(&span.start) => span.start..span.end.max(token.span.end),
            _ => span,
        }
    }

    /// What may be shown of `range`.
    fn shown(&self, range: Range<usize>, flagged: &Range<usize>, display: Display) -> String {
        let mut shown = String::new();
        let mut at = range.start;
        let first = self.tokens.partition_point(|token| token.span.end <= range.start);
        for token in self.tokens[first..].iter().take_while(|token| token.span.start < range.end) {
            shown.push_str(&self.text[at..token.span.start]);
            let text = &self.text[token.span.clone()];
            let is_flagged = flagged.start <= token.span.start && token.span.end <= flagged.end;
            match (token.kind, if is_flagged { display } else { Display::Masked }) {
                (TokenKind::Key | TokenKind::Word, _) | (_, Display::Shown) => shown.push_str(text),
                // nothing to hide
                (TokenKind::String, _) if text == "\"\"" => shown.push_str(text),
                (TokenKind::String, Display::Origin) => push_string(&mut shown, origin(text)),
                (TokenKind::String, _) => push_string(&mut shown, None),
                (TokenKind::Bare, _) => shown.push(MASK),
            }
            at = token.span.end;
        }
        shown.push_str(self.text.get(at..range.end).unwrap_or_default());
        shown
    }
}

/// The line out of its parts, cut to `room` characters around what is flagged.
fn assemble(before: &str, within: &str, behind: &str, room: usize) -> Line {
    const CUTS: usize = "... ".len() + " ...".len();
    let mut text = String::new();
    let [count, flagged, rest] = [before, within, behind].map(|part| part.chars().count());
    let fits = count + flagged + rest <= room;
    let flagged = if fits { flagged } else { flagged.min(room - CUTS) };
    let left = if fits { room } else { room - CUTS - flagged };
    // what one side does not need is the other's
    let early = count.min(left.saturating_sub(rest).max(left / 2));
    let late = rest.min(left.saturating_sub(early));
    if count > early {
        text.push_str("... ");
        text.extend(before.chars().skip(count - early));
    } else {
        text.push_str(before);
    }
    let start = text.len();
    text.extend(within.chars().take(flagged));
    let end = text.len();
    text.extend(behind.chars().take(late));
    if rest > late {
        text.push_str(" ...");
    }
    // a control character would move the caret
    let text = text.replace(|character: char| character.is_control() && character != '\t', " ");
    // at the end of a line, and of a text, there is nothing to point at but the place behind
    Line { flagged: start..end.max(start), text }
}

fn push_string(shown: &mut String, origin: Option<String>) {
    match origin {
        Some(origin) => {
            let _ = write!(shown, "\"{origin}{MASK}\"");
        }
        None => {
            let _ = write!(shown, "\"{MASK}\"");
        }
    }
}

/// Scheme and host of a URL in a JSON string, if it surely is one. One with an `@` may hold a password anywhere.
fn origin(quoted: &str) -> Option<String> {
    let tree = Tree::parse(quoted.as_bytes()).ok()?;
    let url = tree.root().string()?;
    let (scheme, rest) = url.split_once("://")?;
    let known = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (authority, ""),
    };
    let host_like =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']');
    let sure = known
        && !url.contains('@')
        && !host.is_empty()
        && host.bytes().all(host_like)
        && port.len() <= 5
        && port.bytes().all(|byte| byte.is_ascii_digit());
    sure.then(|| format!("{scheme}://{authority}/"))
}

/// The tokens of `text`: what could hold a value.
fn tokens(text: &str, sound: bool) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    // the last byte of structure: behind `{` or `,` a key may stand
    let mut last = 0;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        match byte {
            byte if byte.is_ascii_whitespace() => at += 1,
            b'{' | b'}' | b'[' | b']' | b',' | b':' => {
                (last, at) = (*byte, at + 1);
            }
            b'"' => {
                at = string_end(bytes, at);
                let next = bytes[at..].iter().find(|byte| !byte.is_ascii_whitespace());
                let names = next == Some(&b':')
                    && (sound || (matches!(last, b'{' | b',') && is_name(&text[start..at])));
                let kind = if names { TokenKind::Key } else { TokenKind::String };
                tokens.push(Token { span: start..at, kind });
                last = 0;
            }
            _ => {
                let ends = |byte: &u8| byte.is_ascii_whitespace() || b"{}[],:\"".contains(byte);
                at = bytes[at..].iter().position(ends).map_or(bytes.len(), |end| at + end);
                let word = matches!(&text[start..at], "true" | "false" | "null");
                tokens.push(Token {
                    span: start..at,
                    kind: if word { TokenKind::Word } else { TokenKind::Bare },
                });
                last = 0;
            }
        }
    }
    tokens
}

/// The offset behind the string at `start`: a string that does not end, ends with its line.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\n' | b'\r' => return at,
            b'\\' if bytes.get(at + 1).is_some_and(|next| !matches!(next, b'\n' | b'\r')) => at += 2,
            _ => at += 1,
        }
    }
    bytes.len().min(at)
}

/// Whether a quoted text looks like a property's name.
fn is_name(quoted: &str) -> bool {
    let name = quoted.trim_matches('"');
    quoted.len() == name.len() + 2
        && name.len() <= 64
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$'))
}

#[cfg(test)]
mod tests {
    use authwire_core::place::Lines;
    use authwire_core::table::Display;

    use super::{Masked, WHOLE};

    /// Shows the line of `text` with `flagged` in it, between `>` and `<`.
    fn shown(text: &str, flagged: &str, display: Display) -> String {
        let at = text.find(flagged).unwrap();
        let place = Lines::new(text.as_bytes()).place(at..at + flagged.len());
        let line = Masked::new(text.as_bytes()).line(&place, display, WHOLE).unwrap();
        let (start, end) = (line.flagged.start, line.flagged.end);
        format!("{}>{}<{}", &line.text[..start], &line.text[start..end], &line.text[end..])
    }

    #[test]
    fn keys_are_shown_and_values_are_not() {
        for (text, flagged, display, expected) in [
            (
                r#"{"a": "s3cret", "b": 12345, "c": "basic"}"#,
                r#""basic""#,
                Display::Shown,
                r#"{"a": "…", "b": …, "c": >"basic"<}"#,
            ),
            (r#"{"a": "s3cret", "b": true}"#, r#""s3cret""#, Display::Secret, r#"{"a": >"…"<, "b": true}"#),
            (
                r#"{"u": "http://a.example:80/p?key=s3cret"}"#,
                r#""http://a.example:80/p?key=s3cret""#,
                Display::Origin,
                r#"{"u": >"http://a.example:80/…"<}"#,
            ),
            (
                r#"{"u": "https://u:1/s3cret@a.example"}"#,
                r#""https://u:1/s3cret@a.example""#,
                Display::Origin,
                r#"{"u": >"…"<}"#,
            ),
            (
                r#"{"a": "x\"s3cret", "clientid": 1}"#,
                r#""clientid""#,
                Display::Masked,
                r#"{"a": "…", >"clientid"<: …}"#,
            ),
            ("{\"a\": {\n\"b\": \"s3cret\"\n}}", "{\n\"b\": \"s3cret\"\n}", Display::Masked, "{\"a\": >{<"),
            (r#"["s3cret", [1, 1]]"#, "[1, 1]", Display::Shown, r#"["…", >[1, 1]<]"#),
        ] {
            assert_eq!(shown(text, flagged, display), expected, "{text}");
        }
    }

    #[test]
    fn of_a_broken_text_no_bare_word_is_shown() {
        for (text, flagged, expected) in [
            (r#"{"a": s3cret, "b": 1}"#, "s3cret", r#"{"a": >…<, "b": …}"#),
            (r#"{"a": "s3"cret", "b": "s3cret"}"#, "cret", r#"{"a": "…">…<"…"…"…"…"…""#),
            ("{\"a\": \"s3cret\n}", "s3cret", "{\"a\": >\"…\"<"),
            ("// the key is s3cret\n{}", "//", ">…< … … … …"),
            ("{\"a\"\u{c}s3cret\u{b}}", "s3cret", "{\"…\" >…<}"),
        ] {
            assert_eq!(shown(text, flagged, Display::Shown), expected, "{text}");
        }
    }

    #[test]
    fn a_long_line_is_cut_around_what_is_flagged() {
        let text = format!("{{{} \"wrong\": 1, {}}}", "\"k\": 1, ".repeat(1000), "\"k\": 1, ".repeat(1000));
        let shown = shown(&text, "\"wrong\"", Display::Masked);
        assert!(
            shown.starts_with("... ") && shown.ends_with(" ...") && shown.contains(">\"wrong\"<"),
            "{shown}"
        );
        assert!(shown.chars().count() <= WHOLE + 2, "{shown}");
    }

    #[test]
    fn a_line_is_cut_to_the_room_there_is() {
        let text = format!("{{\"{}\": 1, \"wrong\": 1, {}}}", "k".repeat(30), "\"k\": 1, ".repeat(20));
        let at = text.find("\"wrong\"").unwrap();
        let place = Lines::new(text.as_bytes()).place(at..at + 7);
        for room in [0, 40, 60, 77, 120, 500] {
            let line = Masked::new(text.as_bytes()).line(&place, Display::Masked, room).unwrap();
            assert!(line.text.chars().count() <= room.clamp(40, 120), "{room}: {}", line.text);
            assert_eq!(&line.text[line.flagged.clone()], "\"wrong\"", "{room}");
        }
    }

    #[test]
    fn the_end_of_a_text_can_be_pointed_at() {
        let text = "{\"a\": 1\n";
        let place = Lines::new(text.as_bytes()).place(8..8);
        let line = Masked::new(text.as_bytes()).line(&place, Display::Masked, WHOLE);
        assert_eq!(line.map(|line| line.flagged), Some(0..0));
    }
}
