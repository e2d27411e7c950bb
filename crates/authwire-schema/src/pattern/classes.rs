//! Classes of characters that no set of a pattern tells apart: tables have a column per class, not per character.

use super::PatternError;
use super::nfa::too_large;
use super::parse::Set;

/// The classes of a pattern's sets.
#[derive(Debug)]
pub(super) struct Classes {
    /// How many there are.
    pub(super) count: usize,
    /// The class of each ASCII character.
    pub(super) ascii: Vec<u8>,
    /// The classes beyond ASCII; a character in no range is of class 0.
    pub(super) ranges: Vec<(char, char, u8)>,
    /// For each set and class whether the set has the class's characters.
    pub(super) members: Vec<Vec<bool>>,
}

/// Finds the classes of `sets`.
pub(super) fn of(sets: &[Set]) -> Result<Classes, PatternError> {
    let mut starts: Vec<u32> = vec![0, 0x80];
    for (first, last) in sets.iter().flatten() {
        starts.extend([*first, last + 1]);
    }
    starts.sort_unstable();
    starts.dedup();
    starts.retain(|start| *start <= 0x0010_ffff);
    // the class of the last characters is 0, so that it needs no ranges
    let mut known: Vec<Vec<bool>> = Vec::new();
    let mut class_of = |start: u32| -> Result<u8, PatternError> {
        let signature: Vec<bool> = sets.iter().map(|set| contains(set, start)).collect();
        let at = known.iter().position(|known| *known == signature).unwrap_or(known.len());
        let class = u8::try_from(at).ok().filter(|class| *class < u8::MAX).ok_or_else(too_large)?;
        if at == known.len() {
            known.push(signature);
        }
        Ok(class)
    };
    class_of(0x0010_ffff)?;
    let mut classes = Vec::with_capacity(starts.len());
    for start in &starts {
        classes.push(class_of(*start)?);
    }
    let count = known.len();
    let mut members = vec![vec![false; count]; sets.len()];
    for (class, signature) in known.iter().enumerate() {
        for (row, is_member) in members.iter_mut().zip(signature) {
            if let Some(member) = row.get_mut(class) {
                *member = *is_member;
            }
        }
    }
    let mut ascii = Vec::with_capacity(128);
    let mut ranges: Vec<(char, char, u8)> = Vec::new();
    for (index, (start, class)) in starts.iter().zip(&classes).enumerate() {
        let last = starts.get(index + 1).map_or(0x0010_ffff, |next| next - 1);
        if *start < 0x80 {
            ascii.extend((*start..=last).map(|_| *class));
        } else if *class != 0 {
            push(&mut ranges, *start, last, *class);
        }
    }
    Ok(Classes { count, ascii, ranges, members })
}

fn contains(set: &Set, code: u32) -> bool {
    let at = set.partition_point(|(_, last)| *last < code);
    set.get(at).is_some_and(|(first, _)| *first <= code)
}

/// Adds a range, without the surrogates, which no text holds.
fn push(ranges: &mut Vec<(char, char, u8)>, first: u32, last: u32, class: u8) {
    let first = if (0xd800..=0xdfff).contains(&first) { 0xe000 } else { first };
    let last = if (0xd800..=0xdfff).contains(&last) { 0xd7ff } else { last };
    if first > last {
        return;
    }
    if let (Some(first), Some(last)) = (char::from_u32(first), char::from_u32(last)) {
        ranges.push((first, last, class));
    }
}
