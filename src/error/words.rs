//! Parts of sentences about errors.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

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
pub(super) fn nor(others: &[&str]) -> String {
    match others {
        [] => String::new(),
        others => format!(", nor can `{}`", others.join("`, `")),
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
    similar::get_close_matches(name, &candidates.collect::<Vec<_>>(), 1, 0.6)
        .first()
        .map(|found| (*found).to_owned())
}
