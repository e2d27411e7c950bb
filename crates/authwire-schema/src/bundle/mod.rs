//! The bundle: one self-contained draft 2020-12 schema for editors and other validators, which says what the tables
//! say. Every document stands once under `$defs`; references are pointers; what only Authwire knows is left out or
//! spelled out. Works on the documents as they were written, so that the words and their order stay.
//!
//! Editors take the words of what a `$ref` points at for those of the place that refers to it. So words stand at the places
//! only: each takes what it does not say itself from its target, and definitions have none.

mod write;

use authwire_model::json::{Cursor, Kind};
use authwire_model::list::Str;
use authwire_model::pointer::push_token;
use authwire_model::table::Json;

use crate::keyword::{self, DRAFT, Holds, STANDARD_FORMATS};
use crate::library::Library;
use crate::reference::{Reference, Target};
use crate::source::{Site, Source};
use crate::subschema::json;
use authwire_model::compiled::{AuthType, Document};

/// What is said for people, and by examples.
const WORDS: [&str; 4] = ["title", "description", "default", "examples"];

/// The keywords whose schemas apply to the same value: as in the tables, the auth type's name is added to each.
const APPLIED: [&str; 6] = ["allOf", "anyOf", "oneOf", "then", "else", "dependentSchemas"];

/// The name of the definition that stands for `authwire:auth`.
const AUTH: &str = "auth";

/// The schema of connector files that may use `types`, as JSON text. The documents must be the library's, and have no
/// `$dynamicRef`: none of Authwire's own has one, and no auth type may.
#[must_use]
pub fn bundle(library: &Library, connector: &Document, types: &[AuthType]) -> String {
    Bundle::new(library, connector.source, types).write()
}

/// The schema of one auth type, as JSON text. The document must be the library's.
#[must_use]
pub fn bundle_type(library: &Library, auth_type: &AuthType) -> String {
    Bundle::new(library, auth_type.source, std::slice::from_ref(auth_type)).write()
}

struct Bundle<'l> {
    library: &'l Library,
    /// The document that the bundle is of.
    main: usize,
    /// The auth types that a document may name: their names, titles and documents.
    types: Vec<(String, usize)>,
    /// The definitions of the documents.
    names: Vec<(usize, String)>,
    /// The documents that are yet to be written.
    open: Vec<usize>,
    /// Whether `authwire:auth` is referenced.
    has_auth: bool,
}

/// Members of an object, in order.
type Members = Vec<(Str, Json)>;

impl<'l> Bundle<'l> {
    fn new(library: &'l Library, main: usize, types: &[AuthType]) -> Self {
        let types = types.iter().map(|auth_type| (auth_type.name.clone(), auth_type.source)).collect();
        Self { library, main, types, names: Vec::new(), open: Vec::new(), has_auth: false }
    }

    fn write(mut self) -> String {
        let mut root: Members = vec![("$schema".into(), Json::String(DRAFT.into()))];
        let mut definitions: Members = Vec::new();
        for (name, value) in self.document(self.main) {
            match (&*name, value) {
                ("$defs", Json::Object(own)) => definitions.extend(own.iter().cloned()),
                (_, value) => root.push((name, value)),
            }
        }
        let mut documents: Members = Vec::new();
        let mut insert = |name: &str, document: Json| {
            let at = documents.partition_point(|(known, _)| **known < *name);
            documents.insert(at, (name.into(), document));
        };
        if self.has_auth {
            insert(AUTH, self.auth());
        }
        while let Some(index) = self.open.pop() {
            let document = Json::Object(self.document(index).into());
            insert(&self.name(index), document);
        }
        definitions.append(&mut documents);
        if !definitions.is_empty() {
            root.push(("$defs".into(), Json::Object(definitions.into())));
        }
        write::pretty(&Json::Object(root.into()))
    }

    /// A whole document.
    fn document(&mut self, index: usize) -> Members {
        let auth_type = self.types.iter().find(|(_, source)| *source == index).map(|(name, _)| name.clone());
        let Some(root) = self.library.source(index).and_then(Source::root) else { return Vec::new() };
        match self.schema(root, auth_type.as_deref()) {
            Json::Object(members) => members.to_vec(),
            // a document that is `true` or `false`
            whole => vec![("allOf".into(), Json::Array(vec![whole].into()))],
        }
    }

