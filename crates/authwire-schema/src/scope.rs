//! Dynamic scopes (Core §7.1): what a `$dynamicRef` leads to depends on the resources that the way to it led through. A
//! scope says for each dynamic anchor which is the outermost; a subschema becomes one node for each scope that it is
//! reached in, so that what is compiled knows of none.

use crate::source::Site;

/// A schema with more scopes was not written by hand.
pub(crate) const MOST_SCOPES: usize = 1000;

/// The dynamic anchors that are bound: their names, sorted, with the document and the byte that each leads to.
type Scope<'l> = Vec<(&'l str, (usize, usize))>;

/// The scopes of a schema.
#[derive(Debug)]
pub(crate) struct Scopes<'l> {
    /// Each once. The first is that without anchors, the only one of most schemas.
    known: Vec<Scope<'l>>,
}

impl<'l> Scopes<'l> {
    pub(crate) fn new() -> Self {
        Self { known: vec![Vec::new()] }
    }

    /// What `scope` becomes where the way leads to `site`: what is bound stays. `None` if there are too many.
    pub(crate) fn entering(&mut self, scope: usize, site: Site<'l>) -> Option<usize> {
        let resource = site.source.resources.get(site.resource())?;
        let mut entered: Option<Scope<'l>> = None;
        for anchor in resource.anchors.iter().filter(|anchor| anchor.is_dynamic) {
            let bound = entered.as_deref().unwrap_or(&self.known[scope]);
            if let Err(at) = bound.binary_search_by(|(name, _)| (**name).cmp(&anchor.name)) {
                let target = (site.source.index, anchor.at);
                entered.get_or_insert_with(|| self.known[scope].clone()).insert(at, (&anchor.name, target));
            }
        }
        let Some(entered) = entered else { return Some(scope) };
        if let Some(known) = self.known.iter().position(|known| *known == entered) {
            return Some(known);
        }
        if self.known.len() == MOST_SCOPES {
            return None;
        }
        self.known.push(entered);
        Some(self.known.len() - 1)
    }

    /// The document and the byte that the outermost dynamic anchor `name` leads to.
    pub(crate) fn outermost(&self, scope: usize, name: &str) -> Option<(usize, usize)> {
        let bound = &self.known[scope];
        bound.iter().find(|(known, _)| *known == name).map(|(_, target)| *target)
    }
}

#[cfg(test)]
mod tests {
    use crate::tests::problems;

    /// Resources that each lead to two others, and add an anchor to what is bound: there are as many scopes as ways.
    fn ways(resources: usize) -> Vec<String> {
        let resource = |at: usize| {
            format!(
                r#""r{at}": {{"$id": "urn:r{at}", "$dynamicAnchor": "a{at}", "items": {{"$ref": "urn:r{}"}}, "not":
                {{"items": {{"$ref": "urn:r{}"}}}}}}"#,
                (at + 1) % resources,
                (at + 2) % resources
            )
        };
        let resources: Vec<String> = (0..resources).map(resource).collect();
        problems(&format!(r#"{{"$ref": "urn:r0", "$defs": {{{}}}}}"#, resources.join(", ")))
    }

    #[test]
    fn a_schema_is_read_in_every_scope_up_to_a_limit() {
        assert_eq!(ways(5), [""; 0]);
        assert_eq!(ways(20), ["1:1: the schema has over 1000 dynamic scopes"]);
    }
}
