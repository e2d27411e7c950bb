//! What each keyword means: one file for each, named after it.
//!
//! A file knows its keyword and nothing of the others. The walk is in [`crate::interpreter`]; how a keyword's value is
//! read from a schema file stands under the same name in `authwire-schema`.

mod all_of;
mod any_of;
mod auth_type;
mod r#const;
mod contains;
mod dependent_required;
mod dependent_schemas;
mod r#enum;
pub(crate) mod equal;
mod evaluated;
pub(crate) mod exclusive_maximum;
pub(crate) mod exclusive_minimum;
mod r#if;
mod items;
mod max_items;
pub(crate) mod max_length;
mod max_properties;
pub(crate) mod maximum;
mod min_items;
pub(crate) mod min_length;
mod min_properties;
pub(crate) mod minimum;
pub(crate) mod multiple_of;
mod not;
mod one_of;
mod pattern;
mod properties;
mod property_names;
mod required;
mod r#type;
mod unevaluated_items;
mod unevaluated_properties;
mod union;
mod unique_items;

pub(crate) use crate::instance::Instance;
pub(crate) use crate::interpreter::{Flaw, Sink, Spot, Verdict};
use crate::table::Keyword;

/// Checks one row. Returns whether it holds.
///
/// Every keyword's own `check` stays a function of its own: inlined into this one, each row would pay for the stack frame of
/// the largest.
pub(crate) fn check<'s, S: Sink>(row: &'s Keyword, spot: &Spot<'s, S>, sink: &mut S) -> bool {
    match row {
        Keyword::Never => spot
            .flag(sink, spot.never(), "", || Flaw::new(format!("{} may not stand here", spot.path().name()))),
        Keyword::Type(types) => r#type::check(*types, spot, sink),
        Keyword::Enum(values) => r#enum::check(values, spot, sink),
        Keyword::Const(value) => r#const::check(value, spot, sink),
        Keyword::MinLength(bound) => min_length::check(*bound, spot, sink),
        Keyword::MaxLength(bound) => max_length::check(*bound, spot, sink),
        Keyword::Pattern(rows) => pattern::check(rows, spot, sink),
        Keyword::Minimum(bound) => minimum::check(*bound, spot, sink),
        Keyword::Maximum(bound) => maximum::check(*bound, spot, sink),
        Keyword::ExclusiveMinimum(bound) => exclusive_minimum::check(*bound, spot, sink),
        Keyword::ExclusiveMaximum(bound) => exclusive_maximum::check(*bound, spot, sink),
        Keyword::MultipleOf(divisor) => multiple_of::check(*divisor, spot, sink),
        Keyword::Items(rows) => items::check(rows, spot, sink),
        Keyword::MinItems(bound) => min_items::check(*bound, spot, sink),
        Keyword::MaxItems(bound) => max_items::check(*bound, spot, sink),
        Keyword::UniqueItems => unique_items::check(spot, sink),
        Keyword::Contains(rows) => contains::check(rows, spot, sink),
        Keyword::Properties(rows) => properties::check(rows, spot, sink),
        Keyword::Required(names) => required::check(names, spot, sink),
        Keyword::PropertyNames(node) => property_names::check(*node, spot, sink),
        Keyword::MinProperties(bound) => min_properties::check(*bound, spot, sink),
        Keyword::MaxProperties(bound) => max_properties::check(*bound, spot, sink),
        Keyword::DependentRequired(needs) => dependent_required::check(needs, spot, sink),
        Keyword::DependentSchemas(needs) => dependent_schemas::check(needs, spot, sink),
        Keyword::UnevaluatedItems(node) => unevaluated_items::check(*node, spot, sink),
        Keyword::UnevaluatedProperties(node) => unevaluated_properties::check(*node, spot, sink),
        Keyword::AllOf(nodes) => all_of::check(nodes, spot, sink),
        Keyword::AnyOf(rows) => any_of::check(rows, spot, sink),
        Keyword::OneOf(rows) => one_of::check(rows, spot, sink),
        Keyword::Not(node) => not::check(*node, spot, sink),
        Keyword::If(rows) => r#if::check(rows, spot, sink),
        Keyword::Ref(node) => evaluated::is_left(spot) || spot.under(*node).check(sink),
        Keyword::AuthType => auth_type::check(spot, sink),
    }
}
