//! The little of HTML that a login needs: the value of a form's field, the content of a `meta` element.
//!
//! After the tokenizer of the HTML standard (§13.2.5), as far as tags and attributes go: comments and the contents of
//! `script`, `style` and the like are stepped over. It must not know what a value is for.

use zeroize::Zeroizing;

/// The longest character reference that is resolved, between `&` and `;`: `#x` and eight digits.
const LONGEST_REFERENCE: usize = 10;

/// Elements whose content is text, whatever stands in it.
const RAW: [&str; 6] = ["script", "style", "textarea", "title", "noscript", "xmp"];

/// The `value` of the first `input` of `page` that is called `name`.
pub(crate) fn input(page: &str, name: &str) -> Option<Zeroizing<String>> {
    find(page, "input", name, "value")
}

/// The `content` of the first `meta` of `page` that is called `name`.
pub(crate) fn meta(page: &str, name: &str) -> Option<Zeroizing<String>> {
    find(page, "meta", name, "content")
}

fn find(page: &str, element: &str, name: &str, wanted: &str) -> Option<Zeroizing<String>> {
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..)?;
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").and_then(|end| comment.get(end + 3..))?;
            continue;
        }
        if !rest.starts_with(|first: char| first.is_ascii_alphabetic()) {
            continue;
        }
        let end = rest.find(|it: char| it.is_ascii_whitespace() || matches!(it, '/' | '>'))?;
        let tag = rest.get(..end)?.to_ascii_lowercase();
        let mut tag_rest = rest.get(end..)?;
        let (mut called, mut value) = (false, None);
        while let Some((attribute, content, after)) = attribute(tag_rest) {
            match attribute.as_str() {
                "name" => called |= *content == name,
                other if other == wanted && value.is_none() => value = Some(content),
                _ => {}
            }
            tag_rest = after;
        }
        // a tag that the page does not end is none
        rest = tag_rest
            .trim_start_matches(|it: char| it.is_ascii_whitespace() || it == '/')
            .strip_prefix('>')?;
        if tag == element && called {
            return Some(value.unwrap_or_default());
        }
        if RAW.contains(&tag.as_str()) {
            let close = format!("</{tag}");
            rest = find_any_case(rest, &close).and_then(|at| rest.get(at..))?;
        }
    }
    None
}

/// The next attribute of a tag: its name in lower case, its value, what comes after; `None` at the tag's end.
fn attribute(text: &str) -> Option<(String, Zeroizing<String>, &str)> {
    let text = text.trim_start_matches(|it: char| it.is_ascii_whitespace() || it == '/');
    if text.is_empty() || text.starts_with('>') {
        return None;
    }
    let ends = |it: char| it.is_ascii_whitespace() || matches!(it, '/' | '>' | '=');
    let end = text.char_indices().skip(1).find(|(_, it)| ends(*it)).map_or(text.len(), |(at, _)| at);
    let (name, rest) = text.split_at_checked(end)?;
    let name = name.to_ascii_lowercase();
    let Some(value) = rest.trim_start_matches(|it: char| it.is_ascii_whitespace()).strip_prefix('=') else {
        return Some((name, Zeroizing::default(), rest));
    };
    let value = value.trim_start_matches(|it: char| it.is_ascii_whitespace());
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''));
    let (value, rest) = match quote {
        Some(quote) => value.get(1..)?.split_once(quote)?,
        None => {
            let end = value.find(|it: char| it.is_ascii_whitespace() || it == '>').unwrap_or(value.len());
            value.split_at_checked(end)?
        }
    };
    Some((name, unescape(value), rest))
}

fn find_any_case(text: &str, wanted: &str) -> Option<usize> {
    let wanted = wanted.as_bytes();
    text.as_bytes().windows(wanted.len()).position(|window| window.eq_ignore_ascii_case(wanted))
}

/// What an attribute's value says: the character references that programs write are resolved, others stay.
fn unescape(text: &str) -> Zeroizing<String> {
    let mut plain = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let end = after.bytes().take(LONGEST_REFERENCE + 1).position(|byte| byte == b';');
        match end.and_then(|end| Some((character(after.get(..end)?)?, after.get(end + 1..)?))) {
            Some((character, after)) => {
                plain.push(character);
                rest = after;
            }
            None => {
                plain.push('&');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn character(name: &str) -> Option<char> {
    let number = match name {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        _ => name.strip_prefix('#')?,
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?)
}

#[cfg(test)]
mod tests {
    use super::{input, meta};

    #[test]
    fn a_field_is_found_however_it_is_written() {
        for page in [
            r#"<form><input type="hidden" name="csrf" value="a&amp;b=&#x27;&#43;&lt;"></form>"#,
            "<INPUT VALUE='a&amp;b=&#39;+&lt;' NAME=csrf/ >".replace("csrf/ ", "csrf ").as_str(),
            "<input\n\tvalue = \"a&b='+<\"\n\tname = 'csrf' disabled/>",
            "<input name=other value=1><input name=csrf value=a&b='+&lt;>",
        ] {
            assert_eq!(input(page, "csrf").as_deref().map(String::as_str), Some("a&b='+<"), "{page}");
        }
    }

    #[test]
    fn what_looks_like_a_field_is_none() {
        for page in [
            "<!-- <input name=csrf value=old> --><p>",
            "<script>var a = '<input name=csrf value=old>';</SCRIPT>",
            "<textarea><input name=csrf value=old></textarea>",
            "<meta name=csrf content=x><input id=csrf value=y>",
            "<input name=csrf value='never closed",
            "a < b && c > d <",
            "",
        ] {
            assert_eq!(input(page, "csrf"), None, "{page}");
        }
        let page = "<!-- <input name=csrf value=old> --><input name=csrf value=new>";
        assert_eq!(input(page, "csrf").as_deref().map(String::as_str), Some("new"));
    }

    #[test]
    fn what_is_no_character_reference_stays() {
        for (written, said) in [
            ("a&b;c", "a&b;c"),
            ("&", "&"),
            ("&;", "&;"),
            ("&#x110000;", "&#x110000;"),
            ("&#0000000000000043;", "&#0000000000000043;"),
            ("&ampé;&amp;", "&ampé;&"),
            ("&ééééé;", "&ééééé;"),
        ] {
            let page = format!("<input name=csrf value='{written}'>");
            assert_eq!(input(&page, "csrf").as_deref().map(String::as_str), Some(said));
        }
    }

    #[test]
    fn a_value_full_of_ampersands_is_read_at_once() {
        let value = "&".repeat(2_000_000);
        let began = std::time::Instant::now();
        assert_eq!(input(&format!("<input name=csrf value='{value}'>"), "csrf").as_deref(), Some(&value));
        // to the far end for each of them: minutes
        assert!(began.elapsed() < std::time::Duration::from_secs(5), "{:?}", began.elapsed());
    }

    #[test]
    fn a_meta_element_has_content_and_a_field_may_be_empty() {
        let page = r#"<head><meta charset="utf-8"><meta name="csrf-token" content="t0ken" /></head>"#;
        assert_eq!(meta(page, "csrf-token").as_deref().map(String::as_str), Some("t0ken"));
        assert_eq!(meta(page, "csrf"), None);
        assert_eq!(input("<input name=csrf>", "csrf").as_deref().map(String::as_str), Some(""));
    }
}
