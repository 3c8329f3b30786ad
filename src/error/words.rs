//! Parts of sentences about errors.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use super::open::Open;

/// The operating system's words without its error number.
pub(super) fn reason(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::NotFound {
        return "no such file or directory".into();
    }
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}

pub(super) fn position(line: usize, column: usize) -> String {
    match (line, column) {
        (0, _) => String::new(),
        (line, 0) => format!(":{line}"),
        (line, column) => format!(":{line}:{column}"),
    }
}

pub(super) fn nearest(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// `, nor can a, b`.
pub(super) fn nor(others: &[Open]) -> String {
    match others {
        [] => String::new(),
        others => {
            let keys: Vec<&str> = others.iter().map(|open| open.key).collect();
            format!(", nor can `{}`", keys.join("`, `"))
        }
    }
}

pub(super) fn listed(paths: &[String]) -> String {
    const SHOWN: usize = 8;
    let mut text = paths
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if paths.len() > SHOWN {
        let _ = write!(text, " and {} more", paths.len() - SHOWN);
    }
    text
}

/// The program that made a state file which is too new.
pub(super) fn newer(by: Option<&str>) -> String {
    by.map_or_else(
        || "a newer ixd-template".to_owned(),
        |version| format!("ixd-template {version}"),
    )
}

/// A catalogue by its folder.
pub(super) fn catalogue(dir: Option<&Path>) -> String {
    dir.map_or_else(
        || "the built-in one".to_owned(),
        |dir| format!("the one in `{}`", dir.display()),
    )
}

/// `text` as one word of a command that is to be pasted into a shell.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "/._-+,:@%=".contains(letter);
    let plain = !text.is_empty() && text.chars().all(is_plain);
    let text = if text.starts_with('-') {
        format!("./{text}")
    } else {
        text.to_owned()
    };
    if plain {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// The candidate that a misspelt `name` most likely meant.
#[must_use]
pub fn did_you_mean<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let name: Vec<char> = name.chars().collect();
    let rated = candidates.filter_map(|other| {
        let letters: Vec<char> = other.chars().collect();
        let all = name.len() + letters.len();
        // Where the lengths alone differ too much, nothing is compared: a name may have any length.
        let is_alike = |same: usize| 10 * same >= 3 * all;
        let same = is_alike(name.len().min(letters.len())).then(|| in_common(&name, &letters))?;
        is_alike(same).then_some((same, all, other))
    });
    let best = rated.reduce(|best, next| {
        let ((one, of_one, _), (other, of_other, _)) = (best, next);
        match (one * of_other).cmp(&(other * of_one)) {
            Ordering::Less => next,
            Ordering::Equal if next.2 < best.2 => next,
            _ => best,
        }
    });
    best.map(|(.., other)| other.to_owned())
}

/// How many letters two words have in common, in the same order.
fn in_common(one: &[char], other: &[char]) -> usize {
    let mut row = vec![0; other.len() + 1];
    for letter in one {
        let mut before = 0;
        for at in 0..other.len() {
            let above = row[at + 1];
            row[at + 1] = if *letter == other[at] {
                before + 1
            } else {
                above.max(row[at])
            };
            before = above;
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn the_nearest_name_is_suggested() {
        let names = ["redis", "rabbitmq", "postgresql", "none", "nono"];
        let nearest = |name: &str| did_you_mean(name, names.into_iter());
        assert_eq!(nearest("reddis").as_deref(), Some("redis"));
        assert_eq!(nearest("postgres").as_deref(), Some("postgresql"));
        assert_eq!(nearest("nine").as_deref(), Some("none"));
        assert_eq!(nearest("mysql"), None);
        assert_eq!(nearest(""), None);
        assert_eq!(nearest(&"redis".repeat(100_000)), None);
    }
}
