//! `pattern`: a text matches an expression somewhere (Validation §6.3.3).

use super::min_length::empty;
use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::pattern::Pattern;
use crate::table::Display;

/// The longest expression, in bytes, that says more to a reader than an example alone.
const READABLE: usize = 40;

#[inline(never)]
pub(super) fn check<S: Sink>(pattern: &Pattern, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    let Some(text) = spot.instance.string() else { return true };
    if pattern.matches(&text) {
        return true;
    }
    if !S::STOPS && text.is_empty() {
        // one mistake, and `minLength` may have told it
        return empty(spot, sink, "pattern");
    }
    spot.flag(sink, Code::Pattern, "pattern", || {
        if spot.display() == Display::Origin {
            let no_query = if pattern.matches("https://a.example/?b=c") { "" } else { ", query" };
            return Flaw::new(format!("{} is not a usable URL", spot.path().name())).help(format!(
                "write an absolute https URL (http only to localhost) with a host, without user{no_query}, fragment or white \
                 space"
            ));
        }
        match spot.shown() {
            Some(value) => Flaw::new(format!("{value} does not match the pattern of {}", spot.path().name())),
            None => Flaw::new(format!("{} does not match its pattern", spot.path().name())),
        }
        .help(match &pattern.example {
            None => format!("it must match {}", pattern.source),
            Some(example) if pattern.source.len() <= READABLE => {
                format!("it must match {}, as `{example}` does", pattern.source)
            }
            Some(example) => format!("write it like `{example}`"),
        })
    })
}
