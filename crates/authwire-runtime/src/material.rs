//! The material: what a connector's fields hold, with defaults applied and references resolved.
//!
//! Secrets are wiped when it is dropped, and it knows what of it may be shown. It must not know what the plan does
//! with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use authwire_core::number::Number;
use authwire_core::plan::{Field, FieldId, FieldKind, Plan};
use authwire_core::slot::{Config, Slot};
use authwire_core::table::Json;
use authwire_core::text::sounds_secret;
use authwire_core::value::ToValue as _;
use authwire_core::{Code, Reference, Text, TextMap};
use futures_util::future::{TryFutureExt as _, try_join_all};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::clock::{PATIENCE, within};
use crate::connector::Connector;
use crate::error::{Error, Unusable};
use crate::judge;
use crate::outline::may_be_empty;
use crate::phrase::Phrase;
use crate::resolve::{Unresolved, UnresolvedKind, text_or_base64};
use crate::services::Services;

/// What is shown of a secret that stands in the connector file itself.
pub(crate) const REDACTED: &str = "<redacted>";

/// What a connector's fields hold.
#[derive(Debug)]
pub(crate) struct Material {
    config: Arc<dyn Config>,
    fields: Vec<Held>,
    pub(crate) base_url: Phrase,
    pub(crate) headers: Vec<(String, Phrase)>,
    pub(crate) query: Vec<(String, Phrase)>,
    pending: Vec<(Place, Reference)>,
    /// The references that were resolved, each with the version that it had just before.
    pub(crate) watched: Vec<(Reference, Option<u64>)>,
}

#[derive(Debug)]
struct Held {
    /// Whether it is written in the file.
    present: bool,
    datum: Datum,
}

/// What a field holds.
#[derive(Debug)]
pub(crate) enum Datum {
    Absent,
    Text(Phrase),
    Boolean(bool),
    Number(Number),
    Map(Vec<(String, Phrase)>),
    Json(Value),
}

/// Where a text stands that is a reference.
#[derive(Debug, Clone, Copy)]
enum Place {
    Field(FieldId),
    Entry(FieldId, usize),
    BaseUrl,
    Header(usize),
    Query(usize),
}

/// A reference that is to be resolved, and where it stands.
struct Wanted {
    reference: Reference,
    may_be_binary: bool,
    places: Vec<Place>,
}

impl Wanted {
    /// The value, with the version that it had just before.
    async fn resolve(
        &self,
        services: &Services,
        limit: Duration,
    ) -> Result<(Option<u64>, Zeroizing<String>), Unresolved> {
        let (resolver, reference) = (&services.resolver, &self.reference);
        let version = resolver.version(reference);
        let resolving = async {
            match self.may_be_binary {
                true => resolver.resolve_bytes(reference).await.map(text_or_base64),
                false => resolver.resolve(reference).await,
            }
        };
        let resolved = within(&*services.clock, limit, resolving).await.unwrap_or_else(|| {
            let message = format!("it was not resolved within {} seconds", limit.as_secs_f64());
            let help = "see why it takes so long, or try again later";
            Err(Unresolved::new(UnresolvedKind::Timeout, reference, message, help))
        });
        Ok((version, resolved?))
    }
}

impl Material {
    /// The fields of `connector`, references unresolved.
    pub(crate) fn unresolved(connector: &Connector) -> Result<Self, Error> {
        let config = Arc::clone(&connector.auth);
        let Some(plan) = &config.schema().plan else {
            let message = format!("the type `{}` has no plan (`x-auth`)", config.schema().name);
            return Err(Unusable::new(Code::UnknownType, message).at("auth_config.type").into());
        };
        let mut pending = Vec::new();
        let mut fields = Vec::with_capacity(plan.fields.len());
        for (id, field) in (0..).zip(plan.fields.iter()) {
            fields.push(Held::read(id, field, config.slot(id), &mut pending));
        }
        let base_url = read_text(&connector.base_url, false, Place::BaseUrl, &mut pending);
        let headers = read_map(&connector.headers, Place::Header, &mut pending);
        let query = read_map(&connector.query, Place::Query, &mut pending);
        Ok(Self { fields, base_url, headers, query, pending, watched: Vec::new(), config })
    }

