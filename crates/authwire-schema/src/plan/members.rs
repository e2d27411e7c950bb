//! Named values and spreads: `{name: value, "...": template | [template]}`. Spreads come last, whatever their place.

use authwire_model::cookie;
use authwire_model::finding::Code;
use authwire_model::header;
use authwire_model::json::Kind;
use authwire_model::plan::{
    self, AUTHORIZATION_PARAMETERS, Condition, FieldId, FieldKind, Members, OAUTH1_AUTHORIZATION_PARAMETERS,
    Part, RequestPart, Source, Template, Test, Value,
};
use authwire_model::table::Types;

use super::property::in_words;
use super::slot::{Slot, Takes};
use super::{Planner, Scope};
use crate::problems::Problem;
use crate::source::Site;

/// What named values stand in.
#[derive(Debug)]
pub(super) struct Container {
    /// What a message calls it.
    pub(super) what: &'static str,
    /// What a name may be.
    pub(super) name: Slot,
    /// What a value may be.
    pub(super) value: Slot,
    /// Whether values are JSON.
    pub(super) json: bool,
    /// What a literal name may be.
    pub(super) names: Names,
    /// Names that Authwire gives itself.
    reserved: &'static [&'static str],
}

impl Container {
    /// The same of what stands in one of its values: there the names are the plan's own.
    pub(super) fn inside(&self) -> Self {
        Self { reserved: &[], ..*self }
    }

    /// The same of what stands in a pattern: texts.
    pub(super) fn of_texts(&self) -> Self {
        Self { value: Slot { what: "a pattern's value", ..self.value.text() }, json: false, ..*self }
    }
}

/// What a literal name may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Any text.
    Any,
    /// A token (RFC 9110 §5.6.2).
    Token,
    /// A token, compared without case.
    Header,
}

pub(super) const HEADERS: Container = Container {
    what: "`headers`",
    name: Slot::new("a header's name", Takes::PLAIN).not_empty(),
    value: Slot::new("a header's value", Takes::WRITTEN),
    json: false,
    names: Names::Header,
    reserved: &[],
};

/// The same as `header` says it.
pub(super) const HEADER: Container = Container { what: "`header`", ..HEADERS };

pub(super) const QUERY: Container = Container {
    what: "`query`",
    name: Slot::new("a query parameter's name", Takes::PLAIN).not_empty(),
    value: Slot::new("a query parameter's value", Takes::WRITTEN),
    json: false,
    names: Names::Any,
    reserved: &[],
};

/// A browser keeps its URLs, and shows them to others.
pub(super) const AUTHORIZATION_QUERY: Container = Container {
    value: Slot::new("the URL that a browser is sent to", Takes::SHOWN),
    reserved: &AUTHORIZATION_PARAMETERS,
    ..QUERY
};

pub(super) const OAUTH1_AUTHORIZATION_QUERY: Container =
    Container { reserved: &OAUTH1_AUTHORIZATION_PARAMETERS, ..AUTHORIZATION_QUERY };

pub(super) const COOKIES: Container = Container {
    what: "`cookie`",
    name: Slot::new("a cookie's name", Takes::PLAIN).not_empty(),
    value: Slot::new("a cookie's value", Takes::WRITTEN),
    json: false,
    names: Names::Token,
    reserved: &[],
};

pub(super) const FORM: Container = Container {
    what: "`form`",
    name: Slot::new("a form parameter's name", Takes::PLAIN).not_empty(),
    value: Slot::new("a form parameter's value", Takes::WRITTEN),
    json: false,
    names: Names::Any,
    reserved: &[],
};

pub(super) const BODY: Container = Container {
    what: "`json`",
    name: Slot::new("a JSON member's name", Takes::PLAIN).not_empty(),
    value: Slot::new("a JSON member's value", Takes::ANYTHING),
    json: true,
    names: Names::Any,
    reserved: &[],
};

pub(super) const JWT_HEADER: Container = Container {
    what: "a JWT's header",
    name: Slot::new("a header parameter's name", Takes::PLAIN).not_empty(),
    value: Slot::new("a header parameter's value", Takes::DATA),
    json: true,
    names: Names::Any,
    reserved: &[],
};

/// The claims that are made wherever they are asked for are another matter.
pub(super) const CLAIMS: Container = Container {
    what: "a JWT's claims",
    name: Slot::new("a claim's name", Takes::PLAIN).not_empty(),
    value: Slot::new("a claim's value", Takes::DATA),
    json: true,
    names: Names::Any,
    reserved: &["iat", "exp"],
};

