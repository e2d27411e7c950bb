//! NTLMv2 (MS-NLMP §3.3.2): the proof that we know the password, and the keys that come of it.

use std::time::{Duration, SystemTime};

use aws_lc_rs::digest;
use hmac::{Hmac, KeyInit as _, Mac as _};
use md4::Md4;
use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

use super::Circumstances;
use super::message::{Challenge, utf16};
use crate::error::Error;
use crate::{der, random};

/// From 1601, when a FILETIME begins, to 1970.
const FROM_1601_TO_1970: Duration = Duration::from_secs(11_644_473_600);

/// Who logs in.
#[derive(Clone, Copy)]
pub(crate) struct Account<'a> {
    pub(crate) username: &'a str,
    /// May be empty: then the server's own, or that of a name like `user@domain`.
    pub(crate) domain: &'a str,
    pub(crate) password: &'a str,
}

impl std::fmt::Debug for Account<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Account(redacted)")
    }
}

/// What no other answer has.
pub(super) struct Fresh {
    pub(super) client_challenge: [u8; 8],
}

impl Fresh {
    /// 64 random bits.
    pub(super) fn random() -> Result<Self, Error> {
        let mut client_challenge = [0; 8];
        random::fill(&mut client_challenge)?;
        Ok(Self { client_challenge })
    }
}

/// The answer to a challenge.
pub(super) struct Proof {
    pub(super) lm_response: [u8; 24],
    pub(super) nt_response: Vec<u8>,
    pub(super) session_key: Zeroizing<[u8; 16]>,
    /// Whether the message must carry an integrity code.
    pub(super) has_integrity_code: bool,
}

/// Answers `challenge`.
pub(super) fn prove(challenge: &Challenge, circumstances: &Circumstances<'_>, fresh: &Fresh) -> Proof {
    let key = response_key(&circumstances.account);
    let server_time = challenge.target_info.timestamp();
    let time = server_time.unwrap_or_else(|| filetime(circumstances.now).to_le_bytes());
    let target_info = match server_time {
        Some(_) => {
            let service = format!("HTTP/{}", circumstances.host);
            challenge.target_info.for_answer(channel_bindings(circumstances.certificate), &service)
        }
        None => challenge.target_info.clone(),
    };
    let mut blob = vec![1, 1, 0, 0, 0, 0, 0, 0];
    blob.extend_from_slice(&time);
    blob.extend_from_slice(&fresh.client_challenge);
    blob.extend_from_slice(&[0; 4]);
    blob.extend_from_slice(&target_info.write());
    blob.extend_from_slice(&[0; 4]);
    let proof = hmac_md5(&*key, &[&challenge.server_challenge, &blob]);
    let session_key = Zeroizing::new(hmac_md5(&*key, &[&proof]));
    let mut lm_response = [0; 24];
    if server_time.is_none() {
        let answer = hmac_md5(&*key, &[&challenge.server_challenge, &fresh.client_challenge]);
        lm_response[..16].copy_from_slice(&answer);
        lm_response[16..].copy_from_slice(&fresh.client_challenge);
    }
    Proof {
        lm_response,
        nt_response: [&proof[..], &blob].concat(),
        session_key,
        has_integrity_code: server_time.is_some(),
    }
}

/// The integrity code of a handshake (§3.1.5.1.2).
pub(super) fn integrity_code(session_key: &[u8; 16], messages: &[&[u8]]) -> [u8; 16] {
    hmac_md5(session_key, messages)
}

/// `NTOWFv2`
fn response_key(account: &Account<'_>) -> Zeroizing<[u8; 16]> {
    let password = utf16(account.password);
    let hash = Zeroizing::new(<[u8; 16]>::from(Md4::digest(&*password)));
    let name: String = account.username.chars().map(upper_case).collect();
    Zeroizing::new(hmac_md5(&*hash, &[&utf16(&name), &utf16(account.domain)]))
}

/// Windows knows one upper-case character for each character.
fn upper_case(character: char) -> char {
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => character,
    }
}

/// `MsvAvChannelBindings`: the digest of a `gss_channel_bindings_struct` (RFC 2744 §3.11) that holds the digest of the
/// server's certificate (`tls-server-end-point`, RFC 5929 §4). Without one, zeros.
fn channel_bindings(certificate: Option<&[u8]>) -> [u8; 16] {
    let Some(certificate) = certificate else { return [0; 16] };
    let hash = digest::digest(certificate_digest(certificate), certificate);
    let mut data = b"tls-server-end-point:".to_vec();
    data.extend_from_slice(hash.as_ref());
    let mut bindings = vec![0; 16];
    bindings.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes());
    bindings.extend_from_slice(&data);
    Md5::digest(&bindings).into()
}

/// The digest that the certificate's signature uses, at least SHA-256 (RFC 5929 §4.1).
fn certificate_digest(certificate: &[u8]) -> &'static digest::Algorithm {
    /// Object identifiers in DER of the signatures whose digest is another one: RSA (1.2.840.113549.1.1.12 and .13)
    /// and ECDSA (1.2.840.10045.4.3.3 and .4) with SHA-384 and SHA-512.
    const OTHERS: [(&[u8], &digest::Algorithm); 4] = [
        (&[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12], &digest::SHA384),
        (&[0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13], &digest::SHA512),
        (&[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3], &digest::SHA384),
        (&[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4], &digest::SHA512),
    ];
    let signature = der::certificate(certificate).map(|(_, signature)| signature).unwrap_or_default();
    let found = OTHERS.iter().find(|(id, _)| signature.get(..id.len()) == Some(id));
    found.map_or(&digest::SHA256, |(_, algorithm)| algorithm)
}

/// 100 ns since 1601.
fn filetime(now: SystemTime) -> u64 {
    let begin = SystemTime::UNIX_EPOCH.checked_sub(FROM_1601_TO_1970).unwrap_or(SystemTime::UNIX_EPOCH);
    let since = now.duration_since(begin).unwrap_or_default();
    u64::try_from(since.as_nanos() / 100).unwrap_or(u64::MAX)
}

fn hmac_md5(key: &[u8], parts: &[&[u8]]) -> [u8; 16] {
    // HMAC takes a key of any length
    let Ok(mut mac) = Hmac::<Md5>::new_from_slice(key) else { return [0; 16] };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}
