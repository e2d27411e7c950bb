//! OAuth 1.0 (RFC 5849): the parameters of the protocol, their signature, and where they go.
//!
//! `base_string` says what is signed, `signature` signs it, `parameters` puts both together and places them. It must
//! not know which leg of the flow a request belongs to: the caller adds `oauth_callback` or `oauth_verifier`.

mod base_string;
mod parameters;
mod rsa_sha1;
mod signature;

#[cfg(test)]
mod tests;

pub(crate) use base_string::base_string;
pub(crate) use parameters::{Nonce, Parameters};
pub(crate) use rsa_sha1::PrivateKey;
pub(crate) use signature::{Secrets, SignatureMethod};

use percent_encoding::{percent_decode_str, percent_encode};

use crate::percent::RESERVED;

/// `bytes` as RFC 5849 §3.6 encodes them: exactly once, hexadecimal digits in upper case.
fn encode(bytes: &[u8]) -> String {
    percent_encode(bytes, RESERVED).to_string()
}

/// A name or value of a query or a form, decoded (`+` is a space, RFC 5849 §3.4.1.3.1) and encoded anew. Goes through
/// bytes, so that what is no UTF-8 is signed as it is sent.
fn reencode(text: &str) -> String {
    let bytes: Vec<u8> = percent_decode_str(&text.replace('+', " ")).collect();
    encode(&bytes)
}
