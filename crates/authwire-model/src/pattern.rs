//! A compiled `pattern`: a deterministic automaton in tables. Matching is one step per character, whatever the pattern.
//!
//! `authwire-schema` compiles it. The subset of expressions means the same in ECMA-262 (with the `u` flag) and here.

use crate::list::{List, Str};

/// A compiled regular expression, matched anywhere in a text unless it is anchored.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// The expression, as the schema writes it.
    pub source: Str,
    /// The class of each ASCII character: 128 entries.
    pub ascii: List<u8>,
    /// The classes of the characters beyond ASCII: first, last, class; sorted. Those in no range are of class 0.
    pub ranges: List<(char, char, u8)>,
    /// How many classes there are.
    pub classes: u8,
    /// For each state its successor by class, row after row; a state is written as the place where its row begins.
    pub transitions: List<u16>,
    /// For each state whether a text may end in it.
    pub accepting: List<bool>,
}

impl Pattern {
    /// The number of the state without a way to a match.
    pub const DEAD: u16 = 0;
    /// The number of the state in which whatever follows matches.
    pub const MATCHED: u16 = 1;
    /// The number of the state in which matching begins.
    pub const START: u16 = 2;

    /// Whether `text` matches.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let transitions = &*self.transitions;
        let step = |row: usize, class: u8| {
            usize::from(transitions.get(row + usize::from(class)).copied().unwrap_or(Self::DEAD))
        };
        let classes = usize::from(self.classes);
        let mut row = usize::from(Self::START) * classes;
        // what is matched or dead stays so: there is no need to stop
        let mut beyond = None;
        for (at, byte) in text.bytes().enumerate() {
            match self.ascii.get(usize::from(byte)) {
                Some(class) => row = step(row, *class),
                None => {
                    beyond = Some(at);
                    break;
                }
            }
        }
        for character in beyond.and_then(|at| text.get(at..)).unwrap_or_default().chars() {
            let class = match self.ascii.get(character as usize) {
                Some(class) => *class,
                None => self.class_beyond_ascii(character),
            };
            row = step(row, class);
        }
        let state = row.checked_div(classes).unwrap_or_default();
        self.accepting.get(state).copied().unwrap_or(false)
    }

    fn class_beyond_ascii(&self, character: char) -> u8 {
        let at = self.ranges.partition_point(|(_, last, _)| *last < character);
        match self.ranges.get(at) {
            Some((first, _, class)) if *first <= character => *class,
            _ => 0,
        }
    }
}
