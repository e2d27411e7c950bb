//! The closed set of keywords: one file each, one line each in [`RULES`].
//!
//! A file says how its keyword's value is read, what a wrong value is, and which row it compiles to. What the row
//! means stands in the core's file of the same name.

mod additional_properties;
mod all_of;
mod anchor;
mod annotation;
mod any_of;
mod r#const;
mod contains;
mod content;
mod defs;
mod dependent_required;
mod dependent_schemas;
mod dynamic_anchor;
mod dynamic_ref;
mod r#else;
mod r#enum;
mod exclusive_maximum;
mod exclusive_minimum;
mod format;
mod id;
mod r#if;
mod items;
mod max_items;
mod max_length;
mod max_properties;
mod maximum;
mod min_items;
mod min_length;
mod min_properties;
mod minimum;
mod multiple_of;
mod not;
mod one_of;
mod pattern;
mod pattern_properties;
mod prefix_items;
mod properties;
mod property_names;
mod r#ref;
mod required;
mod schema;
mod then;
mod r#type;
mod unevaluated_items;
mod unevaluated_properties;
mod unique_items;
pub(crate) mod vocabulary;
mod x_auth;

pub(crate) use format::OWN as OWN_FORMATS;
#[cfg(feature = "bundle")]
pub(crate) use format::STANDARD as STANDARD_FORMATS;
pub(crate) use schema::DRAFT;

use self::vocabulary::Vocabulary;
use crate::source::Site;
use crate::subschema::Subschema;

/// How a keyword is read.
pub(crate) struct Rule {
    /// Its name.
    pub(crate) name: &'static str,
    /// Whose it is: where a metaschema does not list that, the keyword asserts nothing.
    pub(crate) vocabulary: Vocabulary,
    /// Where subschemas stand in its value.
    pub(crate) holds: Holds,
    /// Reads its value.
    pub(crate) compile: for<'c, 'l> fn(&mut Subschema<'c, 'l>, Site<'l>),
}

/// Where subschemas stand in a keyword's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Nowhere.
    Data,
    /// The value is one.
    Schema,
    /// The items are.
    Schemas,
    /// The members are.
    NamedSchemas,
}

/// The keywords, in the order in which their rows are checked.
pub(crate) const RULES: &[Rule] = &[
    schema::RULE,
    id::RULE,
    vocabulary::RULE,
    anchor::RULE,
    dynamic_anchor::RULE,
    annotation::COMMENT,
    annotation::TITLE,
    annotation::DESCRIPTION,
    annotation::DEFAULT,
    annotation::EXAMPLES,
    annotation::DEPRECATED,
    annotation::READ_ONLY,
    annotation::WRITE_ONLY,
    content::ENCODING,
    content::MEDIA_TYPE,
    content::SCHEMA,
    format::RULE,
    r#type::RULE,
    r#ref::RULE,
    dynamic_ref::RULE,
    r#enum::RULE,
    r#const::RULE,
    min_length::RULE,
    max_length::RULE,
    pattern::RULE,
    minimum::RULE,
    maximum::RULE,
    exclusive_minimum::RULE,
    exclusive_maximum::RULE,
    multiple_of::RULE,
    prefix_items::RULE,
    items::RULE,
    min_items::RULE,
    max_items::RULE,
    unique_items::RULE,
    contains::RULE,
    contains::MIN,
    contains::MAX,
    required::RULE,
    properties::RULE,
    pattern_properties::RULE,
    additional_properties::RULE,
    property_names::RULE,
    min_properties::RULE,
    max_properties::RULE,
    dependent_required::RULE,
    dependent_schemas::RULE,
    all_of::RULE,
    any_of::RULE,
    one_of::RULE,
    not::RULE,
    r#if::RULE,
    then::RULE,
    r#else::RULE,
    unevaluated_items::RULE,
    unevaluated_properties::RULE,
    defs::RULE,
    x_auth::RULE,
];

/// Keywords of draft 2020-12, or of its forerunners, that are not supported, each with what to write instead.
pub(crate) const UNSUPPORTED: &[(&str, &str)] = &[
    ("$recursiveAnchor", "use `$dynamicAnchor`"),
    ("$recursiveRef", "use `$dynamicRef`"),
    ("additionalItems", "use `prefixItems` and `items`"),
    ("definitions", "use `$defs`"),
    ("dependencies", "use `dependentRequired`"),
    ("id", "use `$id`"),
];

/// Where subschemas stand in the value of the keyword `name`.
pub(crate) fn holds(name: &str) -> Holds {
    RULES.iter().find(|rule| rule.name == name).map_or(Holds::Data, |rule| rule.holds)
}
