//! `authwire jwt verify`: was a token signed with this key, and does it still count.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use authwire_runtime::jwt::{self, Algorithm, Decoded, KeyEncoding, KeyFault, VerifyingKey};
use clap::{Args, ValueEnum};

use super::{human, key_file, relative, time, to_value, token};
use crate::answer::answer;
use crate::arguments::AnswerFormat;
use crate::outcome::{Failure, Outcome};
use crate::terminal::printable;

/// Check the signature of a JWT, and the times in it.
///
/// The key determines the algorithm, never the token (RFC 8725 §3.1): RS256 for an RSA key, ES256 for one on P-256. An
/// HS256 secret needs --algorithm HS256, so that a public key is never mistaken for one.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The token; stdin if it is `-` or left out
    token: Option<String>,
    /// A file with the public key, the private key (PEM or JWK), or the HS256 secret
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The algorithm, if the key does not determine it
    #[arg(long, value_name = "ALG", ignore_case = true)]
    algorithm: Option<AlgorithmName>,
    /// The encoding of the HS256 secret
    #[arg(long, value_enum, value_name = "ENCODING", default_value = "utf8")]
    key_encoding: EncodingName,
    /// The output format
    #[arg(long, value_enum, default_value = "human")]
    format: AnswerFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum AlgorithmName {
    #[value(name = "HS256")]
    Hs256,
    #[value(name = "RS256")]
    Rs256,
    #[value(name = "ES256")]
    Es256,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum EncodingName {
    Utf8,
    Hex,
    Base64,
    Base64url,
}

const EXAMPLES: &str = "\
Examples:
  authwire jwt verify --key public.pem < token.txt
  authwire jwt verify --key secret.txt --algorithm HS256 < token.txt";

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let key = key(arguments)?;
    let token = token(arguments.token.as_deref())?;
    let decoded = jwt::verify(&token, &key).map_err(|error| Failure::failed(error.to_string()))?;
    in_time(&decoded, SystemTime::now())?;
    answer(
        arguments.format,
        |out| {
            write!(out, "{}", printable(&human(&decoded)))?;
            writeln!(out, "signature: good ({})", key.algorithm())
        },
        || to_value(&decoded),
    )
}

fn key(arguments: &Arguments) -> Result<VerifyingKey, Failure> {
    let text = key_file(&arguments.key)?;
    let encoding = match arguments.key_encoding {
        EncodingName::Utf8 => KeyEncoding::Utf8,
        EncodingName::Hex => KeyEncoding::Hex,
        EncodingName::Base64 => KeyEncoding::Base64,
        EncodingName::Base64url => KeyEncoding::Base64Url,
    };
    let read = |algorithm| VerifyingKey::read(&text, algorithm, encoding);
    let key = match arguments.algorithm {
        Some(AlgorithmName::Hs256) => read(Algorithm::Hs256),
        Some(AlgorithmName::Rs256) => read(Algorithm::Rs256),
        Some(AlgorithmName::Es256) => read(Algorithm::Es256),
        None => read(Algorithm::Rs256).or_else(|fault| read(Algorithm::Es256).map_err(|_| fault)),
    };
    key.map_err(|KeyFault { message, help }| {
        let shown = arguments.key.display();
        let failure =
            Failure::not_run(format!("the key `{shown}` cannot be used: {message}")).with_help(help);
        match arguments.algorithm {
            Some(_) => failure,
            None => failure.with_help("if it is an HS256 secret, add --algorithm HS256"),
        }
    })
}

/// RFC 7519 §4.1.4 and §4.1.5.
fn in_time(decoded: &Decoded, now: SystemTime) -> Result<(), Failure> {
    let failed = |what: String| Failure::failed(format!("the signature is good, but {what}"));
    let seconds = |claim: &str| match decoded.claims.get(claim) {
        None => Ok(None),
        Some(value) => value.as_f64().map(Some).ok_or_else(|| {
            failed(format!("its `{claim}` is not a number of seconds since 1970 (RFC 7519 §2)"))
        }),
    };
    let in_words = |claim| time(&decoded.claims, claim).map_or_else(String::new, relative);
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    if seconds("exp")?.is_some_and(|end| end <= now) {
        return Err(failed(format!("the token expired {}", in_words("exp")).trim_end().to_owned()));
    }
    if seconds("nbf")?.is_some_and(|start| start > now) {
        return Err(failed(match in_words("nbf").as_str() {
            "" => "the token is not valid yet".to_owned(),
            left => format!("the token is not valid yet: it will be {left}"),
        }));
    }
    Ok(())
}
