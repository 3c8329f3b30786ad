//! `Pipfile`: what Pipenv installs, and the Python that it does that for.

use super::placed::Placed;
use super::toml::{Toml, TomlEntry};

/// The packages of the running project.
pub(crate) fn packages(toml: &Toml) -> Vec<TomlEntry<'_>> {
    toml.entries(&["packages"])
}

/// What developers need beside them.
pub(crate) fn developer_packages(toml: &Toml) -> Vec<TomlEntry<'_>> {
    toml.entries(&["dev-packages"])
}

/// The Pythons that it names, the most exact first.
pub(crate) fn pythons(toml: &Toml) -> Vec<Placed<&str>> {
    ["python_full_version", "python_version"]
        .into_iter()
        .filter_map(|key| toml.text(&["requires", key]))
        .collect()
}
