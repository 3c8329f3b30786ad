//! Whether a text is well formed, by a parser that is not ours where there is one.

use serde::Deserialize;

use super::json as entries_of_json;
use super::python as entries_of_python;
use crate::hash::Set;
use crate::nesting::{TOO_DEEP, is_too_deep};

pub(super) fn toml(text: &str) -> Result<(), String> {
    let first_line = |message: String| message.lines().next().unwrap_or_default().to_string();
    text.parse::<toml_edit::DocumentMut>()
        .map(drop)
        .map_err(|error| first_line(error.to_string()))
}

pub(super) fn json(text: &str) -> Result<(), String> {
    strict(text)
}

/// JSON with comments.
pub(super) fn commented_json(text: &str) -> Result<(), String> {
    strict(&entries_of_json::strict(text, false).ok_or(OPEN)?)
}

/// JSON with comments and commas behind last elements.
pub(super) fn loose_json(text: &str) -> Result<(), String> {
    strict(&entries_of_json::strict(text, true).ok_or(OPEN)?)
}

const OPEN: &str = "a string or a comment does not close";

fn strict(text: &str) -> Result<(), String> {
    serde_json::from_str::<serde::de::IgnoredAny>(text)
        .map(drop)
        .map_err(|error| error.to_string())
}

pub(super) fn yaml(text: &str) -> Result<(), String> {
    if is_too_deep(text) {
        return Err(TOO_DEEP.to_owned());
    }
    let mut names = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        let document =
            serde_yaml::Value::deserialize(document).map_err(|error| error.to_string())?;
        names.push(name(&document));
    }
    let own = names.iter().flatten();
    let distinct: Set<_> = own.clone().collect();
    let count = own.count();
    if names.len() > 1 && count > 0 && (distinct.len() < count || count < names.len()) {
        return Err("a document has no name of its own".to_owned());
    }
    Ok(())
}

/// What names a document of several.
fn name(document: &serde_yaml::Value) -> Option<String> {
    let text = |value: Option<&serde_yaml::Value>| value?.as_str().map(str::to_owned);
    let metadata = document.get("metadata")?;
    let name = text(metadata.get("name"))?;
    let kind = text(document.get("kind"))?;
    let space = text(metadata.get("namespace")).unwrap_or_default();
    Some(format!("{kind} {space}/{name}"))
}

pub(super) fn python(text: &str) -> Result<(), String> {
    if entries_of_python::balanced(text) {
        Ok(())
    } else {
        Err("brackets or strings do not close".to_string())
    }
}
