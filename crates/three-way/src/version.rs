//! The newer of two versions of one pin.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::dotted::{Part, parts};
use super::pins::{Standing, standing};
use super::reason::Reason;
use super::region::Class;

/// The longest text in which pins are sought.
const LONGEST: usize = 20_000;

/// The side with the newer version, if the two texts differ in versions and in nothing else; and how much it presumes to
/// take it: [`Class::Pin`] where both raised a pin above the base, [`Class::Guess`] where one side lowered it or where it may
/// be no version.
///
/// With a base, it too must be the same but for versions: otherwise something else changed beside the pin.
pub(super) fn newer<'a>(
    base: Option<&str>,
    ours: &'a str,
    theirs: &'a str,
) -> Option<(&'a str, Class)> {
    if ours.len() + theirs.len() > LONGEST {
        return None;
    }
    newest(base, ours, theirs)
        .or_else(|| {
            let base = base.map(by_version);
            newest(base.as_deref(), &by_version(ours), &by_version(theirs))
        })
        .map(|(side, class)| (if side == Side::Ours { ours } else { theirs }, class))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Ours,
    Theirs,
}

fn newest(base: Option<&str>, ours: &str, theirs: &str) -> Option<(Side, Class)> {
    let (our_parts, their_parts) = (parts(ours), parts(theirs));
    let base_parts = base.map(parts);
    let alike = |one: &[Part], other: &[Part]| {
        one.len() == other.len()
            && one
                .iter()
                .zip(other)
                .all(|(one, other)| one.same_but_for_version(other))
    };
    let base_alike = |base: &Vec<Part>| alike(base, &our_parts);
    if !alike(&our_parts, &their_parts) || !base_parts.as_ref().is_none_or(base_alike) {
        return None;
    }
    let mut found = None;
    let mut class = None;
    for (at, pair) in our_parts.iter().zip(&their_parts).enumerate() {
        let (Part::Version(one, one_at), Part::Version(other, other_at)) = pair else {
            continue;
        };
        let before = base_parts.as_ref().and_then(|parts| match parts.get(at) {
            Some(Part::Version(before, _)) => Some(*before),
            _ => None,
        });
        let side = match compare(one, other) {
            Ordering::Equal => continue,
            _ if before == Some(*other) => Side::Ours,
            _ if before == Some(*one) => Side::Theirs,
            order => {
                let standings = [(ours, *one_at, one), (theirs, *other_at, other)]
                    .map(|(text, at, version)| standing(text, at, version.len()));
                class = class.max(Some(presumed(standings, before, [one, other])?));
                if order.is_gt() {
                    Side::Ours
                } else {
                    Side::Theirs
                }
            }
        };
        if found.replace(side).is_some_and(|known| known != side) {
            return None;
        }
    }
    Some((found?, class.unwrap_or(Class::Policy)))
}

/// How much it presumes to take the higher of two versions that both sides changed.
fn presumed(standings: [Standing; 2], before: Option<&str>, sides: [&str; 2]) -> Option<Class> {
    if standings.contains(&Standing::Bound) {
        return None;
    }
    let lowered = |before: &str| sides.iter().any(|side| compare(before, side).is_ge());
    if standings.contains(&Standing::Number) || before.is_some_and(lowered) {
        return Some(Class::Guess);
    }
    let pins = standings == [Standing::Pin; 2] && before.is_some();
    Some(if pins { Class::Pin } else { Class::Policy })
}

/// Why the newer one was taken.
pub(super) fn reason(class: Class) -> Reason {
    if class == Class::Pin {
        Reason::HigherPin
    } else {
        Reason::NewerVersion
    }
}

/// A text with each `uses: NAME@COMMIT # VERSION` as the `uses: NAME@VERSION` that it stands for.
fn by_version(text: &str) -> Cow<'_, str> {
    let line = |line: &str| {
        let (name, rest) = line.split_once('@')?;
        let (commit, comment) = rest.split_once(" #")?;
        let commit = commit.trim_end();
        let sha = commit.len() >= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        let uses = name
            .trim_start()
            .trim_start_matches("- ")
            .starts_with("uses:");
        (sha && uses).then(|| format!("{name}@{}", comment.trim_start()))
    };
    let lines: Vec<Option<String>> = text.split_inclusive('\n').map(line).collect();
    if lines.iter().all(Option::is_none) {
        return text.into();
    }
    let pairs = text.split_inclusive('\n').zip(lines);
    pairs
        .map(|(line, changed)| changed.unwrap_or_else(|| line.to_string()))
        .collect()
}

