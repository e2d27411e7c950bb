//! Documents made from a schema: valid ones, and ones with a mutation. Seeded, so that a run can be repeated.
//!
//! They feed the tests that hold the evaluators to one verdict, and the benchmarks. A document is meant to be valid; the
//! few rules that cannot be met by construction (`not`, `if`) are left to luck, so whoever needs certainty must check.
//! [`ConnectorFiles`] does, and writes them as files.

mod connector_files;

use std::collections::HashMap;
use std::rc::Rc;

use authwire_core::pattern::Pattern;
use authwire_core::reference::Reference;
use authwire_core::table::{Keyword, NodeId, Schema, Types};
use authwire_core::value::ToValue as _;
use serde_json::{Map, Value, json};

pub use connector_files::ConnectorFiles;

/// Makes documents of a schema.
#[derive(Debug)]
pub struct Corpus<'s> {
    schema: &'s Schema,
    /// What a `$ref` to `authwire:auth` stands for.
    auth: Option<&'s Schema>,
    state: u64,
    /// For each pattern met, the ways out of its automaton.
    ways: HashMap<String, Rc<Ways>>,
}

/// For each state the characters that lead on, and how many steps it is from one where a text may end.
#[derive(Debug)]
struct Ways {
    steps: Vec<Vec<(char, usize)>>,
    distances: Vec<usize>,
}

impl<'s> Corpus<'s> {
    /// Documents of `schema`; where it wants an auth config, of the auth type `auth`.
    #[must_use]
    pub fn new(schema: &'s Schema, auth: Option<&'s Schema>, seed: u64) -> Self {
        Self { schema, auth, state: seed, ways: HashMap::new() }
    }

    /// A document that is meant to be valid.
    pub fn valid(&mut self) -> Value {
        self.value(self.schema, self.schema.root(), 0)
    }

    /// A document with one mutation: it may still be valid.
    pub fn mutated(&mut self) -> Value {
        let mut value = self.valid();
        self.mutate(&mut value);
        value
    }

    /// Changes one thing somewhere in `value`.
    pub fn mutate(&mut self, value: &mut Value) {
        let places = count(value);
        let at = self.below(places);
        self.change(value, &mut { at });
    }

    fn change(&mut self, value: &mut Value, at: &mut usize) -> bool {
        if *at == 0 {
            self.disturb(value);
            return true;
        }
        *at -= 1;
        match value {
            Value::Array(items) => items.iter_mut().any(|item| self.change(item, at)),
            Value::Object(members) => members.values_mut().any(|member| self.change(member, at)),
            _ => false,
        }
    }

    fn disturb(&mut self, value: &mut Value) {
        let choice = self.below(6);
        match value {
            Value::Object(members) if choice < 5 => {
                let names: Vec<String> = members.keys().cloned().collect();
                let name = names.get(self.below(names.len().max(1))).cloned();
                match (choice, name) {
                    (0 | 1, Some(name)) => {
                        members.remove(&name);
                    }
                    (2, Some(name)) => {
                        let moved = members.remove(&name).unwrap_or_default();
                        members.insert(format!("{name}x"), moved);
                    }
                    (3, _) => {
                        members.insert("scope".to_owned(), json!("read"));
                    }
                    _ => {
                        members.insert("env".to_owned(), json!("A"));
                    }
                }
            }
            Value::Array(items) if choice < 4 => match choice {
                0 => items.clear(),
                1 => items.extend(items.first().cloned()),
                _ => items.push(json!(-1.5)),
            },
            Value::String(text) if choice < 4 => match choice {
                0 => text.clear(),
                1 => text.push(' '),
                2 => text.insert(0, 'ü'),
                _ => *text = text.to_uppercase(),
            },
            Value::Number(_) if choice < 4 => {
                *value = [json!(0), json!(-1), json!(1e30), json!(1.5)][choice].clone();
            }
            other => {
                *other =
                    [json!(null), json!(true), json!(1), json!("x"), json!([]), json!({})][choice].clone()
            }
        }
    }

