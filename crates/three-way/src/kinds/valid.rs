//! Whether a text is well formed, by a parser that is not ours where there is one.

use serde::Deserialize;

use super::python as entries_of_python;
use crate::nesting::{TOO_DEEP, is_too_deep};

pub(super) fn toml(text: &str) -> Result<(), String> {
    let first_line = |message: String| message.lines().next().unwrap_or_default().to_string();
    text.parse::<toml_edit::DocumentMut>()
        .map(drop)
        .map_err(|error| first_line(error.to_string()))
}

pub(super) fn json(text: &str) -> Result<(), String> {
    serde_json::from_str::<serde::de::IgnoredAny>(text)
        .map(drop)
        .map_err(|error| error.to_string())
}

pub(super) fn yaml(text: &str) -> Result<(), String> {
    if is_too_deep(text) {
        return Err(TOO_DEEP.to_owned());
    }
    for document in serde_yaml::Deserializer::from_str(text) {
        serde_yaml::Value::deserialize(document).map_err(|error| error.to_string())?;
    }
    Ok(())
}

pub(super) fn python(text: &str) -> Result<(), String> {
    if entries_of_python::balanced(text) {
        Ok(())
    } else {
        Err("brackets or strings do not close".to_string())
    }
}
