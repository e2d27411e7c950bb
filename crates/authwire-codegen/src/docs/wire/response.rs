//! The answer to a token request.

use authwire_core::plan::{AnswerPlace, At, Keep, ResponsePlan};

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
    for keep in keep {
        let mut text = format!("at {}; stored before the token is used", words.optional(&keep.from));
        if let Some(initial) = &keep.initial {
            text.push_str(&format!(". Until one was stored: {}", words.optional(initial)));
        }
        rows.push([format!("the next {}, to keep", code(&keep.name)), text]);
    }
    format!("The answer, JSON or form-encoded:\n\n{}", table(["What", "Where"], &rows))
}

fn place(words: Words<'_>, place: &AnswerPlace) -> String {
    let mut text = match &place.at {
        At::Pointer(template) => format!("at {}", words.optional(template)),
        At::Header(template) => format!("in the header {}", words.optional(template)),
        At::Cookie(template) => format!("in the cookie {}", words.optional(template)),
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
