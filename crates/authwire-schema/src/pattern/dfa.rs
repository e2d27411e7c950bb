//! The deterministic automaton of a nondeterministic one: sets of states become states, equal ones become one.

use std::collections::HashMap;

use authwire_model::list::sorted;
use authwire_model::pattern::{Haven, Pattern};

use super::PatternError;
use super::classes::{self, Classes};
use super::nfa::{Id, Nfa, State, too_large};

/// More states are refused.
const MOST_STATES: usize = 4096;

/// More work is refused.
const MOST_STEPS: usize = 5_000_000;

/// Builds the tables of the pattern `source`, whose automaton is `nfa`.
pub(super) fn build(source: &str, nfa: &Nfa) -> Result<Pattern, PatternError> {
    let classes = classes::of(&nfa.sets)?;
    let table = Construction::new(nfa, &classes).run()?;
    table.minimised().with_fewer_classes(classes).into_pattern(source)
}

/// Rows of successors, one per state.
struct Table {
    rows: Vec<Vec<u16>>,
    accepting: Vec<bool>,
    classes: Classes,
}

/// The subset construction.
struct Construction<'n> {
    nfa: &'n Nfa,
    classes: &'n Classes,
    /// The states that were met, but for the first three.
    known: HashMap<Vec<Id>, u16>,
    /// The sets of those whose row is yet to be made.
    open: Vec<Vec<Id>>,
    rows: Vec<Vec<u16>>,
    accepting: Vec<bool>,
    /// When a state of the nondeterministic automaton was last visited.
    visited: Vec<usize>,
    visit: usize,
    steps: usize,
}

impl<'n> Construction<'n> {
    fn new(nfa: &'n Nfa, classes: &'n Classes) -> Self {
        Self {
            nfa,
            classes,
            known: HashMap::new(),
            open: Vec::new(),
            rows: vec![vec![Pattern::DEAD; classes.count], vec![Pattern::MATCHED; classes.count]],
            accepting: vec![false, true],
            visited: vec![0; nfa.states.len()],
            visit: 0,
            steps: 0,
        }
    }

    fn run(mut self) -> Result<Table, PatternError> {
        let (start, matched) = self.closure(vec![self.nfa.entry], true)?;
        let accepts = matched || self.accepts(&start, true)?;
        // the first state is entered nowhere else, since `^` holds only there
        self.accepting.push(accepts);
        let row = match matched {
            true => vec![Pattern::MATCHED; self.classes.count],
            false => self.row(&start)?,
        };
        self.rows.push(row);
        let mut next = 0;
        while let Some(set) = self.open.get_mut(next).map(std::mem::take) {
            next += 1;
            let row = self.row(&set)?;
            self.rows.push(row);
        }
        // the classes are the caller's; the table gets its own when it is known which are needed
        let classes = Classes { count: self.classes.count, ascii: vec![], ranges: vec![], members: vec![] };
        Ok(Table { rows: self.rows, accepting: self.accepting, classes })
    }

    fn row(&mut self, set: &[Id]) -> Result<Vec<u16>, PatternError> {
        let mut row = Vec::with_capacity(self.classes.count);
        for class in 0..self.classes.count {
            // a match may begin at every character
            let mut reached = vec![self.nfa.entry];
            for state in set {
                if let Some(State::One(one, next)) = self.nfa.states.get(*state as usize) {
                    let members = self.classes.members.get(*one as usize);
                    if members.and_then(|row| row.get(class)).copied().unwrap_or(false) {
                        reached.push(*next);
                    }
                }
            }
            let (reached, matched) = self.closure(reached, false)?;
            row.push(match (matched, reached.is_empty()) {
                (true, _) => Pattern::MATCHED,
                (false, true) => Pattern::DEAD,
                (false, false) => self.state(reached)?,
            });
        }
        Ok(row)
    }

    fn state(&mut self, set: Vec<Id>) -> Result<u16, PatternError> {
        if let Some(known) = self.known.get(&set) {
            return Ok(*known);
        }
        // dead, matched and start come first
        let state = 3 + self.open.len();
        if state >= MOST_STATES {
            return Err(too_large());
        }
        let state = u16::try_from(state).map_err(|_| too_large())?;
        let accepts = self.accepts(&set, false)?;
        // the first state's row is made before any other is accepted
        self.accepting.push(accepts);
        self.known.insert(set.clone(), state);
        self.open.push(set);
        Ok(state)
    }

