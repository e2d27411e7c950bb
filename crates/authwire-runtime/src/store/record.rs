//! A record: the durable values of one credential, and the tokens that were had with it.

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// How many tokens a record holds: one for each config that shares the credential, the latest first.
const MOST_TOKENS: usize = 16;

/// The durable values of one credential, and the tokens that were had with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// The connector that used it last.
    pub connector: String,
    /// The durable values, such as a rotated refresh token.
    pub kept: Vec<KeptValue>,
    /// The tokens.
    pub tokens: Vec<StoredToken>,
}

/// A durable value.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeptValue {
    /// As the plan's `keep` calls it.
    pub name: String,
    /// The value itself.
    pub value: Zeroizing<String>,
    /// When it was kept.
    pub kept_at: SystemTime,
}

/// A token that was had.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredToken {
    /// The keyed digest of the config that it was had with: no other config gets it.
    pub config: [u8; 32],
    /// The token itself.
    pub value: Zeroizing<String>,
    /// When it was obtained.
    pub obtained_at: SystemTime,
    /// When it ends.
    pub expires_at: Option<SystemTime>,
    /// The scope that was granted.
    pub scope: Option<String>,
    /// Where the API is, where the token's answer said so.
    pub base_url: Option<String>,
    /// What belongs to the token besides.
    pub values: Vec<TokenValue>,
}

/// A value that belongs to a token.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenValue {
    /// As the plan's `pick` calls it.
    pub name: String,
    /// The value itself, as a text.
    pub value: Zeroizing<String>,
    /// Whether it was a text in the answer, not a number or a boolean.
    pub is_text: bool,
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    ///
    /// If the bytes are none, or of a version that is not known here.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RecordFault> {
        let damaged = |_| RecordFault::Damaged;
        // first of all: what else stands there, the version says
        match serde_json::from_slice(bytes).map_err(damaged)? {
            Versioned { version: VERSION } => {}
            Versioned { version } => return Err(RecordFault::Version(version)),
        }
        serde_json::from_slice::<Written>(bytes).map_err(damaged)?.read()
    }

    /// Whether it holds nothing durable, and no token that lived at `since` or later: it is of no more use then.
    #[must_use]
    pub fn has_ended(&self, since: SystemTime) -> bool {
        let ended = |token: &StoredToken| token.expires_at.is_some_and(|end| end < since);
        self.kept.is_empty() && !self.tokens.is_empty() && self.tokens.iter().all(ended)
    }

    /// Writes the record.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let written = Written {
            version: VERSION,
            connector: self.connector.clone(),
            kept: self
                .kept
                .iter()
                .map(|kept| WrittenValue {
                    name: kept.name.clone(),
                    value: kept.value.clone(),
                    kept_at: millis(kept.kept_at),
                })
                .collect(),
            tokens: self
                .tokens
                .iter()
                .map(|token| WrittenToken {
                    config: STANDARD.encode(token.config),
                    value: token.value.clone(),
                    obtained_at: millis(token.obtained_at),
                    expires_at: token.expires_at.map(millis),
                    scope: token.scope.clone(),
                    base_url: token.base_url.clone(),
                    values: token
                        .values
                        .iter()
                        .map(|value| WrittenTokenValue {
                            name: value.name.clone(),
                            value: value.value.clone(),
                            is_text: value.is_text,
                        })
                        .collect(),
                })
                .collect(),
        };
        // nothing in it can fail to be written
        Zeroizing::new(serde_json::to_vec(&written).unwrap_or_default())
    }

    /// The token that was had with the config of this digest.
    #[must_use]
    pub fn token(&self, config: &[u8; 32]) -> Option<&StoredToken> {
        self.tokens.iter().find(|token| token.config == *config)
    }

    /// The durable value `name`.
    #[must_use]
    pub fn kept(&self, name: &str) -> Option<&KeptValue> {
        self.kept.iter().find(|kept| kept.name == name)
    }

    /// Puts a token in the place of its config's last one.
    pub(crate) fn put_token(&mut self, token: StoredToken) {
        self.tokens.retain(|known| known.config != token.config);
        self.tokens.insert(0, token);
        self.tokens.truncate(MOST_TOKENS);
    }
}

impl KeptValue {
    pub(crate) fn new(name: &str, value: Zeroizing<String>, kept_at: SystemTime) -> Self {
        Self { name: name.to_owned(), value, kept_at }
    }
}

impl fmt::Debug for KeptValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeptValue({:?}, redacted)", self.name)
    }
}

impl fmt::Debug for TokenValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenValue({:?}, redacted)", self.name)
    }
}

