//! What goes on the wire, in steps that a person can follow: from the compiled plan.
//!
//! One file a primitive; [`words`] turns templates, values and conditions into words.

mod connection;
mod jwt;
mod login;
mod members;
mod placement;
mod request;
mod response;
mod signature;
mod token;
mod words;

use authwire_core::plan::{Made, Plan};

use words::Words;

/// The steps of `plan`, as Markdown with headings of the third level.
pub(super) fn steps(plan: &Plan) -> String {
    let words = Words { plan };
    let mut steps: Vec<(String, String)> = Vec::new();
    if let Some(connection) = &plan.connection {
        steps.push(("The connection proves who connects".to_owned(), connection::step(words, connection)));
    }
    for make in plan.make.iter() {
        steps.push(match &make.what {
            Made::Jwt(jwt) => (format!("A JWT is made: `{}`", make.name), jwt::step(words, jwt)),
        });
    }
    if let Some(token) = &plan.token {
        steps.push(("A token is obtained".to_owned(), token::step(words, token)));
    }
    if !plan.apply.is_empty() {
        let heading = "Every request is authenticated".to_owned();
        steps.push((heading, placement::step(words, &plan.apply)));
    }
    match &steps[..] {
        [] => return "Nothing: requests are sent as they are.\n\n".to_owned(),
        [(_, only)] => return only.clone(),
        _ => {}
    }
    let numbered = (1..).zip(steps);
    numbered.map(|(number, (heading, step))| format!("### {number}. {heading}\n\n{step}")).collect()
}
