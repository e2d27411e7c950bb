//! What goes before the token request, step by step.

use authwire_core::plan::{StepPlan, TokenPlan};

use super::planned::Planned;
use super::{Purpose, explain_token};
use crate::error::Error;
use crate::phrase::Phrase;
use crate::template::{Picked, Scope};

/// The requests of the steps of `token`, and what stands for the values that they pick.
pub(super) fn explain(
    scope: &Scope<'_>,
    token: &TokenPlan,
    requests: &mut Vec<Planned>,
) -> Result<Vec<Vec<Option<Picked>>>, Error> {
    let mut picked: Vec<Vec<Option<Picked>>> = Vec::with_capacity(token.steps.len());
    for step in &token.steps {
        let scope = Scope { picked: &picked, ..*scope };
        let mut values = Vec::new();
        if scope.holds(&step.request.when) {
            let at = requests.len();
            explain_token(&scope, &step.request, Some(format!("`{}`", step.name)), requests)?;
            for request in requests.iter_mut().skip(at) {
                request.purpose = Purpose::Step;
            }
            values = placeholders(&scope, step);
        }
        picked.push(values);
    }
    Ok(picked)
}

fn placeholders(scope: &Scope<'_>, step: &StepPlan) -> Vec<Option<Picked>> {
    let placeholder = |name: &str| Picked {
        phrase: Phrase::unknown(format!("<{}.{name}>", step.name)).into_secret(),
        is_text: true,
    };
    step.pick.iter().map(|pick| scope.holds(&pick.place.when).then(|| placeholder(&pick.name))).collect()
}
