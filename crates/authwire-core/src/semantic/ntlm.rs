//! `ntlm`: what a user name may hold (MS-NLMP §2.2.1.3).

use super::Check;
use crate::finding::Code;
use crate::plan::Template;

impl Check<'_, '_> {
    pub(super) fn ntlm(&mut self, username: &Template, domain: Option<&Template>) {
        let Some((name, Some(field))) = self.literal(username) else { return };
        if name.contains('\\') {
            let domain = domain.and_then(|domain| match domain.lone() {
                Some(crate::plan::Source::Field(field)) => self.field(field),
                _ => None,
            });
            let help = match domain {
                Some(field) => format!("put what is before the `\\` into `{}`", field.path),
                None => "leave out what is before the `\\`".to_owned(),
            };
            let wrong = "an NTLM user name holds no domain: `\\` is a character of the name";
            self.add(self.at(field, Code::Username, wrong).help(help));
        }
    }
}
