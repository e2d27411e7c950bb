//! Templates: texts with `{path}`s in them; `{{` and `}}` are braces. Every path is checked where it stands, to the
//! character.

use std::ops::Range;

use authwire_model::plan::{LoginValue, Part, Source, Template};
use authwire_model::suggest;

use super::slot::{Slot, Standing};
use super::{HEADS, Planner, RESERVED, Scope};
use crate::problems::{Problem, Spot};
use crate::source::Site;

/// What a path reads of a token.
const OF_A_TOKEN: &str = "there are `token.access_token` and what `token.response.pick` names";

/// What a path reads of a connector.
const OF_A_CONNECTOR: &str = "there are `connector.base_url` and `connector.name`";

impl<'l> Planner<'_, 'l> {
    /// The template at `site`, which fills `slot`.
    pub(super) fn template(&mut self, site: Site<'l>, slot: &Slot, scope: Scope<'_>) -> Option<Template> {
        let Some(text) = site.string() else {
            self.error(site.spot(), format!("{} wants a string", slot.what));
            return None;
        };
        self.text(&text, slot, scope, &|inside| site.spot_inside(inside))
    }

    /// The template `text`, which fills `slot`; `at` finds its bytes in the file.
    pub(super) fn text(
        &mut self,
        text: &str,
        slot: &Slot,
        scope: Scope<'_>,
        at: &dyn Fn(Range<usize>) -> Spot,
    ) -> Option<Template> {
        let pieces = match split(text) {
            Ok(pieces) => pieces,
            Err((inside, message, help)) => {
                self.problem(Problem::error(at(inside), message).or_help(help));
                return None;
            }
        };
        let standing = Standing::of(&pieces);
        let whole = at(0..text.len());
        if pieces.is_empty() && !slot.may_be_empty {
            self.error(whole, format!("{} may not be empty", slot.what));
            return None;
        }
        if slot.lone && standing == Standing::WithinText && !pieces.is_empty() {
            self.error(whole, format!("{} is a single `{{field}}` or a literal", slot.what));
            return None;
        }
        let mut parts = Vec::new();
        for piece in pieces {
            parts.push(match piece {
                Piece::Literal(text) => {
                    if !slot.values.is_empty() && !slot.values.contains(&&*text) {
                        let problem =
                            Problem::error(whole.clone(), format!("`{text}` is not known as {}", slot.what))
                                .with_guess(suggest::nearest(&text, slot.values.iter().copied()))
                                .or_help(Some(format!(
                                    "it is one of {}",
                                    super::grammar::listed(slot.values)
                                )));
                        self.problem(problem);
                    }
                    Part::Literal(text.into())
                }
                Piece::Field(path, inside) => {
                    let source = self.source(path, scope, at(inside.clone()))?;
                    self.fits(slot, source, path, standing, scope, at(inside));
                    Part::Field(source)
                }
            });
        }
        Some(Template { parts: parts.into() })
    }

    /// Checks that the template `text`, which was read as one that may be absent, is there and fills `slot`.
    pub(super) fn demand_text(
        &mut self,
        text: &str,
        slot: &Slot,
        scope: Scope<'_>,
        at: &dyn Fn(Range<usize>) -> Spot,
    ) {
        let pieces = split(text).unwrap_or_default();
        let standing = Standing::of(&pieces);
        for piece in pieces {
            if let Piece::Field(path, inside) = piece
                && let Some(source) = self.source(path, scope, at(inside.clone()))
                && self.misfit(slot, source, path, standing).is_none()
            {
                self.demand(slot, source, path, scope, at(inside));
            }
        }
    }

    /// What the path `path`, which stands at `spot`, reads.
    pub(super) fn source(&mut self, path: &str, scope: Scope<'_>, spot: Spot) -> Option<Source> {
        let (head, rest) = path.split_once('.').unwrap_or((path, ""));
        if HEADS.contains(&head) && self.names_property(head) {
            // that a reserved name is one is told where the property stands
            return if RESERVED.contains(&head) {
                None
            } else {
                self.property(path, scope.facts, spot).map(Source::Field)
            };
        }
        if rest.is_empty() && HEADS.contains(&head) {
            let problem = Problem::error(spot, format!("`{head}` alone is no value"));
            let help = match head {
                "token" => OF_A_TOKEN.to_owned(),
                "connector" => OF_A_CONNECTOR.to_owned(),
                "steps" => "`{steps.NAME.PICK}` reads what that step picks".to_owned(),
                _ => format!("`{{{head}.NAME}}` reads what it has"),
            };
            self.problem(problem.with_help(help));
            return None;
        }
        match head {
            "make" => self.made_source(rest, scope, spot),
            "kept" => self.kept_source(rest, scope, spot),
            "token" => self.token_source(rest, scope, spot),
            "steps" => self.picked_source(rest, scope, spot),
            "login" => self.login_source(rest, scope, spot),
            "request" => self.request_source(rest, scope, spot),
            "connector" => match rest {
                "base_url" => Some(Source::BaseUrl),
                "name" => Some(Source::ConnectorName),
                other => {
                    let guess =
                        suggest::nearest(other, ["base_url", "name"]).map(|name| format!("connector.{name}"));
                    let problem =
                        Problem::error(spot, format!("a connector has no `{other}` that plans read"))
                            .with_guess(guess.as_deref())
                            .or_help(Some(OF_A_CONNECTOR.to_owned()));
                    self.problem(problem);
                    None
                }
            },
            _ => self.property(path, scope.facts, spot).map(Source::Field),
        }
    }

    fn made_source(&mut self, name: &str, scope: Scope<'_>, spot: Spot) -> Option<Source> {
        let early = match scope.part {
            super::Part::Make => Some("what is made cannot be made of what is made"),
            super::Part::Connection => Some("a connection stands before anything is made"),
            super::Part::Beginning => Some("what is made is read by requests only"),
            _ => None,
        };
        if let Some(why) = early {
            self.error(spot, why);
            return None;
        }
        let index = self.made.iter().position(|made| made == name);
        if index.is_none() {
            let guess = suggest::nearest(name, self.made.iter().map(String::as_str))
                .map(|name| format!("make.{name}"));
            let problem = Problem::error(spot, format!("`make` makes no `{name}`"));
            self.problem(problem.with_guess(guess.as_deref()));
        }
        index.and_then(|index| u8::try_from(index).ok()).map(Source::Make)
    }

    fn kept_source(&mut self, name: &str, scope: Scope<'_>, spot: Spot) -> Option<Source> {
        if scope.part != super::Part::Token {
            self.error(spot, "what is kept is read by token requests only");
            return None;
        }
        let index = self.kept.iter().position(|kept| kept.name == name);
        if index.is_none() {
            let names = self.kept.iter().map(|kept| kept.name.as_str());
            let guess = suggest::nearest(name, names).map(|name| format!("kept.{name}"));
            let problem = Problem::error(spot, format!("`keep` keeps no `{name}`"));
            self.problem(problem.with_guess(guess.as_deref()));
        }
        index.and_then(|index| u8::try_from(index).ok()).map(Source::Kept)
    }

    fn login_source(&mut self, name: &str, scope: Scope<'_>, spot: Spot) -> Option<Source> {
        let value = LoginValue::ALL.into_iter().find(|value| value.as_str() == name);
        if value.is_none() {
            let names = LoginValue::ALL.map(LoginValue::as_str);
            let guess = suggest::nearest(name, names).map(|name| format!("login.{name}"));
            let problem = Problem::error(spot, format!("a login brings no `{name}`"))
                .with_guess(guess.as_deref())
                .or_help(Some(format!("it brings {}", super::grammar::listed(&names))));
            self.problem(problem);
            // one of them was meant
            self.read_of_login.extend(LoginValue::ALL);
            return None;
        }
        let is_there = match scope.part {
            super::Part::Token => true,
            // the request for temporary credentials says where the person comes back to
            super::Part::Login => value == Some(LoginValue::RedirectUri),
            _ => false,
        };
        if !is_there {
            self.error(spot, "what a login brings is read by token requests only");
            return None;
        }
        let Some(brought) = &self.brought else {
            let problem = Problem::error(spot, "the plan has no `login`");
            self.problem(problem.with_help("`token.login` says where a person logs in"));
            return None;
        };
        // of a login by no known way that is told already
        if value.is_some_and(|value| !brought.is_empty() && !brought.contains(&value)) {
            let message = format!("the plan's `login` brings no `{name}`");
            let names: Vec<&str> = brought.iter().map(|value| value.as_str()).collect();
            let help = format!("it brings {}", super::grammar::listed(&names));
            self.problem(Problem::error(spot, message).with_help(help));
            return None;
        }
        if scope.part == super::Part::Token {
            self.read_of_login.extend(value);
        }
        value.map(Source::Login)
    }

    fn token_source(&mut self, name: &str, scope: Scope<'_>, spot: Spot) -> Option<Source> {
        let index = self.token_values.iter().position(|(known, _)| known == name);
        if index.is_none() && name != "access_token" {
            let names: Vec<&str> = ["access_token"]
                .into_iter()
                .chain(self.token_values.iter().map(|(name, _)| &**name))
                .collect();
            let guess = suggest::nearest(name, names).map(|name| format!("token.{name}"));
            let problem = Problem::error(spot, format!("a token has no `{name}`"));
            self.problem(problem.with_guess(guess.as_deref()).or_help(Some(OF_A_TOKEN.to_owned())));
            return None;
        }
        if scope.part != super::Part::Apply {
            self.error(spot, "the token is not there yet: `apply` may read it");
            return None;
        }
        if self.token.is_none() {
            self.error(spot, "the plan has no `token`");
            return None;
        }
        match index {
            Some(index) => u8::try_from(index).ok().map(Source::TokenValue),
            None => Some(Source::AccessToken),
        }
    }
}

