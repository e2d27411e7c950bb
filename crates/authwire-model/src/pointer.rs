//! JSON pointers (RFC 6901).

use std::borrow::Cow;

/// Appends `token` to a JSON pointer (RFC 6901 §3).
pub fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    if !token.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        return pointer.push_str(token);
    }
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The tokens of a JSON pointer (RFC 6901 §4); `None` if it is none.
#[must_use]
pub fn tokens(pointer: &str) -> Option<Vec<String>> {
    steps(pointer)?.map(|token| token.map(Cow::into_owned)).collect()
}

/// The same one by one, copied only where they are escaped; `None` in place of one that is none.
pub fn steps(pointer: &str) -> Option<impl Iterator<Item = Option<Cow<'_, str>>>> {
    let mut rest = if pointer.is_empty() { None } else { Some(pointer.strip_prefix('/')?) };
    Some(std::iter::from_fn(move || {
        let tokens = rest?;
        let (token, others) = match tokens.bytes().position(|byte| byte == b'/') {
            Some(end) => (&tokens[..end], Some(&tokens[end + 1..])),
            None => (tokens, None),
        };
        rest = others;
        Some(unescaped(token))
    }))
}

/// The index that a token is in an array: digits, without a leading zero (RFC 6901 §4); `None` if it is none.
#[must_use]
pub fn index(token: &str) -> Option<usize> {
    let is_index =
        token == "0" || (!token.starts_with('0') && token.bytes().all(|byte| byte.is_ascii_digit()));
    if is_index { token.parse().ok() } else { None }
}

fn unescaped(token: &str) -> Option<Cow<'_, str>> {
    if !token.as_bytes().contains(&b'~') {
        return Some(Cow::Borrowed(token));
    }
    let mut text = String::with_capacity(token.len());
    let mut characters = token.chars();
    while let Some(character) = characters.next() {
        match character {
            '~' => match characters.next()? {
                '0' => text.push('~'),
                '1' => text.push('/'),
                _ => return None,
            },
            other => text.push(other),
        }
    }
    Some(Cow::Owned(text))
}

#[cfg(test)]
mod tests {
    use super::{index, push_token, tokens};

    #[test]
    fn a_pointer_survives_the_way_there_and_back() {
        let mut pointer = String::new();
        push_token(&mut pointer, "a/b~c");
        push_token(&mut pointer, "");
        assert_eq!(pointer, "/a~1b~0c/");
        assert_eq!(tokens(&pointer), Some(vec!["a/b~c".to_owned(), String::new()]));
        assert_eq!(tokens("a"), None);
        assert_eq!(tokens("/~2"), None);
    }

    #[test]
    fn an_index_is_written_in_one_way_only() {
        let known = [("0", Some(0)), ("10", Some(10)), ("01", None), ("+1", None), ("-", None), ("", None)];
        for (token, expected) in known {
            assert_eq!(index(token), expected, "{token}");
        }
        assert_eq!(index("99999999999999999999999"), None);
    }
}