    /// `authwire:auth`, spelled out: an object whose `type` names an auth type, and which fulfils that.
    fn auth(&mut self) -> Json {
        let types = self.types.clone();
        let names: Vec<Json> = types.iter().map(|(name, _)| Json::String((&**name).into())).collect();
        let mut branches = Vec::new();
        for (name, source) in types {
            let names_it =
                object([("properties", object([("type", object([("const", Json::String(name.into()))]))]))]);
            let test = with(names_it, "required", strings(["type"]));
            let then = object([("$ref", Json::String(self.pointer(source, "").into()))]);
            branches.push(object([("if", test), ("then", then)]));
        }
        let tag = object([
            ("title", Json::String("Type".into())),
            ("description", Json::String("The auth type.".into())),
            ("enum", Json::Array(names.into())),
        ]);
        object([
            ("type", Json::String("object".into())),
            ("properties", object([("type", tag)])),
            ("required", strings(["type"])),
            ("allOf", Json::Array(branches.into())),
        ])
    }

    /// A subschema. `auth_type` is given where it applies to a whole config of that type.
    fn schema(&mut self, site: Site<'l>, auth_type: Option<&str>) -> Json {
        if site.kind() != Kind::Object {
            return data(site.value);
        }
        let mut members: Members = Vec::new();
        let mut inlined = None;
        for (name, value) in site.members() {
            let below = auth_type.filter(|_| APPLIED.contains(&&*name));
            let value = match &*name {
                "$schema" | "$id" | "$vocabulary" | "$anchor" | "$dynamicAnchor" | "x-auth" => continue,
                "$defs" => {
                    Json::Object(value.members().map(|(name, value)| self.definition(&name, value)).collect())
                }
                "format" if !value.string().is_some_and(|format| STANDARD_FORMATS.contains(&&*format)) => {
                    continue;
                }
                "$ref" => match self.reference(value, auth_type) {
                    Referenced::Pointer(pointer) => {
                        members.extend(self.words_of(value, site));
                        Json::String(pointer.into())
                    }
                    Referenced::Inlined(schema) => {
                        inlined = Some(schema);
                        continue;
                    }
                },
                _ => match keyword::holds(&name) {
                    Holds::Schema => self.schema(value, below),
                    Holds::Schemas => {
                        Json::Array(value.items().map(|item| self.schema(item, below)).collect())
                    }
                    Holds::NamedSchemas => {
                        let named = |(name, value): (std::borrow::Cow<'_, str>, Site<'l>)| {
                            ((*name).into(), self.schema(value, below))
                        };
                        Json::Object(value.members().map(named).collect())
                    }
                    Holds::Data => data(value.value),
                },
            };
            members.push(((*name).into(), value));
        }
        if let Some(name) = auth_type.filter(|_| lacks_type(site)) {
            add_type(&mut members, name);
        }
        match inlined {
            None => Json::Object(members.into()),
            Some(schema) if members.is_empty() => schema,
            Some(schema) => {
                let all = members.iter_mut().find_map(|(name, value)| match value {
                    Json::Array(all) if *name == "allOf" => Some(all),
                    _ => None,
                });
                match all {
                    Some(all) => *all = all.iter().cloned().chain([schema]).collect(),
                    None => members.push(("allOf".into(), Json::Array(vec![schema].into()))),
                }
                Json::Object(members.into())
            }
        }
    }

    /// A definition, without its words.
    fn definition(&mut self, name: &str, site: Site<'l>) -> (Str, Json) {
        let definition = match self.schema(site, None) {
            Json::Object(members) => {
                Json::Object(members.iter().filter(|(name, _)| !WORDS.contains(&&**name)).cloned().collect())
            }
            whole => whole,
        };
        (name.into(), definition)
    }

    /// What the target of the `$ref` at `value` says in words that the schema at `site`, where it stands, does not.
    fn words_of(&self, value: Site<'l>, site: Site<'l>) -> Members {
        let mut words: Members = Vec::new();
        let mut next = Some(value);
        // as long as a chain may be before it is refused as endless
        for _ in 0..64 {
            let Some(target) = next.and_then(|value| self.referenced(value)) else { break };
            for word in WORDS {
                let said = site.get(word).is_some() || words.iter().any(|(known, _)| *known == *word);
                if let Some(value) = target.get(word).filter(|_| !said) {
                    words.push((word.into(), data(value.value)));
                }
            }
            next = target.get("$ref");
        }
        words
    }

