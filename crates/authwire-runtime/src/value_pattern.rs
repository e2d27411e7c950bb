//! The primitive `pattern`: a value in the place of `%s`.
//!
//! `%%` is a literal percent sign, so `%%s` has no placeholder; any other `%x`, and `%` at the end, is an error.

use authwire_core::Code;

use crate::error::Unusable;
use crate::phrase::Phrase;

/// What stands before and after the one `%s` of `pattern`.
pub(crate) fn split(pattern: &str) -> Result<(String, String), Unusable> {
    let (mut before, mut after) = (String::new(), None::<String>);
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        let text = match character {
            '%' => match characters.next() {
                Some('%') => '%',
                Some('s') if after.is_none() => {
                    after = Some(String::new());
                    continue;
                }
                Some('s') => return Err(fault("the pattern holds `%s` more than once")),
                Some(_) | None => return Err(fault("the pattern holds a `%` that is neither `%s` nor `%%`")),
            },
            other => other,
        };
        after.as_mut().unwrap_or(&mut before).push(text);
    }
    match after {
        Some(after) => Ok((before, after)),
        None => Err(fault("the pattern holds no `%s`, so the value would never be sent")),
    }
}

/// `pattern` with `value` in it.
pub(crate) fn fill(pattern: &Phrase, value: Phrase) -> Result<Phrase, Unusable> {
    let (before, after) = split(&pattern.value())?;
    let mut filled = Phrase::clear(before);
    filled.push(value);
    filled.push(Phrase::clear(after));
    Ok(filled)
}

fn fault(message: &str) -> Unusable {
    Unusable::new(Code::Placeholder, message)
        .with_help("write `%s` once, where the value goes, and `%%` for a percent sign")
}

#[cfg(test)]
mod tests {
    use authwire_core::Code;

    use super::split;

    #[test]
    fn one_placeholder_is_split_at() {
        for (pattern, before, after) in [
            ("%s", "", ""),
            ("Bearer %s", "Bearer ", ""),
            ("a%%%sb%%s", "a%", "b%s"),
            ("token=\"%s\"", "token=\"", "\""),
        ] {
            assert_eq!(split(pattern), Ok((before.to_owned(), after.to_owned())), "{pattern}");
        }
    }

    #[test]
    fn anything_else_is_no_pattern() {
        for pattern in ["", "Bearer", "%%s", "%s %s", "%d", "%", "a %s %", "%S"] {
            assert_eq!(split(pattern).map_err(|error| error.code), Err(Code::Placeholder), "{pattern}");
        }
    }
}
