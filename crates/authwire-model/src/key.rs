//! Shared secrets to sign with: how they are written, and which are none.
//!
//! Nothing that is said here repeats any part of a key.

/// How a shared secret is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyEncoding {
    /// As it is.
    #[default]
    Utf8,
    /// In hexadecimal digits.
    Hex,
    /// In Base64 (RFC 4648 §4).
    Base64,
    /// In the Base64 of URLs (RFC 4648 §5).
    Base64Url,
}

/// What is wrong, and what to do.
pub type Objection = (&'static str, &'static str);

/// Said of a key in PEM where a shared secret is wanted: an attacker who knows the public key could sign with it.
pub const PEM_IS_NO_SECRET: Objection = (
    "a PEM key is not an HS256 secret: anyone with the public key could sign",
    "choose RS256 or ES256, or give the shared secret",
);

/// A shared secret of fewer bytes can be guessed (RFC 7518 §3.2).
const ENOUGH_BYTES: usize = 32;

/// Whether a shared secret of so many bytes can be guessed.
#[must_use]
pub const fn is_weak(bytes: usize) -> bool {
    bytes < ENOUGH_BYTES
}

/// Whether `text` means to be PEM (RFC 7468).
#[must_use]
pub fn is_pem(text: &str) -> bool {
    text.contains("-----BEGIN ")
}

impl KeyEncoding {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Hex, Self::Base64, Self::Base64Url];

    /// As a connector file writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf8",
            Self::Hex => "hex",
            Self::Base64 => "base64",
            Self::Base64Url => "base64url",
        }
    }

    /// The encoding that a connector file calls `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|encoding| encoding.as_str() == name)
    }

    /// The bytes of a secret that is written so. The `=` at the end of Base64 may be left out.
    ///
    /// # Errors
    /// If it is not written so: what is wrong, and what to do.
    pub fn decode(self, text: &str) -> Result<Vec<u8>, Objection> {
        let (bytes, wrong) = match self {
            Self::Utf8 => return Ok(text.as_bytes().to_vec()),
            Self::Hex => (hex(text), "the key is not written in hexadecimal digits, as it should be"),
            Self::Base64 => (base64(text, *b"+/"), "the key is not written in Base64, as it should be"),
            Self::Base64Url => {
                (base64(text, *b"-_"), "the key is not written in the Base64 of URLs, as it should be")
            }
        };
        bytes.ok_or((wrong, "copy it again, whole, or say how it is written"))
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    // room for all: a copy that a growing one leaves behind would not be wiped
    let mut bytes = Vec::with_capacity(text.len() / 2);
    for at in (0..text.len()).step_by(2) {
        bytes.push(u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?);
    }
    Some(bytes)
}

/// `last` are the last two of the 64 digits.
fn base64(text: &str, last: [u8; 2]) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if digits.len() % 4 == 1 {
        return None;
    }
    // room for all, as above
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    let (mut bits, mut count) = (0_u32, 0);
    for digit in digits.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            _ if digit == last[0] => 62,
            _ if digit == last[1] => 63,
            _ => return None,
        };
        (bits, count) = (bits << 6 | u32::from(value), count + 6);
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count).ok()?);
            bits &= (1 << count) - 1;
        }
    }
    // what is over is zero (RFC 4648 §3.5)
    (bits == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::KeyEncoding::{self, Base64, Base64Url, Hex, Utf8};

    #[test]
    fn a_secret_is_read_as_it_is_written() {
        for (encoding, text, bytes) in [
            (Utf8, "ü", "ü".as_bytes()),
            (Hex, "0aFF", &[10, 255]),
            // the examples of RFC 4648 §10
            (Base64, "", b""),
            (Base64, "Zg==", b"f"),
            (Base64, "Zg", b"f"),
            (Base64, "Zm8=", b"fo"),
            (Base64, "Zm9v", b"foo"),
            (Base64, "Zm9vYmFy", b"foobar"),
            (Base64, "+/+/", &[0xfb, 0xff, 0xbf]),
            (Base64Url, "-_-_", &[0xfb, 0xff, 0xbf]),
        ] {
            assert_eq!(encoding.decode(text).as_deref(), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn what_a_secret_is_read_into_never_grew() {
        for (encoding, text, room) in [(Hex, "0f".repeat(1000), 1000), (Base64, "AAAA".repeat(1000), 3002)] {
            assert_eq!(encoding.decode(&text).unwrap().capacity(), room, "{encoding:?}");
        }
    }

    #[test]
    fn a_secret_that_is_written_in_another_way_is_none() {
        for (encoding, text) in [
            (Hex, "abc"),
            (Hex, "xy"),
            (Hex, "ü"),
            (Base64, "A"),
            (Base64, "AB"),
            (Base64, "AAB="),
            (Base64, "AA=A"),
            (Base64, "a-_b"),
            (Base64, "AA AA"),
            (Base64Url, "a+/b"),
        ] {
            assert!(encoding.decode(text).is_err(), "{text}");
        }
        assert_eq!(KeyEncoding::named("base32"), None);
    }
}
