//! `$dynamicRef` is settled while a schema is compiled, one node for each dynamic scope. Random schemas of several
//! resources, which refer to each other both ways, mean what a naive evaluator says, which follows scopes as it goes.

#![allow(missing_docs, reason = "tests")]

mod random;

use authwire_core::interpreter::is_valid;
use authwire_core::interpreter::is_valid_tree;
use authwire_core::table::Registry;
use authwire_schema::{Library, read_text};
use random::Random;
use serde_json::{Map, Value, json};

/// The resources of a schema, by their ids.
struct Evaluator<'s>(Vec<(&'s str, &'s Value)>);

impl<'s> Evaluator<'s> {
    fn new(schema: &'s Value) -> Self {
        let mut resources = Vec::new();
        collect(schema, &mut resources);
        Self(resources)
    }

    /// Whether `value` fulfils `schema`, which the resources of `scope`, outer ones first, led to.
    fn holds(&self, schema: &'s Value, scope: &[&'s str], value: &Value) -> bool {
        let mut scope = scope.to_vec();
        scope.extend(schema["$id"].as_str());
        let holds = |schema: &'s Value| self.holds(schema, &scope, value);
        let refers = |keyword: &str| match schema[keyword].as_str() {
            Some(reference) => self.refers(reference, keyword == "$dynamicRef", &scope, value),
            None => true,
        };
        let has_type = match schema["type"].as_str() {
            Some("integer") => value.is_number(),
            Some("string") => value.is_string(),
            Some(_) => value.is_object(),
            None => true,
        };
        let mut properties = schema["properties"].as_object().into_iter().flatten();
        let one = |(name, part): (&String, &'s Value)| match value.get(name) {
            Some(value) => self.holds(part, &scope, value),
            None => true,
        };
        has_type
            && refers("$ref")
            && refers("$dynamicRef")
            && properties.all(one)
            && (schema.get("required").is_none() || !value.is_object() || value.get("p").is_some())
            && schema["anyOf"].as_array().is_none_or(|branches| branches.iter().any(holds))
            && schema.get("if").is_none_or(|test| holds(&schema[if holds(test) { "then" } else { "else" }]))
    }

    fn refers(&self, reference: &str, dynamic: bool, scope: &[&'s str], value: &Value) -> bool {
        let (id, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let id = if id.is_empty() { scope[scope.len() - 1] } else { id };
        let (mut id, root) = *self.0.iter().find(|(known, _)| *known == id).unwrap();
        let target = match fragment.strip_prefix('/') {
            None if !fragment.is_empty() => anchored(root, fragment, &["$anchor", "$dynamicAnchor"], true),
            _ => root.pointer(fragment),
        };
        let mut target = target.unwrap();
        if dynamic && target["$dynamicAnchor"] == *fragment {
            for outer in scope {
                let (outer, root) = *self.0.iter().find(|(known, _)| known == outer).unwrap();
                if let Some(found) = anchored(root, fragment, &["$dynamicAnchor"], true) {
                    (id, target) = (outer, found);
                    break;
                }
            }
        }
        // the root of a resource enters it by itself
        let entered = Some(id).filter(|_| target.get("$id").is_none());
        let scope: Vec<&str> = scope.iter().copied().chain(entered).collect();
        self.holds(target, &scope, value)
    }
}

fn collect<'s>(schema: &'s Value, resources: &mut Vec<(&'s str, &'s Value)>) {
    resources.extend(schema["$id"].as_str().map(|id| (id, schema)));
    let members = schema.as_object().into_iter().flat_map(Map::values);
    members.chain(schema.as_array().into_iter().flatten()).for_each(|part| collect(part, resources));
}

/// The subschema of a resource that one of `keywords` gives the name `name`.
fn anchored<'s>(schema: &'s Value, name: &str, keywords: &[&str], is_root: bool) -> Option<&'s Value> {
    if !is_root && schema.get("$id").is_some() {
        return None;
    }
    if keywords.iter().any(|keyword| schema[keyword] == *name) {
        return Some(schema);
    }
    let members = schema.as_object().into_iter().flat_map(Map::values);
    let mut parts = members.chain(schema.as_array().into_iter().flatten());
    parts.find_map(|part| anchored(part, name, keywords, false))
}

