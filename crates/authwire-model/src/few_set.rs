//! A set that has few members as a rule: they are compared with each other, which is faster than to hash them.

use std::collections::HashSet;
use std::hash::Hash;

/// So many are compared.
const FEW: usize = 16;

/// A set: few members are compared, many are hashed.
#[derive(Debug)]
pub struct FewSet<T> {
    few: Vec<T>,
    many: HashSet<T>,
}

impl<T> Default for FewSet<T> {
    fn default() -> Self {
        Self { few: Vec::new(), many: HashSet::new() }
    }
}

impl<T: Eq + Hash> FewSet<T> {
    /// Adds `member`. Returns whether it is new.
    pub fn insert(&mut self, member: T) -> bool {
        if self.few.contains(&member) {
            return false;
        }
        if self.few.len() < FEW {
            self.few.push(member);
            return true;
        }
        self.many.insert(member)
    }

    /// Whether it has `member`.
    pub fn contains(&self, member: &T) -> bool {
        self.few.contains(member) || (!self.many.is_empty() && self.many.contains(member))
    }
}

impl<T: Eq + Hash> FromIterator<T> for FewSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        let mut set = Self::default();
        for member in members {
            set.insert(member);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::FewSet;

    #[test]
    fn few_and_many_members_are_there_once() {
        let mut set: FewSet<usize> = (0..40).collect();
        assert!((0..40).all(|member| set.contains(&member) && !set.insert(member)));
        assert!(!set.contains(&40) && set.insert(40) && set.contains(&40));
    }
}
