//! The static tables: a compiled schema, written as data.
//!
//! It writes constructors of `authwire_core` and nothing else: a row more is a line more.

mod plan;

use authwire_core::list::List;
use authwire_core::number::Number;
use authwire_core::pattern::Pattern;
use authwire_core::table::{
    Contains, Discriminant, Display, If, Items, Json, Keyword, Node, Properties, Schema, Types, Union,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Writes a schema as an expression. Where it stands, `__t` must be `authwire_core::table`, `__p` its `plan`, `__l` its
/// `list` and `__c` the crate itself.
pub(super) fn schema(schema: &Schema) -> TokenStream {
    let (name, title) = (text(&schema.name), text(&schema.title));
    let nodes = list(&schema.nodes, node);
    let plan = option(schema.plan.as_ref(), plan::plan);
    quote! { __t::Schema { name: #name, title: #title, nodes: #nodes, plan: #plan } }
}

fn text(text: &str) -> TokenStream {
    quote! { __l::Str::Static(#text) }
}

fn list<T>(rows: &List<T>, one: impl Fn(&T) -> TokenStream) -> TokenStream {
    if rows.is_empty() {
        return quote! { __l::List::EMPTY };
    }
    let rows = rows.iter().map(one);
    quote! { __l::List::Static(&[#(#rows),*]) }
}

fn one(it: TokenStream) -> TokenStream {
    quote! { __l::One::Static(&#it) }
}

fn option<T>(value: Option<T>, one: impl Fn(T) -> TokenStream) -> TokenStream {
    match value.map(one) {
        Some(value) => quote! { ::core::option::Option::Some(#value) },
        None => quote! { ::core::option::Option::None },
    }
}

fn id(id: &u32) -> TokenStream {
    let id = Literal::u32_unsuffixed(*id);
    quote! { #id }
}

fn node(node: &Node) -> TokenStream {
    let at = text(&node.at);
    let title = option(node.title.as_deref(), text);
    let display = match node.display {
        Display::Secret => quote! { Secret },
        Display::Masked => quote! { Masked },
        Display::Origin => quote! { Origin },
        Display::Shown => quote! { Shown },
    };
    let keywords = list(&node.keywords, keyword);
    quote! { __t::Node { at: #at, title: #title, display: __t::Display::#display, keywords: #keywords } }
}

fn keyword(row: &Keyword) -> TokenStream {
    let row = match row {
        Keyword::Never => quote! { Never },
        Keyword::Type(types) => {
            let types = set(types);
            quote! { Type(#types) }
        }
        Keyword::Enum(values) => {
            let values = list(values, json);
            quote! { Enum(#values) }
        }
        Keyword::Const(value) => {
            let value = json(value);
            quote! { Const(#value) }
        }
        Keyword::MinLength(bound) => quote! { MinLength(#bound) },
        Keyword::MaxLength(bound) => quote! { MaxLength(#bound) },
        Keyword::Pattern(rows) => {
            let rows = one(pattern(rows));
            quote! { Pattern(#rows) }
        }
        Keyword::Minimum(bound) => {
            let bound = number(*bound);
            quote! { Minimum(#bound) }
        }
        Keyword::Maximum(bound) => {
            let bound = number(*bound);
            quote! { Maximum(#bound) }
        }
        Keyword::ExclusiveMinimum(bound) => {
            let bound = number(*bound);
            quote! { ExclusiveMinimum(#bound) }
        }
        Keyword::ExclusiveMaximum(bound) => {
            let bound = number(*bound);
            quote! { ExclusiveMaximum(#bound) }
        }
        Keyword::MultipleOf(divisor) => {
            let divisor = number(*divisor);
            quote! { MultipleOf(#divisor) }
        }
        Keyword::Items(items) => {
            let Items { prefix, rest } = &**items;
            let (prefix, rest) = (list(prefix, id), option(rest.as_ref(), id));
            let items = one(quote! { __t::Items { prefix: #prefix, rest: #rest } });
            quote! { Items(#items) }
        }
        Keyword::MinItems(bound) => quote! { MinItems(#bound) },
        Keyword::MaxItems(bound) => quote! { MaxItems(#bound) },
        Keyword::UniqueItems => quote! { UniqueItems },
        Keyword::Contains(Contains { node, min, max }) => {
            let max = option(max.as_ref(), |max| quote! { #max });
            quote! { Contains(__t::Contains { node: #node, min: #min, max: #max }) }
        }
        Keyword::Properties(rows) => {
            let rows = one(properties(rows));
            quote! { Properties(#rows) }
        }
        Keyword::Required(names) => {
            let names = list(names, |name| text(name));
            quote! { Required(#names) }
        }
        Keyword::PropertyNames(node) => quote! { PropertyNames(#node) },
        Keyword::MinProperties(bound) => quote! { MinProperties(#bound) },
        Keyword::MaxProperties(bound) => quote! { MaxProperties(#bound) },
        Keyword::DependentRequired(needs) => {
            let needs = list(needs, |(name, others)| {
                let (name, others) = (text(name), list(others, |other| text(other)));
                quote! { (#name, #others) }
            });
            quote! { DependentRequired(#needs) }
        }
        Keyword::DependentSchemas(needs) => {
            let needs = list(needs, |(name, node)| {
                let name = text(name);
                quote! { (#name, #node) }
            });
            quote! { DependentSchemas(#needs) }
        }
        Keyword::UnevaluatedItems(node) => quote! { UnevaluatedItems(#node) },
        Keyword::UnevaluatedProperties(node) => quote! { UnevaluatedProperties(#node) },
        Keyword::AllOf(nodes) => {
            let nodes = list(nodes, id);
            quote! { AllOf(#nodes) }
        }
        Keyword::AnyOf(rows) => {
            let rows = one(union(rows));
            quote! { AnyOf(#rows) }
        }
        Keyword::OneOf(rows) => {
            let rows = one(union(rows));
            quote! { OneOf(#rows) }
        }
        Keyword::Not(node) => quote! { Not(#node) },
        Keyword::If(If { test, then, otherwise }) => {
            let (then, otherwise) = (option(then.as_ref(), id), option(otherwise.as_ref(), id));
            quote! { If(__t::If { test: #test, then: #then, otherwise: #otherwise }) }
        }
        Keyword::Ref(node) => quote! { Ref(#node) },
        Keyword::AuthType => quote! { AuthType },
    };
    quote! { __t::Keyword::#row }
}

fn set(types: &Types) -> TokenStream {
    let bits = Literal::u8_unsuffixed(types.0);
    quote! { __t::Types(#bits) }
}

fn properties(rows: &Properties) -> TokenStream {
    let named = list(&rows.named, |(name, node)| {
        let name = text(name);
        quote! { (#name, #node) }
    });
    let patterns = list(&rows.patterns, |(rows, node)| {
        let rows = pattern(rows);
        quote! { (#rows, #node) }
    });
    let additional = option(rows.additional.as_ref(), id);
    let required = rows.required;
    quote! {
        __t::Properties { named: #named, patterns: #patterns, additional: #additional, required: #required }
    }
}

fn union(union: &Union) -> TokenStream {
    let branches = list(&union.branches, id);
    let by = match &union.by {
        Discriminant::None => quote! { None },
        Discriminant::Type(types) => {
            let types = list(types, set);
            quote! { Type(#types) }
        }
        Discriminant::Tag(tag, values) => {
            let (tag, values) = (text(tag), list(values, |values| list(values, json)));
            quote! { Tag(#tag, #values) }
        }
    };
    quote! { __t::Union { branches: #branches, by: __t::Discriminant::#by } }
}

fn pattern(pattern: &Pattern) -> TokenStream {
    let source = text(&pattern.source);
    // a byte string is one token, where a list of numbers would be hundreds
    let ascii = Literal::byte_string(&pattern.ascii);
    let ranges = list(&pattern.ranges, |(first, last, class)| quote! { (#first, #last, #class) });
    let classes = pattern.classes;
    let transitions = list(&pattern.transitions, |state| {
        let state = Literal::u16_unsuffixed(*state);
        quote! { #state }
    });
    let accepting = list(&pattern.accepting, |accepting| quote! { #accepting });
    quote! {
        __c::pattern::Pattern {
            source: #source,
            ascii: __l::List::Static(#ascii),
            ranges: #ranges,
            classes: #classes,
            transitions: #transitions,
            accepting: #accepting,
        }
    }
}

fn number(number: Number) -> TokenStream {
    match number {
        Number::Unsigned(number) => quote! { __c::number::Number::Unsigned(#number) },
        Number::Negative(number) => quote! { __c::number::Number::Negative(#number) },
        Number::Float(number) if number.is_finite() => quote! { __c::number::Number::Float(#number) },
        Number::Float(number) if number > 0.0 => quote! { __c::number::Number::Float(f64::INFINITY) },
        Number::Float(_) => quote! { __c::number::Number::Float(f64::NEG_INFINITY) },
    }
}

/// Writes a JSON value of a table.
fn json(value: &Json) -> TokenStream {
    let value = match value {
        Json::Null => quote! { Null },
        Json::Bool(value) => quote! { Bool(#value) },
        Json::Number(value) => {
            let value = number(*value);
            quote! { Number(#value) }
        }
        Json::String(value) => {
            let value = text(value);
            quote! { String(#value) }
        }
        Json::Array(items) => {
            let items = list(items, json);
            quote! { Array(#items) }
        }
        Json::Object(members) => {
            let members = list(members, |(name, value)| {
                let (name, value) = (text(name), json(value));
                quote! { (#name, #value) }
            });
            quote! { Object(#members) }
        }
    };
    quote! { __t::Json::#value }
}
