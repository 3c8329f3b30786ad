//! The exact versions of a lock file, for pip's `-c`.

use std::collections::BTreeMap;

use serde_json::Value;
use toml_edit::{Document, Item, Table};

use super::super::sources::{Sources, join, name, parent};

/// The lock that belongs to `path`, and a line for each package that it has in one version from an index.
pub(super) fn versions(sources: &Sources, path: &str) -> Option<(String, Vec<String>)> {
    let candidates: &[&str] = match name(path) {
        "pyproject.toml" => &["poetry.lock", "uv.lock", "pdm.lock"],
        "Pipfile" => &["Pipfile.lock"],
        _ => return None,
    };
    let lock = candidates
        .iter()
        .map(|file| join(&parent(path), file))
        .find(|lock| sources.survey.has(lock))?;
    let text = sources.text(&lock);
    let lines = if name(&lock) == "Pipfile.lock" {
        of_pipfile(&text)?
    } else {
        of_packages(&text)?
    };
    (!lines.is_empty()).then_some((lock, lines))
}

fn of_pipfile(text: &str) -> Option<Vec<String>> {
    let root: Value = serde_json::from_str(text).ok()?;
    let packages = root.get("default")?.as_object()?;
    // What developers need has its versions here too; a package of both has that of the running project.
    let develop = root.get("develop").and_then(Value::as_object);
    let more = develop.into_iter().flatten();
    let more = more.filter(|(name, _)| !packages.contains_key(*name));
    let lines = packages.iter().chain(more).filter_map(|(name, details)| {
        let version = details.get("version")?.as_str()?;
        version
            .starts_with("==")
            .then(|| format!("{name}{version}"))
    });
    Some(lines.collect())
}

fn of_packages(text: &str) -> Option<Vec<String>> {
    let document = Document::parse(text).ok()?;
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in document.get("package")?.as_array_of_tables()? {
        let text = |key: &str| package.get(key).and_then(Item::as_str).map(str::to_owned);
        let (Some(name), Some(version)) = (text("name"), text("version")) else {
            continue;
        };
        if is_from_an_index(package) {
            found.entry(name).or_default().push(version);
        }
    }
    // A package in two versions has one for each Python or system, which only the lock's own program can tell.
    let lines = found
        .into_iter()
        .filter_map(|(name, versions)| match versions.as_slice() {
            [version] => Some(format!("{name}=={version}")),
            _ => None,
        });
    Some(lines.collect())
}

/// Poetry names no source for the usual index, uv its address.
fn is_from_an_index(package: &Table) -> bool {
    let Some(source) = package.get("source").and_then(Item::as_table_like) else {
        return !["git", "path", "url"]
            .iter()
            .any(|key| package.get(key).is_some());
    };
    source.get("registry").is_some() || source.get("type").and_then(Item::as_str) == Some("legacy")
}
