//! Globs of a manifest, and of ignore rules: `*` and `?` stay inside one part, `**` crosses parts, `{a,b}` is either, `[a-z]` and
//! `[!a]` are one letter.
//!
//! A glob is applied to all places of a path at once. So no pattern takes longer than its length times that of the path.

use std::iter::Peekable;
use std::str::Chars;

/// Deeper nesting is refused: each level is one call deeper.
const DEEPEST: usize = 10;

/// One pattern and what it matches.
#[derive(Clone, Debug)]
pub(crate) struct Glob {
    pattern: String,
    /// What every path begins with; most paths go no further.
    start: String,
    rest: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Letter(char),
    /// `?`
    Any,
    /// `*`
    Star,
    /// `**/` at the start: any folders, or none.
    Above,
    /// `/**/`: any folders, or none.
    Between,
    /// `/**` at the end: whatever is inside.
    Inside,
    /// `[a-z]`, or with true `[!a-z]`.
    Class(bool, Vec<(char, char)>),
    /// `{a,b}`
    Either(Vec<Vec<Self>>),
}

impl Glob {
    pub(crate) fn new(pattern: &str) -> Result<Self, String> {
        if braces(pattern) > DEEPEST {
            return Err(format!("braces are nested more than {DEEPEST} deep"));
        }
        let mut reader = Reader {
            letters: pattern.chars().peekable(),
            before: None,
        };
        let mut rest = reader.tokens(false)?;
        if reader.letters.next().is_some() {
            return Err("a `}` has no `{`".into());
        }
        if rest == [Token::Above] {
            // Alone it is not only folders.
            rest = vec![
                Token::Star,
                Token::Either(vec![vec![], vec![Token::Inside]]),
            ];
        }
        let letter = |token: &Token| match token {
            Token::Letter(letter) => Some(*letter),
            _ => None,
        };
        let start: String = rest.iter().map_while(letter).collect();
        rest.drain(..start.chars().count());
        Ok(Self {
            pattern: pattern.to_owned(),
            start,
            rest,
        })
    }

    /// The pattern as it stands in the manifest.
    pub(crate) fn pattern(&self) -> &str {
        &self.pattern
    }

    pub(crate) fn matches(&self, path: &str) -> bool {
        path.strip_prefix(&self.start)
            .is_some_and(|rest| ends(&self.rest, rest, vec![0]).contains(&rest.len()))
    }
}

/// Where tokens may end that begin at one of these places. Places are in order.
fn ends(tokens: &[Token], path: &str, mut places: Vec<usize>) -> Vec<usize> {
    for token in tokens {
        if places.is_empty() {
            break;
        }
        places = match token {
            Token::Letter(wanted) => one(path, places, |letter| letter == *wanted),
            Token::Any => one(path, places, |letter| letter != '/'),
            Token::Class(is_negated, ranges) => {
                let has = |letter| {
                    ranges
                        .iter()
                        .any(|(first, last)| (*first..=*last).contains(&letter))
                };
                one(path, places, |letter| has(letter) != *is_negated)
            }
            Token::Star => stretched(path, &places),
            Token::Above => {
                let below = behind_slashes(path, places[0]);
                places.into_iter().chain(below).collect()
            }
            Token::Between => match at_slash(path, &places) {
                Some(slash) => behind_slashes(path, slash).collect(),
                None => Vec::new(),
            },
            Token::Inside => match at_slash(path, &places) {
                Some(slash) => (slash + 1..=path.len()).collect(),
                None => Vec::new(),
            },
            Token::Either(branches) => {
                let ends = branches
                    .iter()
                    .map(|branch| ends(branch, path, places.clone()));
                ends.flatten().collect()
            }
        };
        places.sort_unstable();
        places.dedup();
    }
    places
}

/// The places behind the next letter, where it is one that fits.
fn one(path: &str, mut places: Vec<usize>, fits: impl Fn(char) -> bool) -> Vec<usize> {
    places.retain_mut(|place| {
        let next = path.get(*place..).and_then(|rest| rest.chars().next());
        *place += next.map_or(0, char::len_utf8);
        next.is_some_and(&fits)
    });
    places
}

/// All places from these up to the ends of their parts.
fn stretched(path: &str, places: &[usize]) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::new();
    for place in places {
        if found.last().is_none_or(|last| last < place) {
            let end = path.as_bytes()[*place..]
                .iter()
                .position(|byte| *byte == b'/');
            found.extend(*place..=end.map_or(path.len(), |length| place + length));
        }
    }
    found
}

fn at_slash(path: &str, places: &[usize]) -> Option<usize> {
    let is_slash = |place: &usize| path.as_bytes().get(*place) == Some(&b'/');
    places.iter().copied().find(is_slash)
}

/// The places behind all slashes from a place on.
fn behind_slashes(path: &str, from: usize) -> impl Iterator<Item = usize> {
    let slashes = path.as_bytes()[from..].iter().enumerate();
    let slashes = slashes.filter(|(_, byte)| **byte == b'/');
    slashes.map(move |(at, _)| from + at + 1)
}

