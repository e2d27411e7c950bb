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

    /// The rows that were built at run time, to be changed; none of a list in the program.
    pub fn owned(&mut self) -> &mut [T] {
        match self {
            Self::Static(_) => &mut [],
            Self::Owned(rows) => rows,
        }
    }

    /// Adds to the rows that were built at run time, or takes some away; a list in the program stays as it is.
    pub fn change(&mut self, change: impl FnOnce(&mut Vec<T>)) {
        if let Self::Owned(rows) = self {
            let mut changed = std::mem::take(rows).into_vec();
            change(&mut changed);
            *rows = changed.into();
        }
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
    /// What was built at run time, to be changed; nothing that is in the program.
    pub fn owned(&mut self) -> Option<&mut T> {
        match self {
            Self::Owned(it) => Some(it),
            Self::Static(_) => None,
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
