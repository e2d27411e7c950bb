//! A tree as a nondeterministic automaton (Thompson's construction), built from its end to its beginning.

use super::PatternError;
use super::parse::{Set, Tree};

/// More states are refused.
const MOST_STATES: usize = 20_000;

/// More work is refused: repetitions of nothing make no states.
const MOST_STEPS: usize = 200_000;

/// The index of a state.
pub(super) type Id = u32;

/// A state.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum State {
    /// A match.
    Match,
    /// Reads a character of a set, by its index in [`Nfa::sets`].
    One(u32, Id),
    /// Goes both ways.
    Both(Id, Id),
    /// Goes on at the beginning of a text only.
    Start(Id),
    /// Goes on at the end of a text only.
    End(Id),
}

/// The automaton.
#[derive(Debug)]
pub(super) struct Nfa {
    pub(super) states: Vec<State>,
    pub(super) sets: Vec<Set>,
    pub(super) entry: Id,
}

/// Builds the automaton of `tree`.
pub(super) fn build(tree: &Tree) -> Result<Nfa, PatternError> {
    let mut builder = Builder { states: Vec::new(), sets: Vec::new(), steps: 0 };
    let end = builder.add(State::Match)?;
    let entry = builder.before(tree, end)?;
    Ok(Nfa { states: builder.states, sets: builder.sets, entry })
}

struct Builder {
    states: Vec<State>,
    sets: Vec<Set>,
    steps: usize,
}

impl Builder {
    fn add(&mut self, state: State) -> Result<Id, PatternError> {
        if self.states.len() >= MOST_STATES {
            return Err(too_large());
        }
        self.states.push(state);
        Id::try_from(self.states.len() - 1).map_err(|_| too_large())
    }

    fn set(&mut self, set: &Set) -> Result<u32, PatternError> {
        let index = self.sets.iter().position(|known| known == set).unwrap_or_else(|| {
            self.sets.push(set.clone());
            self.sets.len() - 1
        });
        u32::try_from(index).map_err(|_| too_large())
    }

    /// The state that reads `tree` and goes on in `next`.
    fn before(&mut self, tree: &Tree, next: Id) -> Result<Id, PatternError> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return Err(too_large());
        }
        match tree {
            Tree::One(set) => {
                let set = self.set(set)?;
                self.add(State::One(set, next))
            }
            Tree::Start => self.add(State::Start(next)),
            Tree::End => self.add(State::End(next)),
            Tree::All(parts) => parts.iter().rev().try_fold(next, |next, part| self.before(part, next)),
            Tree::Any(branches) => {
                let mut entry = None;
                for branch in branches.iter().rev() {
                    let branch = self.before(branch, next)?;
                    entry = Some(match entry {
                        None => branch,
                        Some(others) => self.add(State::Both(branch, others))?,
                    });
                }
                Ok(entry.unwrap_or(next))
            }
            Tree::Repeat { what, min, max } => {
                let mut entry = next;
                match max {
                    None => {
                        let again = self.add(State::Both(next, next))?;
                        let once = self.before(what, again)?;
                        if let Some(state) = self.states.get_mut(again as usize) {
                            *state = State::Both(once, next);
                        }
                        entry = again;
                    }
                    Some(max) => {
                        for _ in *min..*max {
                            let once = self.before(what, entry)?;
                            entry = self.add(State::Both(once, next))?;
                        }
                    }
                }
                (0..*min).try_fold(entry, |entry, _| self.before(what, entry))
            }
        }
    }
}

pub(super) fn too_large() -> PatternError {
    PatternError::new(0, "the pattern is too complex: its automaton would grow too large")
}