impl fmt::Debug for StoredToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredToken")
            .field("value", &"redacted")
            .field("obtained_at", &self.obtained_at)
            .field("expires_at", &self.expires_at)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}

/// The bytes are no record that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordFault {
    /// They are none: nothing of it can be of use to anybody.
    Damaged,
    /// They are one of this version: whoever wrote it still reads it.
    Version(u32),
}

impl fmt::Display for RecordFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged => f.write_str("what the store holds is no record"),
            Self::Version(version) => {
                write!(f, "what the store holds is a record of version {version}, which is not known here")
            }
        }
    }
}

impl std::error::Error for RecordFault {}

/// The version of the form in which records are written.
const VERSION: u32 = 1;

/// What a record of any version says.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct Written {
    version: u32,
    connector: String,
    kept: Vec<WrittenValue>,
    tokens: Vec<WrittenToken>,
}

#[derive(Serialize, Deserialize)]
struct WrittenValue {
    name: String,
    value: Zeroizing<String>,
    kept_at: u64,
}

#[derive(Serialize, Deserialize)]
struct WrittenToken {
    config: String,
    value: Zeroizing<String>,
    obtained_at: u64,
    expires_at: Option<u64>,
    scope: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base_url: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    values: Vec<WrittenTokenValue>,
}

#[derive(Serialize, Deserialize)]
struct WrittenTokenValue {
    name: String,
    value: Zeroizing<String>,
    is_text: bool,
}

impl Written {
    fn read(self) -> Result<Record, RecordFault> {
        let kept = self
            .kept
            .into_iter()
            .map(|kept| Ok(KeptValue { kept_at: time(kept.kept_at)?, name: kept.name, value: kept.value }));
        let tokens = self.tokens.into_iter().map(|token| {
            let config = STANDARD.decode(token.config).map_err(|_| RecordFault::Damaged)?;
            Ok(StoredToken {
                config: config.try_into().map_err(|_| RecordFault::Damaged)?,
                value: token.value,
                obtained_at: time(token.obtained_at)?,
                expires_at: token.expires_at.map(time).transpose()?,
                scope: token.scope,
                base_url: token.base_url,
                values: token
                    .values
                    .into_iter()
                    .map(|value| TokenValue { name: value.name, value: value.value, is_text: value.is_text })
                    .collect(),
            })
        });
        Ok(Record {
            connector: self.connector,
            kept: kept.collect::<Result<_, _>>()?,
            tokens: tokens.collect::<Result<_, _>>()?,
        })
    }
}

fn millis(time: SystemTime) -> u64 {
    crate::clock::unix_millis(time)
}

fn time(millis: u64) -> Result<SystemTime, RecordFault> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(millis)).ok_or(RecordFault::Damaged)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use zeroize::Zeroizing;

    use super::{KeptValue, Record, RecordFault, StoredToken, TokenValue};

    fn record() -> Record {
        let then = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_123);
        let mut record = Record { connector: "zoom".to_owned(), ..Record::default() };
        record.kept.push(KeptValue::new("refresh_token", Zeroizing::new("kept-s3cret".to_owned()), then));
        record.put_token(StoredToken {
            config: [7; 32],
            value: Zeroizing::new("token-s3cret".to_owned()),
            obtained_at: then,
            expires_at: Some(then + Duration::from_secs(60)),
            scope: Some("a b".to_owned()),
            base_url: Some("https://eu.acme.example".to_owned()),
            values: vec![TokenValue {
                name: "account".to_owned(),
                value: Zeroizing::new("account-s3cret".to_owned()),
                is_text: false,
            }],
        });
        record
    }

    #[test]
    fn a_record_survives_the_way_there_and_back() {
        assert_eq!(Record::from_bytes(&record().to_bytes()), Ok(record()));
    }

    #[test]
    fn what_is_no_record_is_refused() {
        for bytes in [&b""[..], b"{}", b"null", b"\xff"] {
            assert_eq!(Record::from_bytes(bytes), Err(RecordFault::Damaged));
        }
    }

    #[test]
    fn what_another_version_wrote_is_told_from_damage() {
        let written = String::from_utf8(record().to_bytes().to_vec()).unwrap();
        let later = written.replace("\"version\":1", "\"version\":2");
        for text in [&later, r#"{"version": 2}"#, r#"{"version": 2, "tokens": {"by": "name"}}"#] {
            assert_eq!(Record::from_bytes(text.as_bytes()), Err(RecordFault::Version(2)), "{text}");
        }
    }

    #[test]
    fn a_record_does_not_show_what_it_keeps() {
        assert!(!format!("{:?}", record()).contains("s3cret"));
    }
}
