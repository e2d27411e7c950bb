//! A compiled `pattern`: a deterministic automaton in tables. Matching is one step per character, whatever the pattern.
//!
//! `authwire-schema` compiles it. The subset of expressions means the same in ECMA-262 (with the `u` flag) and here.

use crate::list::{List, Str};

/// The bits of a state in a column: enough to say where in a word another state's begin.
const STATE_BITS: usize = u64::BITS.ilog2() as usize;

/// A compiled regular expression, matched anywhere in a text unless it is anchored.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// The expression, as the schema writes it.
    pub source: Str,
    /// A text that matches, for people: the first string among the schema's `examples` that does.
    pub example: Option<Str>,
    /// The class of each ASCII character: 128 entries.
    pub ascii: List<u8>,
    /// The classes of the characters beyond ASCII: first, last, class; sorted. Those in no range are of class 0.
    pub ranges: List<(char, char, u8)>,
    /// How many classes there are.
    pub classes: u8,
    /// For each state its successor by class, row after row; a state is written as the place where its row begins.
    pub transitions: List<u16>,
    /// The same by class, where there are at most [`FEW`](Self::FEW) states: a word for each, with six bits for each state's
    /// successor, which is written as the place where its own bits begin. Else none.
    pub columns: List<u64>,
    /// For each state whether a text may end in it.
    pub accepting: List<bool>,
    /// Where most of a long text can be judged without going through it state by state, if there is such a state.
    pub haven: Option<Haven>,
}

/// A state from which only accepting ones are reached as long as all characters are of certain classes: whatever comes in
/// which order, the text matches. The host of a URL, say, where letters, dots and slashes may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Haven {
    /// The state, as the place where its row begins.
    pub row: u16,
    /// The classes, a bit each.
    pub classes: u64,
}

impl Pattern {
    /// The number of the state without a way to a match.
    pub const DEAD: u16 = 0;
    /// The number of the state in which whatever follows matches.
    pub const MATCHED: u16 = 1;
    /// The number of the state in which matching begins.
    pub const START: u16 = 2;

    /// How many states an automaton may have whose [`columns`](Self::columns) are words.
    pub const FEW: usize = u64::BITS as usize / STATE_BITS;

    /// The [`columns`](Self::columns) of an automaton with these successors, by state and then by class.
    #[must_use]
    pub fn columns_of(rows: &[Vec<u16>], classes: usize) -> Vec<u64> {
        if rows.len() > Self::FEW {
            return Vec::new();
        }
        let successor =
            |row: &Vec<u16>, class: usize| u64::from(row.get(class).copied().unwrap_or(Self::DEAD));
        let column = |class: usize| {
            rows.iter()
                .rev()
                .fold(0, |column, row| (column << STATE_BITS) | (successor(row, class) * STATE_BITS as u64))
        };
        (0..classes).map(column).collect()
    }

    /// Whether `text` matches.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let state = if self.columns.is_empty() {
            let Some(state) = self.end_by_rows(text) else { return true };
            state
        } else {
            self.end_by_columns(text)
        };
        self.accepting.get(state).copied().unwrap_or(false)
    }

    /// The state in which `text` ends; none if it matches for what follows the haven. Each step waits for a row to be read
    /// at the place that the last one told, which the characters behind the haven need not.
    fn end_by_rows(&self, text: &str) -> Option<usize> {
        let transitions = &*self.transitions;
        let classes = usize::from(self.classes);
        let step = |row: usize, class: u8| {
            usize::from(transitions.get(row + usize::from(class)).copied().unwrap_or(Self::DEAD))
        };
        let (mut row, mut rest) = (usize::from(Self::START) * classes, text);
        if let Some(haven) = self.haven {
            let mut at = 0;
            while row != usize::from(haven.row)
                && let Some(class) =
                    text.as_bytes().get(at).and_then(|byte| self.ascii.get(usize::from(*byte)))
            {
                row = step(row, *class);
                at += 1;
            }
            rest = text.get(at..)?;
            if row == usize::from(haven.row) && self.has_only(rest, haven.classes) {
                return None;
            }
        }
        Some(self.end(rest, row, step).checked_div(classes).unwrap_or_default())
    }

    /// Whether all characters of `text` are ASCII of these classes. To the end without a branch: what is asked of one does
    /// not wait for the last.
    fn has_only(&self, text: &str, classes: u64) -> bool {
        let is_in = |byte: u8| self.ascii.get(usize::from(byte)).map_or(0, |class| classes >> (class % 64));
        text.bytes().fold(1, |all, byte| all & is_in(byte)) == 1
    }

    /// The same, where there are few states. What a character does is read without regard to the state, so that only the
    /// shift waits for the last step.
    fn end_by_columns(&self, text: &str) -> usize {
        let columns = &*self.columns;
        let end = self.end(text, u64::from(Self::START) * STATE_BITS as u64, |state, class| {
            columns.get(usize::from(class)).copied().unwrap_or_default() >> (state % u64::from(u64::BITS))
        });
        (end % u64::from(u64::BITS)) as usize / STATE_BITS
    }

    /// Goes from `state` through `text`, a character a step.
    #[inline]
    fn end<S>(&self, text: &str, mut state: S, step: impl Fn(S, u8) -> S) -> S {
        // what is matched or dead stays so: there is no need to stop
        let mut beyond = None;
        for (at, byte) in text.bytes().enumerate() {
            match self.ascii.get(usize::from(byte)) {
                Some(class) => state = step(state, *class),
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
            state = step(state, class);
        }
        state
    }

    fn class_beyond_ascii(&self, character: char) -> u8 {
        let at = self.ranges.partition_point(|(_, last, _)| *last < character);
        match self.ranges.get(at) {
            Some((first, _, class)) if *first <= character => *class,
            _ => 0,
        }
    }
}
