//! `hmac`: a key that is written as it says, and headers that can be sent (RFC 2104).

use super::Check;
use super::key::secret_length;
use crate::plan::HmacPlan;
use crate::slot::Slot;

impl Check<'_, '_> {
    pub(super) fn hmac(&mut self, plan: &HmacPlan) {
        self.headers(&plan.headers, &Vec::new);
        let Some(key) = plan.key.lone_field().filter(|key| self.plan.is_secret(*key)) else { return };
        let Slot::String(secret) = self.slot(key) else { return };
        let encoding = self.key_encoding(plan.key_encoding.as_ref());
        if let Err(objection) = secret_length(encoding, &secret) {
            self.bad_secret(key, objection);
        }
    }
}