    /// The states that are reached without reading: those that read or wait for the end, sorted; and whether a match
    /// is among them.
    fn closure(&mut self, mut open: Vec<Id>, at_start: bool) -> Result<(Vec<Id>, bool), PatternError> {
        self.visit += 1;
        let (mut reached, mut matched) = (Vec::new(), false);
        while let Some(id) = open.pop() {
            if self.is_visited(id)? {
                continue;
            }
            match self.nfa.states.get(id as usize) {
                Some(State::Match) => matched = true,
                Some(State::One(..) | State::End(_)) => reached.push(id),
                Some(State::Both(one, two)) => open.extend([*one, *two]),
                Some(State::Start(next)) if at_start => open.push(*next),
                Some(State::Start(_)) | None => {}
            }
        }
        reached.sort_unstable();
        Ok((reached, matched))
    }

    /// Whether a text may end in `set`.
    fn accepts(&mut self, set: &[Id], at_start: bool) -> Result<bool, PatternError> {
        self.visit += 1;
        let mut open = set.to_vec();
        while let Some(id) = open.pop() {
            if self.is_visited(id)? {
                continue;
            }
            match self.nfa.states.get(id as usize) {
                Some(State::Match) => return Ok(true),
                Some(State::End(next)) => open.push(*next),
                Some(State::Both(one, two)) => open.extend([*one, *two]),
                Some(State::Start(next)) if at_start => open.push(*next),
                _ => {}
            }
        }
        Ok(false)
    }

    fn is_visited(&mut self, id: Id) -> Result<bool, PatternError> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return Err(too_large());
        }
        let Some(visited) = self.visited.get_mut(id as usize) else { return Ok(true) };
        Ok(std::mem::replace(visited, self.visit) == self.visit)
    }
}

impl Table {
    /// The same with equal states made one.
    fn minimised(self) -> Self {
        let groups = self.groups();
        self.merged(&groups)
    }

