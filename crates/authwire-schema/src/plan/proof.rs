//! Whether a property is there in every valid config in which some facts hold: by `required`, by `dependentRequired`,
//! and by the branches and consequences that the facts leave.

use std::cell::Cell;

use authwire_model::plan::Test;
use authwire_model::table::{If, Json, Keyword, NodeId, Types, Union};

use crate::shape::{self, Property, Shape};

/// A need leads to another need no more often.
const MOST_NEEDS: usize = 6;

/// A proof that takes more steps is given up.
const MOST_STEPS: usize = 100_000;

/// In more ways the facts are not taken.
const MOST_WAYS: usize = 16;

const ABSENT: Test = Test::Present(false);

/// Something that holds of a config.
#[derive(Debug, Clone)]
pub(super) struct Fact<'f> {
    /// The property.
    pub(super) path: Vec<&'f str>,
    /// What holds of it.
    pub(super) test: &'f Test,
    /// Its default, which counts as its value.
    pub(super) default: Option<&'f Json>,
}

impl<'f> Fact<'f> {
    /// The same about the value of the property `name`, if it is about a part of that.
    fn inside(&self, name: &str) -> Option<Self> {
        let (first, rest) = self.path.split_first()?;
        (*first == name && !rest.is_empty()).then(|| Self { path: rest.to_vec(), ..*self })
    }

    /// Whether the property at `path` is written, if this holds.
    fn writes(&self, path: &[&str]) -> bool {
        self.path.starts_with(path)
            && match self.test {
                Test::Present(present) => *present,
                Test::Equals(value) => self.default != Some(value),
            }
    }
}

/// Proves things about nodes. What it cannot prove in time it does not claim.
#[derive(Debug)]
pub(super) struct Proof<'s> {
    shape: Shape<'s>,
    steps: Cell<usize>,
    /// How often a need has led to another.
    needs: Cell<usize>,
}

impl<'s> Proof<'s> {
    /// Proves things about the nodes of `shape`.
    pub(super) fn new(shape: Shape<'s>) -> Self {
        Self { shape, steps: Cell::new(0), needs: Cell::new(0) }
    }

