//! `dpop`: a key that can sign its proofs (RFC 9449 §4.2).

use super::Check;
use crate::plan::{FieldKind, Source, Template};
use crate::slot::Slot;

impl Check<'_, '_> {
    pub(super) fn dpop(&mut self, key: &Template) {
        let Some(Source::Field(field)) = key.lone() else { return };
        if self.field(field).is_some_and(|field| field.kind == FieldKind::Secret)
            && let Slot::String(text) = self.slot(field)
        {
            self.judge_signing_key(field, &text, "ES256", None);
        }
    }
}
