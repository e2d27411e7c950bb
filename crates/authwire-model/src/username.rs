//! User names: what they may hold in the pair that Basic and Digest make of name and password (RFC 7617 §2, RFC 7616 §4).

/// What is wrong, and what to do.
pub type Objection = (&'static str, &'static str);

/// What is said against `name` in Basic.
#[must_use]
pub fn in_basic(name: &str) -> Option<Objection> {
    match flaw(name)? {
        Flaw::Colon => Some((
            "a user name for Basic cannot hold a colon: the server would take what follows for the password",
            "RFC 7617 §2; put what follows the colon into the password",
        )),
        Flaw::Control => {
            Some(("a user name for Basic cannot hold a control character", "RFC 7617 §2: take it out"))
        }
    }
}

/// What is said against `name` in Digest, where a colon ends the name in what is digested.
#[must_use]
pub fn in_digest(name: &str) -> Option<Objection> {
    flaw(name).map(|_| {
        (
            "a user name for Digest can hold neither a colon nor a control character",
            "RFC 7616 §4: take another account",
        )
    })
}

/// Whether something may be said against `name`: a glance, with which most names pass.
pub(crate) fn may_be_wrong(name: &str) -> bool {
    name.bytes().any(|byte| byte == b':' || !matches!(byte, b' '..=b'~'))
}

enum Flaw {
    Colon,
    Control,
}

fn flaw(name: &str) -> Option<Flaw> {
    if name.contains(':') {
        return Some(Flaw::Colon);
    }
    name.contains(char::is_control).then_some(Flaw::Control)
}

#[cfg(test)]
mod tests {
    use super::{in_basic, in_digest, may_be_wrong};

    #[test]
    fn a_user_name_has_no_colon_and_no_control_character() {
        for name in ["", "Aladdin", "jürgen@example.com"] {
            assert_eq!((in_basic(name), in_digest(name)), (None, None), "{name}");
        }
        for name in ["a:b", "a\nb", "a\u{7f}", "a\u{85}"] {
            assert!(in_basic(name).is_some() && in_digest(name).is_some(), "{name:?}");
            assert!(may_be_wrong(name), "{name:?}");
        }
    }
}
