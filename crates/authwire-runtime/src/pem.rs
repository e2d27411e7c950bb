//! PEM (RFC 7468), as people paste it: with literal `\n`, CR LF, on one line, indented.
//!
//! It must not know what a key is.

use std::fmt;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

/// A block of a PEM text. `der` is empty where OpenSSL's own format encrypts it.
pub(crate) struct Block {
    pub(crate) label: String,
    pub(crate) der: Zeroizing<Vec<u8>>,
    pub(crate) encrypted: bool,
}

/// What had to be repaired in a PEM text before it could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Repair {
    /// Its lines ended in a written-out `\n`.
    LiteralNewlines,
    /// Its lines ended in CR LF or CR.
    CarriageReturns,
    /// It stood on one line.
    OneLine,
    /// Its lines were indented or had spaces in them.
    Indentation,
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LiteralNewlines => "its lines end in a written-out `\\n`",
            Self::CarriageReturns => "its lines end in carriage returns",
            Self::OneLine => "it stands on one line",
            Self::Indentation => "it has spaces where a PEM file has none",
        })
    }
}

/// Why a text that has a `-----BEGIN` is no PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PemFault {
    NoEnd,
    NoBase64,
}

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The blocks of `text`, and what had to be repaired.
pub(crate) fn read(text: &str) -> Result<(Vec<Block>, Vec<Repair>), PemFault> {
    let mut repairs = Vec::new();
    let mut plain = Zeroizing::new(text.to_owned());
    if text.contains("\\n") || text.contains("\\r") {
        repairs.push(Repair::LiteralNewlines);
        plain = replaced(&replaced(&plain, "\\r", ""), "\\n", "\n");
    }
    if plain.contains('\r') {
        repairs.push(Repair::CarriageReturns);
        plain = replaced(&replaced(&plain, "\r\n", "\n"), "\r", "\n");
    }
    let mut blocks = Vec::new();
    let mut rest = plain.as_str();
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let (label, after) = after.split_once("-----").ok_or(PemFault::NoEnd)?;
        let (body, after) = after.split_once(&format!("-----END {label}-----")).ok_or(PemFault::NoEnd)?;
        let on_lines_of_its_own = body.starts_with('\n') && body.ends_with('\n');
        if !(body.trim().contains('\n') || on_lines_of_its_own) {
            add(&mut repairs, Repair::OneLine);
        } else if body
            .lines()
            .skip(1)
            .any(|line| line.trim() != line || line.contains(' ') && !line.contains(':'))
        {
            add(&mut repairs, Repair::Indentation);
        }
        blocks.push(block(label, body)?);
        rest = after;
    }
    if plain.lines().any(|line| line.starts_with([' ', '\t']) && line.trim_start().starts_with("-----")) {
        add(&mut repairs, Repair::Indentation);
    }
    Ok((blocks, repairs))
}

/// `text` with every `from` as `to`, which is no longer. There is room for the whole at once: growing would leave parts of a key
/// behind.
fn replaced(text: &str, from: &str, to: &str) -> Zeroizing<String> {
    let mut replaced = Zeroizing::new(String::with_capacity(text.len()));
    for (at, part) in text.split(from).enumerate() {
        replaced.push_str(if at == 0 { "" } else { to });
        replaced.push_str(part);
    }
    replaced
}

fn block(label: &str, body: &str) -> Result<Block, PemFault> {
    // RFC 1421 headers, as OpenSSL writes them over an encrypted key of its own format
    let own_format = body.contains("Proc-Type:");
    let encrypted = own_format || label.contains("ENCRYPTED");
    let mut base64 = Zeroizing::new(String::with_capacity(body.len()));
    for line in body.lines().filter(|line| !line.contains(':')) {
        base64.extend(line.chars().filter(|character| !character.is_whitespace()));
    }
    let der = if own_format {
        Vec::new()
    } else {
        BASE64.decode(base64.as_bytes()).map_err(|_| PemFault::NoBase64)?
    };
    Ok(Block { label: label.to_owned(), der: Zeroizing::new(der), encrypted })
}

fn add(repairs: &mut Vec<Repair>, repair: Repair) {
    if !repairs.contains(&repair) {
        repairs.push(repair);
    }
}
