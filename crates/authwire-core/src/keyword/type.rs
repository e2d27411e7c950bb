//! `type`: what a value is (Validation §6.1.1).

use super::{Flaw, Instance, Sink, Spot};
use crate::finding::Code;
use crate::json::Kind;
use crate::table::{Display, Keyword, Types};

/// The types of a value: of a whole number both `integer` and `number`.
#[inline]
pub(crate) fn of(instance: Instance<'_>) -> Types {
    match instance.kind() {
        Kind::Null => Types::NULL,
        Kind::Boolean => Types::BOOLEAN,
        Kind::String => Types::STRING,
        Kind::Array => Types::ARRAY,
        Kind::Object => Types::OBJECT,
        Kind::Number if instance.number().is_some_and(crate::number::Number::is_integer) => Types::INTEGER,
        // the bit that `number` has and `integer` has not
        Kind::Number => Types(Types::NUMBER.0 & !Types::INTEGER.0),
    }
}

#[inline]
pub(super) fn check<S: Sink>(types: Types, spot: &Spot<'_, S>, sink: &mut S) -> bool {
    types.intersects(of(spot.instance)) || wrong(types, spot, sink, "type")
}

/// Says that the value is of none of `types`.
#[inline(never)]
pub(super) fn wrong<S: Sink>(types: Types, spot: &Spot<'_, S>, sink: &mut S, rule: &str) -> bool {
    // of an array or object in a plain value's place nobody knows what is in it
    let display = match spot.instance.kind() {
        Kind::Array | Kind::Object => Display::Masked,
        _ => spot.display(),
    };
    spot.displayed(display).flag(sink, Code::Type, rule, || {
        let is = match spot.instance.kind() {
            Kind::Null => "null",
            Kind::Boolean => "a boolean",
            Kind::Number if types.intersects(Types::NUMBER) => "one with a fraction",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
        };
        let help = match spot.instance.kind() {
            Kind::Null if spot.is_required() => Some("the field is required: give it a value".to_owned()),
            Kind::Null => Some("leave the field out instead".to_owned()),
            Kind::Number | Kind::Boolean if types.contains(Types::STRING) => {
                Some("write it in quotes".to_owned())
            }
            Kind::Array if types.contains(Types::STRING) && is_list_in_pieces(spot) => {
                Some("write them as one text, with a space between two".to_owned())
            }
            Kind::String
                if types.contains(Types::BOOLEAN)
                    && spot.instance.string().is_some_and(|text| matches!(&*text, "true" | "false")) =>
            {
                Some("write it without quotes".to_owned())
            }
            // one that is a number already, in quotes
            Kind::String if types.intersects(Types::NUMBER) => {
                let text = spot.instance.string();
                let is_number = text.is_some_and(|text| text.trim().parse::<f64>().is_ok_and(f64::is_finite));
                is_number.then(|| "write it without quotes".to_owned())
            }
            _ => None,
        };
        Flaw::new(format!("{} must be {}, not {is}", spot.path().name(), types.in_words())).maybe_help(help)
    })
}

/// Whether the items of an array, with a space between two, are the text that the pattern wants: a scope, say.
fn is_list_in_pieces<S: Sink>(spot: &Spot<'_, S>) -> bool {
    let items: Option<Vec<_>> = spot.instance.items().map(Instance::string).collect();
    items.filter(|items| items.len() > 1).is_some_and(|items| {
        spot.node.keywords.iter().any(|row| match row {
            Keyword::Pattern(pattern) => pattern.matches(&items.join(" ")),
            _ => false,
        })
    })
}
