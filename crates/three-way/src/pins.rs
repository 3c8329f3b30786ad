//! What a version stands for where it stands: a pin, a bound, a version of something else, or a number like any other.

use std::borrow::Cow;

use super::dotted::blurred;
use super::hash::{Map, Set};

/// How safe it is to take the higher of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// A pin: `==`, `~=`, `^`, a lone `>=`, the tag of an image, the revision of a hook or an action. The higher one
    /// does what the lower one is there for.
    Pin,
    /// A version of which the higher one is mostly wanted.
    Version,
    /// A dotted number, which may be a price or a timeout.
    Number,
    /// A bound, which a version must stay below or must not be, or the oldest Python: the higher one is another
    /// promise.
    Bound,
}

/// Settings with the versions of an interpreter that a project allows.
const INTERPRETERS: [&str; 4] = [
    "requires-python",
    "python_requires",
    "python-requires",
    "python",
];

/// The same settings of other languages, and of what is no requirement.
const ENGINES: [&str; 7] = ["node", "npm", "yarn", "pnpm", "vscode", "php", "ruby"];

/// What the version of `length` bytes at `at` stands for.
pub(super) fn standing(text: &str, at: usize, length: usize) -> Standing {
    let place = PinPlace::of(text, at, length);
    let operator = place.operator();
    if operator.starts_with('<') || operator == "!=" || INTERPRETERS.contains(&place.key) {
        return Standing::Bound;
    }
    if place.is_release() && (place.is_tag() || place.is_revision() || place.is_pinned(operator)) {
        return Standing::Pin;
    }
    if place.is_versioned(operator) {
        Standing::Version
    } else {
        Standing::Number
    }
}

/// The lines of the last of four texts with the higher of two pins, in words: base, ours, theirs, and what came of them.
pub(super) fn taken(texts: &[Cow<str>; 4]) -> Vec<String> {
    let [base, ours, theirs, merged] = texts;
    let lines = |text| str::lines(text).map(str::trim);
    let known: Set<&str> = lines(base).collect();
    let own = |text| lines(text).filter(|line| !known.contains(line));
    let sides = [ours, theirs].map(|text| {
        let named = own(text).map(|line| (blurred(line), line));
        named.collect::<Map<String, &str>>()
    });
    let told = |line: &str| {
        let found = sides.each_ref().map(|side| side.get(&blurred(line)));
        let [Some(one), Some(other)] = found else {
            return None;
        };
        let other = if *one == line { other } else { one };
        (*other != line)
            .then(|| format!("both sides raised a pin: `{line}` was taken, not `{other}`"))
    };
    own(merged).filter_map(told).collect()
}

/// A version and the line that it stands in.
struct PinPlace<'a> {
    before: &'a str,
    version: &'a str,
    after: &'a str,
    line: &'a str,
    /// The first word of the line.
    key: &'a str,
}

impl<'a> PinPlace<'a> {
    fn of(text: &'a str, at: usize, length: usize) -> Self {
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let line = &text[start..end];
        let own = line.trim_start().trim_start_matches("- ").trim_start();
        let key = own.split([':', '=', ' ', '>', '<', '~', '!', '^']).next();
        Self {
            before: &text[start..at],
            version: &text[at..at + length],
            after: &text[at + length..end],
            line: own,
            key: key.unwrap_or_default().trim_matches(['"', '\'']),
        }
    }

    /// The comparison right before the version, whichever quotes and spaces stand between.
    fn operator(&self) -> &'a str {
        let before = self.before.trim_end_matches(['"', '\'', ' ', 'v']);
        let start = before.trim_end_matches(['<', '>', '=', '!', '~', '^']);
        &before[start.len()..]
    }

    /// Whether it is the version of a release: numbers and dots.
    fn is_release(&self) -> bool {
        let number =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        self.version.split('.').all(number)
    }

    /// Whether it is the tag of an image.
    fn is_tag(&self) -> bool {
        let word = self.before.rsplit([' ', '"', '\'']).next();
        let image = self.key == "image"
            || self
                .line
                .get(..5)
                .is_some_and(|word| word.eq_ignore_ascii_case("from "))
            || word.is_some_and(|word| word.starts_with("--from="));
        let behind = self.before.strip_suffix('v').unwrap_or(self.before);
        let ends =
            self.after.is_empty() || self.after.starts_with([' ', '"', '\'', '-', '@', '\r']);
        image && behind.ends_with(':') && ends
    }

    /// Whether it is the revision of a hook, or the version of an action.
    fn is_revision(&self) -> bool {
        matches!(self.key, "rev" | "uses") && self.line.contains(':')
    }

    /// Whether it is all that a requirement asks for.
    fn is_pinned(&self, operator: &str) -> bool {
        if !matches!(operator, "==" | "~=" | ">=" | "^") || ENGINES.contains(&self.key) {
            return false;
        }
        let quoted = self.quoted();
        let (head, tail) = quoted.unwrap_or((self.line, self.after));
        let head = if quoted.is_some() {
            head
        } else {
            let length = self.line.len() - self.version.len() - self.after.len();
            &head[..length]
        };
        let Some(name) = head.trim_end().strip_suffix(operator) else {
            return false;
        };
        let rest = tail.trim();
        let ends =
            rest.is_empty() || rest.starts_with([';', '#', '\\']) || rest.starts_with("--hash");
        if operator == "^" {
            return quoted.is_some() && name.is_empty() && tail.is_empty();
        }
        let installs = ["pip", "uv", "pipx"]
            .iter()
            .any(|tool| self.line.split_whitespace().any(|word| word == *tool));
        let name = match (quoted, name.rsplit_once(' ')) {
            // The version stands in the middle of a command.
            (None, Some((_, last))) if installs && !last.is_empty() => {
                let next = tail.starts_with(' ') || tail.is_empty();
                return next && is_name(last);
            }
            _ => name.trim_end(),
        };
        ends && (is_name(name) || quoted.is_some() && name.is_empty())
    }

    /// What stands before and after the version in the quotes that it stands in.
    fn quoted(&self) -> Option<(&'a str, &'a str)> {
        let open = self.before.rfind(['"', '\''])?;
        let quote = self.before[open..].chars().next()?;
        let closes = self.before.matches(quote).count() % 2 == 1;
        let end = self.after.find(quote)?;
        closes.then(|| (&self.before[open + 1..], &self.after[..end]))
    }

    fn is_versioned(&self, operator: &str) -> bool {
        let behind = self.before.ends_with(['v', '@', '~', '^']);
        let compared = matches!(operator, "==" | "===" | "~=" | ">=" | ">" | "^" | "~");
        behind
            || compared
            || self.is_tag()
            || self.is_revision()
            || self.version.matches('.').count() > 1
            || self.line.to_ascii_lowercase().contains("version")
    }
}

/// The name of a project, perhaps with extras.
fn is_name(text: &str) -> bool {
    let (name, extras) = text.split_once('[').unwrap_or((text, "]"));
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.bytes().all(plain)
        && extras.ends_with(']')
}
