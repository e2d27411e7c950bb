//! The schema resources of a document (Core §4.3.5, §8.2): what an `$id` opens, the anchors in it, and the documents
//! that its references name. Looks only where a subschema may stand; what a keyword asserts it does not know.

use std::collections::HashSet;
use std::ops::Range;

use crate::keyword::{self, DRAFT, Holds};
use crate::problems::Problem;
use crate::reference::{self, OWN, Reference};
use crate::source::{Site, Source};

/// A document with more `$id`s and anchors was not written by hand.
const MOST_NAMES: usize = 1000;

/// A schema resource.
#[derive(Debug, Default)]
pub(crate) struct Resource {
    /// The bytes of its root.
    pub(crate) span: Range<usize>,
    /// Its URI, absolute, if it has one: what references in it are relative to.
    pub(crate) uri: Option<String>,
    /// What its `$schema`, or that of the resource around it, names beside the draft's metaschema.
    pub(crate) metaschema: Option<String>,
    /// Its anchors, without those of the resources in it.
    pub(crate) anchors: Vec<Anchor>,
}

/// A name for a subschema.
#[derive(Debug)]
pub(crate) struct Anchor {
    /// The name.
    pub(crate) name: String,
    /// Where the subschema begins.
    pub(crate) at: usize,
    /// Whether a `$dynamicAnchor` gives it.
    pub(crate) is_dynamic: bool,
}

/// A resource in the library: the index of its document, and its own in that.
pub(crate) type Address = (usize, usize);

/// Finds the resources of `source`, and what its references name.
pub(crate) fn read(source: &mut Source) {
    let mut resources = vec![Resource { uri: source.id.clone(), ..Resource::default() }];
    let mut references: Vec<(usize, Reference)> = Vec::new();
    let mut targets = HashSet::new();
    let mut names = 0;
    // outer schemas come before those in them, so that resources do, too
    let mut schemas: Vec<(Site<'_>, usize)> = source.root().map(|root| (root, 0)).into_iter().collect();
    let mut next = 0;
    while let Some((schema, mut within)) = schemas.get(next).copied() {
        next += 1;
        let span = schema.value.span();
        if next == 1 {
            resources[0].span = span.clone();
            resources[0].metaschema = metaschema(schema, None);
        } else if let Some(uri) =
            schema.get("$id").and_then(|id| opened(id, resources[within].uri.as_deref()))
        {
            names += 1;
            let metaschema = metaschema(schema, resources[within].metaschema.clone());
            within = resources.len();
            resources.push(Resource { span: span.clone(), uri: Some(uri), metaschema, anchors: Vec::new() });
        }
        for (name, value) in schema.members() {
            match &*name {
                "$ref" | "$dynamicRef" => {
                    let text = value.string().unwrap_or_default();
                    let base = resources[within].uri.as_deref();
                    let reference = reference::parse(&text, base, folder(source, within));
                    if let Ok(reference) = reference
                        && targets.insert(reference.target.clone())
                    {
                        references.push((within, reference));
                    }
                }
                "$anchor" | "$dynamicAnchor" => {
                    let is_dynamic = name != "$anchor";
                    if let Some(name) = value.string() {
                        names += 1;
                        let (name, at) = (name.into_owned(), span.start);
                        resources[within].anchors.push(Anchor { name, at, is_dynamic });
                    }
                }
                _ => {}
            }
            match keyword::holds(&name) {
                Holds::Schema => schemas.push((value, within)),
                Holds::Schemas => schemas.extend(value.items().map(|schema| (schema, within))),
                Holds::NamedSchemas => schemas.extend(value.members().map(|(_, schema)| (schema, within))),
                Holds::Data => {}
            }
        }
        if names > MOST_NAMES {
            let message = format!("the document has over {MOST_NAMES} `$id`s and anchors");
            let problem = Problem::error(schema.spot(), message);
            source.problems.push(problem);
            break;
        }
    }
    (source.resources, source.references) = (resources, references);
}

/// The URI of the resource that the `$id` at `id`, below the root, opens in one with the URI `base`; `None` if the `$id`
/// is wrong, which is told where its keyword is read.
fn opened(id: Site<'_>, base: Option<&str>) -> Option<String> {
    let id = id.string()?;
    match reference::scheme(&id) {
        _ if id.contains('#') || id.starts_with(OWN) => None,
        Some(_) => Some(id.into_owned()),
        None if id.is_empty() || id.contains('?') => None,
        None => reference::resolve(base?, &id),
    }
}

/// What the resource with the root `root`, in one with the metaschema `outer`, has as a metaschema.
fn metaschema(root: Site<'_>, outer: Option<String>) -> Option<String> {
    match root.get("$schema").and_then(Site::string) {
        Some(own) => (own.trim_end_matches('#') != DRAFT).then(|| own.into_owned()),
        None => outer,
    }
}

/// The folder that paths in the resource `resource` of `source` begin at: what an `$id` opens is nowhere on the disk.
fn folder(source: &Source, resource: usize) -> Option<&std::path::Path> {
    source.folder().filter(|_| resource == 0)
}

impl<'l> Site<'l> {
    /// The innermost resource that it stands in.
    pub(crate) fn resource(self) -> usize {
        let at = self.value.span().start;
        self.source.resources.iter().rposition(|resource| resource.span.contains(&at)).unwrap_or_default()
    }

    /// The resource that its `$id` opens, if it opens one.
    pub(crate) fn opens(self) -> Option<&'l Resource> {
        let resource = self.source.resources.get(self.resource())?;
        (resource.span.start == self.value.span().start).then_some(resource)
    }

    /// Whether its dynamic anchor is `name`.
    pub(crate) fn has_dynamic_anchor(self, name: &str) -> bool {
        let at = self.value.span().start;
        let named = |anchor: &Anchor| anchor.is_dynamic && anchor.at == at && anchor.name == name;
        self.source.resources.get(self.resource()).is_some_and(|resource| resource.anchors.iter().any(named))
    }

    /// Reads `text` as a reference that stands here. The error says what is wrong.
    pub(crate) fn reference(self, text: &str) -> Result<Reference, String> {
        let resource = self.resource();
        let base = self.source.resources.get(resource).and_then(|resource| resource.uri.as_deref());
        reference::parse(text, base, folder(self.source, resource))
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::problems;

    #[test]
    fn ever_more_names_are_refused() {
        let anchors = |count: usize| {
            let named: Vec<String> =
                (0..count).map(|at| format!(r#""d{at}": {{"$anchor": "a{at}"}}"#)).collect();
            format!(r##"{{"$ref": "#a{}", "$defs": {{{}}}}}"##, count - 1, named.join(", "))
        };
        assert_eq!(problems(&anchors(1000)), [""; 0]);
        let told = problems(&anchors(1001));
        assert!(told[0].ends_with("the document has over 1000 `$id`s and anchors"), "{told:?}");
    }
}