    fn value(&mut self, schema: &'s Schema, node: NodeId, depth: usize) -> Value {
        let mut rows = Vec::new();
        self.rows(schema, node, &mut rows, depth);
        if rows.iter().any(|row| matches!(row, Keyword::AuthType)) {
            return match self.auth {
                Some(auth) => {
                    let mut value = self.value(auth, auth.root(), depth);
                    if let Value::Object(members) = &mut value {
                        members.insert("type".to_owned(), json!(&*auth.name));
                    }
                    value
                }
                None => json!({}),
            };
        }
        for row in &rows {
            match row {
                Keyword::Const(value) => return value.to_value(),
                Keyword::Enum(values) => {
                    return self.pick(values).map_or(Value::Null, |value| value.to_value());
                }
                _ => {}
            }
        }
        let types = rows.iter().fold(Types::ANY, |types, row| match row {
            Keyword::Type(only) => types.intersection(*only),
            _ => types,
        });
        let kinds: Vec<Types> =
            Types::NAMES.iter().map(|(_, kind)| *kind).filter(|kind| types.contains(*kind)).collect();
        match self.pick(&kinds).copied() {
            Some(Types::OBJECT) => self.object(schema, &rows, depth),
            Some(Types::ARRAY) => self.array(schema, &rows, depth),
            Some(Types::STRING) => Value::String(self.string(&rows)),
            Some(Types::INTEGER | Types::NUMBER) => self.number(&rows),
            Some(Types::BOOLEAN) => Value::Bool(self.below(2) == 0),
            _ => Value::Null,
        }
    }

    /// The rows that hold for a value: those of the node, of what it references, and of one branch of each union.
    fn rows(&mut self, schema: &'s Schema, node: NodeId, rows: &mut Vec<&'s Keyword>, depth: usize) {
        if depth > 64 {
            return;
        }
        for row in &schema.node(node).keywords {
            match row {
                Keyword::Ref(target) => self.rows(schema, *target, rows, depth + 1),
                Keyword::AllOf(nodes) => {
                    for node in nodes {
                        self.rows(schema, *node, rows, depth + 1);
                    }
                }
                Keyword::OneOf(union) | Keyword::AnyOf(union) => {
                    if let Some(branch) = self.pick(&union.branches).copied() {
                        self.rows(schema, branch, rows, depth + 1);
                    }
                }
                row => rows.push(row),
            }
        }
    }

