//! `connection`: what a user name of NTLM may hold (MS-NLMP §2.2.1.3), and whether a certificate can be shown.

use super::Check;
use crate::finding::Code;
use crate::judge::CertificatePart;
use crate::plan::{ConnectionAuth, ConnectionPlan, Template};
use crate::slot::Slot;

impl Check<'_, '_> {
    pub(super) fn connection(&mut self, connection: &ConnectionPlan) {
        if !self.holds(&connection.when) {
            return;
        }
        match &connection.what {
            ConnectionAuth::ClientCertificate { certificate, private_key, passphrase } => {
                self.certificate(certificate, private_key.as_ref(), passphrase.as_ref());
            }
            ConnectionAuth::Ntlm { username, domain, .. } => self.ntlm(username, domain.as_ref()),
        }
    }

    /// A certificate is judged where all of it is known.
    fn certificate(
        &mut self,
        certificate: &Template,
        private_key: Option<&Template>,
        passphrase: Option<&Template>,
    ) {
        let Some(judge) = self.judge else { return };
        let given = |template: Option<&Template>| match template.and_then(Template::lone_field) {
            Some(field) => match self.slot(field) {
                Slot::String(text) => Some(Some(text.into_owned())),
                Slot::Absent => Some(None),
                _ => None,
            },
            None => Some(None),
        };
        let (Some(Some(text)), Some(key), Some(word)) =
            (given(Some(certificate)), given(private_key), given(passphrase))
        else {
            return;
        };
        let Err((part, fault)) = judge.client_certificate(&text, key.as_deref(), word.as_deref()) else {
            return;
        };
        let blamed = match part {
            CertificatePart::PrivateKey if key.is_some() => private_key,
            CertificatePart::Passphrase if word.is_some() => passphrase,
            _ => Some(certificate),
        };
        if let Some(field) = blamed.and_then(Template::lone_field) {
            self.add(self.at(field, Code::Key, fault.message).help(fault.help));
        }
    }

    fn ntlm(&mut self, username: &Template, domain: Option<&Template>) {
        let Some((name, field)) = self.written(username) else { return };
        if name.contains('\\') {
            let domain = domain.and_then(Template::lone_field).and_then(|domain| self.field(domain));
            let help = match domain {
                Some(field) => format!("put what is before the `\\` into `{}`", field.path),
                None => "leave out what is before the `\\`".to_owned(),
            };
            let wrong = "an NTLM user name holds no domain: `\\` is a character of the name";
            self.add(self.at(field, Code::Username, wrong).help(help));
        }
    }
}
