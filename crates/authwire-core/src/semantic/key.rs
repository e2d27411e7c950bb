//! A literal key to sign with: whether it can is the judge's to say.

use super::Check;
use crate::finding::Code;
use crate::plan::FieldId;

impl Check<'_, '_> {
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
