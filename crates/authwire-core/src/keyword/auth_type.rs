//! `$ref` to `authwire:auth`: an object whose `type` names an auth type, and which that type's schema describes.

use super::min_length::empty;
use super::{Flaw, Sink, Spot, required, r#type};
use crate::finding::Code;
use crate::interpreter::Path;
use crate::json::Kind;
use crate::suggest::{Known, meant, question};
use crate::table::{Display, Schema, Types};

#[inline(never)]
pub(super) fn check<'s, S: Sink>(spot: &Spot<'s, S>, sink: &mut S) -> bool {
    if spot.instance.kind() != Kind::Object {
        return r#type::wrong(Types::OBJECT, spot, sink, "$ref");
    }
    let Some(value) = spot.instance.get("type") else {
        return required::missing("type", spot, sink, "$ref");
    };
    let path = Path::Name(spot.path(), "type");
    let named = spot.member(value, &path).titled(None).displayed(Display::Shown);
    let Some(name) = value.string() else {
        return r#type::wrong(Types::STRING, &named, sink, "$ref");
    };
    if name.is_empty() {
        return empty(&named.required(true), sink, "$ref");
    }
    match spot.registry.get(&name) {
        Some(schema) => spot.under_schema(schema).check(sink),
        None => named.flag(sink, Code::UnknownType, "$ref", || {
            let known = |schema: &&'s Schema| Known { name: &schema.name, title: Some(&schema.title) };
            let known: Vec<Known<'_>> = spot.registry.types.iter().map(known).collect();
            let help = question(&meant(&name, &known)).unwrap_or_else(|| {
                let names: Vec<String> = known.iter().map(|known| format!("`{}`", known.name)).collect();
                format!("the auth types are {}", names.join(", "))
            });
            let shown = named.shown().unwrap_or_else(|| "this".to_owned());
            Flaw::new(format!("{shown} is no auth type")).help(help)
        }),
    }
}
