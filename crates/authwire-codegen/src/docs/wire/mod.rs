//! What goes on the wire, in steps that a person can follow: from the compiled plan.
//!
//! One file a primitive; [`words`] turns templates, values and conditions into words.

mod jwt;
mod members;
mod placement;
mod request;
mod response;
mod token;
mod words;

use authwire_core::plan::{Made, Plan};

use words::Words;

/// The steps of `plan`, as Markdown with headings of the third level.
pub(super) fn steps(plan: &Plan) -> String {
    let words = Words { plan };
    let mut steps: Vec<(String, String)> = Vec::new();
    for make in plan.make.iter() {
        steps.push(match &make.what {
            Made::Jwt(jwt) => (format!("A JWT is made: `{}`", make.name), jwt::step(words, jwt)),
        });
    }
    if let Some(token) = &plan.token {
        steps.push(("A token is obtained".to_owned(), token::step(words, token)));
    }
    let requests = match (plan.apply.is_empty(), steps.is_empty()) {
        (true, _) => return "Nothing: requests are sent as they are.\n\n".to_owned(),
        (false, true) => return placement::step(words, &plan.apply),
        (false, false) => placement::step(words, &plan.apply),
    };
    steps.push(("Every request is authenticated".to_owned(), requests));
    let numbered = (1..).zip(steps);
    numbered.map(|(number, (heading, step))| format!("### {number}. {heading}\n\n{step}")).collect()
}
