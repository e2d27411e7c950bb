//! Reads a regular expression into a tree.

use authwire_model::list::sorted;

use super::PatternError;
use super::letters::letters;

/// Deeper groups are refused.
const MOST_DEEP: usize = 64;

/// A count in braces is refused beyond this.
const MOST_TIMES: u32 = 1000;

/// Characters, as sorted ranges that do not touch: first and last.
pub(super) type Set = Vec<(u32, u32)>;

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    /// One character of the set.
    One(Set),
    /// `^`
    Start,
    /// `$`
    End,
    /// One after the other.
    All(Vec<Tree>),
    /// One of them.
    Any(Vec<Tree>),
    /// Again and again.
    Repeat { what: Box<Tree>, min: u32, max: Option<u32> },
}

/// Reads `source`.
pub(super) fn parse(source: &str) -> Result<Tree, PatternError> {
    let mut parser = Parser { source, at: 0, depth: 0 };
    let tree = parser.alternatives()?;
    match parser.peek() {
        None => Ok(tree),
        Some(_) => Err(parser.refuse("`)` closes no group")),
    }
}

struct Parser<'p> {
    source: &'p str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn eat(&mut self, text: &str) -> bool {
        let eaten = self.rest().starts_with(text);
        if eaten {
            self.at += text.len();
        }
        eaten
    }

    fn refuse(&self, message: impl Into<String>) -> PatternError {
        PatternError::new(self.at, message)
    }

    fn alternatives(&mut self) -> Result<Tree, PatternError> {
        let mut branches = vec![self.sequence()?];
        while self.eat("|") {
            branches.push(self.sequence()?);
        }
        Ok(match branches.len() {
            1 => branches.swap_remove(0),
            _ => Tree::Any(branches),
        })
    }

    fn sequence(&mut self) -> Result<Tree, PatternError> {
        let mut parts = Vec::new();
        while let Some(next) = self.peek() {
            if matches!(next, '|' | ')') {
                break;
            }
            let start = self.at;
            let part = self.atom()?;
            parts.push(self.repeated(part, start)?);
        }
        Ok(Tree::All(parts))
    }

    fn atom(&mut self) -> Result<Tree, PatternError> {
        let start = self.at;
        let refused = |message: &str| Err(PatternError::new(start, message));
        Ok(match self.next() {
            Some('^') => Tree::Start,
            Some('$') => Tree::End,
            Some('.') => Tree::One(negated(&[(0xa, 0xa), (0xd, 0xd), (0x2028, 0x2029)])),
            Some('(') => return self.group(start),
            Some('[') => Tree::One(self.class(start)?),
            Some('\\') => Tree::One(self.escape(start, false)?.into_set()),
            Some('*' | '+' | '?') => return refused("there is nothing to repeat"),
            Some('{') => return refused("`{` without something to repeat is written `\\{`"),
            Some(bracket @ ('}' | ']')) => {
                return Err(PatternError::new(start, format!("a lone `{bracket}` is written `\\{bracket}`")));
            }
            Some(literal) => Tree::One(vec![(literal.into(), literal.into())]),
            None => return refused("the pattern ends too early"),
        })
    }

    fn group(&mut self, start: usize) -> Result<Tree, PatternError> {
        let refused = |message: &str| Err(PatternError::new(start, message));
        if self.eat("?") {
            let rest = self.rest();
            if ["=", "!", "<=", "<!"].iter().any(|mark| rest.starts_with(mark)) {
                return refused("look-around is not supported");
            }
            if rest.starts_with('<') || rest.starts_with("P<") {
                return refused("named groups are not supported: write `(…)`");
            }
            if !self.eat(":") {
                return refused("a group begins with `(` or `(?:`");
            }
        }
        self.depth += 1;
        if self.depth > MOST_DEEP {
            return refused("the groups are nested too deep");
        }
        let inner = self.alternatives()?;
        self.depth -= 1;
        match self.eat(")") {
            true => Ok(inner),
            false => refused("the group is not closed"),
        }
    }

    fn repeated(&mut self, what: Tree, start: usize) -> Result<Tree, PatternError> {
        let quantifier = self.at;
        let Some((min, max)) = self.quantifier()? else { return Ok(what) };
        if matches!(what, Tree::Start | Tree::End) {
            return Err(PatternError::new(start, "`^` and `$` cannot be repeated"));
        }
        // lazy: the verdict is the same
        self.eat("?");
        if max.is_some_and(|max| max < min) {
            return Err(PatternError::new(quantifier, "the counts stand in the wrong order"));
        }
        if matches!(self.peek(), Some('*' | '+' | '?' | '{')) {
            return Err(self.refuse("something repeated is repeated again: put it into a group"));
        }
        Ok(Tree::Repeat { what: Box::new(what), min, max })
    }

    fn quantifier(&mut self) -> Result<Option<(u32, Option<u32>)>, PatternError> {
        Ok(Some(match self.peek() {
            Some('*') => {
                self.at += 1;
                (0, None)
            }
            Some('+') => {
                self.at += 1;
                (1, None)
            }
            Some('?') => {
                self.at += 1;
                (0, Some(1))
            }
            Some('{') => {
                let start = self.at;
                self.at += 1;
                let min = self.count()?;
                let max = match self.eat(",") {
                    true if self.peek() == Some('}') => None,
                    true => Some(self.count()?),
                    false => Some(min),
                };
                if !self.eat("}") {
                    return Err(PatternError::new(start, "a count is written `{2}`, `{2,}` or `{2,5}`"));
                }
                (min, max)
            }
            _ => return Ok(None),
        }))
    }

    fn count(&mut self) -> Result<u32, PatternError> {
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let text = &self.rest()[..digits];
        if text.is_empty() {
            return Err(self.refuse("a count is written `{2}`, `{2,}` or `{2,5}`"));
        }
        match text.parse() {
            Ok(count) if count <= MOST_TIMES => {
                self.at += digits;
                Ok(count)
            }
            _ => Err(self.refuse(format!("a count may be up to {MOST_TIMES}"))),
        }
    }

    fn class(&mut self, start: usize) -> Result<Set, PatternError> {
        let negative = self.eat("^");
        let mut set = Set::new();
        loop {
            let at = self.at;
            match self.next() {
                None => return Err(PatternError::new(start, "the class is not closed")),
                Some(']') => break,
                Some(first) => {
                    let low = self.member(first, at)?;
                    let is_range = self.rest().starts_with('-') && !self.rest().starts_with("-]");
                    if !is_range {
                        set.extend(low.into_set());
                        continue;
                    }
                    self.at += 1;
                    let to = self.at;
                    let Some(last) = self.next() else {
                        return Err(PatternError::new(start, "the class is not closed"));
                    };
                    match (low, self.member(last, to)?) {
                        (Escape::One(low), Escape::One(high)) if low <= high => set.push((low, high)),
                        (Escape::One(_), Escape::One(_)) => {
                            return Err(PatternError::new(at, "the range stands in the wrong order"));
                        }
                        _ => return Err(PatternError::new(at, "a range goes from one character to another")),
                    }
                }
            }
        }
        Ok(if negative { negated(&merged(set)) } else { merged(set) })
    }

    fn member(&mut self, first: char, at: usize) -> Result<Escape, PatternError> {
        match first {
            '\\' => self.escape(at, true),
            literal => Ok(Escape::One(literal.into())),
        }
    }

    /// What follows a backslash, which stands at `start`.
    fn escape(&mut self, start: usize, in_class: bool) -> Result<Escape, PatternError> {
        let refused = |message: &str| Err(PatternError::new(start, message));
        let one = |code: u32| Ok(Escape::One(code));
        match self.next() {
            None => refused("the pattern ends within an escape"),
            Some('n') => one(0xa),
            Some('r') => one(0xd),
            Some('t') => one(0x9),
            Some('f') => one(0xc),
            Some('v') => one(0xb),
            Some('0') if !self.peek().is_some_and(|next| next.is_ascii_digit()) => one(0),
            Some('d') => Ok(Escape::Set(DIGIT.to_vec())),
            Some('D') => Ok(Escape::Set(negated(DIGIT))),
            Some('w') => Ok(Escape::Set(WORD.to_vec())),
            Some('W') => Ok(Escape::Set(negated(WORD))),
            Some('s') => Ok(Escape::Set(SPACE.to_vec())),
            Some('S') => Ok(Escape::Set(negated(SPACE))),
            Some('c') => match self.next() {
                Some(letter) if letter.is_ascii_alphabetic() => one(u32::from(letter) % 32),
                _ => refused("`\\c` wants a letter"),
            },
            Some('x') => match self.hexadecimal(2) {
                Some(code) => one(code),
                None => refused("`\\x` wants two hexadecimal digits"),
            },
            Some('u') => self.unicode(start).map(Escape::One),
            Some('b') if in_class => one(0x8),
            Some('b' | 'B') if !in_class => refused("word boundaries are not supported"),
            Some(letter @ ('p' | 'P')) => {
                let begins = self.eat("{General_Category=") || self.eat("{gc=") || self.eat("{");
                if !begins || !(self.eat("L}") || self.eat("Letter}")) {
                    return refused(
                        "of all `\\p{…}` only `\\p{L}`, letters, is supported: list the characters",
                    );
                }
                Ok(Escape::Set(if letter == 'p' { letters() } else { negated(&letters()) }))
            }
            Some('k') => refused("back-references are not supported"),
            Some(digit) if digit.is_ascii_digit() => refused("back-references are not supported"),
            Some('-') if in_class => one('-'.into()),
            Some(
                syntax @ ('^' | '$' | '\\' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|'
                | '/'),
            ) => one(syntax.into()),
            Some(other) => {
                let message = format!("`\\{}` is no escape", other.escape_debug());
                Err(PatternError::new(start, message))
            }
        }
    }

    /// `\uXXXX`, a pair of them, or `\u{…}`, behind the `u`.
    fn unicode(&mut self, start: usize) -> Result<u32, PatternError> {
        let code = if self.eat("{") {
            let digits = self.rest().bytes().take_while(u8::is_ascii_hexdigit).count();
            let code = if (1..=8).contains(&digits) { self.hexadecimal(digits) } else { None };
            code.filter(|_| self.eat("}"))
        } else {
            match self.hexadecimal(4) {
                Some(high @ 0xd800..=0xdbff) if self.eat("\\u") => match self.hexadecimal(4) {
                    Some(low @ 0xdc00..=0xdfff) => Some(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)),
                    _ => None,
                },
                other => other,
            }
        };
        match code {
            Some(0xd800..=0xdfff) => {
                Err(PatternError::new(start, "half of a surrogate pair is no character"))
            }
            Some(code @ 0..=0x0010_ffff) => Ok(code),
            _ => Err(PatternError::new(start, "a character is written `\\u00e9` or `\\u{e9}`")),
        }
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<u32> {
        let text = self.rest().get(..digits)?;
        let code =
            text.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(text, 16))?;
        self.at += digits;
        code.ok()
    }
}

