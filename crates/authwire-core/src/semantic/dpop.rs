//! `dpop`: a key that can sign its proofs (RFC 9449 §4.2).

use super::Check;
use crate::plan::Template;
use crate::slot::Slot;

impl Check<'_, '_> {
    pub(super) fn dpop(&mut self, key: &Template) {
        let Some(field) = key.lone_field() else { return };
        if self.plan.is_secret(field)
            && let Slot::String(text) = self.slot(field)
        {
            self.judge_signing_key(field, &text, "ES256", None);
        }
    }
}