const REFERENCES: &[&str] =
    &["urn:a", "urn:b", "urn:c", "urn:root", "#x", "#y", "urn:a#y", "urn:b#x", "#/$defs/x", "urn:c#/$defs/y"];

struct Schemas {
    random: Random,
    /// How many resources stand within subschemas.
    inner: usize,
}

impl Schemas {
    /// A subschema, without keywords that let much through: what it says has to show.
    fn schema(&mut self, depth: u64) -> Value {
        let part = |schemas: &mut Self| schemas.schema(depth.saturating_sub(1));
        match self.random.below(if depth == 0 { 4 } else { 9 }) {
            0 => json!({"type": self.random.pick(&["integer", "string", "object"])}),
            1 => json!({"$ref": self.random.pick(REFERENCES)}),
            2 | 3 => json!({"$dynamicRef": self.random.pick(&["#x", "#y", "urn:a#x", "urn:b#y", "urn:c#x"])}),
            4 | 5 => json!({"type": "object", "properties": {"p": part(self), "q": part(self)}}),
            6 => json!({"anyOf": [part(self), {"properties": {"p": part(self)}, "required": ["p"]}]}),
            7 => json!({"if": part(self), "then": part(self), "else": part(self)}),
            _ => {
                self.inner += 1;
                let id = format!("urn:inner:{}", self.inner);
                self.resource(&id, depth - 1, Map::new())
            }
        }
    }

    fn resource(&mut self, id: &str, depth: u64, mut definitions: Map<String, Value>) -> Value {
        let mut schema = self.schema(depth);
        for name in ["x", "y"] {
            let mut definition = self.schema(depth.min(1));
            definition[self.random.pick(&["$dynamicAnchor", "$dynamicAnchor", "$anchor"])] = name.into();
            definitions.insert(name.to_owned(), definition);
        }
        schema["$id"] = id.into();
        schema["$defs"] = Value::Object(definitions);
        schema
    }

    fn instance(&mut self, depth: u64) -> Value {
        match self.random.below(if depth == 0 { 2 } else { 6 }) {
            0 => json!(1),
            1 => json!("s"),
            2 => json!({"p": self.instance(depth - 1)}),
            3 => json!({"q": self.instance(depth - 1)}),
            _ => json!({"p": self.instance(depth - 1), "q": self.instance(depth - 1)}),
        }
    }
}

#[test]
fn random_schemas_agree_with_an_evaluator_that_follows_scopes() {
    let mut schemas = Schemas { random: Random::new(0x9e37_79b9_7f4a_7c15), inner: 0 };
    let (mut compiled, mut valid, mut invalid, mut specialized) = (0, 0, 0, 0);
    for _ in 0..3000 {
        let c = schemas.resource("urn:c", 2, Map::new());
        let a = schemas.resource("urn:a", 2, Map::from_iter([("c".to_owned(), c)]));
        let b = schemas.resource("urn:b", 2, Map::new());
        let inner = Map::from_iter([("a".to_owned(), a), ("b".to_owned(), b)]);
        let schema = schemas.resource("urn:root", 2, inner);
        // a schema may lead back to itself without end
        let Ok((document, _)) = read_text(&mut Library::new(is_valid_tree), "schema", &schema.to_string())
        else {
            continue;
        };
        let evaluator = Evaluator::new(&schema);
        compiled += 1;
        let mut places: Vec<&str> = document.schema.nodes.iter().map(|node| &*node.at).collect();
        places.sort_unstable();
        specialized += usize::from(places.windows(2).any(|two| two[0] == two[1]));
        for _ in 0..20 {
            let instance = schemas.instance(4);
            let expected = evaluator.holds(&schema, &[], &instance);
            *(if expected { &mut valid } else { &mut invalid }) += 1;
            let told = is_valid(&document.schema, 0, Registry { types: &[] }, &instance);
            assert_eq!(told, expected, "{schema} on {instance}");
        }
    }
    let counts =
        format!("{compiled} compiled, {specialized} with a place twice, {valid} valid, {invalid} not");
    assert!(compiled > 150 && specialized > 20 && valid > 1000 && invalid > 1000, "{counts}");
}
