//! A command's answer: what it writes to stdout, at once and flushed, so that a reader that went away is noticed.

use std::io::{self, StdoutLock, Write as _};

use serde_json::Value;

use crate::arguments::AnswerFormat;
use crate::outcome::{Outcome, Status};

/// Writes the answer in `format`: what `human` writes, or the JSON value.
pub(crate) fn answer(
    format: AnswerFormat,
    human: impl FnOnce(&mut StdoutLock<'_>) -> io::Result<()>,
    json: impl FnOnce() -> Value,
) -> Outcome {
    let mut out = io::stdout().lock();
    match format {
        AnswerFormat::Human => human(&mut out)?,
        AnswerFormat::Json => writeln!(out, "{:#}", json())?,
    }
    out.flush()?;
    Ok(Status::Fine)
}

/// Writes an answer that has one form only.
pub(crate) fn print(text: impl AsRef<[u8]>) -> Outcome {
    let mut out = io::stdout().lock();
    out.write_all(text.as_ref())?;
    out.flush()?;
    Ok(Status::Fine)
}
