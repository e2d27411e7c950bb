//! What `unevaluatedProperties` and `unevaluatedItems` say of made schemas and documents. The oracle is the `jsonschema`
//! crate.

mod random;

use authwire_core::interpreter::{findings, is_valid, is_valid_tree};
use authwire_core::table::Registry;
use authwire_schema::{Library, read_text};
use random::Random;
use serde_json::{Map, Value, json};

impl Random {
    fn name(&mut self) -> String {
        self.pick(&["a", "b", "c", "d"]).to_owned()
    }

    fn leaf(&mut self) -> Value {
        [
            json!(true),
            json!({"type": "integer"}),
            json!({"const": 1}),
            json!({"type": "string"}),
            json!(false),
        ][self.below(5)]
        .clone()
    }

    fn schemas(&mut self, depth: u64) -> Value {
        (0..=self.below(2)).map(|_| self.schema(depth)).collect::<Vec<_>>().into()
    }

    fn schema(&mut self, depth: u64) -> Value {
        if depth == 0 {
            return match self.below(3) {
                0 => json!({"properties": {self.name(): self.leaf()}}),
                1 => json!({"prefixItems": [self.leaf()]}),
                _ => json!({"required": [self.name()]}),
            };
        }
        let mut schema = Map::new();
        for _ in 0..=self.below(3) {
            let (keyword, value) = match self.below(14) {
                0 | 1 => ("properties", json!({self.name(): self.leaf(), self.name(): self.leaf()})),
                2 => ("patternProperties", json!({"^[ab]$": self.leaf()})),
                3 => ("allOf", self.schemas(depth - 1)),
                4 => ("anyOf", self.schemas(depth - 1)),
                5 => ("oneOf", self.schemas(depth - 1)),
                6 => {
                    schema.insert("then".into(), self.schema(depth - 1));
                    schema.insert("else".into(), self.schema(depth - 1));
                    ("if", self.schema(depth - 1))
                }
                7 => ("dependentSchemas", json!({self.name(): self.schema(depth - 1)})),
                8 => ("unevaluatedProperties", self.leaf()),
                9 => ("unevaluatedItems", self.leaf()),
                10 => ("prefixItems", json!([self.leaf(), self.leaf()])),
                11 => ("contains", self.leaf()),
                12 => ("not", self.schema(depth - 1)),
                _ => ("$ref", format!("#/$defs/{}", self.below(2)).into()),
            };
            schema.insert(keyword.into(), value);
        }
        schema.into()
    }

    fn document(&mut self) -> Value {
        let values = [json!(1), json!(2), json!("x")];
        let value = |random: &mut Self| values[random.below(values.len())].clone();
        if self.below(2) == 0 {
            (0..self.below(4)).map(|_| (self.name(), value(self))).collect::<Map<_, _>>().into()
        } else {
            (0..self.below(4)).map(|_| value(self)).collect::<Vec<_>>().into()
        }
    }
}

#[test]
fn made_schemas_agree_with_the_jsonschema_crate() {
    let mut random = Random::new(0x9e37_79b9_7f4a_7c15);
    let (mut valid, mut invalid) = (0, 0);
    for _ in 0..4000 {
        let mut schema = random.schema(3);
        let rest = random.pick(&["unevaluatedProperties", "unevaluatedItems"]);
        schema[rest] = random.leaf();
        schema["$defs"] = json!({"0": random.schema(0), "1": random.schema(0)});
        let text = schema.to_string();
        let read = read_text(&mut Library::new(is_valid_tree), "test.json", &text);
        let tables = read.unwrap_or_else(|told| panic!("{told}\n{text}")).0.schema;
        let oracle = jsonschema::draft202012::new(&schema).unwrap();
        for _ in 0..12 {
            let document = random.document();
            let expected = oracle.is_valid(&document);
            let registry = Registry { types: &[] };
            assert_eq!(is_valid(&tables, 0, registry, &document), expected, "{document}\n{text}");
            assert_eq!(findings(&tables, registry, &document).is_empty(), expected, "{document}\n{text}");
            *if expected { &mut valid } else { &mut invalid } += 1;
        }
    }
    assert!(valid > 5000 && invalid > 5000, "{valid} are valid, {invalid} are not");
}