    /// The fields of `connector`, references resolved: all at once, each within the connector's timeout or half a minute.
    pub(crate) async fn resolve(connector: &Connector, services: &Services) -> Result<Self, Error> {
        let mut material = Self::unresolved(connector)?;
        let wanted = material.wanted(connector.folder.as_deref());
        let limit = connector.http.timeout.max(PATIENCE);
        let resolving = wanted.iter().map(|wanted| {
            let name = wanted.places.first().map(|place| material.place_name(*place));
            wanted.resolve(services, limit).map_err(|error| error.for_field(name.unwrap_or_default()))
        });
        let resolved = try_join_all(resolving).await?;
        for (wanted, (version, value)) in wanted.into_iter().zip(resolved) {
            for place in wanted.places {
                material.put(place, &wanted.reference, value.clone())?;
            }
            if !material.watched.iter().any(|(known, _)| *known == wanted.reference) {
                material.watched.push((wanted.reference, version));
            }
        }
        Ok(material)
    }

    /// What is to be resolved, each once, wherever it stands.
    fn wanted(&mut self, folder: Option<&Path>) -> Vec<Wanted> {
        let mut wanted: Vec<Wanted> = Vec::new();
        for (place, reference) in std::mem::take(&mut self.pending) {
            let reference = absolute(reference, folder);
            let may_be_binary = self.may_be_binary(place);
            let same =
                |known: &&mut Wanted| (&known.reference, known.may_be_binary) == (&reference, may_be_binary);
            match wanted.iter_mut().find(same) {
                Some(known) => known.places.push(place),
                None => wanted.push(Wanted { reference, may_be_binary, places: vec![place] }),
            }
        }
        wanted
    }

    /// Puts what `reference` names where it stands.
    fn put(&mut self, place: Place, reference: &Reference, value: Zeroizing<String>) -> Result<(), Error> {
        if value.is_empty() && !self.may_be_empty(place) {
            let help = "give it a value, or leave the field out";
            let empty = Unresolved::new(UnresolvedKind::Empty, reference, "the value is empty", help);
            return Err(empty.for_field(self.place_name(place)).into());
        }
        if self.is_url(place) {
            self.judge(place, &value)?;
        }
        if let Some(phrase) = self.at(place) {
            let known = Phrase::hidden(value, reference);
            *phrase = if phrase.carries_secret() { known.into_secret() } else { known };
            if let Place::Field(field) | Place::Entry(field, _) = place {
                *phrase = std::mem::take(phrase).read_from(field);
            }
        }
        Ok(())
    }

    /// The references that are yet to be resolved.
    pub(crate) fn into_references(self) -> Vec<Reference> {
        self.pending.into_iter().map(|(_, reference)| reference).collect()
    }

    /// The plan. A material cannot be made without one.
    pub(crate) fn plan(&self) -> &Plan {
        static NONE: Plan = Plan {
            version: 1,
            fields: authwire_core::list::List::EMPTY,
            connection: None,
            make: authwire_core::list::List::EMPTY,
            token: None,
            apply: authwire_core::list::List::EMPTY,
        };
        self.config.schema().plan.as_ref().unwrap_or(&NONE)
    }

    /// The auth type's name.
    pub(crate) fn type_name(&self) -> &str {
        &self.config.schema().name
    }

    /// What `field` holds, its default where nothing is written.
    pub(crate) fn datum(&self, field: FieldId) -> &Datum {
        self.fields.get(usize::from(field)).map_or(&Datum::Absent, |held| &held.datum)
    }

    /// Whether `field` is written in the file.
    pub(crate) fn is_present(&self, field: FieldId) -> bool {
        self.fields.get(usize::from(field)).is_some_and(|held| held.present)
    }

    /// The name of `field`, as the plan writes it.
    pub(crate) fn field_name(&self, field: FieldId) -> String {
        self.plan().fields.get(usize::from(field)).map_or_else(String::new, |field| field.path.to_string())
    }

