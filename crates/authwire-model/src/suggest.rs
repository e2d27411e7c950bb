//! "Did you mean": the known names that a written one may stand for.

use std::cell::OnceCell;

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
    let asked = Asked::new(written);
    let known: Vec<Candidate<'n>> = known.iter().map(|known| Candidate::new(*known)).collect();
    let with = |fits: &dyn Fn(&Candidate<'n>) -> bool| -> Vec<&'n str> {
        known.iter().filter(|known| fits(known)).map(|known| known.name.text).collect()
    };
    let longest = |fits: &dyn Fn(&[String]) -> bool| -> Vec<&'n str> {
        let parts = known.iter().map(|known| &known.name).filter(|name| asked.words_hold(name));
        let fitting = parts.filter(|name| fits(&words(name.text)));
        fitting.max_by_key(|name| name.text.len()).map(|name| name.text).into_iter().collect()
    };
    let others = || known.iter().map(|known| &known.name).filter(|name| !asked.differs_in_digits(name));
    let ways: [&dyn Fn() -> Vec<&'n str>; 8] = [
        &|| with(&|known| asked.is_called(&known.name)),
        &|| with(&|known| asked.outline.len > 0 && asked.is_called(&known.title)),
        &|| longest(&|name| !name.is_empty() && asked.words.ends_with(name)),
        &|| with(&|known| asked.is_held_by(&known.name)),
        &|| with(&|known| asked.is_held_by(&known.title)),
        &|| with(&|known| asked.outline.len > 2 && asked.begins(&known.name)),
        &|| longest(&|name| !name.is_empty() && asked.words.starts_with(name)),
        // what has another digit is another thing
        &|| {
            let mut outlined = others().map(|name| (name.text, *name.outline()));
            nearest_of(written, &mut outlined).into_iter().collect()
        },
    ];
    ways.iter()
        .map(|way| way())
        .find(|found| !found.is_empty())
        .filter(|found| found.len() <= MOST)
        .unwrap_or_default()
}

/// What is known, with what tells most of it from what is asked for without a closer look.
struct Candidate<'n> {
    name: Called<'n>,
    title: Called<'n>,
}

impl<'n> Candidate<'n> {
    fn new(known: Known<'n>) -> Self {
        Self { name: Called::new(known.name), title: Called::new(known.title.unwrap_or_default()) }
    }
}

/// A name or a title.
struct Called<'n> {
    text: &'n str,
    /// Made when it is asked for: most titles never are.
    outline: OnceCell<Outline>,
}

impl<'n> Called<'n> {
    fn new(text: &'n str) -> Self {
        Self { text, outline: OnceCell::new() }
    }

    fn outline(&self) -> &Outline {
        self.outline.get_or_init(|| Outline::of(self.text))
    }
}

/// What is asked for.
struct Asked<'w> {
    written: &'w str,
    outline: Outline,
    words: Vec<String>,
    /// The letters of its words.
    letters: u64,
}

impl<'w> Asked<'w> {
    fn new(written: &'w str) -> Self {
        let words = words(written);
        let letters = words.iter().fold(0, |letters, word| letters | Outline::of(word).letters);
        Self { written, outline: Outline::of(written), words, letters }
    }

    /// Whether it is that name or title, but for case and separators.
    fn is_called(&self, called: &Called<'_>) -> bool {
        self.outline == *called.outline() && characters(self.written).eq(characters(called.text))
    }

    /// Whether the name begins with it, but for case and separators.
    fn begins(&self, name: &Called<'_>) -> bool {
        let mut rest = characters(name.text);
        self.outline.letters & !name.outline().letters == 0
            && characters(self.written).all(|character| rest.next() == Some(character))
    }

    /// Whether all of its words are among those of a name or title.
    fn is_held_by(&self, called: &Called<'_>) -> bool {
        if self.words.is_empty() || self.letters & !called.outline().letters != 0 {
            return false;
        }
        let words = words(called.text);
        self.words.iter().all(|word| words.contains(word))
    }

    /// Whether the words of a name may be among its own.
    fn words_hold(&self, name: &Called<'_>) -> bool {
        let no_word = NO_WORD.bytes().fold(0, |letters, byte| letters | bit(byte.into()));
        name.outline().letters & !(self.letters | no_word) == 0
    }

    /// Whether it is that name but for a digit that is another one.
    fn differs_in_digits(&self, name: &Called<'_>) -> bool {
        let without_digits = |character: char| if character.is_ascii_digit() { '0' } else { character };
        self.outline.len == name.outline().len
            && characters(self.written).map(without_digits).eq(characters(name.text).map(without_digits))
    }
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

/// What tells no auth type or field from others.
const NO_WORD: &str = "auth";

/// The words of a name or title that tell it from others.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|character: char| !character.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|word| !word.is_empty() && word != NO_WORD).collect()
}

/// A bit for a character, shared by those that are 64 apart.
const fn bit(character: char) -> u64 {
    1 << (character as u32 % u64::BITS)
}

/// The bit of each ASCII letter, in small letters, and of each digit; none for what is neither.
const ASCII: [u64; 128] = {
    let mut bits = [0; 128];
    let mut byte = 0;
    while byte < 128 {
        let character = (byte as u8).to_ascii_lowercase();
        bits[byte] = if character.is_ascii_alphanumeric() { bit(character as char) } else { 0 };
        byte += 1;
    }
    bits
};

/// The known name nearest to `name`, if one is near enough to be what was meant.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    nearest_of(name, &mut known.into_iter().map(|known| (known, Outline::of(known))))
}

/// The same for any names: it is asked in many places, and compiled once.
fn nearest_of<'n>(name: &str, known: &mut dyn Iterator<Item = (&'n str, Outline)>) -> Option<&'n str> {
    let (folded, outline) = (Folded::new(name), Outline::of(name));
    let mut nearest = None;
    // the first of the nearest wins: what is not nearer than that is not looked at any closer
    let mut room = (folded.len / 4).clamp(1, 3) + 1;
    for (candidate, its) in known.filter(|(candidate, _)| *candidate != name) {
        if outline.least_distance(&its) < room {
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
#[derive(Clone, Copy, PartialEq, Eq)]
struct Outline {
    len: usize,
    /// The bit of each of its letters and digits.
    letters: u64,
}

impl Outline {
    fn of(name: &str) -> Self {
        if name.is_ascii() && name.len() <= LONGEST {
            let separators = name.bytes().filter(|byte| matches!(byte, b'_' | b'-' | b' ')).count();
            let letters = name.bytes().fold(0, |letters, byte| letters | ASCII[usize::from(byte & 0x7f)]);
            return Self { len: name.len() - separators, letters };
        }
        characters(name).fold(Self { len: 0, letters: 0 }, |outline, character| {
            let letter = if character.is_alphanumeric() { bit(character) } else { 0 };
            Self { len: outline.len + 1, letters: outline.letters | letter }
        })
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
