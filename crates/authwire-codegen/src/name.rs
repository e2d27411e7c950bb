//! Names: from the words of a schema to identifiers of Rust.

use std::collections::HashSet;

use proc_macro2::{Ident, Span};

/// `client_id`, `clientId` or `Client-Id` as a type's name: `ClientId`.
#[must_use]
pub fn type_name(text: &str) -> String {
    words(text).iter().map(|word| capitalized(word)).collect()
}

/// The same as a field's or a function's name: `client_id`.
#[must_use]
pub fn field_name(text: &str) -> String {
    words(text).join("_")
}

/// `name` as an identifier writes it, and as none of `taken` is, to which it is added.
#[must_use]
pub fn distinct(name: String, taken: &mut HashSet<String>) -> String {
    let mut name = if name.is_empty() { "__".to_owned() } else { written(&name) };
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    name
}

/// An identifier; a keyword becomes a raw one, and what cannot be an identifier gets an underscore.
#[must_use]
pub fn ident(text: &str) -> Ident {
    const KEYWORDS: [&str; 49] = [
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
        "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
        "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static",
        "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
        "while", "yield", "union",
    ];
    let text = &*written(text);
    if KEYWORDS.contains(&text) {
        Ident::new_raw(text, Span::call_site())
    } else {
        Ident::new(text, Span::call_site())
    }
}

/// The text of an identifier, without what makes it raw.
fn written(text: &str) -> String {
    if matches!(text, "self" | "Self" | "super" | "crate" | "_") {
        format!("{text}_")
    } else if text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_' || !first.is_ascii())
    {
        // beyond ASCII there are only names that Rust has taken already: a marker's
        text.to_owned()
    } else {
        format!("_{text}")
    }
}

/// The words of a name, in lower case: split at separators and where lower case turns into upper case.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_lower = false;
    for character in text.chars() {
        if !character.is_ascii_alphanumeric() {
            words.push(String::new());
            before_lower = false;
            continue;
        }
        if character.is_ascii_uppercase() && before_lower {
            words.push(String::new());
        }
        before_lower = character.is_ascii_lowercase() || character.is_ascii_digit();
        if let Some(word) = words.last_mut() {
            word.push(character.to_ascii_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{distinct, field_name, ident, type_name};

    #[test]
    fn names_are_what_a_rust_developer_expects() {
        assert_eq!(type_name("oauth2_client_credentials"), "Oauth2ClientCredentials");
        assert_eq!(type_name("HS256"), "Hs256");
        assert_eq!(field_name("clientId"), "client_id");
        assert_eq!(field_name("$schema"), "schema");
        assert_eq!(ident("type").to_string(), "r#type");
        assert_eq!(ident("2nd").to_string(), "_2nd");
        assert_eq!(ident("self").to_string(), "self_");
        assert_eq!(ident("Über").to_string(), "Über");
        assert_eq!(ident("名前Config").to_string(), "名前Config");
    }

    #[test]
    fn no_two_fields_have_one_identifier() {
        let mut taken = HashSet::new();
        let names = ["self", "Self", "self_", "super", "名前", "鍵", "2nd", "type", "type"];
        let fields: Vec<String> =
            names.iter().map(|name| ident(&distinct(field_name(name), &mut taken)).to_string()).collect();
        assert_eq!(fields, ["self_", "self__", "self___", "super_", "__", "___", "_2nd", "r#type", "type_"]);
    }
}
