//! The values of MS-NLMP §4.2.4, and what must hold of every handshake.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::message::{Challenge, ChallengeFault};
use super::response::{Fresh, prove};
use super::target_info::TargetInfo;
use super::{Account, Circumstances, Handshake};
use crate::hex;

const FRESH: Fresh = Fresh { client_challenge: [0xaa; 8] };
const SERVER_CHALLENGE: [u8; 8] = [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef];

fn circumstances() -> Circumstances<'static> {
    Circumstances {
        account: Account { username: "User", domain: "Domain", password: "Password" },
        workstation: "COMPUTER",
        host: "server.example",
        certificate: None,
        // a FILETIME of zero cannot be said; a test that needs one has the server say it
        now: SystemTime::UNIX_EPOCH,
    }
}

fn pairs(pairs: &[(u16, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (id, value) in pairs.iter().chain(&[(0, &[][..])]) {
        bytes.extend_from_slice(&id.to_le_bytes());
        bytes.extend_from_slice(&(value.len() as u16).to_le_bytes());
        bytes.extend_from_slice(value);
    }
    bytes
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// `Domain` and `Server`, as §4.2.4 has them, and `more`.
fn target_info(more: &[(u16, &[u8])]) -> Vec<u8> {
    let (domain, server) = (utf16("Domain"), utf16("Server"));
    pairs(&[&[(2, &domain[..]), (1, &server[..])], more].concat())
}

/// A challenge as servers write it.
fn challenge(flags: u32, info: &[u8]) -> Vec<u8> {
    let name = utf16("Server");
    let mut message = b"NTLMSSP\0".to_vec();
    message.extend_from_slice(&2_u32.to_le_bytes());
    let field = |length: usize, offset: usize| {
        let length = (length as u16).to_le_bytes();
        [&length[..], &length, &(offset as u32).to_le_bytes()].concat()
    };
    message.extend(field(name.len(), 56));
    message.extend_from_slice(&flags.to_le_bytes());
    message.extend_from_slice(&SERVER_CHALLENGE);
    message.extend_from_slice(&[0; 8]);
    message.extend(field(info.len(), 56 + name.len()));
    message.extend_from_slice(&[6, 0, 0x70, 0x17, 0, 0, 0, 0x0f]);
    message.extend(name);
    message.extend_from_slice(info);
    message
}

const FLAGS: u32 = 0xe28a_8233;

fn year_1601() -> SystemTime {
    SystemTime::UNIX_EPOCH - Duration::from_secs(11_644_473_600)
}

/// §4.2.4.1 and §4.2.4.2, whose time is zero.
#[test]
fn the_proof_is_that_of_the_specification() {
    let read = Challenge::read(&challenge(FLAGS, &target_info(&[]))).expect("a challenge");
    assert_eq!(read.server_challenge, SERVER_CHALLENGE);
    let proof = prove(&read, &Circumstances { now: year_1601(), ..circumstances() }, &FRESH);
    assert_eq!(hex::encode(&proof.lm_response[..16]), "86c35097ac9cec102554764a57cccc19");
    assert_eq!(hex::encode(&proof.lm_response[16..]), "aaaaaaaaaaaaaaaa");
    assert_eq!(hex::encode(&proof.nt_response[..16]), "68cd0ab851e51c96aabc927bebef6a1c");
    assert_eq!(hex::encode(&*proof.session_key), "8de40ccadbc14a82f15cb0ad0de95ca3");
    assert!(!proof.has_integrity_code);
}

/// A message of the third kind, taken apart.
struct Answer {
    bytes: Vec<u8>,
}

impl Answer {
    fn of(header: &str) -> Self {
        let base64 = header.strip_prefix("NTLM ").expect("the scheme");
        Self { bytes: STANDARD.decode(base64).expect("Base64") }
    }

    fn field(&self, number: usize) -> &[u8] {
        let at = 12 + 8 * number;
        let length = usize::from(u16::from_le_bytes([self.bytes[at], self.bytes[at + 1]]));
        let offset = u32::from_le_bytes(self.bytes[at + 4..at + 8].try_into().expect("four")) as usize;
        &self.bytes[offset..offset + length]
    }

    /// The pairs in the NTLMv2 response: behind the proof and 28 bytes of times and challenges.
    fn target_info(&self) -> TargetInfo {
        TargetInfo::read(&self.field(1)[16 + 28..]).expect("pairs")
    }
}

fn answer(info: &[u8], circumstances: &Circumstances<'_>) -> Answer {
    let challenge = STANDARD.encode(challenge(FLAGS, info));
    let header = Handshake::begin().answer_with(&challenge, circumstances, &FRESH).expect("an answer");
    Answer::of(&header)
}

#[test]
fn the_answer_names_account_and_workstation_and_never_the_password() {
    let answer = answer(&target_info(&[]), &circumstances());
    assert_eq!(answer.bytes[..12], *b"NTLMSSP\0\x03\0\0\0");
    let names = [2, 3, 4].map(|number| answer.field(number).to_vec());
    assert_eq!(names, ["Domain", "User", "COMPUTER"].map(utf16));
    assert_eq!(answer.field(5), b"");
    let secret = utf16("Password");
    assert!(!answer.bytes.windows(secret.len()).any(|window| window == secret));
    assert_eq!(format!("{:?}", circumstances().account), "Account(redacted)");
}

#[test]
fn where_the_server_tells_its_time_the_handshake_is_protected() {
    let time = 0x01d9_8b3f_1234_5678_u64.to_le_bytes();
    let answer = answer(&target_info(&[(7, &time), (6, &4_u32.to_le_bytes())]), &circumstances());
    // no LM response; the code is there
    assert_eq!(answer.field(0), [0; 24]);
    assert_ne!(answer.bytes[72..88], [0; 16]);
    assert_eq!(answer.field(1)[16 + 8..16 + 16], time);
    let mut expected = TargetInfo::read(&target_info(&[(7, &time)])).expect("pairs");
    expected = expected.for_answer([0; 16], "HTTP/server.example");
    let written = answer.target_info().write();
    // the server's own flags stay
    let flags = [&6_u16.to_le_bytes()[..], &4_u16.to_le_bytes(), &6_u32.to_le_bytes()].concat();
    assert!(written.windows(flags.len()).any(|window| window == flags));
    assert_eq!(written.len(), expected.write().len());
}

#[test]
fn the_integrity_code_covers_all_three_messages() {
    let time = 7_u64.to_le_bytes();
    let info = target_info(&[(7, &time)]);
    let mut answer = answer(&info, &circumstances());
    let code: [u8; 16] = answer.bytes[72..88].try_into().expect("sixteen");
    answer.bytes[72..88].fill(0);
    let read = Challenge::read(&challenge(FLAGS, &info)).expect("a challenge");
    let key = prove(&read, &circumstances(), &FRESH).session_key;
    let negotiate = super::message::Negotiate.write();
    let messages = [&negotiate[..], &challenge(FLAGS, &info), &answer.bytes];
    assert_eq!(super::response::integrity_code(&key, &messages), code);
}

#[test]
fn the_channel_is_bound_to_the_certificate_by_its_own_digest() {
    let time = 7_u64.to_le_bytes();
    let bindings = |certificate: Option<&[u8]>| {
        let circumstances = Circumstances { certificate, ..circumstances() };
        let written = answer(&target_info(&[(7, &time)]), &circumstances).target_info().write();
        let at = written.windows(4).position(|window| window == [10, 0, 16, 0]).expect("bindings") + 4;
        written[at..at + 16].to_vec()
    };
    // Certificate { tbsCertificate {}, signatureAlgorithm { id }, … }
    let certificate = |id: &[u8]| [&[0x30, id.len() as u8 + 4, 0x30, 0, 0x30, id.len() as u8], id].concat();
    let sha256 = certificate(&[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11]);
    let sha384 = certificate(&[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3]);
    let expected = |certificate: &[u8], algorithm| {
        use md5::Digest as _;
        let hash = aws_lc_rs::digest::digest(algorithm, certificate);
        let data = [b"tls-server-end-point:", hash.as_ref()].concat();
        let length = (data.len() as u32).to_le_bytes();
        md5::Md5::digest([&[0; 16][..], &length, &data].concat()).to_vec()
    };
    assert_eq!(bindings(None), [0; 16]);
    assert_eq!(bindings(Some(&sha256)), expected(&sha256, &aws_lc_rs::digest::SHA256));
    assert_eq!(bindings(Some(&sha384)), expected(&sha384, &aws_lc_rs::digest::SHA384));
    assert_eq!(bindings(Some(b"no certificate")), expected(b"no certificate", &aws_lc_rs::digest::SHA256));
}

#[test]
fn a_wrong_challenge_is_refused() {
    let whole = challenge(FLAGS, &target_info(&[]));
    let mut first = whole.clone();
    first[8] = 1;
    let cases = [
        ("", ChallengeFault::Broken),
        ("%%%", ChallengeFault::NotBase64),
        (&STANDARD.encode(b"Kerberos or so"), ChallengeFault::OtherMessage),
        (&STANDARD.encode(first), ChallengeFault::OtherMessage),
        (&STANDARD.encode(challenge(FLAGS & !1, &[])), ChallengeFault::NotUnicode),
        (&STANDARD.encode(challenge(FLAGS, &[1, 0, 200, 0])), ChallengeFault::Broken),
        (&STANDARD.encode(vec![0; 20_000]), ChallengeFault::Broken),
    ];
    for (base64, fault) in cases {
        let answered = Handshake::begin().answer_with(base64, &circumstances(), &FRESH);
        assert_eq!(answered.expect_err("refused"), fault);
    }
    let refused = Handshake::begin().answer("", &circumstances()).expect_err("refused").to_string();
    assert_eq!(refused, "the API answered 401 Unauthorized: the server's NTLM challenge is broken");
}

#[test]
fn no_challenge_makes_it_panic() {
    let time = 7_u64.to_le_bytes();
    let whole = challenge(FLAGS, &target_info(&[(7, &time)]));
    for length in 0..whole.len() {
        assert!(Challenge::read(&whole[..length]).is_err(), "{length}");
    }
    for at in 0..whole.len() {
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let mut changed = whole.clone();
            changed[at] = value;
            if let Ok(read) = Challenge::read(&changed) {
                prove(&read, &circumstances(), &FRESH);
            }
        }
    }
}
