//! What is known of the terminal: whether there is one, and whether it wants colour.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, IsTerminal as _};

/// Whether stdout shows colour.
pub(crate) fn stdout_has_colour() -> bool {
    io::stdout().is_terminal() && colour_is_wanted()
}

/// Whether stderr shows colour.
pub(crate) fn stderr_has_colour() -> bool {
    io::stderr().is_terminal() && colour_is_wanted()
}

/// How words on stderr look.
pub(crate) fn stderr_style() -> Style {
    Style { colour: stderr_has_colour() }
}

/// How words on stdout look.
pub(crate) fn stdout_style() -> Style {
    Style { colour: stdout_has_colour() }
}

/// See <https://no-color.org>: set and not empty means no.
fn colour_is_wanted() -> bool {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    !no_color && !dumb
}

/// How words look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    colour: bool,
}

impl Style {
    pub(crate) fn new(colour: bool) -> Self {
        Self { colour }
    }

    pub(crate) fn line_number<T: fmt::Display>(self, text: T) -> Styled<T> {
        Styled { text, code: self.colour.then_some("1;94") }
    }

    pub(crate) fn error<T: fmt::Display>(self, text: T) -> Styled<T> {
        Styled { text, code: self.colour.then_some("1;91") }
    }

    pub(crate) fn help<T: fmt::Display>(self, text: T) -> Styled<T> {
        Styled { text, code: self.colour.then_some("1;96") }
    }

    pub(crate) fn strong<T: fmt::Display>(self, text: T) -> Styled<T> {
        Styled { text, code: self.colour.then_some("1") }
    }

    pub(crate) fn faint<T: fmt::Display>(self, text: T) -> Styled<T> {
        Styled { text, code: self.colour.then_some("2") }
    }
}

/// A text with its style.
pub(crate) struct Styled<T> {
    text: T,
    code: Option<&'static str>,
}

impl<T: fmt::Display> fmt::Display for Styled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "\x1b[{code}m{}\x1b[0m", self.text),
            None => self.text.fmt(f),
        }
    }
}

/// `text` without what could drive a terminal: control characters, but for line breaks and tabs, and the marks that
/// change the direction of writing.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    let drives = |character: char| {
        (character.is_control() && !matches!(character, '\n' | '\t'))
            || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    match text.contains(drives) {
        true => Cow::Owned(text.replace(drives, "\u{fffd}")),
        false => Cow::Borrowed(text),
    }
}

/// [`printable`], without line breaks and tabs too: a name that is one line of what is shown.
pub(crate) fn on_one_line(text: &str) -> String {
    printable(text).replace(['\n', '\t'], "\u{fffd}")
}

/// How many columns stdout has, if it is a terminal: as it says, or `COLUMNS`.
pub(crate) fn columns() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    let said = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    said.or_else(columns_of_stdout).filter(|columns| *columns > 0)
}

#[cfg(unix)]
fn columns_of_stdout() -> Option<usize> {
    rustix::termios::tcgetwinsize(io::stdout()).ok().map(|size| size.ws_col.into())
}

#[cfg(not(unix))]
fn columns_of_stdout() -> Option<usize> {
    None
}

/// `words` in lines of up to `width` columns, each behind `indent`.
pub(crate) fn wrapped(words: &str, indent: &str, width: usize) -> String {
    let mut text = String::new();
    let mut line = indent.to_owned();
    for word in words.split_whitespace() {
        if line.trim().is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() > width {
            text.push_str(&line);
            text.push('\n');
            line = format!("{indent}{word}");
        } else {
            line.push(' ');
            line.push_str(word);
        }
    }
    text.push_str(&line);
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::{on_one_line, printable, wrapped};

    #[test]
    fn words_are_wrapped_between_and_never_within_them() {
        assert_eq!(
            wrapped("one two  three\nincomprehensible", "  ", 9),
            "  one two\n  three\n  incomprehensible\n"
        );
    }

    #[test]
    fn what_drives_a_terminal_is_not_printed() {
        assert_eq!(printable("a\u{1b}[31m\tb\nc\u{202e}d"), "a\u{fffd}[31m\tb\nc\u{fffd}d");
        assert_eq!(printable("Ünïcode"), "Ünïcode");
        assert_eq!(on_one_line("a\u{1b}\nb\tc"), "a\u{fffd}\u{fffd}b\u{fffd}c");
    }
}
