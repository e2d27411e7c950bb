//! The examples of RFC 7616 §3.9 (the second as its erratum 4897 corrects it) and of RFC 2617 §3.5.

use super::{Algorithm, ChallengeFault, Session, User, strongest};

const MUFASA: &str = "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=ALGORITHM, \
    nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
const JASON: &str = "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, \
    nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", \
    charset=UTF-8, userhash=true";
const OLD: &str = "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", \
    nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"";

#[test]
fn challenges_are_answered_as_the_rfcs_answer_them() {
    let (md5, sha256) = (MUFASA.replace("ALGORITHM", "MD5"), MUFASA.replace("ALGORITHM", "SHA-256"));
    let mufasa =
        ("Mufasa", "Circle of Life", "/dir/index.html", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
    let jason = ("Jäsøn Doe", "Secret, or not?", "/doe.json", "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v");
    let old = ("Mufasa", "Circle Of Life", "/dir/index.html", "0a4f113b");
    for (challenge, (name, password, target, cnonce), username, response) in [
        (md5.as_str(), mufasa, "Mufasa", "8ca523f5e9506fed4657c9700eebdbec"),
        (&sha256, mufasa, "Mufasa", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        (
            JASON,
            jason,
            "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b",
            "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5",
        ),
        (OLD, old, "Mufasa", "6629fae49393a05397450978507c4ef1"),
    ] {
        let challenge = strongest([challenge]).expect("readable");
        let mut session = Session::with_cnonce(challenge, cnonce.to_owned());
        let header = session.authorize(User { name, password }, "GET", target);
        assert!(header.starts_with(&format!("Digest username=\"{username}\", realm=")), "{}", *header);
        assert!(header.contains(&format!(", response=\"{response}\"")), "{}", *header);
        assert!(header.contains(", qop=auth, nc=00000001, cnonce="), "{}", *header);
        let again = session.authorize(User { name, password }, "GET", target);
        assert!(again.contains(", nc=00000002, ") && !again.contains(response), "{}", *again);
    }
}

#[test]
fn the_strongest_of_several_challenges_is_taken() {
    let one_header = "Basic realm=\"a, Digest b\", Digest realm=\"x \\\"y\\\"\", nonce=1, qop=\"auth\", algorithm=MD5-sess, \
        Negotiate, Digest algorithm=SHA-256-sess , realm = \"r\", nonce=\"2\", userhash=TRUE, Bearer";
    let challenge = strongest([one_header]).expect("one");
    assert_eq!((challenge.algorithm, challenge.session, challenge.userhash), (Algorithm::Sha256, true, true));
    assert_eq!((challenge.realm.as_str(), challenge.nonce.as_str(), challenge.qop), ("r", "2", false));
    let both = strongest([one_header, "digest realm=z, nonce=3, algorithm=sha-512-256"]).expect("one");
    assert_eq!(both.algorithm, Algorithm::Sha512_256);
    let first = strongest(["Digest realm=\"x \\\"y\\\"\", nonce=1"]).expect("one");
    assert_eq!((first.realm.as_str(), first.algorithm), ("x \"y\"", Algorithm::Md5));
}

#[test]
fn what_cannot_be_answered_is_refused_clearly() {
    for (header, fault) in [
        ("Basic realm=\"Digest\"", ChallengeFault::NoDigest),
        ("", ChallengeFault::NoDigest),
        ("Digest realm=a", ChallengeFault::Malformed),
        ("Digest realm=a, nonce=b, algorithm=SHA3", ChallengeFault::Algorithm),
        ("Digest realm=a, nonce=b, qop=\"auth-int\"", ChallengeFault::AuthInt),
    ] {
        assert_eq!(strongest([header]), Err(fault), "{header}");
    }
    assert!(ChallengeFault::AuthInt.to_string().contains("`auth-int`"));
}

#[test]
fn a_name_that_no_quoted_string_holds_is_encoded_and_a_user_is_never_shown() {
    let challenge = strongest(["Digest realm=r, nonce=n, algorithm=SHA-256-sess"]).expect("one");
    let mut session = Session::new(challenge).expect("random");
    let user = User { name: "Jäsøn", password: "p" };
    let header = session.authorize(user, "GET", "/");
    assert!(header.starts_with("Digest username*=UTF-8''J%C3%A4s%C3%B8n, realm=\"r\""), "{}", *header);
    assert!(header.contains(", cnonce=") && !header.contains("qop"), "{}", *header);
    assert_eq!(format!("{user:?}"), "User(redacted)");
}
