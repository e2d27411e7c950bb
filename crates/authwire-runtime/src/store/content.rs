//! What the engine keeps under a key: a record, or the client authentication that worked.

use super::record::{Record, RecordFault};
use crate::token::Style;

/// What the engine keeps under a key. The bytes tell which of the two they are: a record is a JSON object, a client
/// authentication is the word that a connector file has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// The record of a credential.
    Record(Record),
    /// How a client authenticates at a token URL: what worked there before.
    ClientAuthentication(Style),
}

impl Content {
    /// Reads what is kept under a key.
    ///
    /// # Errors
    ///
    /// If the bytes are neither, or written by a later version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RecordFault> {
        match std::str::from_utf8(bytes).ok().and_then(Style::named) {
            Some(style) => Ok(Self::ClientAuthentication(style)),
            None => Record::from_bytes(bytes).map(Self::Record),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Content, Record, RecordFault, Style};

    #[test]
    fn a_record_is_told_from_a_client_authentication_and_from_what_is_neither() {
        let record = Record::default();
        assert_eq!(Content::from_bytes(&record.to_bytes()), Ok(Content::Record(record)));
        let style = Content::ClientAuthentication(Style::BasicRaw);
        assert_eq!(Content::from_bytes(b"basic_raw"), Ok(style));
        for neither in [&b""[..], b"{}", b"basic_", b"\"basic\"", b"\xff"] {
            assert_eq!(Content::from_bytes(neither), Err(RecordFault::Damaged), "{neither:?}");
        }
    }
}
