//! What patterns mean, by example and against the `regex` crate; and which are refused.

use authwire_model::list::List;
use authwire_model::pattern::Pattern;

use super::compile;
use crate::random::Random;

/// A pattern, texts that match, and texts that do not.
type Case = (&'static str, &'static [&'static str], &'static [&'static str]);

const CASES: &[Case] = &[
    ("", &["", "a"], &[]),
    ("a", &["a", "ba", "ab"], &["", "b", "A"]),
    ("^$", &[""], &["a", "\n"]),
    ("$^", &[""], &["a"]),
    ("^a|b$", &["a", "ax", "b", "xb"], &["xa", "bx", ""]),
    ("(?:^a|b)c", &["ac", "xbc"], &["xac", "c"]),
    ("a$|^b", &["xa", "bx"], &["ax", "xb"]),
    ("x*", &["", "y"], &[]),
    ("a^", &[], &["", "a", "a^"]),
    ("$a", &[], &["", "a"]),
    ("^a{2}$", &["aa"], &["a", "aaa"]),
    ("^a{2,}$", &["aa", "aaaaa"], &["", "a"]),
    ("^a{1,3}$", &["a", "aaa"], &["", "aaaa"]),
    ("^(?:ab){0}$", &[""], &["ab"]),
    ("^(?:a*)*$", &["", "aaa"], &["b"]),
    ("^(?:|a)+$", &["", "aa"], &["b"]),
    ("^a+?b??$", &["a", "aab"], &["b", "abb"]),
    ("^.$", &["a", "é", "😀", "\u{85}", "\u{2027}"], &["", "\n", "\r", "\u{2028}", "\u{2029}", "aa"]),
    (r"^\d$", &["0", "9"], &["a", "٣", ""]),
    (r"^\D$", &["a", "٣"], &["0"]),
    (r"^\w$", &["a", "Z", "_", "0"], &["é", "-", ""]),
    (r"^\W$", &["é", "-"], &["a", "_"]),
    (r"^\s$", &[" ", "\t", "\u{b}", "\n", "\u{a0}", "\u{feff}", "\u{3000}"], &["\u{85}", "\u{180e}", "a"]),
    (r"^\S$", &["\u{85}", "a"], &[" ", "\u{2028}"]),
    (r"^[^\s/?#]+$", &["a", "é😀"], &["", "a b", "a/b", "a\u{a0}"]),
    (r"^[\w.-]+$", &["a-b.c_9"], &["a b", ""]),
    (r"^\p{L}+$", &["a", "éß", "字", "ªǅʰ", "\u{20000}"], &["", "1", "_", "e\u{301}", "Ⅷ", "ⓐ", "😀"]),
    (r"^\P{General_Category=Letter}$", &["1", "Ⅷ", "😀"], &["a", "字"]),
    (r"^[\p{Letter}\d]{2}$", &["é1", "字字"], &["é_", "é"]),
    (r"^[^\p{gc=L}]$", &["1"], &["字"]),
    (r"^[a\-z]$", &["a", "-", "z"], &["b"]),
    (r"^[-a]$", &["-", "a"], &["b"]),
    (r"^[a-]$", &["-", "a"], &["b"]),
    (r"^[\]\[^]$", &["]", "[", "^"], &["a"]),
    (r"^[\b-\n]$", &["\u{8}", "\t"], &["b", "\u{7}", "\r"]),
    ("^[]$", &[], &["", "a"]),
    ("^[^]$", &["a", "\n", "😀"], &["", "ab"]),
    (r"^\/\.\\\*\+\?\(\)\[\]\{\}\|\^\$$", &[r"/.\*+?()[]{}|^$"], &["/"]),
    (r"^\n\r\t\f\v\0\cJ\x41\u00e9\u{1F600}\ud83d\ude00$", &["\n\r\t\u{c}\u{b}\0\nAé😀😀"], &["", "é"]),
    (r"^[\u{1F600}-\u{1F64F}]$", &["😀", "🙏"], &["🚀", "a"]),
    (r"^[\ud7ff-\ue000]$", &["\u{d7ff}", "\u{e000}"], &["\u{d7fe}", "\u{e001}"]),
    ("^(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})$", &["0", "99", "199", "255"], &["256", "300", "1000", ""]),
    (
        "^[!#-\\[\\]-~]+(?: [!#-\\[\\]-~]+)*$",
        &["users.read users.write"],
        &["", "a  b", " a", "a ", "a\\", "\""],
    ),
    ("^a{0,1000}$", &["", "aaa"], &["b"]),
];

#[test]
fn patterns_mean_what_ecma_262_says() {
    for (source, matching, others) in CASES {
        let pattern = compile(source).unwrap_or_else(|error| panic!("{source}: {error}"));
        assert_eq!(*pattern.source, **source);
        for text in *matching {
            assert!(pattern.matches(text), "{source} should match {text:?}");
        }
        for text in *others {
            assert!(!pattern.matches(text), "{source} should not match {text:?}");
        }
    }
}

#[test]
fn what_is_not_of_the_subset_is_refused_where_it_stands() {
    for (source, at, fragment) in [
        ("a(?=b)", 1, "look-around"),
        ("(?!b)", 0, "look-around"),
        ("(?<=b)a", 0, "look-around"),
        ("(?<!b)a", 0, "look-around"),
        ("(?<name>a)", 0, "named groups"),
        ("(?i:a)", 0, "a group begins"),
        (r"(a)\1", 3, "back-references"),
        (r"\k<a>", 0, "back-references"),
        (r"\bword", 0, "word boundaries"),
        (r"[\B]", 1, "is no escape"),
        (r"\p{Lu}", 0, "list the characters"),
        (r"a\p{L", 1, "list the characters"),
        (r"[\pL]", 1, "list the characters"),
        (r"\-", 0, "is no escape"),
        (r"\e", 0, "is no escape"),
        (r"\", 0, "ends within an escape"),
        (r"é\x4", 2, "two hexadecimal digits"),
        (r"\ud800", 0, "surrogate"),
        (r"\u{110000}", 0, "a character is written"),
        (r"\u12", 0, "a character is written"),
        (r"\c1", 0, "wants a letter"),
        ("a**", 2, "repeated again"),
        ("a+{2}", 2, "repeated again"),
        ("*a", 0, "nothing to repeat"),
        ("(+)", 1, "nothing to repeat"),
        ("^*", 0, "cannot be repeated"),
        ("a{", 2, "a count is written"),
        ("a{2", 1, "a count is written"),
        ("a{,2}", 2, "a count is written"),
        ("a{3,2}", 1, "wrong order"),
        ("a{1001}", 2, "up to 1000"),
        ("{2}", 0, "without something to repeat"),
        ("a}", 1, "a lone `}`"),
        ("a]", 1, "a lone `]`"),
        ("[a", 0, "not closed"),
        ("(a", 0, "not closed"),
        ("a)", 1, "closes no group"),
        ("[z-a]", 1, "wrong order"),
        (r"[a-\d]", 1, "from one character to another"),
        ("(?:(?:a{1000}){1000}){1000}", 0, "too complex"),
        ("(?:(?:(?:){1000}){1000}){1000}", 0, "too complex"),
        ("[ab]*a[ab]{12}", 0, "too complex"),
    ] {
        match compile(source) {
            Ok(_) => panic!("{source} compiles"),
            Err(error) => {
                assert!(error.message.contains(fragment), "{source}: {error}");
                assert_eq!(error.at, at, "{source}: {error}");
            }
        }
    }
    assert!(compile(&"(".repeat(4000)).is_err());
    assert!(compile(&"a".repeat(5000)).is_err());
}

#[test]
fn letters_are_those_of_the_regex_crate() {
    let (ours, theirs) = (compile(r"^\p{L}$").unwrap(), regex::Regex::new(r"^\p{L}$").unwrap());
    for character in '\0'..=char::MAX {
        let text = character.to_string();
        assert_eq!(ours.matches(&text), theirs.is_match(&text), "{character:?}");
    }
}

#[test]
fn few_states_and_many_mean_the_same() {
    let (mut few, mut many) = (0, 0);
    for count in 0..20 {
        let pattern = compile(&format!("^(?:a|é){{{count}}}$")).unwrap();
        let states = pattern.accepting.len();
        assert_eq!(pattern.columns.is_empty(), states > Pattern::FEW, "{states} states");
        let by_rows = Pattern { columns: List::EMPTY, ..pattern.clone() };
        for length in 0..25 {
            for text in ["a".repeat(length), "é".repeat(length), format!("a{}", "é".repeat(length))] {
                let matches = text.chars().count() == count;
                assert_eq!((pattern.matches(&text), by_rows.matches(&text)), (matches, matches), "{text}");
            }
        }
        *(if pattern.columns.is_empty() { &mut many } else { &mut few }) += 1;
    }
    assert!(few > 5 && many > 5, "{few} automata of few states, {many} of many");
}

#[test]
fn what_follows_a_haven_is_judged_as_without_it() {
    let mut judged = 0;
    for source in [
        "^https://[a-z.]+(?::[0-9]*)?(?:/[^ #]*)?$",
        "^(?:[a-z]{9}[b-e]*|[0-9]+)$",
        "^abcdefghij(?:k|[^k]l)*$",
        "^abcdefghij[k-z]*[^k]?$",
        "abcdefghijk",
    ] {
        let pattern = compile(source).unwrap();
        let without = Pattern { haven: None, ..pattern.clone() };
        judged += usize::from(pattern.haven.is_some());
        let starts = ["https://", "https://a", "123", "abcdefghij", "abcdefghijk", "zabcdefghij", ""];
        let ends = [
            "", "/", "b.c/d:e", ":8", ":8/x", "bcde", "k", "kk", "klkl", "xl", "ü", "/ü", "/\u{7f}#", "é/x y",
        ];
        for text in starts.iter().flat_map(|start| ends.iter().map(move |end| format!("{start}{end}"))) {
            assert_eq!(pattern.matches(&text), without.matches(&text), "{source}: {text:?}");
        }
    }
    assert_eq!(judged, 4);
}

#[test]
fn equal_states_are_one() {
    let states = |source| compile(source).unwrap().accepting.len();
    // dead, matched, and one for each character read
    assert_eq!(states("^(?:abc|xbc)$"), 2 + 4);
    assert_eq!(states("a|aa|aaa"), 2 + 1);
    assert_eq!(compile("^[a-fx-z0-9]+$").unwrap().classes, 2);
}

/// Makes random patterns, twice: as ours and as the `regex` crate's, which differ in what a class means.
impl Random {
    fn pattern(&mut self, depth: u32) -> (String, String) {
        let shape = if depth == 0 { self.below(4) } else { self.below(9) };
        match shape {
            0..=2 => {
                let literal = self.pick(&["a", "b", "c", "0", "-", " ", "é", "😀", "\n", "/"]);
                (literal.into(), literal.into())
            }
            3 => {
                let (ours, theirs) = self.pick(CLASSES);
                (ours.into(), theirs.into())
            }
            4 => {
                let anchor = self.pick(&["^", "$"]);
                (anchor.into(), anchor.into())
            }
            5 => {
                let (one, two) = (self.pattern(depth - 1), self.pattern(depth - 1));
                (format!("(?:{}|{})", one.0, two.0), format!("(?:{}|{})", one.1, two.1))
            }
            6 => {
                let what = self.pattern(depth - 1);
                let times = self.pick(&["*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "{1,3}?"]);
                (format!("(?:{}){times}", what.0), format!("(?:{}){times}", what.1))
            }
            _ => {
                let (one, two) = (self.pattern(depth - 1), self.pattern(depth - 1));
                (one.0 + &two.0, one.1 + &two.1)
            }
        }
    }

    fn text(&mut self) -> String {
        let length = self.below(7);
        (0..length)
            .map(|_| self.pick(&['a', 'b', 'c', '0', '-', ' ', 'é', '😀', '\n', '/', '\u{2028}', 'z']))
            .collect()
    }
}

const CLASSES: &[(&str, &str)] = &[
    (".", r"[^\n\r\x{2028}\x{2029}]"),
    (r"\d", "[0-9]"),
    (r"\D", "[^0-9]"),
    (r"\w", "[0-9A-Za-z_]"),
    (r"\W", "[^0-9A-Za-z_]"),
    (r"\s", r"[\t\n\x0b\x0c\r \x{2028}\x{2029}\x{a0}]"),
    ("[a-c]", "[a-c]"),
    ("[^a-c]", "[^a-c]"),
    (r"[^\d/]", "[^0-9/]"),
    (r"[\w-]", "[0-9A-Za-z_-]"),
    (r"[\u{e9}-\u{1F600}]", r"[\x{e9}-\x{1F600}]"),
];

#[test]
fn random_patterns_agree_with_the_regex_crate() {
    let mut random = Random::new(0x9e37_79b9_7f4a_7c15);
    let (mut compiled, mut matched) = (0, 0);
    for _ in 0..3000 {
        let (ours, theirs) = random.pattern(4);
        let Ok(pattern) = compile(&ours) else { continue };
        let oracle = regex::Regex::new(&theirs).unwrap_or_else(|error| panic!("{theirs}: {error}"));
        compiled += 1;
        for _ in 0..40 {
            let text = random.text();
            let expected = oracle.is_match(&text);
            matched += usize::from(expected);
            assert_eq!(pattern.matches(&text), expected, "{ours:?} on {text:?}");
        }
    }
    assert!(compiled > 2900 && matched > 10_000, "{compiled} compiled, {matched} matched");
}

#[test]
fn no_text_makes_the_compiler_panic() {
    let mut random = Random::new(7);
    let pieces = [
        "(", ")", "(?:", "[", "]", "^", "-", "\\", "{", "}", "1", ",", "a", "u", "x", "*", "?", "|", "é",
        "$", "d",
    ];
    for _ in 0..20_000 {
        let length = random.below(12);
        let source: String = (0..length).map(|_| random.pick(&pieces)).collect();
        if let Err(error) = compile(&source) {
            assert!(source.is_char_boundary(error.at), "{source}: {error}");
        }
    }
}
