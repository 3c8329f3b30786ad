//! What developers and tests of a project need, where that stands in a group of `pyproject.toml` or `Pipfile`.

use std::collections::BTreeSet;

use super::super::developers::DEVELOPERS;
use super::super::formats::pipfile;
use super::super::formats::pyproject::Pyproject;
use super::super::formats::toml::TomlEntry;
use super::super::sources::{Sources, name};
use super::Sheet;
use super::entry::package;
use super::tables::{indexes, own_places, standard};

/// The lines of a requirements file with what groups for developers in the file at `path` name; none where there is no such group.
#[must_use]
pub fn for_developers(sources: &Sources, path: &str) -> Vec<String> {
    let mut sheet = Sheet::new(path, &sources.text(path));
    let Ok(toml) = sources.toml(path) else {
        return Vec::new();
    };
    match name(path) {
        "pyproject.toml" => pyproject(&mut sheet, Pyproject::new(&toml)),
        "Pipfile" => {
            indexes(&mut sheet, &toml, &["source"]);
            packages(&mut sheet, &pipfile::developer_packages(&toml));
        }
        _ => {}
    }
    let is_package = |line: &String| !line.starts_with(['#', '-']) || line.starts_with("-e ");
    if sheet.lines.iter().any(is_package) {
        sheet.lines
    } else {
        Vec::new()
    }
}

fn pyproject(sheet: &mut Sheet, file: Pyproject) {
    indexes(sheet, file.toml, &["tool", "poetry", "source"]);
    indexes(sheet, file.toml, &["tool", "uv", "index"]);
    let own = own_places(file);
    let mut texts = file.uv_developers();
    for group in DEVELOPERS {
        for found in [file.extra(group), file.pdm_group(group)] {
            texts.extend(found.into_iter().flat_map(|found| found.requirements));
        }
        packages(sheet, &file.poetry_group(group));
    }
    packages(sheet, &file.poetry_older_developers());
    for text in texts {
        standard(sheet, &text, &own);
    }
    let mut open: Vec<String> = DEVELOPERS.map(str::to_owned).to_vec();
    let mut done = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(group) = file.group(&name)
            && done.insert(name)
        {
            for text in &group.requirements {
                standard(sheet, text, &own);
            }
            open.extend(group.included);
        }
    }
}

fn packages(sheet: &mut Sheet, entries: &[TomlEntry]) {
    for entry in entries {
        package(sheet, entry);
    }
}
