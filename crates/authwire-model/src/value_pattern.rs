//! `{pattern, value}`: exactly one `%s`, where the value goes; `%%` is a percent sign.

use std::borrow::Cow;

/// What a pattern is.
pub const HELP: &str = "write `%s` once, where the value goes, as in `Bearer %s`";

/// Where in a pattern its value goes: the text before it.
///
/// # Errors
/// What is wrong with the pattern, if it does not hold exactly one `%s`.
pub fn prefix(pattern: &str) -> Result<Cow<'_, str>, &'static str> {
    if let Some((before, behind)) = pattern.split_once("%s")
        && !before.contains('%')
        && !behind.contains('%')
    {
        return Ok(Cow::Borrowed(before));
    }
    split(pattern).map(|(before, _)| Cow::Owned(before))
}

/// The texts before and behind the value.
///
/// # Errors
/// As those of [`prefix`].
pub fn split(pattern: &str) -> Result<(String, String), &'static str> {
    let (mut before, mut behind) = (String::new(), None::<String>);
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        let text = match character {
            '%' => match characters.next() {
                Some('s') if behind.is_some() => return Err("the pattern holds more than one `%s`"),
                Some('s') => {
                    behind = Some(String::new());
                    continue;
                }
                Some('%') => '%',
                Some(_) => return Err("after `%` comes `s` for the value, or `%` for a percent sign"),
                None => return Err("the pattern ends in a lone `%`"),
            },
            other => other,
        };
        behind.as_mut().unwrap_or(&mut before).push(text);
    }
    match behind {
        Some(behind) => Ok((before, behind)),
        None => Err("the pattern holds no `%s`: the key would never be sent"),
    }
}

#[cfg(test)]
mod tests {
    use super::{prefix, split};

    #[test]
    fn a_pattern_is_split_at_its_one_placeholder() {
        for (pattern, before, behind) in [
            ("%s", "", ""),
            ("Bearer %s", "Bearer ", ""),
            ("a%%%sb%%s", "a%", "b%s"),
            ("token=\"%s\"", "token=\"", "\""),
        ] {
            assert_eq!(split(pattern), Ok((before.to_owned(), behind.to_owned())), "{pattern}");
            assert_eq!(prefix(pattern).as_deref(), Ok(before), "{pattern}");
        }
    }

    #[test]
    fn anything_else_is_no_pattern() {
        for pattern in ["", "Bearer", "%%s", "%s %s", "%d", "%", "a %s %", "%S"] {
            assert!(split(pattern).is_err(), "{pattern}");
            assert!(prefix(pattern).is_err(), "{pattern}");
        }
    }
}