    fn object(&mut self, schema: &'s Schema, rows: &[&'s Keyword], depth: usize) -> Value {
        let required: Vec<&str> = rows.iter().flat_map(|row| row.required()).map(|name| &**name).collect();
        // alternatives that only say what must be there choose what else may be
        let chosen = !required.is_empty() && required.iter().all(|name| Reference::SOURCES.contains(name));
        let mut members = Map::new();
        for row in rows {
            let Keyword::Properties(properties) = row else { continue };
            for (name, node) in &properties.named {
                let wanted = required.contains(&&**name) || (!chosen && depth < 6 && self.below(2) == 0);
                if wanted {
                    let value = self.value(schema, *node, depth + 1);
                    members.insert(name.to_string(), value);
                }
            }
            let open = properties.named.is_empty() && depth < 6;
            if let Some(node) = properties.additional.filter(|_| open) {
                for _ in 0..self.below(4) {
                    let name = ["X-Trace", "audience", "resource", "tenant", "X-Api-Key"][self.below(5)];
                    let value = self.value(schema, node, depth + 1);
                    members.insert(name.to_owned(), value);
                }
            }
        }
        for row in rows {
            let Keyword::DependentRequired(needs) = row else { continue };
            for (name, others) in needs {
                if others.iter().any(|other| !members.contains_key(&**other)) {
                    members.remove(&**name);
                }
            }
        }
        Value::Object(members)
    }

    fn array(&mut self, schema: &'s Schema, rows: &[&'s Keyword], depth: usize) -> Value {
        let least = rows.iter().find_map(|row| match row {
            Keyword::MinItems(bound) => usize::try_from(*bound).ok(),
            _ => None,
        });
        let len = least.unwrap_or(0) + if depth < 6 { self.below(3) } else { 0 };
        let items = rows.iter().find_map(|row| match row {
            Keyword::Items(items) => Some(items),
            _ => None,
        });
        let item = |index: usize| items.and_then(|items| items.prefix.get(index).copied().or(items.rest));
        (0..len)
            .map(|index| item(index).map_or(Value::Null, |node| self.value(schema, node, depth + 1)))
            .collect()
    }

    fn string(&mut self, rows: &[&Keyword]) -> String {
        let pattern = rows.iter().find_map(|row| match row {
            Keyword::Pattern(pattern) => Some(pattern),
            _ => None,
        });
        let least = rows.iter().any(|row| matches!(row, Keyword::MinLength(1..)));
        if let Some(pattern) = pattern {
            for _ in 0..8 {
                let text = self.matching(pattern);
                if !(least && text.is_empty()) {
                    return text;
                }
            }
        }
        let texts = ["ada", "Bearer %s", "X-Api-Key", "p+a%ss/w=&:x", "ü\"\\\n", "read write", "a", ""];
        texts[self.below(texts.len() - usize::from(least))].to_owned()
    }

    /// A text that leads through the automaton to where a text may end.
    fn matching(&mut self, pattern: &Pattern) -> String {
        let ways = match self.ways.get(&*pattern.source) {
            Some(ways) => Rc::clone(ways),
            None => {
                let ways = Rc::new(Ways::new(pattern));
                self.ways.insert(pattern.source.to_string(), Rc::clone(&ways));
                ways
            }
        };
        let distances = &ways.distances;
        let far = 4 + self.below(24);
        let (mut text, mut state) = (String::new(), usize::from(Pattern::START));
        while text.len() < 400 {
            let done = pattern.accepting.get(state).copied().unwrap_or(false);
            if done && (text.len() >= far || self.below(8) == 0) {
                break;
            }
            // wander at first, then take the shortest way out
            let steps: Vec<(char, usize)> = ways.steps[state]
                .iter()
                .filter(|(_, next)| distances[*next] != usize::MAX)
                .filter(|(_, next)| text.len() < far || distances[*next] < distances[state])
                .copied()
                .collect();
            let Some((character, next)) = self.pick(&steps).copied() else { break };
            text.push(character);
            state = next;
        }
        text
    }

    fn number(&mut self, rows: &[&Keyword]) -> Value {
        let mut least = 0.0_f64;
        let mut most = 1000.0_f64;
        for row in rows {
            match row {
                Keyword::Minimum(bound) => least = bound.as_f64(),
                Keyword::ExclusiveMinimum(bound) => least = bound.as_f64() + 1.0,
                Keyword::Maximum(bound) => most = bound.as_f64(),
                Keyword::ExclusiveMaximum(bound) => most = bound.as_f64() - 1.0,
                _ => {}
            }
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small numbers")]
        let span = (most - least).clamp(0.0, 100_000.0) as usize;
        #[expect(clippy::cast_possible_truncation, reason = "small numbers")]
        let least = least as i64;
        let number = least + i64::try_from(self.below(span + 1)).unwrap_or(0);
        // a whole number is one however it is written
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        if self.below(8) == 0 { json!(number as f64) } else { json!(number) }
    }

    fn pick<'p, T>(&mut self, of: &'p [T]) -> Option<&'p T> {
        if of.is_empty() { None } else { of.get(self.below(of.len())) }
    }

    /// A number below `bound`.
    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.bits() % bound.max(1) as u64).unwrap_or(0)
    }

    /// Bits by chance (SplitMix64).
    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }
}

/// How many values there are, the root included.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// The state behind `character`, if it leads anywhere.
fn step(pattern: &Pattern, state: usize, character: char) -> Option<usize> {
    if state == usize::from(Pattern::MATCHED) {
        return Some(state);
    }
    let class = *pattern.ascii.get(character as usize)?;
    let classes = usize::from(pattern.classes);
    let next = usize::from(*pattern.transitions.get(state * classes + usize::from(class))?) / classes;
    (next != usize::from(Pattern::DEAD)).then_some(next)
}

impl Ways {
    fn new(pattern: &Pattern) -> Self {
        let steps: Vec<Vec<(char, usize)>> = (0..pattern.accepting.len())
            .map(|state| {
                (' '..='~')
                    .filter_map(|character| Some((character, step(pattern, state, character)?)))
                    .collect()
            })
            .collect();
        let mut distances: Vec<usize> =
            pattern.accepting.iter().map(|accepting| if *accepting { 0 } else { usize::MAX }).collect();
        let mut changed = true;
        while changed {
            changed = false;
            for state in 0..distances.len() {
                let near = steps[state].iter().map(|(_, next)| distances[*next]).min().unwrap_or(usize::MAX);
                if near.saturating_add(1) < distances[state] {
                    distances[state] = near + 1;
                    changed = true;
                }
            }
        }
        Self { steps, distances }
    }
}