impl<'l> Planner<'_, 'l> {
    /// The members at `site`, which stand in `container`.
    pub(super) fn members(&mut self, site: Site<'l>, container: &Container, scope: Scope<'_>) -> Members {
        if site.kind() != Kind::Object {
            self.error(site.spot(), format!("{} wants an object: names and values", container.what));
            return Members::default();
        }
        let mut named: Vec<(Template, _)> = Vec::new();
        let mut spreads = Vec::new();
        for (name, value) in site.members() {
            if name == "..." {
                match value.kind() {
                    Kind::Array if value.value.is_empty() => {
                        let problem = Problem::error(value.spot(), "a spread wants at least one map");
                        self.problem(problem.with_help("leave it out where nothing is spread"));
                    }
                    Kind::Array => {
                        value.items().for_each(|item| spreads.extend(self.spread(item, container, scope)));
                    }
                    _ => spreads.extend(self.spread(value, container, scope)),
                }
                continue;
            }
            let at = |inside| value.key_spot_inside(inside);
            let made = self.text(&name, &container.name, scope, &at);
            if let Some(said) = made.as_ref().and_then(|made| self.said(made)) {
                let known = named.iter().filter_map(|(name, _)| name.literal());
                if let Some(why) = wrong_name(&said, container, known) {
                    self.error(value.key_spot(), why);
                }
            }
            let site = value;
            let value = self.value(site, container, scope);
            if let (Some(made), Some(value)) = (made, value) {
                self.demand_credential(site, &name, &value, container, scope);
                named.push((made, value));
            }
        }
        Members { named: named.into(), spreads: spreads.into() }
    }

    /// Checks that where a credential is there that `value`, which stands at `site` under `name`, may send, nothing else is
    /// absent: it would be left out without a word.
    fn demand_credential(
        &mut self,
        site: Site<'l>,
        name: &str,
        value: &Value,
        container: &Container,
        scope: Scope<'_>,
    ) {
        for sent in choices(value) {
            if !sent.iter().any(|source| self.is_credential(*source)) {
                continue;
            }
            let facts = self.with_present(scope.facts, sent);
            let scope = Scope { facts: &facts, ..scope };
            self.demand_text(name, &container.name, scope, &|inside| site.key_spot_inside(inside));
            if !self.is_certain(value, scope) {
                self.demand_pattern(site, scope);
            }
        }
    }

    /// `facts`, and that `sources` are there.
    pub(super) fn with_present(
        &self,
        facts: &[Condition],
        sources: impl IntoIterator<Item = Source>,
    ) -> Vec<Condition> {
        let mut facts = facts.to_vec();
        for source in sources {
            let present = Condition { source, test: Test::Present(true) };
            facts.extend(self.implied(&present));
            facts.push(present);
        }
        facts
    }

    /// Whether `source` proves who calls.
    pub(super) fn is_credential(&self, source: Source) -> bool {
        self.is_secret(source) || source == Source::Request(RequestPart::Signature)
    }

    fn spread(&mut self, site: Site<'l>, container: &Container, scope: Scope<'_>) -> Option<FieldId> {
        // what is spread is checked below: it need not be there
        const SPREAD: Slot = Slot::new("a spread", Takes::ANYTHING).lone();
        let template = self.template(site, &SPREAD, scope)?;
        let Some(Source::Field(id)) = template.lone() else {
            self.error(site.spot(), "a spread is a single `{property}` that holds a map");
            return None;
        };
        let property = self.property_of(Source::Field(id)).filter(|property| !property.broken)?;
        let (path, kind) = (property.field.path.clone(), property.field.kind);
        let fits = match kind {
            FieldKind::Map => true,
            FieldKind::Json => container.json && property.types == Types::OBJECT,
            _ => false,
        };
        if !fits {
            let what = if container.json { "a map or an object" } else { "a map of texts" };
            let message = format!("`{path}` is {}, but {} spreads {what}", in_words(kind), container.what);
            let help = "a map is `authwire:common#/$defs/map`";
            self.problem(Problem::error(site.spot(), message).with_help(help));
            return None;
        }
        if property.field.secret && !container.value.takes_secrets() {
            self.error(
                site.spot(),
                format!("`{path}` holds secrets, and {} may hold none", container.value.what),
            );
            return None;
        }
        Some(id)
    }

    /// Checks the literal parts of a value.
    pub(super) fn check_literal(&mut self, template: &Template, container: &Container, site: Site<'l>) {
        let (is_legal, holds): (fn(&str) -> bool, _) = match container.names {
            Names::Header => (header::is_value, "visible ASCII, space and tab"),
            Names::Token => (cookie::is_value, "visible ASCII but `\"`, `,`, `;` and `\\`"),
            Names::Any => return,
        };
        let illegal = template.parts.iter().any(|part| match part {
            Part::Literal(text) => !is_legal(text),
            Part::Field(_) => false,
        });
        if illegal || self.said(template).is_some_and(|said| !is_legal(&said)) {
            self.error(site.spot(), format!("{} is {holds}", container.value.what));
        }
    }
}

/// What `value` may send, each as what must be there, patterns aside. What an object holds are members of their own.
fn choices(value: &Value) -> Vec<Vec<Source>> {
    match value {
        Value::Template(template) => vec![template.sources().collect()],
        Value::Pattern { pattern: _, value } | Value::First(value) => {
            value.iter().flat_map(choices).collect()
        }
        Value::Literal(_) | Value::Object(_) | Value::Array(_) => Vec::new(),
    }
}

/// What is wrong with a name that the schema says.
fn wrong_name<'n>(
    name: &str,
    container: &Container,
    mut known: impl Iterator<Item = &'n str>,
) -> Option<String> {
    let compared = match container.names {
        Names::Header => plan::Names::AnyCase,
        Names::Token | Names::Any => plan::Names::Exact,
    };
    if name.is_empty() {
        return Some(format!("{} may not be empty", container.name.what));
    }
    match header::name_fault(name) {
        // a cookie's name is a token, as a header's (RFC 6265 §4.1.1), but none is reserved
        Some((Code::HeaderName, _)) if container.names != Names::Any => {
            return Some(format!("`{name}` is not {} (RFC 9110 §5.6.2)", container.name.what));
        }
        Some((_, why)) if container.names == Names::Header => return Some(why),
        _ => {}
    }
    if container.reserved.contains(&name) {
        return Some(format!("`{name}` is set by Authwire itself"));
    }
    known.any(|other| compared.are_same(other, name)).then(|| format!("`{name}` stands here already"))
}
