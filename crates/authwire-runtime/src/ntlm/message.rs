//! The three messages (MS-NLMP §2.2.1): little-endian numbers, and fields that say where their bytes lie.

use std::fmt;

use zeroize::Zeroizing;

use super::Circumstances;
use super::response::{Proof, integrity_code};
use super::target_info::TargetInfo;
use crate::wiped::WipedBytes;

const SIGNATURE: &[u8; 8] = b"NTLMSSP\0";

/// Flags (§2.2.2.5): UTF-16 and no other charset.
const UNICODE: u32 = 0x0000_0001;
const REQUEST_TARGET: u32 = 0x0000_0004;
const NTLM: u32 = 0x0000_0200;
const ALWAYS_SIGN: u32 = 0x0000_8000;
const EXTENDED_SESSION_SECURITY: u32 = 0x0008_0000;
const TARGET_INFO: u32 = 0x0080_0000;
const VERSION: u32 = 0x0200_0000;
const KEY_OF_128: u32 = 0x2000_0000;
const KEY_OF_56: u32 = 0x8000_0000;

/// What we can do. No message is signed or sealed, so that no session key is exchanged.
const OURS: u32 = UNICODE
    | REQUEST_TARGET
    | NTLM
    | ALWAYS_SIGN
    | EXTENDED_SESSION_SECURITY
    | TARGET_INFO
    | VERSION
    | KEY_OF_128
    | KEY_OF_56;

/// A version that servers know (§2.2.2.10): Windows 10, NTLM revision 15. It changes nothing.
const OUR_VERSION: [u8; 8] = [10, 0, 0x61, 0x4a, 0, 0, 0, 15];

/// The longest challenge that is read.
const LONGEST: usize = 16 * 1024;

/// Where the integrity code lies in an [`Authenticate`] message.
const MIC: std::ops::Range<usize> = 72..88;
/// Where the fields' bytes begin in it.
const PAYLOAD: usize = 88;

/// `NEGOTIATE_MESSAGE` (§2.2.1.1).
#[derive(Debug, Clone, Copy)]
pub(super) struct Negotiate;

impl Negotiate {
    /// The message. It names no domain and no workstation.
    pub(super) fn write(self) -> Vec<u8> {
        let mut message = SIGNATURE.to_vec();
        message.extend_from_slice(&1_u32.to_le_bytes());
        message.extend_from_slice(&OURS.to_le_bytes());
        message.extend_from_slice(&[0; 16]);
        message.extend_from_slice(&OUR_VERSION);
        message
    }
}

/// `CHALLENGE_MESSAGE` (§2.2.1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Challenge {
    pub(super) flags: u32,
    pub(super) server_challenge: [u8; 8],
    pub(super) target_info: TargetInfo,
}

impl Challenge {
    /// Reads the message.
    pub(super) fn read(message: &[u8]) -> Result<Self, ChallengeFault> {
        if message.len() > LONGEST {
            return Err(ChallengeFault::Broken);
        }
        if array::<8>(message, 0)? != *SIGNATURE || u32::from_le_bytes(array(message, 8)?) != 2 {
            return Err(ChallengeFault::OtherMessage);
        }
        let flags = u32::from_le_bytes(array(message, 20)?);
        if flags & UNICODE == 0 {
            return Err(ChallengeFault::NotUnicode);
        }
        let target_info = if flags & TARGET_INFO == 0 {
            TargetInfo::default()
        } else {
            TargetInfo::read(field(message, 40)?).ok_or(ChallengeFault::Broken)?
        };
        Ok(Self { flags, server_challenge: array(message, 24)?, target_info })
    }
}

/// `AUTHENTICATE_MESSAGE` (§2.2.1.3).
pub(super) struct Authenticate<'a> {
    pub(super) challenge: &'a Challenge,
    pub(super) circumstances: &'a Circumstances<'a>,
    pub(super) proof: &'a Proof,
}

impl Authenticate<'_> {
    /// The message; `before` are the two that went before it, which the integrity code covers too.
    pub(super) fn write(&self, before: &[&[u8]; 2]) -> Zeroizing<Vec<u8>> {
        let account = &self.circumstances.account;
        let names = [account.domain, account.username, self.circumstances.workstation].map(utf16);
        let [domain, username, workstation] = &names;
        // no session key
        let fields: [&[u8]; 6] =
            [&self.proof.lm_response, &self.proof.nt_response, domain, username, workstation, &[]];
        let mut message = WipedBytes::default();
        message.push(SIGNATURE);
        message.push(&3_u32.to_le_bytes());
        let mut offset = PAYLOAD;
        for bytes in fields {
            let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_le_bytes();
            let begin = u32::try_from(offset).unwrap_or(u32::MAX).to_le_bytes();
            [&length[..], &length, &begin].iter().for_each(|part| message.push(part));
            offset += bytes.len();
        }
        message.push(&(self.challenge.flags & OURS).to_le_bytes());
        message.push(&OUR_VERSION);
        message.push(&[0; MIC.end - MIC.start]);
        fields.iter().for_each(|bytes| message.push(bytes));
        let mut message = message.into_zeroizing();
        if self.proof.has_integrity_code {
            let code = integrity_code(&self.proof.session_key, &[before[0], before[1], &message]);
            message[MIC].copy_from_slice(&code);
        }
        message
    }
}

/// `text` in UTF-16, little-endian.
pub(super) fn utf16(text: &str) -> Zeroizing<Vec<u8>> {
    // no character takes more than twice its bytes in UTF-8: nothing grows and leaves a part of a password behind
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() * 2));
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

fn array<const N: usize>(message: &[u8], at: usize) -> Result<[u8; N], ChallengeFault> {
    message.get(at..).and_then(|rest| rest.first_chunk()).copied().ok_or(ChallengeFault::Broken)
}

/// The bytes of the field whose description lies at `at`: length, room, offset.
fn field(message: &[u8], at: usize) -> Result<&[u8], ChallengeFault> {
    let length = usize::from(u16::from_le_bytes(array(message, at)?));
    let offset = u32::from_le_bytes(array(message, at + 4)?) as usize;
    let end = offset.checked_add(length).ok_or(ChallengeFault::Broken)?;
    message.get(offset..end).ok_or(ChallengeFault::Broken)
}

/// What is wrong with a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChallengeFault {
    /// It is not in Base64.
    NotBase64,
    /// It is another message, or none.
    OtherMessage,
    /// It breaks off, or its fields lie outside of it.
    Broken,
    /// The server does not speak Unicode.
    NotUnicode,
}

impl fmt::Display for ChallengeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotBase64 => "is not in Base64",
            Self::OtherMessage => "is another message",
            Self::Broken => "is broken",
            Self::NotUnicode => "requires an OEM character set, which is not supported",
        })
    }
}