    /// Every text that may not be shown.
    pub(crate) fn hidden_values(&self) -> impl Iterator<Item = &str> {
        let fields = self.fields.iter().flat_map(|held| match &held.datum {
            Datum::Text(phrase) => vec![phrase],
            Datum::Map(entries) => entries.iter().map(|(_, phrase)| phrase).collect(),
            _ => Vec::new(),
        });
        let own = self.headers.iter().chain(&self.query).map(|(_, phrase)| phrase);
        fields.chain(own).chain([&self.base_url]).flat_map(Phrase::hidden_values)
    }

    /// Each field's value as bytes for a digest, told from the next by its kind and its length.
    pub(crate) fn digest_input(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::new());
        for held in &self.fields {
            let mut kind = |kind: u8, count: usize| {
                bytes.push(kind);
                bytes.extend_from_slice(&(count as u64).to_be_bytes());
            };
            let mut texts = Vec::new();
            match &held.datum {
                Datum::Absent => kind(0, 0),
                Datum::Text(phrase) => {
                    kind(1, 1);
                    texts.push(phrase.value());
                }
                Datum::Boolean(value) => kind(2, usize::from(*value)),
                Datum::Number(number) => {
                    kind(3, 1);
                    texts.push(Zeroizing::new(number.to_value().to_string()));
                }
                Datum::Map(entries) => {
                    kind(4, entries.len());
                    for (name, phrase) in entries {
                        texts.extend([Zeroizing::new(name.clone()), phrase.value()]);
                    }
                }
                Datum::Json(value) => {
                    kind(5, 1);
                    texts.push(Zeroizing::new(value.to_string()));
                }
            }
            for text in texts {
                bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
                bytes.extend_from_slice(text.as_bytes());
            }
        }
        bytes
    }

    fn at(&mut self, place: Place) -> Option<&mut Phrase> {
        match place {
            Place::Field(field) => {
                match self.fields.get_mut(usize::from(field)).map(|held| &mut held.datum) {
                    Some(Datum::Text(phrase)) => Some(phrase),
                    _ => None,
                }
            }
            Place::Entry(field, index) => {
                match self.fields.get_mut(usize::from(field)).map(|held| &mut held.datum) {
                    Some(Datum::Map(entries)) => entries.get_mut(index).map(|(_, phrase)| phrase),
                    _ => None,
                }
            }
            Place::BaseUrl => Some(&mut self.base_url),
            Place::Header(index) => self.headers.get_mut(index).map(|(_, phrase)| phrase),
            Place::Query(index) => self.query.get_mut(index).map(|(_, phrase)| phrase),
        }
    }

    fn place_name(&self, place: Place) -> String {
        let entry = |of: &str, name: Option<&(String, Phrase)>| match name {
            Some((name, _)) => format!("{of}.{name}"),
            None => of.to_owned(),
        };
        match place {
            Place::Field(field) => self.field_name(field),
            Place::Entry(field, index) => {
                let entries = match self.datum(field) {
                    Datum::Map(entries) => entries.get(index),
                    _ => None,
                };
                entry(&self.field_name(field), entries)
            }
            Place::BaseUrl => "base_url".to_owned(),
            Place::Header(index) => entry("headers", self.headers.get(index)),
            Place::Query(index) => entry("query", self.query.get(index)),
        }
    }

    fn may_be_empty(&self, place: Place) -> bool {
        match place {
            Place::Field(field) => may_be_empty(self.config.schema(), self.plan(), field),
            _ => false,
        }
    }

    fn may_be_binary(&self, place: Place) -> bool {
        let Place::Field(field) = place else { return false };
        self.plan().fields.get(usize::from(field)).is_some_and(|field| field.may_be_binary)
    }

    fn is_url(&self, place: Place) -> bool {
        match place {
            Place::BaseUrl => true,
            Place::Field(field) => {
                let kind = self.plan().fields.get(usize::from(field)).map(|field| field.kind);
                kind == Some(FieldKind::Url)
            }
            _ => false,
        }
    }

    /// A URL out of a reference has passed no pattern.
    fn judge(&self, place: Place, value: &str) -> Result<(), Error> {
        let verdict = match place {
            Place::BaseUrl => judge::base_url(value),
            _ => judge::url(value),
        };
        let unusable = |fault: judge::UrlFault| {
            Unusable::new(Code::Url, "what the reference names cannot be used as a URL")
                .at(self.place_name(place))
                .with_help(fault.to_string())
        };
        verdict.map(drop).map_err(|fault| unusable(fault).into())
    }
}

