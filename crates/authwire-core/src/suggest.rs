//! "Did you mean": the nearest of the known names.

/// The known name nearest to `name`, if one is near enough to be what was meant.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    nearest_of(name, &mut known.into_iter())
}

/// The same for any names: it is asked in many places, and compiled once.
fn nearest_of<'n>(name: &str, known: &mut dyn Iterator<Item = &'n str>) -> Option<&'n str> {
    let folded = fold(name);
    let far = (folded.len() / 3).clamp(1, 3);
    known
        .filter(|candidate| *candidate != name)
        .map(|candidate| (distance(&folded, &fold(candidate)), candidate))
        .filter(|(distance, _)| *distance <= far)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Without regard to case and separators: `clientId`, `client-id` and `client_id` are one name.
fn fold(name: &str) -> Vec<char> {
    name.chars()
        .filter(|character| !matches!(character, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .take(64)
        .collect()
}

/// How many insertions, deletions, replacements and swaps of neighbours lead from one to the other.
fn distance(one: &[char], two: &[char]) -> usize {
    let mut rows = [Vec::new(), (0..=two.len()).collect::<Vec<_>>(), Vec::new()];
    for (i, from) in one.iter().enumerate() {
        let mut row = Vec::with_capacity(two.len() + 1);
        row.push(i + 1);
        for (j, to) in two.iter().enumerate() {
            let replaced = rows[1][j] + usize::from(from != to);
            let mut best = replaced.min(rows[1][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *from == two[j - 1] && one[i - 1] == *to {
                best = best.min(rows[0][j - 1] + 1);
            }
            row.push(best);
        }
        rows[2] = row;
        rows.rotate_left(1);
    }
    rows[1][two.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant_and_nothing_else() {
        let known = ["client_id", "client_secret", "token_url", "scope"];
        for (name, meant) in [
            ("clientId", Some("client_id")),
            ("clinet_id", Some("client_id")),
            ("token-url", Some("token_url")),
            ("scopes", Some("scope")),
            ("audience", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known), meant, "{name}");
        }
    }
}
