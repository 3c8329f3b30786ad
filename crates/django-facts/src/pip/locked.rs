//! The exact versions of a lock file, for pip's `-c`.

use std::collections::BTreeMap;

use super::super::formats::lock::LockedPackage;
use super::super::formats::placed::Placed;
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
    let found = sources.lock(&lock).ok()?;
    let lines = if name(&lock) == "Pipfile.lock" {
        of_pipfile(&found)
    } else {
        of_packages(&found)
    };
    (!lines.is_empty()).then_some((lock, lines))
}

/// The lines of a `Pipfile.lock`. The packages of developers have their versions here too; a package of both has that
/// of the running project.
fn of_pipfile(packages: &[Placed<LockedPackage>]) -> Vec<String> {
    let is_running = |name: &str| {
        let mut all = packages.iter().map(|package| &package.value);
        all.any(|package| !package.is_dev && package.name == name)
    };
    let packages = packages.iter().map(|package| &package.value);
    let lines = packages
        .filter(|package| !package.is_dev || !is_running(&package.name))
        .filter_map(|package| {
            let version = package.version.as_deref()?;
            version
                .starts_with("==")
                .then(|| format!("{}{version}", package.name))
        });
    lines.collect()
}

/// The lines of other locks. A package in two versions has one for each Python or system, which only the lock's own
/// program can tell.
fn of_packages(packages: &[Placed<LockedPackage>]) -> Vec<String> {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in packages.iter().map(|package| &package.value) {
        if let Some(version) = package
            .version
            .as_deref()
            .filter(|_| package.is_from_an_index)
        {
            found.entry(&package.name).or_default().push(version);
        }
    }
    let lines = found
        .into_iter()
        .filter_map(|(name, versions)| match versions.as_slice() {
            [version] => Some(format!("{name}=={version}")),
            _ => None,
        });
    lines.collect()
}