impl Held {
    fn read(id: FieldId, field: &Field, slot: Slot<'_>, pending: &mut Vec<(Place, Reference)>) -> Self {
        let present = slot.is_present();
        let secret = field.secret;
        let datum = match slot {
            Slot::Absent => field.default.as_ref().map_or(Datum::Absent, |default| from_default(id, default)),
            Slot::String(text) if secret => {
                let text = Zeroizing::new(text.into_owned());
                Datum::Text(hidden(text).into_secret().read_from(id))
            }
            Slot::String(text) if field.kind == FieldKind::Url => {
                Datum::Text(Phrase::url(&text, REDACTED).read_from(id))
            }
            Slot::String(text) => Datum::Text(Phrase::clear(text).read_from(id)),
            Slot::Reference(reference) => {
                let phrase = Phrase::unknown(&*reference).read_from(id);
                pending.push((Place::Field(id), reference.into_owned()));
                Datum::Text(if secret { phrase.into_secret() } else { phrase })
            }
            Slot::Boolean(value) => Datum::Boolean(value),
            Slot::Number(number) => Datum::Number(number),
            Slot::Json(value) => Datum::Json(value.into_owned()),
            Slot::Map(entries) => {
                let mut read = Vec::with_capacity(entries.len());
                for (name, slot) in entries.into_read() {
                    let phrase = match slot {
                        Slot::String(text) if secret => hidden(Zeroizing::new(text.into_owned())),
                        Slot::String(text) => literal(&name, text.into_owned()),
                        Slot::Reference(reference) => {
                            let phrase = Phrase::unknown(&*reference);
                            pending.push((Place::Entry(id, read.len()), reference.into_owned()));
                            phrase
                        }
                        _ => continue,
                    };
                    let phrase = if secret { phrase.into_secret() } else { phrase };
                    read.push((name.into_owned(), phrase.read_from(id)));
                }
                Datum::Map(read)
            }
        };
        Self { present, datum }
    }
}

fn from_default(id: FieldId, default: &Json) -> Datum {
    match default {
        Json::Bool(value) => Datum::Boolean(*value),
        Json::Number(number) => Datum::Number(*number),
        Json::String(text) => Datum::Text(Phrase::clear(&**text).read_from(id)),
        other => Datum::Json(other.to_value()),
    }
}

/// A literal that is not shown. Of one that is empty there is nothing to hide.
fn hidden(text: Zeroizing<String>) -> Phrase {
    let shown = if text.is_empty() { "" } else { REDACTED };
    Phrase::hidden(text, shown)
}

/// A literal of a map: hidden where its name sounds secret.
fn literal(name: &str, text: String) -> Phrase {
    if sounds_secret(name) { hidden(Zeroizing::new(text)) } else { Phrase::clear(text) }
}

fn read_text(text: &Text, masked: bool, place: Place, pending: &mut Vec<(Place, Reference)>) -> Phrase {
    match text {
        Text::Literal(text) if masked => hidden(Zeroizing::new(text.clone())),
        Text::Literal(text) => Phrase::clear(text.clone()),
        Text::Reference(reference) => {
            pending.push((place, reference.clone()));
            Phrase::unknown(reference)
        }
    }
}

fn read_map(
    map: &TextMap,
    place: fn(usize) -> Place,
    pending: &mut Vec<(Place, Reference)>,
) -> Vec<(String, Phrase)> {
    map.iter()
        .enumerate()
        .map(|(index, (name, text))| {
            (name.to_owned(), read_text(text, sounds_secret(name), place(index), pending))
        })
        .collect()
}

/// A relative path starts at the connector file's folder.
fn absolute(reference: Reference, folder: Option<&Path>) -> Reference {
    match (reference, folder) {
        (Reference::File(path), Some(folder)) if Path::new(&path).is_relative() => {
            Reference::File(PathBuf::from(folder).join(path).display().to_string())
        }
        (reference, _) => reference,
    }
}
