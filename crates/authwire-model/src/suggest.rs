//! "Did you mean": the known names that a written one may stand for.

/// Something that is known by its name, and to people by a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<'n> {
    /// Its name: `token_url`.
    pub name: &'n str,
    /// Its title: `Oauth2 Token Url`.
    pub title: Option<&'n str>,
}

/// How many names are worth a question; more are a list.
const MOST: usize = 6;

/// The known names that `written` may stand for, by the first of these that finds any: one of that name or title; the
/// longest that ends it; those that hold all of its words, or whose titles do; those that begin with it; the longest that
/// begins it; and of what is left the nearest.
///
/// ```
/// use authwire_model::suggest::{Known, meant};
///
/// let known = ["token_url", "client_id", "client_secret"].map(|name| Known { name, title: None });
/// assert_eq!(meant("oauth2_token_url", &known), ["token_url"]);
/// assert_eq!(meant("client", &known), ["client_id", "client_secret"]);
/// assert_eq!(meant("clinet_id", &known), ["client_id"]);
/// ```
#[must_use]
pub fn meant<'n>(written: &str, known: &[Known<'n>]) -> Vec<&'n str> {
    let (whole, said) = (fold(written), words(written));
    let with = |fits: &dyn Fn(&Known<'n>) -> bool| -> Vec<&'n str> {
        known.iter().filter(|known| fits(known)).map(|known| known.name).collect()
    };
    let longest = |fits: &dyn Fn(&[String]) -> bool| -> Vec<&'n str> {
        let fitting = known.iter().filter(|known| fits(&words(known.name)));
        fitting.max_by_key(|known| known.name.len()).map(|known| known.name).into_iter().collect()
    };
    let title = |known: &Known<'n>| known.title.unwrap_or_default();
    let holds_all = |text: &str| !said.is_empty() && said.iter().all(|word| words(text).contains(word));
    let others = || known.iter().filter(|known| without_digits(known.name) != without_digits(written));
    let ways: [&dyn Fn() -> Vec<&'n str>; 8] = [
        &|| with(&|known| fold(known.name) == whole),
        &|| with(&|known| !whole.is_empty() && fold(title(known)) == whole),
        &|| longest(&|name| !name.is_empty() && said.ends_with(name)),
        &|| with(&|known| holds_all(known.name)),
        &|| with(&|known| holds_all(title(known))),
        &|| with(&|known| whole.chars().count() > 2 && fold(known.name).starts_with(&whole)),
        &|| longest(&|name| !name.is_empty() && said.starts_with(name)),
        // what has another digit is another thing
        &|| nearest(written, others().map(|known| known.name)).into_iter().collect(),
    ];
    ways.iter()
        .map(|way| way())
        .find(|found| !found.is_empty())
        .filter(|found| found.len() <= MOST)
        .unwrap_or_default()
}

/// "Did you mean" one of `names`; nothing where there are none.
#[must_use]
pub fn question(names: &[&str]) -> Option<String> {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let (last, first) = quoted.split_last()?;
    Some(match first {
        [] => format!("did you mean {last}?"),
        _ => format!("did you mean {} or {last}?", first.join(", ")),
    })
}

/// A name or title without regard to case and separators.
fn fold(text: &str) -> String {
    characters(text).collect()
}

/// The same with each digit as any other.
fn without_digits(text: &str) -> String {
    characters(text).map(|character| if character.is_ascii_digit() { '0' } else { character }).collect()
}

/// The words of a name or title that tell it from others: of auth types and their fields all that `auth` says is that they
/// are some.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|character: char| !character.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|word| !word.is_empty() && word != "auth").collect()
}

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
    let mut room = (folded.len / 4).clamp(1, 3) + 1;
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
    use super::{Known, meant, nearest, question};

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
        assert_eq!(nearest("nosuch", ["no_auth"]), None);
    }

    #[test]
    fn what_people_call_a_thing_leads_to_its_name() {
        let types = [
            ("plain", "Plain Auth"),
            ("bearer_token", "Bearer Token Auth"),
            ("sign1", "Signed, Version 1"),
            ("sign2_with_key", "Signed, Version 2, with a Key"),
            ("sign2_with_token", "Signed, Version 2, with a Token"),
            ("token_bearer", "Version 2 with Grant Type: token-bearer"),
        ];
        let known = types.map(|(name, title)| Known { name, title: Some(title) });
        for (written, expected) in [
            ("Bearer Token Auth", vec!["bearer_token"]),
            ("BearerToken", vec!["bearer_token"]),
            ("bearer", vec!["bearer_token", "token_bearer"]),
            ("plain_auth", vec!["plain"]),
            ("auth", vec![]),
            ("sign2", vec!["sign2_with_key", "sign2_with_token"]),
            ("sign", vec!["sign1", "sign2_with_key", "sign2_with_token"]),
            ("sign3", vec![]),
            ("sign2_token_bearer", vec!["token_bearer"]),
            ("grant type", vec!["token_bearer"]),
            ("plain_text", vec!["plain"]),
            ("berer_token", vec!["bearer_token"]),
            ("nosuch", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(meant(written, &known), expected, "{written}");
        }
    }

    #[test]
    fn a_question_names_all_that_may_be_meant() {
        assert_eq!(question(&[]), None);
        assert_eq!(question(&["a"]).as_deref(), Some("did you mean `a`?"));
        assert_eq!(question(&["a", "b", "c"]).as_deref(), Some("did you mean `a`, `b` or `c`?"));
    }
}
