//! Auth that belongs to the connection: what a plan's `connection` says, read over a connector's material.
//!
//! - [`ClientIdentity`] is a certificate with its key, which a transport shows.
//! - [`Login`] is who logs in by NTLM; the client does so on connections of its own ([`lane`]).
//!
//! It must not know how a connection is made.

mod certificate;
pub(crate) mod lane;

use authwire_core::Reference;
use authwire_core::plan::{ConnectionAuth, ConnectionPlan, Template};
use zeroize::Zeroizing;

pub use certificate::{CertificatePart, ClientIdentity, IdentityFault};

use crate::error::Error;
use crate::explain::ByCurl;
use crate::phrase::{Phrase, Shown};
use crate::template::Scope;

/// What a connection proves.
#[derive(Debug, Clone)]
pub(crate) enum Connection {
    /// That it holds the key of a certificate.
    Certificate(ClientIdentity),
    /// That it knows a password, by NTLM.
    Ntlm(Login),
}

/// Who logs in.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) username: Zeroizing<String>,
    pub(crate) password: Zeroizing<String>,
    pub(crate) domain: Zeroizing<String>,
    pub(crate) workstation: Zeroizing<String>,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login(redacted)")
    }
}

/// What the connections of a connector prove, if anything.
pub(crate) fn read(scope: &Scope<'_>) -> Result<Option<Connection>, Error> {
    let Some(plan) = scope.material.plan().connection.as_ref().filter(|plan| scope.holds(&plan.when)) else {
        return Ok(None);
    };
    let text = |template: &Template| -> Result<Option<Zeroizing<String>>, Error> {
        Ok(scope.template(template)?.map(|phrase| phrase.value()))
    };
    let optional = |template: &Option<Template>| match template {
        Some(template) => text(template),
        None => Ok(None),
    };
    Ok(match &plan.what {
        ConnectionAuth::ClientCertificate { certificate, private_key, passphrase } => {
            let Some(shown) = text(certificate)? else { return Ok(None) };
            let (key, passphrase) = (optional(private_key)?, optional(passphrase)?);
            let identity = ClientIdentity::read(
                &shown,
                key.as_ref().map(|key| key.as_str()),
                passphrase.as_ref().map(|passphrase| passphrase.as_str()),
            );
            let blame = |fault: IdentityFault| fault.into_unusable(scope, plan);
            Some(Connection::Certificate(identity.map_err(blame)?))
        }
        ConnectionAuth::Ntlm { username, password, domain, workstation } => {
            let (Some(username), Some(password)) = (text(username)?, text(password)?) else {
                return Ok(None);
            };
            let (domain, workstation) = (optional(domain)?, optional(workstation)?);
            Some(Connection::Ntlm(Login {
                username,
                password,
                domain: domain.unwrap_or_default(),
                workstation: workstation.unwrap_or_default(),
            }))
        }
    })
}

/// Whether a connection proves it to the API alone.
pub(crate) fn is_for_calls(plan: &ConnectionPlan) -> bool {
    matches!(plan.what, ConnectionAuth::Ntlm { .. })
}

/// The options by which curl's connection proves the same. A certificate has to be in a file for that.
pub(crate) fn by_curl(scope: &Scope<'_>) -> Result<Option<ByCurl>, Error> {
    let Some(plan) = scope.material.plan().connection.as_ref().filter(|plan| scope.holds(&plan.when)) else {
        return Ok(None);
    };
    let read = |template: Option<&Template>| -> Result<Option<Phrase>, Error> {
        Ok(template.map(|template| scope.template(template)).transpose()?.flatten())
    };
    let file = |phrase: &Phrase| match phrase.shown_parts().collect::<Vec<_>>().as_slice() {
        [Shown::Reference(Reference::File(path))] => Some(path.clone()),
        _ => None,
    };
    Ok(match &plan.what {
        ConnectionAuth::ClientCertificate { certificate, private_key, passphrase } => {
            let Some(certificate) = read(Some(certificate))?.as_ref().and_then(file) else {
                return Ok(None);
            };
            let is_pkcs12 = [".p12", ".pfx"].iter().any(|ending| certificate.ends_with(ending));
            let mut options = vec![("--cert", Some(Phrase::clear(certificate)))];
            if is_pkcs12 {
                options.push(("--cert-type", Some(Phrase::clear("P12"))));
            }
            if let Some(key) = read(private_key.as_ref())? {
                let Some(key) = file(&key) else { return Ok(None) };
                options.push(("--key", Some(Phrase::clear(key))));
            }
            options.extend(read(passphrase.as_ref())?.map(|passphrase| ("--pass", Some(passphrase))));
            Some(ByCurl { options, instead_of: &[] })
        }
        ConnectionAuth::Ntlm { username, password, domain, .. } => {
            let mut name = read(domain.as_ref())?.unwrap_or_default();
            if !name.shown().is_empty() {
                name.push(Phrase::clear("\\"));
            }
            name.push(read(Some(username))?.unwrap_or_default());
            let user = ByCurl::user(&name, &read(Some(password))?.unwrap_or_default());
            Some(ByCurl { options: vec![("--ntlm", None), user], instead_of: &[] })
        }
    })
}

/// The same in words, without needing any secret to be there.
pub(crate) fn explain(scope: &Scope<'_>) -> Result<Option<String>, Error> {
    let Some(plan) = scope.material.plan().connection.as_ref().filter(|plan| scope.holds(&plan.when)) else {
        return Ok(None);
    };
    let shown = |template: &Template| -> Result<Option<String>, Error> {
        Ok(scope.template(template)?.map(|phrase| phrase.shown()))
    };
    Ok(match &plan.what {
        ConnectionAuth::ClientCertificate { certificate, private_key, .. } => {
            let Some(certificate) = shown(certificate)? else { return Ok(None) };
            let key = private_key.as_ref().map(shown).transpose()?.flatten();
            let key = key.map(|key| format!(" with the key {key}")).unwrap_or_default();
            Some(format!("every connection shows the client certificate {certificate}{key}"))
        }
        ConnectionAuth::Ntlm { username, domain, .. } => {
            let Some(username) = shown(username)? else { return Ok(None) };
            let domain = domain.as_ref().map(shown).transpose()?.flatten();
            let domain = domain.map(|domain| format!("{domain}\\")).unwrap_or_default();
            Some(format!(
                "a connection to the API proves by NTLM that it belongs to {domain}{username}: two requests before the first"
            ))
        }
    })
}
