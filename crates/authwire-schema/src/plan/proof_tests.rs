//! Proofs hold: random schemas, and every small object that fulfils them.

use authwire_core::interpreter::{is_valid, is_valid_tree};
use authwire_core::value::ToValue as _;
use authwire_model::plan::Test;
use authwire_model::table::{Discriminant, Json, Keyword, Registry};
use serde_json::{Map, Value};

use super::proof::{Fact, Proof};
use crate::random::Random;
use crate::shape::Shape;
use crate::{Document, Library, read_text};

const NAMES: [&str; 3] = ["a", "b", "c"];
const VALUES: [&str; 2] = ["x", "y"];

impl Random {
    fn name(&mut self) -> &'static str {
        self.pick(&NAMES)
    }

    fn property(&mut self) -> String {
        match self.below(6) {
            0 => "true".to_owned(),
            1 => "false".to_owned(),
            2 => r#"{"enum": ["x", "y"]}"#.to_owned(),
            3 => r#"{"type": "string", "const": "x"}"#.to_owned(),
            _ => format!(r#"{{"const": "{}"}}"#, self.pick(&VALUES)),
        }
    }

    /// A schema, often one that can be told by `a`.
    fn branch(&mut self, depth: usize) -> String {
        let schema = self.schema(depth);
        if self.below(4) == 0 {
            return schema;
        }
        let tag = self.property();
        format!(
            r#"{{"type": "object", "properties": {{"a": {tag}}}, "required": ["a"], "allOf": [{schema}]}}"#
        )
    }

    fn schema(&mut self, depth: usize) -> String {
        let mut rows = Vec::new();
        if self.below(2) == 0 {
            rows.push(r#""type": "object""#.to_owned());
        }
        if self.below(3) > 0 {
            let count = self.below(3) + 1;
            let named: Vec<String> =
                NAMES[..count].iter().map(|name| format!(r#""{name}": {}"#, self.property())).collect();
            rows.push(format!(r#""properties": {{{}}}"#, named.join(", ")));
            if self.below(4) == 0 {
                rows.push(r#""additionalProperties": false"#.to_owned());
            }
        }
        if self.below(3) == 0 {
            rows.push(format!(r#""required": ["{}"]"#, self.name()));
        }
        if self.below(5) == 0 {
            let (who, whom) = (self.name(), self.name());
            rows.push(format!(r#""dependentRequired": {{"{who}": ["{whom}"]}}"#));
        }
        if depth > 0 {
            match self.below(8) {
                7 => rows.push(format!(r#""not": {}"#, self.schema(depth - 1))),
                6 => {
                    let (who, then) = (self.name(), self.schema(depth - 1));
                    rows.push(format!(r#""dependentSchemas": {{"{who}": {then}}}"#));
                }
                0 => {
                    rows.push(format!(r#""allOf": [{}, {}]"#, self.schema(depth - 1), self.schema(depth - 1)))
                }
                1 => {
                    rows.push(format!(r#""anyOf": [{}, {}]"#, self.schema(depth - 1), self.schema(depth - 1)))
                }
                2 | 3 => {
                    rows.push(format!(
                        r#""oneOf": [{}, {}]"#,
                        self.branch(depth - 1),
                        self.branch(depth - 1)
                    ));
                }
                4 => {
                    rows.push(format!(r#""if": {}"#, self.schema(depth - 1)));
                    if self.below(3) > 0 {
                        rows.push(format!(r#""then": {}"#, self.schema(depth - 1)));
                    }
                    if self.below(3) > 0 {
                        rows.push(format!(r#""else": {}"#, self.schema(depth - 1)));
                    }
                }
                _ => {}
            }
        }
        if self.below(8) == 0 {
            rows.push(r##""$ref": "#/$defs/d""##.to_owned());
        }
        format!("{{{}}}", rows.join(", "))
    }
}

/// Every object whose members are `a`, `b` and `c`, each absent or one of the values.
fn objects() -> Vec<Value> {
    let mut objects = vec![Map::new()];
    for name in NAMES {
        let with = |value: &str| {
            let add = |object: &Map<String, Value>| {
                let mut object = object.clone();
                object.insert(name.to_owned(), value.into());
                object
            };
            objects.iter().map(add).collect::<Vec<_>>()
        };
        let more: Vec<_> = VALUES.into_iter().flat_map(with).collect();
        objects.extend(more);
    }
    objects.into_iter().map(Value::Object).collect()
}

/// Random schemas with the objects that fulfil them.
fn schemas(count: usize) -> impl Iterator<Item = (Random, String, Document, Vec<Value>)> {
    let objects = objects();
    (0..count).map(move |seed| {
        let mut random = Random::new((seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        random.below(2);
        let schema = random.schema(2);
        let definition = random.schema(1).replace(r##""$ref": "#/$defs/d""##, r#""$comment": """#);
        let text = format!(r#"{{"allOf": [{schema}], "$defs": {{"d": {definition}}}}}"#);
        let (document, _) = read_text(&mut Library::new(is_valid_tree), "s.json", &text)
            .unwrap_or_else(|told| panic!("{text}: {told}"));
        let valid = objects.iter().filter(|it| is_valid(&document.schema, 0, Registry { types: &[] }, *it));
        let valid = valid.cloned().collect();
        (random, text, document, valid)
    })
}

fn fulfils(object: &Value, fact: &Fact<'_>) -> bool {
    let value = object.get(fact.path[0]);
    match fact.test {
        Test::Present(present) => value.is_some() == *present,
        Test::Equals(wanted) => {
            let default = fact.default.map(Json::to_value);
            value.cloned().or(default) == Some(wanted.to_value())
        }
    }
}

#[test]
fn what_is_proved_to_be_there_is_there() {
    let (mut proved, mut could_be) = (0, 0);
    let json = |text: &str| Json::String(text.into());
    for (mut random, text, document, valid) in schemas(1500) {
        let proof = Proof::new(Shape { nodes: &document.schema.nodes, notes: &document.notes });
        for _ in 0..6 {
            let tests: Vec<(&str, Test, Option<Json>)> = (0..random.below(3))
                .map(|_| {
                    let test = match random.below(4) {
                        0 => Test::Present(false),
                        1 => Test::Present(true),
                        _ => Test::Equals(json(VALUES[random.below(2)])),
                    };
                    let default = (random.below(3) == 0).then(|| json(VALUES[random.below(2)]));
                    (random.name(), test, default)
                })
                .collect();
            let facts: Vec<Fact<'_>> = tests
                .iter()
                .map(|(name, test, default)| Fact { path: vec![name], test, default: default.as_ref() })
                .collect();
            let name = random.name();
            let left: Vec<&Value> =
                valid.iter().filter(|object| facts.iter().all(|fact| fulfils(object, fact))).collect();
            if proof.is_written(0, &[name], &facts) {
                proved += 1;
                for object in left {
                    assert!(
                        object.get(name).is_some(),
                        "{name} is not in {object} of {text}, given {tests:?}"
                    );
                }
            } else if !left.is_empty() && left.iter().all(|object| object.get(name).is_some()) {
                could_be += 1;
            }
        }
    }
    assert!(proved > 3 * could_be, "{proved} proved, {could_be} true but not proved");
}

#[test]
fn what_nodes_say_is_an_upper_bound() {
    for (_, text, document, valid) in schemas(1500) {
        let shape = Shape { nodes: &document.schema.nodes, notes: &document.notes };
        for name in NAMES {
            let values = shape.values_of(0, &[name]);
            for object in &valid {
                let value = object.get(name);
                assert!(value.is_some() || !shape.requires(0, name), "{name} in {object} of {text}");
                assert!(value.is_none() || !shape.forbids(0, name), "{name} in {object} of {text}");
                let listed = |value: &Value| {
                    values
                        .as_ref()
                        .is_none_or(|values| values.iter().any(|listed| listed.to_value() == *value))
                };
                assert!(value.is_none_or(listed), "{name} in {object} of {text}");
            }
        }
    }
}

#[test]
fn a_value_fulfils_no_branch_but_the_one_that_is_told() {
    let registry = Registry { types: &[] };
    let mut told = 0;
    for (_, text, document, _) in schemas(1500) {
        for node in &document.schema.nodes {
            for row in &node.keywords {
                let (Keyword::OneOf(union) | Keyword::AnyOf(union)) = row else { continue };
                let Discriminant::Tag(tag, values) = &union.by else { continue };
                told += 1;
                for (branch, values) in union.branches.iter().zip(values) {
                    for object in
                        objects().iter().filter(|it| is_valid(&document.schema, *branch, registry, *it))
                    {
                        let value = object.get(&**tag);
                        let listed = |value: &Value| values.iter().any(|listed| listed.to_value() == *value);
                        assert!(value.is_some_and(listed), "{tag} in {object} of {text}");
                    }
                }
            }
        }
    }
    assert!(told > 40, "{told} told");
}
