//! The reader of keys and of tokens: any text is a key or refused in a few words that hold no part of it, as any token is.
//!
//! The input is a byte that says what to read it as, and the text. `@` stands for a secret.

use authwire_core::Judge as _;
use authwire_runtime::judge::Expert;
use authwire_runtime::jwt::{self, Algorithm, Key, KeyEncoding, VerifyingKey};

use crate::canary::{self, CANARY};
use crate::pace;

/// Words about a key are not longer than this, whatever the key.
const LONGEST_FAULT: usize = 400;

/// Any bytes as such an input.
///
/// # Panics
/// Where a fault shows a part of a key.
pub fn hold(bytes: &[u8]) {
    pace::hold(bytes.len(), || read(bytes));
}

fn read(bytes: &[u8]) {
    let Some((&[choice], text)) = bytes.split_first_chunk::<1>() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let text = text.replacen('@', CANARY, 8);
    let algorithm = [Algorithm::Hs256, Algorithm::Rs256, Algorithm::Es256][usize::from(choice) % 3];
    let encodings = [KeyEncoding::Utf8, KeyEncoding::Hex, KeyEncoding::Base64, KeyEncoding::Base64Url];
    let encoding = encodings[usize::from(choice >> 2) % encodings.len()];
    match choice >> 6 {
        0 | 1 => {
            match Key::read(&text, algorithm, encoding) {
                Ok(key) => {
                    assert_eq!(key.algorithm(), algorithm);
                    let told = format!("{key:?} {:?}", key.verifying_key().algorithm());
                    canary::is_not_in(&told, "the key's Debug");
                    assert!(
                        VerifyingKey::read(&text, algorithm, encoding).is_ok(),
                        "it signs and cannot verify"
                    );
                }
                Err(fault) => brief(&fault.message, &fault.help),
            }
            if let Err(fault) = VerifyingKey::read(&text, algorithm, encoding) {
                brief(&fault.message, &fault.help);
            }
        }
        2 => {
            if let Err(error) = jwt::decode(&text) {
                brief(&error.to_string(), "");
            }
        }
        _ => {
            let (certificate, key) = text.split_once('|').unwrap_or((&text, ""));
            let key = Some(key).filter(|key| !key.is_empty());
            if let Err((_, fault)) = Expert.client_certificate(certificate, key, Some("passphrase")) {
                brief(&fault.message, &fault.help);
            }
        }
    }
}

fn brief(message: &str, help: &str) {
    assert!(!message.is_empty(), "a fault without words");
    let told = format!("{message} {help}");
    assert!(told.len() <= LONGEST_FAULT, "a fault that repeats what it is about: {told}");
    canary::is_not_in(&told, "the fault");
}
