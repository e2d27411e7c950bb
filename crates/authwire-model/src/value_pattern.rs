//! `{pattern, value}`: exactly one `%s`, where the value goes; `%%` is a percent sign.

use std::borrow::Cow;

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
    let mut before = String::new();
    let mut found = false;
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '%' => match characters.next() {
                Some('s') if found => return Err("the pattern holds more than one `%s`"),
                Some('s') => found = true,
                Some('%') if !found => before.push('%'),
                Some('%') => {}
                Some(_) => return Err("after `%` comes `s` for the value, or `%` for a percent sign"),
                None => return Err("the pattern ends in a lone `%`"),
            },
            other if !found => before.push(other),
            _ => {}
        }
    }
    if found { Ok(Cow::Owned(before)) } else { Err("the pattern holds no `%s`: the key would never be sent") }
}
