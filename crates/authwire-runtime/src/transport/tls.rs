//! What is wrong between two certificates (RFC 5280, RFC 8446 §6.2), in words that say who has to change what.

use std::error::Error as StdError;
use std::io;
use std::time::{Duration, SystemTime};

use tokio_rustls::rustls::pki_types::UnixTime;
use tokio_rustls::rustls::{AlertDescription, CertificateError, Error};

/// Why one side did not accept the certificate of the other, if that is what `error` says; `shows_own` tells whether the
/// client has one to show.
pub(super) fn certificate_fault(error: &(dyn StdError + 'static), shows_own: bool) -> Option<String> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        match error.downcast_ref() {
            Some(Error::InvalidCertificate(fault)) => return Some(of_server(fault)),
            Some(Error::AlertReceived(alert)) => return of_client(*alert, shows_own),
            _ => cause = below(error),
        }
    }
    None
}

/// What an error was made of. One of I/O skips what it wraps.
fn below<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e (dyn StdError + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|wrapped| wrapped as &(dyn StdError + 'static)).or_else(|| error.source())
}

fn of_server(fault: &CertificateError) -> String {
    match fault {
        CertificateError::UnknownIssuer => "the server's certificate is of an issuer that is not trusted \
             (UnknownIssuer); a private CA is trusted where `http.ca_file` names it"
            .to_owned(),
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("the server's certificate has expired, on {}", date(*not_after))
        }
        CertificateError::Expired => "the server's certificate has expired".to_owned(),
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("the server's certificate is not valid before {}; check this machine's clock", date(*not_before))
        }
        // the words of webpki, which is a dependency of a dependency
        CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "the server shows the certificate of a CA (CaUsedAsEndEntity), which proves no server; give it one that \
             the CA issued, or a self-signed one without `CA:TRUE`"
                .to_owned()
        }
        other => format!("the server's certificate is not accepted: {other}"),
    }
}

fn of_client(alert: AlertDescription, shows_own: bool) -> Option<String> {
    let is_about_certificate = matches!(
        alert,
        AlertDescription::BadCertificate
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRequired
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::UnsupportedCertificate
    );
    is_about_certificate.then(|| match shows_own {
        true => format!("the server did not accept the client certificate ({alert:?})"),
        false => format!(
            "the server wants a client certificate ({alert:?}), and this connector shows none; the auth type `mtls` \
             has one"
        ),
    })
}

fn date(time: UnixTime) -> String {
    let time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(time.as_secs()));
    time.map_or_else(|| "a day in no calendar".to_owned(), httpdate::fmt_http_date)
}

#[cfg(test)]
mod tests {
    use std::fmt;
    use std::io;
    use std::sync::Arc;
    use std::time::Duration;

    use tokio_rustls::rustls::pki_types::UnixTime;
    use tokio_rustls::rustls::{AlertDescription, CertificateError, Error, OtherError};

    use super::certificate_fault;

    /// As it comes: wrapped by what read and wrote.
    fn told(error: Error, shows_own: bool) -> Option<String> {
        certificate_fault(&io::Error::other(io::Error::new(io::ErrorKind::InvalidData, error)), shows_own)
    }

    #[derive(Debug)]
    struct CaUsedAsEndEntity;

    impl fmt::Display for CaUsedAsEndEntity {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("CaUsedAsEndEntity")
        }
    }

    impl std::error::Error for CaUsedAsEndEntity {}

    #[test]
    fn only_an_unknown_issuer_is_mended_by_a_ca_file() {
        let time = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let expired =
            CertificateError::ExpiredContext { time: time(1_796_038_872), not_after: time(1_609_459_200) };
        let ca = CertificateError::Other(OtherError(Arc::new(CaUsedAsEndEntity)));
        for (fault, words) in [
            (CertificateError::UnknownIssuer, "`http.ca_file`"),
            (expired, "has expired, on Fri, 01 Jan 2021"),
            (CertificateError::NotValidForName, "is not accepted"),
            (ca, "the certificate of a CA"),
        ] {
            let is_unknown = fault == CertificateError::UnknownIssuer;
            let told = told(Error::InvalidCertificate(fault), false).unwrap();
            assert!(told.contains(words) && !told.contains("OtherError"), "{told}");
            assert_eq!(told.contains("ca_file"), is_unknown, "{told}");
        }
    }

    #[test]
    fn a_server_that_wants_a_certificate_is_told_from_one_that_refuses_ours() {
        let required = || Error::AlertReceived(AlertDescription::CertificateRequired);
        assert!(told(required(), false).unwrap().contains("wants a client certificate"));
        assert!(told(required(), true).unwrap().contains("did not accept"));
        assert_eq!(told(Error::AlertReceived(AlertDescription::HandshakeFailure), true), None);
    }
}
