//! The primitive `basic`: `Authorization: Basic` (RFC 7617).

use authwire_core::Code;
use authwire_core::plan::Template;
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

/// RFC 7617 §2: no colon and no control character.
pub(crate) fn check_username(username: &Phrase) -> Result<(), Unusable> {
    let text = username.value();
    let fault = text.chars().find_map(|character| match character {
        ':' => Some("a colon"),
        character if character.is_control() => Some("a control character"),
        _ => None,
    });
    match fault {
        Some(fault) => {
            Err(Unusable::new(Code::Username, format!("a user name with {fault} cannot be sent with Basic")))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::{check_username, credentials};
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

    #[test]
    fn a_user_name_has_no_colon_and_no_control_character() {
        assert!(check_username(&Phrase::clear("jürgen@example.com")).is_ok());
        for name in ["a:b", "a\nb", "a\u{7f}"] {
            assert!(check_username(&Phrase::clear(name)).is_err(), "{name:?}");
        }
    }
}