struct Reader<'p> {
    letters: Peekable<Chars<'p>>,
    /// The letter before the next one.
    before: Option<char>,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.letters.next()?;
        self.before = Some(next);
        Some(next)
    }

    /// The tokens up to the end, or in braces up to the end of a branch.
    fn tokens(&mut self, is_inside: bool) -> Result<Vec<Token>, String> {
        let mut tokens = Vec::new();
        while let Some(letter) = self.letters.peek().copied() {
            let before = self.before;
            if letter == '}' || letter == ',' && is_inside {
                break;
            }
            self.next();
            match letter {
                '?' => tokens.push(Token::Any),
                '*' if self.letters.peek() == Some(&'*') => {
                    self.next();
                    self.stars(&mut tokens, before, is_inside);
                }
                '*' => tokens.push(Token::Star),
                '[' => tokens.push(self.class()?),
                '{' => tokens.push(self.either()?),
                _ => tokens.push(Token::Letter(letter)),
            }
        }
        Ok(tokens)
    }

    /// Two stars, which cross parts only where they are a whole part.
    fn stars(&mut self, tokens: &mut Vec<Token>, before: Option<char>, is_inside: bool) {
        let next = self.letters.peek().copied();
        let is_last = match next {
            None => true,
            Some(',' | '}') => is_inside,
            Some(_) => false,
        };
        let is_first = tokens.is_empty();
        let is_part = if is_first {
            matches!(next, None | Some('/'))
        } else {
            before == Some('/') && (is_last || next == Some('/'))
        };
        if !is_part {
            tokens.push(Token::Star);
            return;
        }
        if next == Some('/') {
            self.next();
        }
        let token = match tokens.pop() {
            None | Some(Token::Above) => Token::Above,
            Some(Token::Inside) => Token::Inside,
            Some(_) if is_last => Token::Inside,
            Some(_) => Token::Between,
        };
        tokens.push(token);
    }

    fn either(&mut self) -> Result<Token, String> {
        let mut branches = Vec::new();
        loop {
            branches.push(self.tokens(true)?);
            match self.next() {
                Some(',') => {}
                Some(_) => break,
                None => return Err("a `{` has no `}`".into()),
            }
        }
        // A branch with nothing in it is none.
        branches.retain(|branch| !branch.is_empty());
        if branches.is_empty() {
            branches.push(Vec::new());
        }
        Ok(Token::Either(branches))
    }

    fn class(&mut self) -> Result<Token, String> {
        let is_negated = matches!(self.letters.peek(), Some('!' | '^'));
        if is_negated {
            self.next();
        }
        let mut ranges: Vec<(char, char)> = Vec::new();
        let mut is_range = false;
        loop {
            let Some(letter) = self.next() else {
                return Err("a `[` has no `]`".into());
            };
            match (letter, ranges.last_mut()) {
                (']', Some(_)) => break,
                ('-', Some(_)) if !is_range => is_range = true,
                (_, Some((first, last))) if is_range => {
                    if letter < *first {
                        return Err(format!("`{first}` to `{letter}` is no range"));
                    }
                    *last = letter;
                    is_range = false;
                }
                _ => ranges.push((letter, letter)),
            }
        }
        if is_range {
            ranges.push(('-', '-'));
        }
        Ok(Token::Class(is_negated, ranges))
    }
}

/// How many braces are open at once, at the most.
fn braces(pattern: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for byte in pattern.bytes() {
        match byte {
            b'{' => open += 1,
            b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

#[cfg(test)]
mod tests {
    use globset::GlobBuilder;
    use proptest::prelude::*;

    use super::*;

    /// What the library of ripgrep says, which these globs follow.
    fn known(pattern: &str, path: &str) -> Option<bool> {
        let mut builder = GlobBuilder::new(pattern);
        let glob = builder.literal_separator(true).backslash_escape(false);
        glob.build()
            .ok()
            .map(|glob| glob.compile_matcher().is_match(path))
    }

    proptest! {
        #[test]
        fn globs_match_what_those_of_ripgrep_match(
            parts in prop::collection::vec(prop_oneof![
                Just("a"), Just("b"), Just("/"), Just("*"), Just("**"), Just("**/"), Just("/**"), Just("?"), Just("{"), Just("}"),
                Just(","), Just("["), Just("]"), Just("[a-b]"), Just("[!a]"), Just("-"), Just("."), Just("{a,b}"),
            ], 0..9),
            path in "[ab./-]{0,8}",
        ) {
            let pattern = parts.concat();
            let ours = Glob::new(&pattern).ok().map(|glob| glob.matches(&path));
            prop_assert_eq!(ours, known(&pattern, &path), "{} on {}", pattern, path);
        }
    }

    #[test]
    fn a_pattern_of_many_stars_takes_no_time() {
        let glob = Glob::new(&"*a".repeat(100)).unwrap();
        assert!(!glob.matches(&"a".repeat(99)));
        assert!(glob.matches(&"a".repeat(100)));
        let glob = Glob::new(&"{*a,**/b,a*}".repeat(100)).unwrap();
        assert!(!glob.matches(&"c".repeat(1000)));
    }

    #[test]
    fn a_letter_of_several_bytes_is_one() {
        let matches = |pattern: &str, path: &str| Glob::new(pattern).unwrap().matches(path);
        assert!(matches("?.py", "ä.py") && matches("[ä-ü].py", "ö.py") && matches("*ö*", "größe"));
        assert!(!matches("??.py", "ä.py"));
        assert!(matches("ä/**", "ä/ö/ü") && matches("**/ü", "ä/ü") && matches("**", "ä/ü"));
    }
}
