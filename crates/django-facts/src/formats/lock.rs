//! Lock files: the exact versions of all packages.

use serde_json::Value;
use toml_edit::{Item, TableLike};

use super::placed::Placed;
use super::toml::{Broken, Toml};

/// One package of a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LockedPackage {
    pub(crate) name: String,
    /// Its version, with the operator in the lock of Pipenv: `==4.2`.
    pub(crate) version: Option<String>,
    pub(crate) is_of_pipenv: bool,
    pub(crate) is_dev: bool,
    /// Whether it comes from an index, so that its name and version tell it.
    pub(crate) is_from_an_index: bool,
}

/// More of a lock than this is not read, and its end is cut off.
const LONGEST: usize = 2 << 20;

/// A lock without the package that it was cut off in.
pub(crate) fn whole(text: &str) -> &str {
    if text.len() < LONGEST {
        return text;
    }
    let end = text.rfind("\n[[package]]").unwrap_or(text.len());
    &text[..end]
}

/// `[[package]]` of uv, Poetry and PDM.
pub(crate) fn packages(toml: &Toml) -> Vec<Placed<LockedPackage>> {
    let Some(list) = toml.at(&["package"]) else {
        return Vec::new();
    };
    let tables = toml.tables(list).into_iter().filter_map(|table| {
        let text = |key: &str| {
            let item = table.value.get(key)?;
            item.as_str().map(str::to_owned)
        };
        let line = table.value.key("name").and_then(toml_edit::Key::span);
        let line = toml.line(line);
        let package = LockedPackage {
            name: text("name")?,
            version: text("version"),
            is_of_pipenv: false,
            is_dev: false,
            is_from_an_index: is_from_an_index(table.value),
        };
        Some(Placed::new(line, package))
    });
    tables.collect()
}

/// Whether a package comes from an index: Poetry names no source for the usual one, uv its address.
fn is_from_an_index(package: &dyn TableLike) -> bool {
    let Some(source) = package.get("source").and_then(Item::as_table_like) else {
        return !["git", "path", "url"]
            .iter()
            .any(|key| package.get(key).is_some());
    };
    source.get("registry").is_some() || source.get("type").and_then(Item::as_str) == Some("legacy")
}

/// `Pipfile.lock`: the packages of the running project, then those of developers.
///
/// # Errors
/// The line in which it is no JSON.
pub(crate) fn of_pipenv(text: &str) -> Result<Vec<Placed<LockedPackage>>, Broken> {
    let root: Value = serde_json::from_str(text).map_err(|error| Broken { line: error.line() })?;
    let mut found = Vec::new();
    for (section, is_dev) in [("default", false), ("develop", true)] {
        let packages = root.get(section).and_then(Value::as_object);
        for (name, details) in packages.into_iter().flatten() {
            let version = details.get("version").and_then(Value::as_str);
            let key = format!("\"{name}\":");
            let line = text
                .lines()
                .position(|line| line.trim_start().starts_with(&key))
                .map_or(0, |index| index + 1);
            let package = LockedPackage {
                name: name.clone(),
                version: version.map(str::to_owned),
                is_of_pipenv: true,
                is_dev,
                is_from_an_index: true,
            };
            found.push(Placed::new(line, package));
        }
    }
    Ok(found)
}