    /// What the `$ref` at `value` points at.
    fn referenced(&self, value: Site<'l>) -> Option<Site<'l>> {
        let reference = value.reference(&value.string()?).ok()?;
        self.target(value, &reference)
    }

    /// What a `$ref` becomes: a pointer, or, where the auth type's name is added to what it points at, a copy of that.
    fn reference(&mut self, value: Site<'l>, auth_type: Option<&str>) -> Referenced {
        let text = value.string().unwrap_or_default();
        let unknown = || Referenced::Pointer(text.clone().into_owned());
        let Ok(reference) = value.reference(&text) else { return unknown() };
        if reference.target == Target::AuthTypes {
            self.has_auth = true;
            return Referenced::Pointer(format!("#/$defs/{AUTH}"));
        }
        let Some(found) = self.target(value, &reference) else { return unknown() };
        if let Some(name) = auth_type
            && self.gets_type(found)
        {
            return Referenced::Inlined(self.schema(found, Some(name)));
        }
        Referenced::Pointer(self.pointer(found.source.index, &found.pointer()))
    }

    fn target(&self, from: Site<'l>, reference: &Reference) -> Option<Site<'l>> {
        let target = self.library.find(reference, (from.source.index, from.resource())).ok()?;
        self.library.schema(target, &reference.fragment).ok()
    }

    /// Whether `type` is added to the schema at `site`, or to one that applies to the same value.
    fn gets_type(&self, site: Site<'l>) -> bool {
        lacks_type(site)
            || site.members().any(|(name, value)| match &*name {
                "$ref" => self.referenced(value).is_some_and(|found| self.gets_type(found)),
                name if !APPLIED.contains(&name) => false,
                name => match keyword::holds(name) {
                    Holds::Schema => self.gets_type(value),
                    Holds::Schemas => value.items().any(|item| self.gets_type(item)),
                    Holds::NamedSchemas => value.members().any(|(_, value)| self.gets_type(value)),
                    Holds::Data => false,
                },
            })
    }

    /// The pointer to what stands at `inside` in the document `index`.
    fn pointer(&mut self, index: usize, inside: &str) -> String {
        let mut pointer = String::new();
        if index != self.main {
            push_token(&mut pointer, "$defs");
            push_token(&mut pointer, &self.name(index));
        }
        pointer.push_str(inside);
        format!("#{}", percent_encode(&pointer))
    }

    /// The name of the definition that holds the document `index`.
    fn name(&mut self, index: usize) -> String {
        if let Some((_, known)) = self.names.iter().find(|(known, _)| *known == index) {
            return known.clone();
        }
        let main = self.library.source(self.main).and_then(Source::root).and_then(|root| root.get("$defs"));
        let mut name = self.library.source(index).map(|source| source.name.clone()).unwrap_or_default();
        while name == AUTH
            || main.is_some_and(|own| own.get(&name).is_some())
            || self.names.iter().any(|(_, known)| *known == name)
        {
            name.push('_');
        }
        self.names.push((index, name.clone()));
        self.open.push(index);
        name
    }
}

enum Referenced {
    Pointer(String),
    Inlined(Json),
}

/// Whether the schema at `site` is a closed object that says nothing about `type`: the compiler adds it there.
fn lacks_type(site: Site<'_>) -> bool {
    let closed = |keyword| site.get(keyword).is_some_and(|value| value.value.boolean() == Some(false));
    (closed("additionalProperties") || closed("unevaluatedProperties"))
        && site.get("properties").and_then(|properties| properties.get("type")).is_none()
}

fn add_type(members: &mut Members, name: &str) {
    let tag: (Str, Json) = ("type".into(), object([("const", Json::String(name.into()))]));
    let properties = members.iter_mut().find_map(|(name, value)| match value {
        Json::Object(properties) if *name == "properties" => Some(properties),
        _ => None,
    });
    match properties {
        Some(properties) => *properties = std::iter::once(tag).chain(properties.iter().cloned()).collect(),
        None => members.push(("properties".into(), Json::Object(vec![tag].into()))),
    }
}

fn data(value: Cursor<'_>) -> Json {
    // numbers beyond `f64` were refused when the document was read
    json(value).unwrap_or(Json::Null)
}

fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

fn with(object: Json, name: &str, value: Json) -> Json {
    match object {
        Json::Object(members) => {
            Json::Object(members.iter().cloned().chain([(name.into(), value)]).collect())
        }
        other => other,
    }
}

fn strings<const N: usize>(strings: [&str; N]) -> Json {
    Json::Array(strings.into_iter().map(|text| Json::String(text.into())).collect())
}

/// What may not stand in a fragment (RFC 3986 §3.5) is percent-encoded.
fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
