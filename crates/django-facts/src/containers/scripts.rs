//! The scripts that containers start with.

use super::super::formats::dockerfile::instructions;
use super::super::sources::{Sources, name, parent};

/// The files that an image has at paths of their own: from, and to.
pub(super) type Copied = Vec<(String, String)>;

pub(super) fn copied(sources: &Sources, path: &str) -> Copied {
    let text = sources.text(path);
    let found = instructions(&text).into_iter();
    let found = found.filter(|one| matches!(one.value.keyword.as_str(), "COPY" | "ADD"));
    found
        .filter_map(|one| copies(&one.value.arguments))
        .collect()
}

/// The scripts of the project that an image starts with, by the words of its ENTRYPOINT and CMD.
pub(super) fn of_image(sources: &Sources, path: &str, copied: &Copied) -> Vec<String> {
    let text = sources.text(path);
    let found = instructions(&text).into_iter();
    let starts = found.filter(|one| matches!(one.value.keyword.as_str(), "ENTRYPOINT" | "CMD"));
    let named = |arguments: &str| -> Vec<String> {
        let scripts = words(arguments).filter_map(|word| script(sources, path, word, copied));
        scripts.collect()
    };
    starts.flat_map(|one| named(&one.value.arguments)).collect()
}

/// The script of the project that a word of a command names.
pub(super) fn script(sources: &Sources, file: &str, word: &str, copied: &Copied) -> Option<String> {
    let is_file = |path: &String| sources.survey.has(path);
    if let Some((from, _)) = copied.iter().find(|(_, to)| to == word) {
        let below = format!("{}/{from}", parent(file));
        return [from.clone(), below].into_iter().find(is_file);
    }
    let last = name(word);
    if !last.ends_with(".sh") && !word.starts_with('/') {
        return None;
    }
    let mut same: Vec<&String> = sources
        .survey
        .files()
        .iter()
        .filter(|path| name(path) == last && !path.ends_with(".py"))
        .collect();
    // The one beside the file that names it comes first.
    same.sort_by_key(|path| (parent(path) != parent(file), path.matches('/').count()));
    same.first().map(|path| (*path).clone())
}

/// What `COPY a b` copies: one file to a path of its own.
fn copies(arguments: &str) -> Option<(String, String)> {
    let mut words = words(arguments).filter(|word| !word.starts_with("--"));
    let (from, to) = (words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    let from = from.trim_start_matches("./").to_owned();
    let to = if to.ends_with('/') {
        format!("{to}{}", name(&from))
    } else {
        to.to_owned()
    };
    Some((from, to))
}

/// The words of an instruction, in either notation.
pub(super) fn words(arguments: &str) -> impl Iterator<Item = &str> {
    let splits = |letter: char| {
        letter.is_whitespace() || matches!(letter, '[' | ']' | ',' | '"' | '\'' | ';' | '&')
    };
    arguments.split(splits).filter(|word| !word.is_empty())
}

/// The line of a text that starts something, such as `runserver`; comments start nothing.
pub(super) fn line_with(text: &str, word: &str) -> Option<usize> {
    let is_it = |line: &str| {
        let line = line.trim_start();
        !line.starts_with('#') && words(line).any(|found| found == word)
    };
    text.lines().position(is_it).map(|index| index + 1)
}