    /// Whether a value under `node` always has the property at `path`, written or equal to a default, if `facts` hold.
    pub(super) fn has(&self, node: NodeId, path: &[&str], facts: &[Fact<'_>]) -> bool {
        let equals = |fact: &Fact<'_>| fact.path == path && matches!(fact.test, Test::Equals(_));
        facts.iter().any(equals) || self.is_written(node, path, facts)
    }

    /// Whether a value under `node` always has the property at `path` written, if `facts` hold.
    pub(super) fn is_written(&self, node: NodeId, path: &[&str], facts: &[Fact<'_>]) -> bool {
        self.ways(node, facts).into_iter().all(|mut facts| {
            self.demands(node, path, &facts) || {
                facts.push(Fact { path: path.to_vec(), test: &ABSENT, default: None });
                self.excludes_in(node, node, &facts)
            }
        })
    }

    /// `facts` about a value under `node` in all the ways in which they may hold: where the value of a property is its
    /// default, that is written, or nothing is.
    fn ways<'f>(&self, node: NodeId, facts: &[Fact<'f>]) -> Vec<Vec<Fact<'f>>> {
        let mut ways = vec![facts.to_vec()];
        for (at, fact) in facts.iter().enumerate() {
            let may_be_absent = matches!(fact.test, Test::Equals(value) if fact.default == Some(value));
            if !may_be_absent || ways.len() == MOST_WAYS {
                continue;
            }
            let with = |facts: &[Fact<'f>], fact| {
                let mut facts = facts.to_vec();
                facts.splice(at..=at, [fact]);
                facts
            };
            let both = |facts: Vec<Fact<'f>>| {
                let written = with(&facts, Fact { default: None, ..fact.clone() });
                let absent = with(&facts, Fact { test: &ABSENT, ..fact.clone() });
                let absent = (!self.demands(node, &fact.path, &facts)).then_some(absent);
                [written].into_iter().chain(absent)
            };
            ways = ways.into_iter().flat_map(both).collect();
        }
        ways
    }

    /// Whether `node` demands the property at `path`, if `facts` hold.
    fn demands(&self, node: NodeId, path: &[&str], facts: &[Fact<'_>]) -> bool {
        if facts.iter().any(|fact| fact.writes(path)) {
            return true;
        }
        match path {
            [] => true,
            [name] => self.requires(node, node, name, facts),
            [name, rest @ ..] => {
                let inside: Vec<Fact<'_>> = facts.iter().filter_map(|fact| fact.inside(name)).collect();
                self.requires(node, node, name, facts)
                    && self.any(node, node, facts, &|node| match self.shape.own_property(node, name) {
                        Property::Named(child) => self.demands(child, rest, &inside),
                        _ => false,
                    })
            }
        }
    }

    /// Whether `node`, which applies to the same object as `whole`, demands the property `name`.
    fn requires(&self, whole: NodeId, node: NodeId, name: &str, facts: &[Fact<'_>]) -> bool {
        let path = [name];
        if facts.iter().any(|fact| fact.writes(&path)) {
            return true;
        }
        self.any(whole, node, facts, &|node| {
            self.shape.rows(node).iter().any(|row| match row {
                Keyword::Required(names) => names.iter().any(|known| **known == *name),
                Keyword::DependentRequired(rows) => rows.iter().any(|(who, whom)| {
                    whom.iter().any(|known| **known == *name)
                        && **who != *name
                        && self.deeper(|| self.requires(whole, whole, who, facts))
                }),
                _ => false,
            })
        })
    }

    /// What `prove` proves, unless one need has led to another all too often: conditions may need one another.
    fn deeper(&self, prove: impl FnOnce() -> bool) -> bool {
        let needs = self.needs.get();
        if needs >= MOST_NEEDS {
            return false;
        }
        self.needs.set(needs + 1);
        let proved = prove();
        self.needs.set(needs);
        proved
    }

    /// Whether `own` holds of a node that must hold, or of every alternative that `facts` leave.
    fn any(&self, whole: NodeId, node: NodeId, facts: &[Fact<'_>], own: &dyn Fn(NodeId) -> bool) -> bool {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MOST_STEPS {
            return false;
        }
        let below = |node: NodeId| self.any(whole, node, facts, own);
        own(node)
            || self.shape.rows(node).iter().any(|row| match row {
                Keyword::Ref(target) => below(*target),
                Keyword::AllOf(branches) => branches.iter().any(|branch| below(*branch)),
                Keyword::AnyOf(union) | Keyword::OneOf(union) => {
                    self.left(union, facts).into_iter().all(below)
                }
                Keyword::If(condition) => self.consequence(whole, condition, facts, &below),
                Keyword::DependentSchemas(rows) => rows.iter().any(|(name, then)| {
                    self.deeper(|| self.requires(whole, whole, name, facts)) && below(*then)
                }),
                _ => false,
            })
    }

    fn consequence(
        &self,
        whole: NodeId,
        condition: &If,
        facts: &[Fact<'_>],
        below: &dyn Fn(NodeId) -> bool,
    ) -> bool {
        let then = || condition.then.is_some_and(below);
        let otherwise = || condition.otherwise.is_some_and(below);
        match self.decides(whole, condition.test, facts) {
            Some(true) => then(),
            Some(false) => otherwise(),
            None => then() && otherwise(),
        }
    }

    /// The branches of `union` that may hold where `facts` do.
    fn left(&self, union: &Union, facts: &[Fact<'_>]) -> Vec<NodeId> {
        let compatible = |branch: &NodeId| facts.iter().all(|fact| self.allows(*branch, fact));
        union.branches.iter().copied().filter(compatible).collect()
    }

    /// Whether a value under `node` may be one of which `fact` holds.
    pub(super) fn allows(&self, node: NodeId, fact: &Fact<'_>) -> bool {
        let forbidden = || self.forbids(node, &fact.path);
        match fact.test {
            Test::Present(true) => !forbidden(),
            Test::Present(false) => !self.demands(node, &fact.path, &[]),
            Test::Equals(value) => {
                let values = self.shape.values_of(node, &fact.path);
                let written = !forbidden() && values.is_none_or(|values| values.contains(&value));
                written || (fact.default == Some(value) && !self.demands(node, &fact.path, &[]))
            }
        }
    }

    /// Whether no value under `node` may be one of which all of `facts` hold.
    pub(super) fn excludes(&self, node: NodeId, facts: &[Fact<'_>]) -> bool {
        self.ways(node, facts).into_iter().all(|facts| self.excludes_in(node, node, &facts))
    }

    /// The same of `node`, which applies to the same object as `whole`.
    fn excludes_in(&self, whole: NodeId, node: NodeId, facts: &[Fact<'_>]) -> bool {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MOST_STEPS {
            return false;
        }
        let below = |node: NodeId| self.excludes_in(whole, node, facts);
        let certain = |branch: &&NodeId| self.decides(whole, **branch, facts) == Some(true);
        let written =
            |fact: &Fact<'_>| *fact.test == Test::Present(false) && self.demands(node, &fact.path, facts);
        facts.iter().any(|fact| !self.allows(node, fact) || written(fact))
            || self.shape.rows(node).iter().any(|row| match row {
                Keyword::Ref(target) => below(*target),
                Keyword::AllOf(branches) => branches.iter().any(|branch| below(*branch)),
                Keyword::AnyOf(union) => union.branches.iter().all(|branch| below(*branch)),
                Keyword::OneOf(union) => {
                    union.branches.iter().all(|branch| below(*branch))
                        || union.branches.iter().filter(certain).count() > 1
                }
                Keyword::Not(test) => certain(&test),
                Keyword::If(condition) => self.consequence(whole, condition, facts, &below),
                Keyword::DependentSchemas(rows) => {
                    rows.iter().any(|(name, then)| self.requires(whole, whole, name, facts) && below(*then))
                }
                _ => false,
            })
    }

    fn forbids(&self, node: NodeId, path: &[&str]) -> bool {
        let Some((name, rest)) = path.split_first() else { return false };
        self.shape.forbids(node, name)
            || self.shape.in_place(node).into_iter().any(|node| match self.shape.own_property(node, name) {
                // in an alternative it need not matter
                Property::Named(child) => self.shape.in_place(node).len() == 1 && self.forbids(child, rest),
                _ => false,
            })
    }

    /// Whether the condition `test` holds, or does not, for every object under `whole` of which `facts` hold.
    fn decides(&self, whole: NodeId, test: NodeId, facts: &[Fact<'_>]) -> Option<bool> {
        self.verdict(test, &|row| match row {
            Keyword::Type(types) if types.contains(Types::OBJECT) => Some(true),
            Keyword::Required(names) => all(names.iter().map(|name| self.is_there(whole, name, facts))),
            Keyword::Properties(row) if row.patterns.is_empty() && row.additional.is_none() => {
                all(row.named.iter().map(|(name, child)| self.decides_property(whole, name, *child, facts)))
            }
            _ => None,
        })
    }

    /// Whether the property `name` of every such object, where it has one, fulfils `child`.
    fn decides_property(&self, whole: NodeId, name: &str, child: NodeId, facts: &[Fact<'_>]) -> Option<bool> {
        let value = facts.iter().find_map(|fact| match fact.test {
            Test::Equals(value) if fact.path == [name] => Some(value),
            _ => None,
        });
        let own = |row: &Keyword| match row {
            Keyword::Const(wanted) => value.map(|value| value == wanted),
            Keyword::Enum(wanted) => value.map(|value| wanted.contains(value)),
            Keyword::Type(types) => value.map(|value| types.contains(shape::type_of(value))),
            _ => None,
        };
        match self.verdict(child, &own) {
            Some(true) => Some(true),
            // where it is absent, the condition says nothing about it
            verdict => match self.is_there(whole, name, facts) {
                Some(true) => verdict,
                Some(false) => Some(true),
                None => None,
            },
        }
    }

    /// Whether every such object has the property `name`, or none has.
    fn is_there(&self, whole: NodeId, name: &str, facts: &[Fact<'_>]) -> Option<bool> {
        if facts.iter().any(|fact| fact.path == [name] && *fact.test == ABSENT)
            || self.shape.forbids(whole, name)
        {
            return Some(false);
        }
        self.deeper(|| self.requires(whole, whole, name, facts)).then_some(true)
    }

    /// What the rows of `node` come to, as far as `own` says what each that is about the value itself comes to.
    fn verdict(&self, node: NodeId, own: &dyn Fn(&Keyword) -> Option<bool>) -> Option<bool> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MOST_STEPS {
            return None;
        }
        let below = |node: &NodeId| self.verdict(*node, own);
        let row = |row: &Keyword| match row {
            Keyword::Never => Some(false),
            Keyword::Ref(target) => below(target),
            Keyword::AllOf(branches) => all(branches.iter().map(below)),
            Keyword::AnyOf(union) => not(all(union.branches.iter().map(below).map(not))),
            Keyword::OneOf(union) => {
                let verdicts: Vec<Option<bool>> = union.branches.iter().map(below).collect();
                match verdicts.iter().filter(|verdict| **verdict == Some(true)).count() {
                    0 | 1 if verdicts.contains(&None) => None,
                    count => Some(count == 1),
                }
            }
            Keyword::Not(test) => not(below(test)),
            row => own(row),
        };
        all(self.shape.rows(node).iter().map(row))
    }
}

/// Whether all of `verdicts` are that it is so.
fn all(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for verdict in verdicts {
        match verdict {
            Some(true) => {}
            Some(false) => return Some(false),
            None => known = None,
        }
    }
    known
}

fn not(verdict: Option<bool>) -> Option<bool> {
    verdict.map(|verdict| !verdict)
}
