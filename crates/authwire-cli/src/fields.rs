//! The fields of an auth type, as a person fills them in: read off its compiled schema.
//!
//! It must not know how they are shown.

use authwire_core::list::{List, Str};
use authwire_core::table::{
    Discriminant, Display, Json, Keyword, MAP, NodeId, REFERENCE, Schema, Types, Union,
};
use authwire_core::value::ToValue;
use authwire_schema::AuthType;
use serde_json::Value;

/// A property of an auth type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    /// Its schema.
    pub(crate) node: NodeId,
    /// Its name in a connector file.
    pub(crate) name: String,
    /// Its label.
    pub(crate) title: String,
    /// What kind of value it takes, in a word or two.
    pub(crate) kind: String,
    /// Whether it has to be there, under `when` if that says something.
    pub(crate) required: bool,
    /// What it is only for: `api_key_auth_type header_auth`, `token_url`.
    pub(crate) when: Option<String>,
    /// Its default.
    pub(crate) default: Option<Value>,
    /// What it is for.
    pub(crate) description: Option<String>,
}

impl Field {
    /// The fields of the object that it is, in the order of the schema's text; none of a map, and of what is no object.
    pub(crate) fn within(&self, auth_type: &AuthType) -> Vec<Field> {
        let mut fields = if self.kind == OBJECT { below(auth_type, self.node) } else { Vec::new() };
        fields.sort_by_key(|field| field.node);
        fields
    }
}

/// The kind of an object whose members have names.
const OBJECT: &str = "object";

/// The fields of `auth_type`: those that always have to be there, then those that sometimes have to, then the others;
/// each in the order of the schema's text.
pub(crate) fn of(auth_type: &AuthType) -> Vec<Field> {
    let mut fields = below(auth_type, auth_type.schema.root());
    // nodes are numbered in the order of the text
    fields.sort_by_key(|field| {
        let need = match (field.required, &field.when) {
            (true, None) => 0,
            (true, Some(_)) => 1,
            (false, _) => 2,
        };
        (need, field.node)
    });
    fields
}

/// The fields that the schema at `node` names.
fn below(auth_type: &AuthType, node: NodeId) -> Vec<Field> {
    let schema = &auth_type.schema;
    let keywords = &schema.node(schema.resolved(node)).keywords;
    let mut fields = Vec::new();
    for row in keywords {
        match row {
            Keyword::Properties(rows) => {
                let shown = rows.named.iter().filter(|(name, node)| {
                    &**name != "type" && !matches!(*schema.node(*node).keywords, [Keyword::Never])
                });
                shown.for_each(|(name, node)| add(&mut fields, field(auth_type, name, *node, keywords)));
            }
            Keyword::OneOf(union) | Keyword::AnyOf(union) => {
                branches(auth_type, union).into_iter().for_each(|field| add(&mut fields, field));
            }
            Keyword::AllOf(nodes) => {
                for field in nodes.iter().flat_map(|node| below(auth_type, *node)) {
                    add(&mut fields, field);
                }
            }
            Keyword::If(rows) => {
                for node in [rows.then, rows.otherwise].into_iter().flatten() {
                    below(auth_type, node).into_iter().for_each(|field| add(&mut fields, field));
                }
            }
            Keyword::Ref(node) => {
                below(auth_type, *node).into_iter().for_each(|field| add(&mut fields, field))
            }
            _ => {}
        }
    }
    fields
}

/// Adds `field`, unless a field of that name is there.
fn add(fields: &mut Vec<Field>, field: Field) {
    match fields.iter_mut().find(|known| known.name == field.name) {
        Some(known) => known.required |= field.required && field.when.is_none(),
        None => fields.push(field),
    }
}