    /// The group of each state: those of one group accept the same texts (Hopcroft's algorithm).
    fn groups(&self) -> Vec<usize> {
        let (states, classes) = (self.rows.len(), self.classes.count);
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); states * classes];
        for (state, row) in self.rows.iter().enumerate() {
            for (class, next) in row.iter().enumerate() {
                if let Some(before) = before.get_mut(usize::from(*next) * classes + class) {
                    before.push(state);
                }
            }
        }
        let mut groups: Vec<usize> = self.accepting.iter().map(|accepting| usize::from(*accepting)).collect();
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); 2];
        for (state, group) in groups.iter().enumerate() {
            members[*group].push(state);
        }
        let mut open: Vec<(usize, usize)> = (0..classes).flat_map(|class| [(0, class), (1, class)]).collect();
        while let Some((group, class)) = open.pop() {
            // the states that lead into the group by the class, by their own groups
            let mut leading: Vec<(usize, usize)> = Vec::new();
            for state in &members[group] {
                leading.extend(before[state * classes + class].iter().map(|state| (groups[*state], *state)));
            }
            let mut leading = sorted(leading, Ord::cmp);
            leading.dedup();
            for leading in leading.chunk_by(|one, two| one.0 == two.0) {
                let split = leading[0].0;
                if leading.len() == members[split].len() {
                    continue;
                }
                let (one, two): (Vec<usize>, Vec<usize>) =
                    members[split].iter().partition(|state| leading.binary_search(&(split, **state)).is_ok());
                // the smaller half is enough: whoever waits for the other waits for both
                let (small, large) = if one.len() < two.len() { (one, two) } else { (two, one) };
                let new = members.len();
                small.iter().for_each(|state| groups[*state] = new);
                members[split] = large;
                members.push(small);
                open.extend((0..classes).map(|class| (new, class)));
            }
        }
        groups
    }

    /// One state per group, in the order in which they are met; the first three keep their numbers.
    fn merged(self, groups: &[usize]) -> Self {
        let mut number: Vec<Option<u16>> = vec![None; self.rows.len()];
        let mut kept: Vec<usize> = Vec::new();
        for (state, group) in groups.iter().enumerate() {
            // the first state is kept even where it equals the dead or the matched one
            let known = &mut number[*group];
            if state < 3 || known.is_none() {
                known.get_or_insert(u16::try_from(kept.len()).unwrap_or(Pattern::DEAD));
                kept.push(state);
            }
        }
        let to = |state: u16| {
            let group = groups.get(usize::from(state));
            group.and_then(|group| number[*group]).unwrap_or(Pattern::DEAD)
        };
        let row = |state: &usize| self.rows.get(*state).map(|row| row.iter().map(|next| to(*next)).collect());
        Self {
            rows: kept.iter().filter_map(row).collect(),
            accepting: kept.iter().filter_map(|state| self.accepting.get(*state)).copied().collect(),
            classes: self.classes,
        }
    }

    /// The same with classes whose columns are equal made one.
    fn with_fewer_classes(self, classes: Classes) -> Self {
        let column = |class: usize| -> Vec<u16> {
            self.rows.iter().filter_map(|row| row.get(class)).copied().collect()
        };
        let mut known: HashMap<Vec<u16>, u8> = HashMap::new();
        let mut kept: Vec<usize> = Vec::new();
        let mut new: Vec<u8> = Vec::with_capacity(classes.count);
        for class in 0..classes.count {
            let fresh = u8::try_from(kept.len()).unwrap_or_default();
            new.push(*known.entry(column(class)).or_insert_with(|| {
                kept.push(class);
                fresh
            }));
        }
        let to = |class: u8| new.get(usize::from(class)).copied().unwrap_or_default();
        let mut ranges: Vec<(char, char, u8)> = Vec::new();
        for (first, last, class) in classes.ranges {
            let class = to(class);
            match ranges.last_mut() {
                _ if class == 0 => {}
                Some((_, end, known)) if *known == class && follows(*end, first) => *end = last,
                _ => ranges.push((first, last, class)),
            }
        }
        let rows = self.rows.iter().map(|row| {
            let of = |class: &usize| row.get(*class).copied();
            kept.iter().filter_map(of).collect()
        });
        Self {
            rows: rows.collect(),
            accepting: self.accepting,
            classes: Classes {
                count: kept.len(),
                ascii: classes.ascii.into_iter().map(to).collect(),
                ranges,
                members: Vec::new(),
            },
        }
    }

    fn into_pattern(self, source: &str) -> Result<Pattern, PatternError> {
        let classes = u8::try_from(self.classes.count).map_err(|_| too_large())?;
        let columns = Pattern::columns_of(&self.rows, self.classes.count);
        let haven = if columns.is_empty() { self.haven(classes) } else { None };
        let mut transitions = Vec::with_capacity(self.rows.len() * self.classes.count);
        for next in self.rows.into_iter().flatten() {
            transitions.push(next.checked_mul(classes.into()).ok_or_else(too_large)?);
        }
        Ok(Pattern {
            source: source.into(),
            ascii: self.classes.ascii.into(),
            ranges: self.classes.ranges.into(),
            classes,
            example: None,
            transitions: transitions.into(),
            columns: columns.into(),
            accepting: self.accepting.into(),
            haven,
        })
    }

    /// The haven: the first accepting state that a class does not leave, with as many more classes as can be. Those with
    /// lower numbers come first.
    fn haven(&self, classes: u8) -> Option<Haven> {
        let stays = |state: usize, class: u8| self.next(state, class) == Some(state);
        let state = (usize::from(Pattern::START)..self.rows.len())
            .filter(|state| self.accepting.get(*state) == Some(&true))
            .find(|state| (0..classes).any(|class| stays(*state, class)))?;
        let bit = |class: u8| 1_u64.checked_shl(class.into()).unwrap_or_default();
        let mut safe =
            (0..classes).filter(|class| stays(state, *class)).fold(0, |safe, class| safe | bit(class));
        for class in 0..classes {
            if self.is_safe(state, classes, safe | bit(class)) {
                safe |= bit(class);
            }
        }
        let row = u16::try_from(state).ok()?.checked_mul(classes.into())?;
        (safe != 0).then_some(Haven { row, classes: safe })
    }

    /// Whether only accepting states are reached from `state` by `safe` classes.
    fn is_safe(&self, state: usize, classes: u8, safe: u64) -> bool {
        let (mut met, mut open) = (vec![false; self.rows.len()], vec![state]);
        while let Some(state) = open.pop() {
            if std::mem::replace(&mut met[state], true) {
                continue;
            }
            if !self.accepting[state] {
                return false;
            }
            let classes =
                (0..classes).filter(|class| safe.checked_shr((*class).into()).unwrap_or_default() & 1 == 1);
            open.extend(classes.filter_map(|class| self.next(state, class)));
        }
        true
    }

    fn next(&self, state: usize, class: u8) -> Option<usize> {
        self.rows.get(state)?.get(usize::from(class)).map(|next| usize::from(*next))
    }
}

fn follows(end: char, first: char) -> bool {
    let next = u32::from(end) + 1;
    u32::from(first) == if next == 0xd800 { 0xe000 } else { next }
}
