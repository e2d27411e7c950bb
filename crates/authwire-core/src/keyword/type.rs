//! `type`: what a value is (Validation §6.1.1).

use super::{Flaw, Instance, Sink, Spot};
use crate::finding::Code;
use crate::json::Kind;
use crate::table::{Display, Types};

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
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
        };
        let help = match spot.instance.kind() {
            Kind::Null => Some("leave the field out instead".to_owned()),
            Kind::Number | Kind::Boolean if types.contains(Types::STRING) => {
                Some("write it in quotes".to_owned())
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
