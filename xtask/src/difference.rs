//! Where two texts begin to differ, for people.

/// The first line that differs, as a diff shows it; nothing if the texts are the same.
pub(crate) fn first_difference(written: &str, generated: &str) -> Option<String> {
    if written == generated {
        return None;
    }
    let (mut old, mut new) = (written.split('\n'), generated.split('\n'));
    let mut number = 1;
    loop {
        match (old.next(), new.next()) {
            (Some(old), Some(new)) if old == new => number += 1,
            (old, new) => return Some(format!("line {number}\n{}{}", line('-', old), line('+', new))),
        }
    }
}

/// More of a line says nothing more.
const WIDTH: usize = 200;

fn line(sign: char, text: Option<&str>) -> String {
    let Some(text) = text else { return format!("  {sign} (the file ends)\n") };
    let end = if text.chars().count() > WIDTH { "…" } else { "" };
    // what only white space tells apart is seen in its escaped form
    let shown: String = text.chars().take(WIDTH).collect();
    format!("  {sign} {}{end}\n", shown.replace('\r', "\\r").replace('\t', "\\t"))
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_same_text_does_not_differ() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
    }

    #[test]
    fn the_first_line_that_differs_is_shown_from_both_sides() {
        assert_eq!(first_difference("a\nb\nc\n", "a\nx\ny\n").as_deref(), Some("line 2\n  - b\n  + x\n"));
    }

    #[test]
    fn a_file_that_ends_early_says_so() {
        assert_eq!(first_difference("a\n", "a\nb\n").as_deref(), Some("line 2\n  - \n  + b\n"));
        assert_eq!(first_difference("a", "a\nb").as_deref(), Some("line 2\n  - (the file ends)\n  + b\n"));
    }

    #[test]
    fn other_line_ends_are_seen() {
        assert_eq!(first_difference("a\r\n", "a\n").as_deref(), Some("line 1\n  - a\\r\n  + a\n"));
    }
}