/// A part of a template as it is written.
enum Piece<'t> {
    Literal(String),
    /// A path, and where it stands.
    Field(&'t str, Range<usize>),
}

/// What is wrong with a template: where, what, and what to do.
type Wrong = (Range<usize>, String, Option<String>);

fn split(text: &str) -> Result<Vec<Piece<'_>>, Wrong> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text.char_indices().peekable();
    while let Some((at, character)) = rest.next() {
        let doubled = rest.peek().is_some_and(|(_, next)| *next == character);
        match character {
            '{' | '}' if doubled => {
                rest.next();
                literal.push(character);
            }
            '}' => {
                return Err((
                    at..at + 1,
                    "`}` closes no field".into(),
                    Some("a brace is written `}}`".into()),
                ));
            }
            '{' => {
                let Some(length) = text[at..].find('}') else {
                    let help = "a brace is written `{{`".to_owned();
                    return Err((at..at + 1, "the field is not closed".into(), Some(help)));
                };
                let inside = at + 1..at + length;
                let path = &text[inside.clone()];
                if !is_path(path) {
                    let help = format!("a field is written `{{name}}` or `{{name.name}}`: {NAME}");
                    return Err((at..at + length + 1, "this is no path".into(), Some(help)));
                }
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Field(path, inside.clone()));
                while rest.next_if(|(next, _)| *next <= inside.end).is_some() {}
            }
            other => literal.push(other),
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

/// What a name in a path is.
pub(super) const NAME: &str = "a name is letters, digits, `_`, `-` and `$`, with spaces between them";

/// Whether `path` is names with dots between them.
pub(super) fn is_path(path: &str) -> bool {
    let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '$' | ' ');
    path.split('.').all(|name| !name.is_empty() && name.trim() == name && name.chars().all(is_part))
}
