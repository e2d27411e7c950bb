//! The static tables: a compiled schema, written as data.
//!
//! It writes constructors of `authwire_core` and nothing else: a row more is a line more.

mod data;
mod plan;

use authwire_model::number::Number;
use authwire_model::pattern::{Haven, Pattern};
use authwire_model::table::{
    Contains, Discriminant, Display, If, Items, Json, Keyword, Node, Properties, Schema, Types, Union,
};
use proc_macro2::TokenStream;

use self::data::{Bytes, Data, choice, made, record};

/// Writes a schema as an expression. Where it stands, `__t` must be `authwire_model::table`, `__p` its `plan`, `__l` its
/// `list` and `__c` the crate itself.
pub(super) fn schema(schema: &Schema) -> TokenStream {
    schema.data()
}

record!(__t, Schema { name, title, nodes, plan });
record!(__t, Node { at, title, display, keywords });
choice!(__t, Display { Secret, Masked, Origin, Shown });
choice!(__t, Keyword {
    Never,
    Type(types),
    Enum(values),
    Const(value),
    MinLength(bound),
    MaxLength(bound),
    Pattern(pattern),
    Minimum(bound),
    Maximum(bound),
    ExclusiveMinimum(bound),
    ExclusiveMaximum(bound),
    MultipleOf(divisor),
    Items(items),
    MinItems(bound),
    MaxItems(bound),
    UniqueItems,
    Contains(contains),
    Properties(properties),
    Required(names),
    PropertyNames(node),
    MinProperties(bound),
    MaxProperties(bound),
    DependentRequired(needs),
    DependentSchemas(needs),
    UnevaluatedItems(node),
    UnevaluatedProperties(node),
    AllOf(nodes),
    AnyOf(union),
    OneOf(union),
    Not(node),
    If(condition),
    Ref(node),
    AuthType,
});
record!(__t, Items { prefix, rest });
record!(__t, Contains { node, min, max });
record!(__t, Properties { named, patterns, additional, required });
record!(__t, Union { branches, by });
choice!(__t, Discriminant { None, Type(types), Tag(tag, values) });
record!(__t, If { test, then, otherwise });
choice!(__t, Json { Null, Bool(value), Number(value), String(value), Array(items), Object(members) });
choice!(__c::number, Number { Unsigned(value), Negative(value), Float(value) });
record!(__c::pattern, Haven { row, classes });

impl Data for Types {
    fn data(&self) -> TokenStream {
        made(&["__t", "Types"], &[&self.0], &[])
    }
}

impl Data for Pattern {
    fn data(&self) -> TokenStream {
        let Self { source, example, ascii, ranges, classes, transitions, columns, accepting, haven } = self;
        made(
            &["__c", "pattern", "Pattern"],
            &[],
            &[
                ("source", source),
                ("example", example),
                ("ascii", &Bytes(ascii)),
                ("ranges", ranges),
                ("classes", classes),
                ("transitions", transitions),
                ("columns", columns),
                ("accepting", accepting),
                ("haven", haven),
            ],
        )
    }
}
