//! Single files that ask for packages → the lines that do.

use toml_edit::{Item, TableLike, Value};

use super::formats::conda;
use super::formats::ini::Ini;
use super::formats::pipfile;
use super::formats::placed::Placed;
use super::formats::pyproject::{Group, Pyproject, is_running};
use super::formats::requirements::{self, PipLine, archive, egg};
use super::formats::setup_cfg;
use super::formats::setup_py::SetupPy;
use super::formats::toml::{Toml, TomlEntry};
use super::requirement::Requirement;
use super::sources::name;
use crate::normalised;

pub(super) fn is_dev(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    name(&path)
        .split(|letter: char| !letter.is_alphanumeric())
        .any(|part| {
            matches!(
                part,
                "dev"
                    | "develop"
                    | "development"
                    | "local"
                    | "test"
                    | "tests"
                    | "testing"
                    | "docs"
                    | "doc"
                    | "lint"
                    | "ci"
                    | "qa"
                    | "devel"
                    | "debug"
                    | "tools"
                    | "build"
                    | "travis"
                    | "optional"
                    | "tox"
            )
        })
}

pub(super) fn requirement_lines(path: &str, text: &str) -> Vec<Requirement> {
    let dev = is_dev(path);
    let found = requirements::lines(text).filter_map(|line| {
        let (PipLine::Package(text) | PipLine::Option(text)) = line.value else {
            return None;
        };
        let is_package = matches!(line.value, PipLine::Package(_));
        let wanted = match egg(text) {
            Some(egg) => Requirement {
                spec: "@git".into(),
                ..Requirement::parse(egg, path, line.line)?
            },
            None if is_package => {
                let archive = archive(text);
                Requirement::parse(archive.as_deref().unwrap_or(text), path, line.line)?
            }
            None => return None,
        };
        Some(wanted.for_developers(dev))
    });
    found.collect()
}

pub(super) fn pyproject(path: &str, file: Pyproject) -> Vec<Requirement> {
    let listed = |texts: Vec<Placed<String>>, is_dev: bool| {
        let found = texts.into_iter().filter_map(move |text| {
            let wanted = Requirement::parse(&text.value, path, text.line)?;
            Some(wanted.for_developers(is_dev))
        });
        found.collect::<Vec<Requirement>>()
    };
    let mut found = listed(file.dependencies(), false);
    for Group {
        name, requirements, ..
    } in file.groups()
    {
        found.extend(listed(requirements, !is_running(name)));
    }
    for group in file.extras().into_iter().chain(file.pdm_groups()) {
        found.extend(listed(group.requirements, true));
    }
    found.extend(listed(file.uv_developers(), true));
    let packages = |entries: &[TomlEntry], is_dev: bool| {
        let found = entries
            .iter()
            .flat_map(|entry| of_entry(path, file.toml, entry, is_dev));
        found.collect::<Vec<Requirement>>()
    };
    found.extend(packages(&file.poetry_dependencies(), false));
    found.extend(packages(&file.poetry_older_developers(), true));
    for group in file.poetry_groups() {
        found.extend(packages(&group.packages, !is_running(group.name)));
    }
    found
}

pub(super) fn pipfile(path: &str, toml: &Toml) -> Vec<Requirement> {
    let of = |entries: Vec<TomlEntry>, is_dev: bool| {
        let found = entries
            .iter()
            .flat_map(|entry| of_entry(path, toml, entry, is_dev));
        found.collect::<Vec<Requirement>>()
    };
    let mut found = of(pipfile::packages(toml), false);
    found.extend(of(pipfile::developer_packages(toml), true));
    found
}

/// `name = "spec"`, `name = {version = "spec", …}`, or a list of these.
fn of_entry(path: &str, toml: &Toml, entry: &TomlEntry, is_dev: bool) -> Vec<Requirement> {
    let made = |line: usize, spec: &str, extras: Vec<String>| Requirement {
        package: normalised(entry.name),
        extras,
        spec: if spec == "*" {
            String::new()
        } else {
            spec.replace(' ', "")
        },
        file: path.to_owned(),
        line,
        is_locked: false,
        is_dev,
    };
    let of_table =
        |line: usize, table: &dyn TableLike| made(line, &spec_of(table), extras_of(table));
    if let Some(text) = entry.item.as_str() {
        return vec![made(entry.line, text, Vec::new())];
    }
    if let Some(table) = entry.item.as_table_like() {
        return vec![of_table(entry.line, table)];
    }
    if !entry.item.is_array() && !entry.item.is_array_of_tables() {
        return vec![made(entry.line, "", Vec::new())];
    }
    let tables = toml.tables(entry.item).into_iter();
    tables
        .map(|table| of_table(table.line, table.value))
        .collect()
}

/// The version that a table names; `@git` where the package comes from another place than an index.
fn spec_of(table: &dyn TableLike) -> String {
    const PLACES: [&str; 6] = ["git", "url", "file", "path", "hg", "svn"];
    match table.get("version").and_then(Item::as_str) {
        Some(version) => version.to_owned(),
        None if PLACES.iter().any(|key| table.get(key).is_some()) => "@git".into(),
        None => String::new(),
    }
}

fn extras_of(table: &dyn TableLike) -> Vec<String> {
    let extras = table.get("extras").and_then(Item::as_array);
    let extras = extras.into_iter().flatten().filter_map(Value::as_str);
    extras.map(normalised).collect()
}

pub(super) fn setup_cfg(path: &str, text: &str) -> Vec<Requirement> {
    setup_cfg::install_requires(&Ini::parse(text))
        .into_iter()
        .filter_map(|line| Requirement::parse(line.value, path, line.line))
        .collect()
}

pub(super) fn setup_py(path: &str, script: SetupPy) -> Vec<Requirement> {
    script
        .install_requires()
        .into_iter()
        .filter_map(|text| Requirement::parse(text.value, path, text.line))
        .collect()
}

pub(super) fn conda(path: &str, text: &str) -> Vec<Requirement> {
    let items = conda::items(text).into_iter().filter_map(|item| {
        if item.value.is_pip {
            return Requirement::parse(item.value.text, path, item.line);
        }
        let (name, rest) = item.value.parts();
        // conda writes `django=2.2`.
        let spec = match rest.strip_prefix('=') {
            Some(version) if !version.starts_with('=') => {
                format!("=={}", version.split('=').next().unwrap_or(version))
            }
            _ => rest.to_owned(),
        };
        Requirement::parse(&format!("{name}{spec}"), path, item.line)
    });
    items.collect()
}