/// What an escape, or a member of a class, stands for.
enum Escape {
    One(u32),
    Set(Set),
}

impl Escape {
    fn into_set(self) -> Set {
        match self {
            Self::One(code) => vec![(code, code)],
            Self::Set(set) => set,
        }
    }
}

/// `\d`
const DIGIT: &[(u32, u32)] = &[(0x30, 0x39)];

/// `\w`
const WORD: &[(u32, u32)] = &[(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)];

/// `\s`: ECMA-262's white space and line terminators.
const SPACE: &[(u32, u32)] = &[
    (0x9, 0xd),
    (0x20, 0x20),
    (0xa0, 0xa0),
    (0x1680, 0x1680),
    (0x2000, 0x200a),
    (0x2028, 0x2029),
    (0x202f, 0x202f),
    (0x205f, 0x205f),
    (0x3000, 0x3000),
    (0xfeff, 0xfeff),
];

/// The set in order, with ranges that touch made one.
fn merged(set: Set) -> Set {
    let mut merged = Set::new();
    for (first, last) in sorted(set, Ord::cmp) {
        match merged.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
            _ => merged.push((first, last)),
        }
    }
    merged
}

/// All other characters. `set` is sorted.
fn negated(set: &[(u32, u32)]) -> Set {
    let mut others = Set::new();
    let mut next = 0;
    for (first, last) in set {
        if next < *first {
            others.push((next, first - 1));
        }
        next = last + 1;
    }
    if next <= 0x0010_ffff {
        others.push((next, 0x0010_ffff));
    }
    others
}
