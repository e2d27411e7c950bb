//! DER (X.690), as much of it as finds a part of a certificate: elements one after the other, one inside the other.

/// `SEQUENCE`
pub(crate) const SEQUENCE: u8 = 0x30;
/// `BIT STRING`
pub(crate) const BIT_STRING: u8 = 0x03;
/// `[0]`, constructed
pub(crate) const CONTEXT_0: u8 = 0xa0;

/// An element: its tag and its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Element<'d> {
    pub(crate) tag: u8,
    pub(crate) content: &'d [u8],
}

impl<'d> Element<'d> {
    /// The content, if the tag is `tag`.
    pub(crate) fn of(self, tag: u8) -> Option<&'d [u8]> {
        (self.tag == tag).then_some(self.content)
    }
}

/// The element that `bytes` begin with, and what follows it; `None` if it breaks off.
pub(crate) fn element(bytes: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match usize::from(*first) {
        short @ ..0x80 => (short, rest),
        long => {
            let (digits, rest) = rest.split_at_checked(long & 0x7f)?;
            if digits.len() > 4 {
                return None;
            }
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((Element { tag: *tag, content }, rest))
}

/// The parts of a certificate (RFC 5280 §4.1): what is signed, and what begins with the signature's algorithm.
pub(crate) fn certificate(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let inside = element(bytes)?.0.of(SEQUENCE)?;
    let (signed, rest) = element(inside)?;
    Some((signed.of(SEQUENCE)?, element(rest)?.0.of(SEQUENCE)?))
}

/// A certificate's public key: the content of `subjectPublicKey`.
pub(crate) fn public_key(certificate_bytes: &[u8]) -> Option<&[u8]> {
    let (mut rest, _) = certificate(certificate_bytes)?;
    if element(rest)?.0.tag == CONTEXT_0 {
        // the version
        rest = element(rest)?.1;
    }
    // serial number, algorithm, issuer, validity, subject
    for _ in 0..5 {
        rest = element(rest)?.1;
    }
    let info = element(rest)?.0.of(SEQUENCE)?;
    let (_, rest) = element(info)?;
    // the first byte counts the bits that are not used
    element(rest)?.0.of(BIT_STRING)?.get(1..)
}

#[cfg(test)]
mod tests {
    use super::{element, public_key};

    #[test]
    fn an_element_says_how_long_it_is() {
        let found =
            |bytes| element(bytes).map(|(element, rest)| (element.tag, element.content.len(), rest.len()));
        assert_eq!(found(&[0x30, 1, 7, 9]), Some((0x30, 1, 1)));
        assert_eq!(found(&[0x30, 0x81, 1, 7]), Some((0x30, 1, 0)));
        for broken in [&[][..], &[0x30], &[0x30, 2, 7], &[0x30, 0x82, 1], &[0x30, 0x85, 0, 0, 0, 0, 0]] {
            assert_eq!(found(broken), None, "{broken:?}");
        }
        assert_eq!(public_key(&[0x30, 2, 0x30, 0]), None);
    }
}
