//! A literal key to sign with: how a shared secret is written, and what else is the judge's to say.

use zeroize::Zeroizing;

use super::Check;
use crate::finding::Code;
use crate::key::{KeyEncoding, Objection};
use crate::plan::{FieldId, Template};

/// How many bytes a shared secret has.
pub(super) fn secret_length(encoding: KeyEncoding, secret: &str) -> Result<usize, Objection> {
    encoding.decode(secret).map(|bytes| Zeroizing::new(bytes).len())
}

impl Check<'_, '_> {
    /// How a shared secret is written. What is not known here is the schema's to refuse.
    pub(super) fn key_encoding(&self, encoding: Option<&Template>) -> KeyEncoding {
        let named = encoding.and_then(|encoding| self.literal(encoding));
        named.and_then(|(name, _)| KeyEncoding::named(&name)).unwrap_or_default()
    }

    /// Tells what is wrong with the secret of `field`.
    pub(super) fn bad_secret(&mut self, field: FieldId, (wrong, help): Objection) {
        self.add(self.at(field, Code::Key, wrong).help(help));
    }

    /// Whether the key `text` of `field` can sign by `algorithm`, and what had to be repaired in it.
    pub(super) fn judge_signing_key(
        &mut self,
        field: FieldId,
        text: &str,
        algorithm: &str,
        encoding: Option<&str>,
    ) {
        let Some(judge) = self.judge else { return };
        match judge.signing_key(text, algorithm, encoding) {
            Ok(repairs) => {
                for repair in repairs {
                    let message = format!("the key was repaired: {repair}");
                    self.add(self.at(field, Code::KeyRepaired, message));
                }
            }
            Err(fault) => self.add(self.at(field, Code::Key, fault.message).help(fault.help)),
        }
    }
}
