//! The answer to a token request.

use authwire_core::plan::{AnswerPlace, At, Keep, Pick, ResponsePlan};

use super::words::Words;
use crate::docs::markdown::{code, table};

/// Where the answer holds what.
pub(super) fn response(words: Words<'_>, response: &ResponsePlan, keep: &[Keep]) -> String {
    let mut rows = vec![["the access token".to_owned(), place(words, &response.access_token)]];
    let mut push = |what: &str, at: &Option<AnswerPlace>| {
        if let Some(at) = at {
            rows.push([what.to_owned(), place(words, at)]);
        }
    };
    push("when it ends", &response.expires_in);
    push("its type", &response.token_type);
    push("an error", &response.error);
    push("where the API is", &response.base_url);
    for pick in &response.pick {
        rows.push([format!("the token's {}", code(&pick.name)), place(words, &pick.place)]);
    }
    for keep in keep {
        let mut text = format!("{}; stored before the token is used", place(words, &keep.from));
        if let Some(initial) = &keep.initial {
            text.push_str(&format!(". Until one was stored: {}", words.optional(initial)));
        }
        rows.push([format!("the next {}, to keep", code(&keep.name)), text]);
    }
    format!("The answer, JSON or form-encoded:\n\n{}", table(["What", "Where"], &rows))
}

/// What is picked out of the answer of a step.
pub(super) fn picked(words: Words<'_>, picks: &[Pick]) -> String {
    if picks.is_empty() {
        return String::new();
    }
    let rows: Vec<[String; 2]> =
        picks.iter().map(|pick| [code(&pick.name), place(words, &pick.place)]).collect();
    format!("Out of the answer:\n\n{}", table(["What", "Where"], &rows))
}

fn place(words: Words<'_>, place: &AnswerPlace) -> String {
    let mut text = match &place.at {
        At::Pointer(template) => format!("at {}", words.optional(template)),
        At::Header(template) => format!("in the header {}", words.optional(template)),
        At::Cookie(template) => format!("in the cookie {}", words.optional(template)),
        At::Cookies(names) if names.is_empty() => "in all cookies that are set for the API".to_owned(),
        At::Cookies(names) => {
            let names: Vec<String> = names.iter().map(|name| words.optional(name)).collect();
            format!("in the cookies {}; without a name, in all that are set for the API", names.join(" and "))
        }
        At::Input(template) => format!("in the form field {} of the page", words.optional(template)),
        At::Meta(template) => format!("in the `meta` element {} of the page", words.optional(template)),
    };
    if let Some(format) = &place.format {
        text.push_str(&format!(", written in {}", words.optional(format)));
    }
    if let Some(expect) = &place.expect {
        text.push_str(&format!("; must be {}, in whatever case", words.template(expect)));
    }
    if let Some(when) = words.conditions(&place.when) {
        text.push_str(&format!("; checked only where {when}"));
    }
    text
}
