//! Percent-encoding: of queries (RFC 3986 §2.1) and of forms (`application/x-www-form-urlencoded`).
//!
//! It must not know what is encoded.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// All but RFC 3986's unreserved characters (§2.3).
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What the form encoding of the URL standard escapes: as above, but it spells `~` out and leaves `*`.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'*').remove(b' ');

/// `text` for a query: everything but unreserved characters is percent-encoded.
pub(crate) fn query(text: &str) -> String {
    let mut query = with_room_for(text);
    query.extend(utf8_percent_encode(text, RESERVED));
    query
}

/// `text` for a form: a space is `+`.
pub(crate) fn form(text: &str) -> String {
    let mut form = with_room_for(text);
    for part in utf8_percent_encode(text, FORM) {
        form.extend(part.chars().map(|character| if character == ' ' { '+' } else { character }));
    }
    form
}

/// Room for all of `text`, encoded: growing would leave parts of a secret behind, which nobody wipes.
fn with_room_for(text: &str) -> String {
    String::with_capacity(text.len() * "%00".len())
}

/// What `text` of a query or a form says. Bytes that are no UTF-8 become replacement characters.
pub(crate) fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// The pairs of a query or a form, decoded.
pub(crate) fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

#[cfg(test)]
mod tests {
    use super::{form, pairs, query};

    #[test]
    fn a_query_keeps_the_unreserved_characters_alone() {
        assert_eq!(query("a b/c+d~e.f_g-h%i&j=é"), "a%20b%2Fc%2Bd~e.f_g-h%25i%26j%3D%C3%A9");
    }

    #[test]
    fn what_is_encoded_never_grew() {
        let text = "é/\u{1}".repeat(1000);
        for encoded in [query(&text), form(&text)] {
            assert_eq!((encoded.len(), encoded.capacity()), (3 * text.len(), 3 * text.len()));
        }
    }

    #[test]
    fn a_form_writes_a_space_as_plus() {
        assert_eq!(form("p+a%ss/w=&:x y~*"), "p%2Ba%25ss%2Fw%3D%26%3Ax+y%7E*");
    }

    #[test]
    fn pairs_come_back_decoded() {
        let read: Vec<_> = pairs("a=1+2&b=%2B&c&&d=e=f").collect();
        let expected = [("a", "1 2"), ("b", "+"), ("c", ""), ("d", "e=f")];
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
