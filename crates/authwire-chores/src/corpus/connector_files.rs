//! Connector files as people keep them, by the thousand: indented, 300 to 1,500 bytes, the auth types by turns. Valid ones
//! in which nothing is found but notes, and ones that the schema refuses.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use authwire_core::compiled::Builtin;
use authwire_core::json::{Cursor, Tree};
use authwire_core::table::{Json, Registry, Schema};
use authwire_core::{Finding, Judge, Layer, Report, Severity, checker, value};
use serde_json::{Value, json};

use super::Corpus;
use crate::json;

/// How many bytes a connector file has.
const SIZES: RangeInclusive<usize> = 300..=1500;

/// Makes connector files of the built-in auth types.
pub struct ConnectorFiles<'s> {
    connector: &'s Schema,
    types: Vec<&'s Schema>,
    corpora: Vec<Corpus<'s>>,
    /// For each property its place in the schemas' texts: files have them in that order.
    ranks: HashMap<String, usize>,
    judge: Option<&'s dyn Judge>,
    /// How many files were made.
    made: usize,
}

impl std::fmt::Debug for ConnectorFiles<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectorFiles").field("made", &self.made).finish_non_exhaustive()
    }
}

impl<'s> ConnectorFiles<'s> {
    /// Files of the auth types of `builtin`: the same for the same `seed`. What no table can judge is `judge`'s to say.
    #[must_use]
    pub fn new(builtin: &'s Builtin, judge: Option<&'s dyn Judge>, seed: u64) -> Self {
        let connector = &builtin.connector.schema;
        let types: Vec<&Schema> = builtin.auth.iter().map(|auth| &auth.schema).collect();
        let mut seeds = Corpus::new(connector, None, seed);
        let corpora = types.iter().map(|auth| Corpus::new(connector, Some(auth), seeds.bits())).collect();
        let mut ranks = HashMap::from([("type".to_owned(), 0)]);
        for document in std::iter::once(&builtin.connector).chain(&builtin.auth) {
            if let Ok(tree) = Tree::parse(document.text.as_bytes()) {
                rank(tree.root(), &mut ranks);
            }
        }
        Self { connector, types, corpora, ranks, judge, made: 0 }
    }

    /// The same with these auth types alone.
    #[must_use]
    pub fn only(self, names: &[&str]) -> Self {
        let both = self.types.into_iter().zip(self.corpora);
        let (types, corpora) = both.filter(|(schema, _)| names.contains(&&*schema.name)).unzip();
        Self { types, corpora, ..self }
    }

    /// A file in which nothing is found but notes: some auth types always deserve one.
    pub fn valid(&mut self) -> String {
        self.next(0, |findings| findings.iter().all(|finding| finding.severity() == Severity::Note))
    }

    /// A file with one to three mutations that the schema refuses.
    pub fn invalid(&mut self) -> String {
        self.next(3, |findings| findings.iter().any(|finding| finding.layer() == Layer::Schema))
    }

    /// The next file with up to `mutations` in which is found what is `wanted`.
    fn next(&mut self, mutations: usize, wanted: impl Fn(&[Finding]) -> bool) -> String {
        let turn = self.made % self.corpora.len();
        self.made += 1;
        // a name of its own, so that a folder of files has no two with one
        let name = format!("{}-{:05}", self.types[turn].name, self.made);
        loop {
            let corpus = &mut self.corpora[turn];
            let mut value = corpus.valid();
            value["name"] = json!(name);
            for _ in 0..mutations.min(1 + corpus.below(3)) {
                corpus.mutate(&mut value);
            }
            let text = format!("{}\n", json::block(&self.ordered(&value)));
            if SIZES.contains(&text.len()) && wanted(self.report(&text).findings()) {
                return text;
            }
        }
    }

    fn report(&self, text: &str) -> Report {
        checker::report(self.connector, Registry { types: &self.types }, text.as_bytes(), self.judge)
    }

    /// `value` with the members in the order of the schemas' texts.
    fn ordered(&self, value: &Value) -> Json {
        match value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Number(number) => Json::Number(value::number(number)),
            Value::String(text) => Json::String(text.as_str().into()),
            Value::Array(items) => {
                Json::Array(items.iter().map(|item| self.ordered(item)).collect::<Vec<_>>().into())
            }
            Value::Object(members) => {
                let mut members: Vec<(&String, &Value)> = members.iter().collect();
                members.sort_by_key(|(name, _)| self.ranks.get(*name).copied().unwrap_or(usize::MAX));
                let members =
                    members.into_iter().map(|(name, value)| (name.as_str().into(), self.ordered(value)));
                Json::Object(members.collect::<Vec<_>>().into())
            }
        }
    }
}

/// Gives every property below `schema` its place.
fn rank(schema: Cursor<'_>, ranks: &mut HashMap<String, usize>) {
    for (name, value) in schema.members() {
        if name == "properties" {
            for (property, _) in value.members() {
                let next = ranks.len();
                ranks.entry(property.into_owned()).or_insert(next);
            }
        }
        rank(value, ranks);
    }
    schema.items().for_each(|item| rank(item, ranks));
}

#[cfg(test)]
mod tests {
    use super::{ConnectorFiles, SIZES};
    use authwire_core::Severity;
    use authwire_core::interpreter::is_valid_tree;
    use authwire_schema::Library;

    #[test]
    fn the_same_seed_makes_the_same_files_and_another_others() {
        let builtin = authwire_schema::builtin(&mut Library::new(is_valid_tree)).unwrap();
        let files = |seed| {
            let mut files = ConnectorFiles::new(&builtin, None, seed);
            [files.valid(), files.invalid(), files.valid(), files.invalid()]
        };
        assert_eq!(files(1), files(1));
        assert_ne!(files(1), files(2));
    }

    #[test]
    fn every_auth_type_has_its_turn_and_no_warning_is_found_in_a_valid_file() {
        let builtin = authwire_schema::builtin(&mut Library::new(is_valid_tree)).unwrap();
        let mut files = ConnectorFiles::new(&builtin, None, 1);
        for auth in &builtin.auth {
            let text = files.valid();
            assert!(SIZES.contains(&text.len()), "{text}");
            assert!(text.contains(&format!("\"type\": \"{}\"", auth.name)), "{text}");
            let report = files.report(&text);
            assert!(report.findings().iter().all(|found| found.severity() == Severity::Note), "{report}");
        }
    }
}
