//! Data that is either `static` (a derive wrote it) or owned (a schema was loaded at run time).
//!
//! `Cow` would do, but for the `Clone` bound it puts on recursive tables.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;

/// A list of table rows.
pub enum List<T: 'static> {
    /// Rows that the derive wrote into the program.
    Static(&'static [T]),
    /// Rows that were built at run time.
    Owned(Box<[T]>),
}

impl<T> List<T> {
    /// The list without rows.
    pub const EMPTY: Self = Self::Static(&[]);

    /// Changes the rows; those of the program are copied first.
    pub fn change(&mut self, change: impl FnOnce(&mut Vec<T>))
    where
        T: Clone,
    {
        let mut rows = match std::mem::take(self) {
            Self::Static(rows) => rows.to_vec(),
            Self::Owned(rows) => rows.into_vec(),
        };
        change(&mut rows);
        *self = rows.into();
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            Self::Static(rows) => rows,
            Self::Owned(rows) => rows,
        }
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<T: Clone> Clone for List<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Static(rows) => Self::Static(rows),
            Self::Owned(rows) => Self::Owned(rows.clone()),
        }
    }
}

impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(rows: Vec<T>) -> Self {
        Self::Owned(rows.into())
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        Self::Owned(rows.into_iter().collect())
    }
}

impl<'l, T> IntoIterator for &'l List<T> {
    type Item = &'l T;
    type IntoIter = std::slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// One thing of a table that its row only points to: so that rows are small, and those that a check walks over lie
/// close together.
pub enum One<T: 'static> {
    /// What the derive wrote into the program.
    Static(&'static T),
    /// What was built at run time.
    Owned(Box<T>),
}

impl<T> One<T> {
    /// Changes it; what is in the program is copied first.
    pub fn change(&mut self, change: impl FnOnce(&mut T))
    where
        T: Clone,
    {
        match self {
            Self::Owned(it) => change(it),
            Self::Static(it) => {
                let mut changed = it.clone();
                change(&mut changed);
                *self = changed.into();
            }
        }
    }
}

impl<T> Deref for One<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Static(it) => it,
            Self::Owned(it) => it,
        }
    }
}

impl<T: Clone> Clone for One<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Static(it) => Self::Static(it),
            Self::Owned(it) => Self::Owned(it.clone()),
        }
    }
}

impl<T: PartialEq> PartialEq for One<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: fmt::Debug> fmt::Debug for One<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T> From<T> for One<T> {
    fn from(it: T) -> Self {
        Self::Owned(Box::new(it))
    }
}

/// `rows` in the order that `compare` says; those that are equal keep theirs. One sort for all kinds of rows: each
/// instance of the standard library's is a thousand lines that everyone who uses the derive compiles.
pub fn sorted<T>(rows: Vec<T>, compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let order = order(rows.len(), &|one, two| compare(&rows[one], &rows[two]));
    let mut left = Vec::with_capacity(rows.len());
    for row in rows {
        left.push(Some(row));
    }
    let mut sorted = Vec::with_capacity(left.len());
    for at in order {
        sorted.extend(left[at].take());
    }
    sorted
}

fn order(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|one, two| compare(*one, *two));
    order
}

/// A string of a table.
#[derive(Clone)]
pub enum Str {
    /// A literal that the derive wrote.
    Static(&'static str),
    /// A string read at run time.
    Owned(Box<str>),
}

impl Deref for Str {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Static(text) => text,
            Self::Owned(text) => text,
        }
    }
}

impl PartialEq for Str {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Str {}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Str {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Self {
        Self::Owned(text.into())
    }
}

impl From<String> for Str {
    fn from(text: String) -> Self {
        Self::Owned(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::{List, One};

    #[test]
    fn what_is_changed_is_whatever_it_was_before() {
        static ROWS: [u8; 2] = [1, 2];
        for mut rows in [List::Static(&ROWS), List::from(ROWS.to_vec())] {
            rows.change(|rows| rows.push(3));
            assert_eq!(*rows, [1, 2, 3]);
        }
        for mut one in [One::Static(&ROWS), One::from(ROWS)] {
            one.change(|one| one[0] = 7);
            assert_eq!(*one, [7, 2]);
        }
    }
}
