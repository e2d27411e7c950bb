//! "Did you mean": the nearest of the known names.

/// The known name nearest to `name`, if one is near enough to be what was meant.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    nearest_of(name, &mut known.into_iter())
}

/// The same for any names: it is asked in many places, and compiled once.
fn nearest_of<'n>(name: &str, known: &mut dyn Iterator<Item = &'n str>) -> Option<&'n str> {
    let (folded, outline) = (Folded::new(name), Outline::of(name));
    let mut nearest = None;
    // the first of the nearest wins: what is not nearer than that is not looked at any closer
    let mut room = (folded.len / 3).clamp(1, 3) + 1;
    for candidate in known.filter(|candidate| *candidate != name) {
        if outline.least_distance(&Outline::of(candidate)) < room {
            let distance = distance(folded.characters(), Folded::new(candidate).characters());
            if distance < room {
                (nearest, room) = (Some(candidate), distance);
            }
        }
    }
    nearest
}

/// How many characters of a name count.
const LONGEST: usize = 64;

/// A name without regard to case and separators: `clientId`, `client-id` and `client_id` are one name.
struct Folded {
    characters: [char; LONGEST],
    len: usize,
}

impl Folded {
    fn new(name: &str) -> Self {
        let mut folded = Self { characters: ['\0'; LONGEST], len: 0 };
        for (place, character) in folded.characters.iter_mut().zip(characters(name)) {
            *place = character;
            folded.len += 1;
        }
        folded
    }

    fn characters(&self) -> &[char] {
        &self.characters[..self.len]
    }
}

/// The characters of a name that count, without regard to case.
fn characters(name: &str) -> impl Iterator<Item = char> {
    let counts = name.chars().filter(|character| !matches!(character, '_' | '-' | ' '));
    counts.flat_map(char::to_lowercase).take(LONGEST)
}

/// What of a folded name tells most others from it.
struct Outline {
    len: usize,
    /// A bit for each of its characters, shared by those that are 64 apart.
    letters: u64,
}

impl Outline {
    fn of(name: &str) -> Self {
        let mut outline = Self { len: 0, letters: 0 };
        if name.is_ascii() && name.len() <= LONGEST {
            for byte in name.bytes().filter(|byte| !matches!(byte, b'_' | b'-' | b' ')) {
                outline.push(byte.to_ascii_lowercase().into());
            }
        } else {
            characters(name).for_each(|character| outline.push(character.into()));
        }
        outline
    }

    fn push(&mut self, character: u32) {
        self.len += 1;
        self.letters |= 1 << (character % 64);
    }

    /// At least so far are they apart: every change makes up for one character more or less, and for one letter that
    /// the other has not.
    fn least_distance(&self, other: &Self) -> usize {
        let letters =
            (self.letters & !other.letters).count_ones().max((other.letters & !self.letters).count_ones());
        self.len.abs_diff(other.len).max(letters as usize)
    }
}

/// How many insertions, deletions, replacements and swaps of neighbours lead from one to the other. Neither is longer
/// than [`LONGEST`].
fn distance(one: &[char], two: &[char]) -> usize {
    // the row before the last, the last, and the next
    let mut rows = [[0_u8; LONGEST + 1]; 3];
    let [mut before, mut last, mut next] = rows.each_mut();
    for (distance, at) in last.iter_mut().zip(0..) {
        *distance = at;
    }
    for (i, from) in one.iter().enumerate() {
        next[0] = last[0] + 1;
        for (j, to) in two.iter().enumerate() {
            let replaced = last[j] + u8::from(from != to);
            let mut best = replaced.min(last[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *from == two[j - 1] && one[i - 1] == *to {
                best = best.min(before[j - 1] + 1);
            }
            next[j + 1] = best;
        }
        (before, last, next) = (last, next, before);
    }
    usize::from(last[two.len()])
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
