//! The primitive `basic`: `Authorization: Basic` (RFC 7617).

use authwire_core::Code;
use authwire_core::plan::Template;
use authwire_core::username::{self, Objection};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Error, Unusable};
use crate::members::Member;
use crate::phrase::Phrase;
use crate::template::Scope;

/// The header, unless there is no user name.
pub(crate) fn read(
    scope: &Scope<'_>,
    username: &Template,
    password: &Template,
) -> Result<Option<Member<Phrase>>, Error> {
    let Some(username) = scope.template(username)? else { return Ok(None) };
    let password = scope.template(password)?.unwrap_or_default();
    check_username(&username).map_err(|fault| scope.blame(fault, username.fields()))?;
    Ok(Some(Member::added("Authorization", credentials(username, password))))
}

/// `Basic` with the Base64 (standard alphabet, padded) of `id:secret` in UTF-8.
pub(crate) fn credentials(id: Phrase, secret: Phrase) -> Phrase {
    let mut pair = id;
    pair.push(Phrase::clear(":"));
    pair.push(secret);
    let mut credentials = Phrase::clear("Basic ");
    credentials.push(pair.transform("base64", |text| STANDARD.encode(text)).into_secret());
    credentials
}

/// Whether a user name can be sent so.
pub(crate) fn check_username(name: &Phrase) -> Result<(), Unusable> {
    refuse(username::in_basic(&name.value()))
}

/// What is said against a user name, as an error.
pub(super) fn refuse(objection: Option<Objection>) -> Result<(), Unusable> {
    match objection {
        Some((message, help)) => Err(Unusable::new(Code::Username, message).with_help(help)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::credentials;
    use crate::phrase::Phrase;

    #[test]
    fn the_examples_of_rfc_7617() {
        for (user, password, header) in [
            ("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("test", "123\u{a3}", "Basic dGVzdDoxMjPCow=="),
            ("x", "", "Basic eDo="),
        ] {
            let phrase = credentials(Phrase::clear(user), Phrase::clear(password));
            assert_eq!(phrase.value().as_str(), header);
        }
    }

    #[test]
    fn the_password_is_not_shown() {
        let password = Phrase::hidden(Zeroizing::new("open sesame".to_owned()), "<env:PASSWORD>");
        assert_eq!(
            credentials(Phrase::clear("Aladdin"), password).shown(),
            "Basic base64(Aladdin:<env:PASSWORD>)"
        );
    }
}
