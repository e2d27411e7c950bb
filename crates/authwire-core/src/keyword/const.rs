//! `const`: a value is this one (Validation §6.1.3).

use super::r#enum::in_words;
use super::equal::equals;
use super::{Flaw, Sink, Spot};
use crate::finding::Code;
use crate::table::Json;

#[inline(never)]
pub(super) fn check<S: Sink>(value: &Json, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    equals(spot.instance, value)
        || spot.flag(sink, Code::Const, "const", || {
            Flaw::new(format!("{} must be `{}`", spot.path().name(), in_words(value)))
        })
}
