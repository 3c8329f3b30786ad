//! `setup.cfg`: the metadata that setuptools reads.

use super::ini::Ini;
use super::placed::Placed;

/// What `install_requires` names: requirements, or `file: path`.
pub(crate) fn install_requires<'t>(ini: &Ini<'t>) -> Vec<Placed<&'t str>> {
    ini.lines("options", "install_requires").to_vec()
}

pub(crate) fn python_requires<'t>(ini: &Ini<'t>) -> Option<Placed<&'t str>> {
    ini.lines("options", "python_requires").first().cloned()
}

pub(crate) fn name<'t>(ini: &Ini<'t>) -> Option<&'t str> {
    ini.lines("metadata", "name").first().map(|line| line.value)
}

pub(crate) fn classifiers<'t>(ini: &Ini<'t>) -> Vec<&'t str> {
    let lines = ["classifiers", "classifier"].map(|key| ini.lines("metadata", key));
    lines.into_iter().flatten().map(|line| line.value).collect()
}
