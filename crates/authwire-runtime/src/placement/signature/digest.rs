//! Digest (RFC 7616): the answer to what the server asked last.

use std::sync::{Arc, Mutex};

use authwire_core::plan::Template;
use authwire_core::username;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::{Added, open, required};
use crate::digest::{ChallengeFault, Session, User, strongest};
use crate::error::Error;
use crate::explain::ByCurl;
use crate::phrase::Phrase;
use crate::placement::basic::refuse;
use crate::placement::outgoing::Outgoing;
use crate::refusal::Refusal;
use crate::template::Scope;

/// Answers challenges.
#[derive(Debug, Clone)]
pub(crate) struct Digest {
    username: Phrase,
    password: Phrase,
    /// What the server asked last; nothing until it did.
    session: Arc<Mutex<Option<Session>>>,
}

impl Digest {
    /// The signer that a plan describes.
    pub(super) fn read(scope: &Scope<'_>, username: &Template, password: &Template) -> Result<Self, Error> {
        let username = required(scope, username)?;
        refuse(username::in_digest(&username.value()))
            .map_err(|fault| scope.blame(fault, username.fields()))?;
        Ok(Self { username, password: required(scope, password)?, session: Arc::default() })
    }

    pub(super) fn sign(&self, request: &mut Outgoing<'_>) -> Result<(), Error> {
        let (name, password) = (self.username.value(), self.password.value());
        let user = User { name: &name, password: &password };
        let target = request.uri.path_and_query().map_or("/", |target| target.as_str());
        let mut session = open(&self.session);
        let Some(session) = session.as_mut() else { return Ok(()) };
        let answer = session.authorize(user, request.method.as_str(), target);
        // the server's realm is given back as it came, in whatever characters
        let mut answer = HeaderValue::from_str(&answer).map_err(|_| Error::Internal {
            message: "an answer to a Digest challenge fits into no header",
        })?;
        answer.set_sensitive(true);
        request.headers.insert(AUTHORIZATION, answer);
        Ok(())
    }

    /// Takes the challenge of an answer that refused a request.
    pub(super) fn challenged(&self, headers: &HeaderMap) -> Result<(), Error> {
        // a realm may hold any character (§3.3, `charset`)
        let values: Vec<_> = headers
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        let refused = |fault: ChallengeFault| {
            Error::Refused(Refusal { status: StatusCode::UNAUTHORIZED, message: fault.to_string() })
        };
        let challenge = strongest(values.iter().map(AsRef::as_ref)).map_err(refused)?;
        *open(&self.session) = Some(Session::new(challenge)?);
        Ok(())
    }

    /// What curl does in its place.
    pub(super) fn by_curl(&self) -> ByCurl {
        ByCurl {
            options: vec![("--digest", None), ByCurl::user(&self.username, &self.password)],
            instead_of: &["Authorization"],
        }
    }

    pub(super) fn added(&self) -> Added {
        let mut answer = Phrase::clear("Digest username=\"");
        answer.push(self.username.clone());
        answer.push(Phrase::clear("\", "));
        answer.push(Phrase::unknown("<answer to the server's challenge>"));
        Added { headers: vec![("Authorization".to_owned(), answer)], ..Added::default() }
    }
}
