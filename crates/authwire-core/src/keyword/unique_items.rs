//! `uniqueItems`: no item stands twice (Validation §6.4.3).

use std::collections::HashMap;

use super::equal::canonical;
use super::{Flaw, Sink, Spot};
use crate::finding::Code;

#[inline(never)]
pub(super) fn check<S: Sink>(spot: &Spot<'_, S>, sink: &mut S) -> bool {
    let mut seen = HashMap::new();
    for (index, item) in spot.instance.items().enumerate() {
        let mut text = String::new();
        canonical(item, &mut text);
        if let Some(first) = seen.insert(text, index) {
            return spot.flag(sink, Code::UniqueItems, "uniqueItems", || {
                Flaw::new(format!(
                    "items {} and {} of {} are the same",
                    first + 1,
                    index + 1,
                    spot.path().name()
                ))
            });
        }
    }
    true
}
