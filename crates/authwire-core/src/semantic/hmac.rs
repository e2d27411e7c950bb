//! `hmac`: a key that is written as it says, and headers that can be sent (RFC 2104).

use super::Check;
use crate::finding::Code;
use crate::plan::HmacPlan;
use crate::slot::Slot;

impl Check<'_, '_> {
    pub(super) fn hmac(&mut self, plan: &HmacPlan) {
        self.headers(&plan.headers, &Vec::new);
        let Some(key) = plan.key.lone_field() else { return };
        if !self.plan.is_secret(key) {
            return;
        }
        let Slot::String(secret) = self.slot(key) else { return };
        let encoding = plan.key_encoding.as_ref().and_then(|encoding| self.literal(encoding));
        let written = match encoding.as_ref().map(|(text, _)| &**text) {
            Some("hex") if !is_hex(&secret) => "hexadecimal digits",
            Some("base64") if !is_base64(&secret, b"+/") => "Base64",
            Some("base64url") if !is_base64(&secret, b"-_") => "the Base64 of URLs",
            _ => return,
        };
        let message = format!("the key is not written in {written}, as it should be");
        self.add(self.at(key, Code::Key, message).help("copy it again, whole, or say how it is written"));
    }
}

fn is_hex(text: &str) -> bool {
    text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_base64(text: &str, more: &[u8]) -> bool {
    let digits = text.trim_end_matches('=');
    digits.len() % 4 != 1 && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
}
