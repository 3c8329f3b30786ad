//! The kinds of files whose entries are known. A kind is a parser; all else is shared.

mod dotenv;
mod ignore;
mod ini;
mod json;
mod literal;
mod python;
mod requirements;
mod scan;
mod toml;
mod yaml;

pub(super) use requirements::name as requirement_name;
use serde::Deserialize;

use super::entry::Block;
use crate::nesting::{TOO_DEEP, is_too_deep};

/// The command that makes a lock file anew; `None` for other files.
///
/// What a tool computed must not be put together from two computations: it would be well formed and wrong.
pub(super) fn relock(path: &str) -> Option<&'static str> {
    match path.rsplit('/').next()? {
        "package-lock.json" | "npm-shrinkwrap.json" => Some("npm install --package-lock-only"),
        "yarn.lock" => Some("yarn install"),
        "pnpm-lock.yaml" => Some("pnpm install --lockfile-only"),
        "uv.lock" => Some("uv lock"),
        "poetry.lock" => Some("poetry lock"),
        "Pipfile.lock" => Some("pipenv lock"),
        _ => None,
    }
}

/// What a file is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Requirements,
    Yaml,
    Toml,
    Ignore,
    Dotenv,
    Json,
    Python,
    Ini,
    /// Style sheets: what they say is known word by word only.
    Css,
    /// Text for people: its entries are not known, but its lists are.
    Prose,
}

impl Kind {
    pub(super) fn of(path: &str) -> Option<Self> {
        if relock(path).is_some() {
            return None;
        }
        let path = path.to_lowercase();
        let name = path.rsplit('/').next().unwrap_or(&path);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let pins = path.contains("requirements") || path.contains("constraints");
        match extension {
            "txt" | "in" | "pip" if pins => Some(Self::Requirements),
            "yml" | "yaml" => Some(Self::Yaml),
            "toml" => Some(Self::Toml),
            "json" => Some(Self::Json),
            "py" => Some(Self::Python),
            "cfg" | "ini" | "flake8" | "coveragerc" | "editorconfig" => Some(Self::Ini),
            "css" | "scss" | "less" => Some(Self::Css),
            "md" | "markdown" | "rst" => Some(Self::Prose),
            "env" => Some(Self::Dotenv),
            _ if name.starts_with(".env") => Some(Self::Dotenv),
            _ if name.starts_with('.') && name.ends_with("ignore") => Some(Self::Ignore),
            _ => None,
        }
    }

    /// The name of the format, for messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Requirements => "requirements",
            Self::Yaml => "YAML",
            Self::Toml => "TOML",
            Self::Ignore => "ignore",
            Self::Dotenv => "dotenv",
            Self::Json => "JSON",
            Self::Python => "Python",
            Self::Ini => "INI",
            Self::Css => "CSS",
            Self::Prose => "prose",
        }
    }

    /// The entries of a text; `None` when it holds something that the kind's rules do not cover.
    pub(super) fn parse(self, text: &str) -> Option<Block<'_>> {
        let block = match self {
            Self::Requirements => Some(requirements::parse(text)),
            Self::Ignore => Some(ignore::parse(text)),
            Self::Dotenv => dotenv::parse(text),
            Self::Yaml => yaml::parse(text),
            Self::Toml => toml::parse(text),
            Self::Json => json::parse(text),
            Self::Python => python::parse(text),
            Self::Ini => ini::parse(text),
            Self::Css | Self::Prose => None,
        };
        block?.lossless(text)
    }

    /// Whether the text is well formed, by a parser that is not ours where there is one.
    pub(super) fn valid(self, text: &str) -> Result<(), String> {
        let first_line = |message: String| message.lines().next().unwrap_or_default().to_string();
        match self {
            Self::Toml => text
                .parse::<toml_edit::DocumentMut>()
                .map(drop)
                .map_err(|error| first_line(error.to_string())),
            Self::Json => serde_json::from_str::<serde::de::IgnoredAny>(text)
                .map(drop)
                .map_err(|error| error.to_string()),
            Self::Yaml if is_too_deep(text) => Err(TOO_DEEP.to_owned()),
            Self::Yaml => {
                for document in serde_yaml::Deserializer::from_str(text) {
                    serde_yaml::Value::deserialize(document).map_err(|error| error.to_string())?;
                }
                Ok(())
            }
            Self::Python if !python::balanced(text) => {
                Err("brackets or strings do not close".to_string())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
