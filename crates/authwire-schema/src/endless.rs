//! Refuses schemas that apply to one value without end, or all too often: a `$ref` that leads back to itself without
//! going into a part of the value. Recursion through properties and items is fine.

use authwire_model::table::{Keyword, NodeId};

use crate::compiler::Draft;
use crate::problems::Problem;
use crate::source::Site;

/// How many subschemas may apply to one value in a chain.
const MOST_DEEP: u32 = 16;

/// How often subschemas may apply to one value in all.
const MOST_OFTEN: u32 = 20_000;

/// What is wrong; nothing, if every node ends.
pub(crate) fn problem(drafts: &[Draft<'_>]) -> Option<Problem> {
    let mut seen: Vec<Seen> = vec![Seen::Not; drafts.len()];
    let mut path: Vec<(usize, Vec<NodeId>)> = Vec::new();
    for start in 0..drafts.len() {
        if seen[start] == Seen::Not {
            seen[start] = Seen::Open;
            path.push((start, in_place(&drafts[start].rows)));
        }
        while let Some((node, rest)) = path.last_mut() {
            let node = *node;
            if let Some(child) = rest.pop() {
                let child = child as usize;
                match seen.get(child) {
                    Some(Seen::Open) => return Some(endless(&path, child, drafts)),
                    Some(Seen::Not) => {
                        seen[child] = Seen::Open;
                        path.push((child, in_place(&drafts[child].rows)));
                    }
                    _ => {}
                }
                continue;
            }
            path.pop();
            let (mut deep, mut often) = (0, 1_u32);
            for child in in_place(&drafts[node].rows) {
                if let Some(Seen::Done { deep: d, often: o }) = seen.get(child as usize) {
                    deep = deep.max(*d);
                    often = often.saturating_add(*o);
                }
            }
            let deep = deep + 1;
            if deep > MOST_DEEP || often > MOST_OFTEN {
                let message = "too many subschemas apply to one value here";
                return Some(Problem::error(drafts[node].site.spot(), message));
            }
            seen[node] = Seen::Done { deep, often };
        }
    }
    None
}

/// How far a node was looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Seen {
    Not,
    /// On the way.
    Open,
    /// It ends: how deep, and how often it applies subschemas.
    Done {
        deep: u32,
        often: u32,
    },
}

/// The nodes that apply to the same value.
fn in_place(rows: &[Keyword]) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    for row in rows {
        match row {
            Keyword::Not(node) => nodes.push(*node),
            Keyword::If(condition) => nodes.push(condition.test),
            _ => {}
        }
        row.each_in_place(&mut |node| nodes.push(node));
    }
    nodes
}

/// The loop that `path` closes at `node`, told at its first `$ref` in file order.
fn endless<'l>(path: &[(usize, Vec<NodeId>)], node: usize, drafts: &[Draft<'l>]) -> Problem {
    let members = path.iter().map(|(member, _)| *member).skip_while(|member| *member != node);
    let reference = |site: Site<'l>| site.get("$ref").or_else(|| site.get("$dynamicRef"));
    let references = members.filter_map(|member| reference(drafts[member].site));
    let first = references.min_by_key(|site| (site.source.index, site.value.span().start));
    let spot = first.map_or_else(|| drafts[node].site.spot(), |site| site.spot());
    Problem::error(spot, "this `$ref` leads back to itself without end")
        .with_help("a schema may contain itself in its properties or items only")
}

#[cfg(test)]
mod tests {
    use crate::tests::problems;

    #[test]
    fn a_schema_may_contain_itself_but_not_be_itself() {
        assert_eq!(problems(r##"{"properties": {"a": {"$ref": "#"}}, "items": {"$ref": "#"}}"##), [""; 0]);
        assert_eq!(problems(r##"{"$ref": "#"}"##), ["1:10: this `$ref` leads back to itself without end"]);
        assert_eq!(
            problems(
                r##"{"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/b"}]}, "b": {"not": {"$ref": "#/$defs/a"}}}}"##
            ),
            ["1:37: this `$ref` leads back to itself without end"]
        );
    }

    #[test]
    fn a_schema_that_multiplies_is_refused() {
        let level = |n: usize| {
            let reference = format!(r##"{{"$ref": "#/$defs/l{}"}}"##, n + 1);
            format!(r#""l{n}": {{"anyOf": [{reference}, {reference}]}}"#)
        };
        let levels: Vec<String> = (0..20).map(level).collect();
        let schema = format!(r#"{{"$defs": {{{}, "l20": true}}}}"#, levels.join(", "));
        let problems = problems(&schema);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].contains("too many subschemas"), "{problems:?}");
    }
}