/// Compares field by field; a pre-release comes before its release.
fn compare(one: &str, other: &str) -> Ordering {
    let (one, other) = (fields(one), fields(other));
    for at in 0..one.len().max(other.len()) {
        let zero = Field::Number(0);
        let order = match (one.get(at), other.get(at)) {
            (Some(one), Some(other)) => one.cmp(other),
            (Some(one), None) => one.cmp(&zero),
            (None, Some(other)) => zero.cmp(other),
            (None, None) => Ordering::Equal,
        };
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Field<'a> {
    /// `a`, `b`, `rc`, `dev`: sorts before any number.
    Word(&'a str),
    Number(u64),
}

fn fields(version: &str) -> Vec<Field<'_>> {
    let mut fields = Vec::new();
    for field in version.split(['.', '-', '+', '_', '!']) {
        let mut rest = field;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let length = if digits > 0 {
                digits
            } else {
                rest.bytes()
                    .take_while(|byte| !byte.is_ascii_digit())
                    .count()
            };
            let (head, tail) = rest.split_at(length);
            fields.push(match head.parse() {
                Ok(number) => Field::Number(number),
                Err(_) => Field::Word(head),
            });
            rest = tail;
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, ours: &str, theirs: &str, expected: Option<&str>) {
        let found = |ours, theirs| newer(Some(base), ours, theirs).map(|(text, _)| text);
        assert_eq!(found(ours, theirs), expected);
        assert_eq!(found(theirs, ours), expected, "the other way round");
    }

    #[test]
    fn takes_the_higher() {
        check(
            "django==4.1",
            "django==4.2",
            "django==5.0",
            Some("django==5.0"),
        );
        check("a==1.9", "a==1.10", "a==1.9.1", Some("a==1.10"));
        check("a==1.0rc1", "a==1.0", "a==1.0rc2", Some("a==1.0"));
        check(
            "rev: v1.2.0",
            "rev: v1.10.0",
            "rev: v1.9.0",
            Some("rev: v1.10.0"),
        );
        check(
            "uses: x/y@v2",
            "uses: x/y@v3",
            "uses: x/y@v4",
            Some("uses: x/y@v4"),
        );
        check(
            "image: pg:15",
            "image: pg:16",
            "image: pg:17",
            Some("image: pg:17"),
        );
        check(
            "\"x\": \"^1.0.0\"",
            "\"x\": \"^1.2.0\"",
            "\"x\": \"^2.0.0\"",
            Some("\"x\": \"^2.0.0\""),
        );
    }

    #[test]
    fn takes_the_digest_with_its_version() {
        let (old, new) = ("0123456789abcdef0", "fedcba98765432100");
        let line = |digest: &str, version: &str| format!("uses: x/y@{digest} # v{version}");
        check(
            &line(old, "1.0"),
            &line(old, "1.1"),
            &line(new, "1.2"),
            Some(&line(new, "1.2")),
        );
        check(
            &format!("rev: {old}"),
            &format!("rev: {new}"),
            "rev: 00000000000000000",
            None,
        );
    }

    #[test]
    fn compares_a_pinned_commit_by_the_version_behind_it() {
        let sha = "0123456789abcdef0123456789abcdef01234567";
        let by_commit = |version: &str| format!("- uses: x/y@{sha} # {version}\n");
        let (new, old) = (by_commit("v7.0.0"), by_commit("v4.1.0"));
        check("- uses: x/y@v4\n", "- uses: x/y@v5\n", &new, Some(&new));
        check(
            &old,
            "- uses: x/y@v5\n",
            "- uses: x/y@v6\n",
            Some("- uses: x/y@v6\n"),
        );
        check(
            "- uses: x/y@v4\n",
            "- uses: x/y@v5\n",
            &by_commit("main"),
            None,
        );
        check("- uses: x/y@v4\n", "- uses: z/y@v5\n", &new, None);
        check("- uses: x/y@v4\n", "- uses: x/y@v7.0.0\n", &new, None);
    }

    #[test]
    fn leaves_what_is_no_version() {
        check("- 8000:8000", "- 8081:8000", "- 8082:8000", None);
        check("host: 10.0.0.1", "host: 10.0.0.2", "host: 10.0.0.3", None);
        check("replicas: 1", "replicas: 2", "replicas: 3", None);
    }

    #[test]
    fn leaves_edits_beside_the_version() {
        check(
            "image: pg:14.4",
            "image: pg:14.4-alpine3.16",
            "image: pg:14.5",
            None,
        );
        check("a==1.0", "a==1.1", "a[x]==1.2", None);
        check("a>=1.0,<2.0", "a>=1.5,<2.0", "a>=1.1,<3.0", None);
    }
}