/// The fields of a union: those of every branch, then those of one branch only, with the tag that chooses it.
fn branches(auth_type: &AuthType, union: &Union) -> Vec<Field> {
    let branches: Vec<Vec<Field>> = union.branches.iter().map(|branch| below(auth_type, *branch)).collect();
    let in_branch = |branch: &[Field], name: &str| branch.iter().position(|field| field.name == name);
    let mut fields: Vec<Field> = Vec::new();
    for (index, branch) in branches.iter().enumerate() {
        for field in branch {
            let everywhere: Vec<&Field> = branches
                .iter()
                .filter_map(|branch| in_branch(branch, &field.name).map(|at| &branch[at]))
                .collect();
            let shared = everywhere.len() == branches.len();
            if fields.iter().any(|known| known.name == field.name) {
                continue;
            }
            let mut field = field.clone();
            if shared {
                field.required = everywhere.iter().all(|one| one.required);
            } else {
                field.when = field.when.or_else(|| tag(union, index));
            }
            if is_tag(union, &field.name) {
                field.kind = tag_values(union);
                field.description = None;
            }
            fields.push(field);
        }
    }
    fields
}

fn is_tag(union: &Union, name: &str) -> bool {
    matches!(&union.by, Discriminant::Tag(tag, _) if &**tag == name)
}

fn tag(union: &Union, branch: usize) -> Option<String> {
    let Discriminant::Tag(name, values) = &union.by else { return None };
    let values: Vec<String> = values.get(branch)?.iter().map(plain).collect();
    Some(format!("{name} {}", values.join(" or ")))
}

fn tag_values(union: &Union) -> String {
    let Discriminant::Tag(_, values) = &union.by else { return String::new() };
    let values: Vec<String> = values.iter().flatten().map(plain).collect();
    values.join(" | ")
}

/// A string without its quotes; any other value as JSON writes it.
fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn field(auth_type: &AuthType, name: &str, node: NodeId, siblings: &List<Keyword>) -> Field {
    let schema = &auth_type.schema;
    let is_named = |names: &List<Str>| names.iter().any(|one| &**one == name);
    let required = siblings.iter().any(|row| matches!(row, Keyword::Required(names) if is_named(names)));
    let needs = siblings.iter().find_map(|row| {
        let Keyword::DependentRequired(rows) = row else { return None };
        let (_, names) = rows.iter().find(|(one, _)| &**one == name)?;
        Some(names.iter().map(|one| one.to_string()).collect::<Vec<_>>().join(" and "))
    });
    Field {
        node,
        name: name.to_owned(),
        title: schema.node(node).title.as_deref().unwrap_or(name).to_owned(),
        kind: kind(schema, node),
        required,
        when: needs,
        default: auth_type.inherited(node, |note| note.default.as_ref()).map(ToValue::to_value),
        description: auth_type.description(node).map(str::to_owned),
    }
}

/// The kind of value in a word or two.
pub(crate) fn kind(schema: &Schema, node: NodeId) -> String {
    if schema.node(node).display == Display::Secret {
        return "secret".to_owned();
    }
    let row = schema.node(schema.resolved(node));
    for keyword in &row.keywords {
        match keyword {
            Keyword::Enum(values) => return values.iter().map(plain).collect::<Vec<_>>().join(" | "),
            Keyword::Const(value) => return plain(value),
            _ => {}
        }
    }
    for keyword in &row.keywords {
        if let Keyword::Type(types) = keyword {
            let name = Types::NAMES.iter().find(|(_, known)| known == types);
            let map = *types == Types::OBJECT && row.at == MAP;
            return match name {
                Some(_) if map => "map of texts".to_owned(),
                Some((name, _)) => (*name).to_owned(),
                None => types.in_words(),
            };
        }
    }
    match row.display {
        Display::Origin => "url, or a reference to one".to_owned(),
        _ => alternatives(schema, row.keywords.iter()),
    }
}

/// The kinds of a union's branches: a string or a reference is a text.
fn alternatives<'s>(schema: &Schema, keywords: impl Iterator<Item = &'s Keyword>) -> String {
    for keyword in keywords {
        let (Keyword::OneOf(union) | Keyword::AnyOf(union)) = keyword else { continue };
        let mut words: Vec<String> = Vec::new();
        for branch in &union.branches {
            let reference = schema.node(schema.resolved(*branch)).at == REFERENCE;
            let word = if reference { "a reference to one".to_owned() } else { kind(schema, *branch) };
            if !words.contains(&word) {
                words.push(word);
            }
        }
        return match words.as_slice() {
            [one, reference] if one == "string" && reference == "a reference to one" => {
                "text, or a reference to one".to_owned()
            }
            words => words.join(" or "),
        };
    }
    "any JSON".to_owned()
}
