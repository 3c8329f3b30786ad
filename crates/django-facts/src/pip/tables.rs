//! `pyproject.toml` (PEP 621, Poetry, uv) and `Pipfile` → lines of a requirements file.

use std::collections::BTreeMap;

use toml_edit::Item;

use super::super::formats::pipfile;
use super::super::formats::placed::Placed;
use super::super::formats::pyproject::{Pyproject, RUNNING, is_running};
use super::super::formats::toml::{Toml, TomlEntry};
use super::Sheet;
use super::entry::package;
use crate::normalised;

pub(super) fn pyproject(sheet: &mut Sheet, file: Pyproject) {
    indexes(sheet, file.toml, &["tool", "poetry", "source"]);
    indexes(sheet, file.toml, &["tool", "uv", "index"]);
    let own = own_places(file);
    let mut known = Vec::new();
    for text in file.dependencies() {
        known.push(standard(sheet, &text, &own));
    }
    dynamic(sheet, file);
    for group in file.groups() {
        if is_running(group.name) {
            for text in &group.requirements {
                standard(sheet, text, &own);
            }
        }
    }
    for entry in file.poetry_dependencies() {
        if entry.name == "python" {
            let wanted = entry.item.as_str().unwrap_or("several versions");
            let place = super::at(sheet.path, entry.line);
            sheet
                .lines
                .insert(0, format!("# {place}: for Python {wanted}"));
        } else if !known.contains(&normalised(entry.name)) {
            package(sheet, &entry);
        }
    }
    for group in RUNNING {
        for entry in file.poetry_group(group) {
            package(sheet, &entry);
        }
    }
}

/// Where single packages come from, by their names.
pub(super) type OwnPlaces<'t> = BTreeMap<String, TomlEntry<'t>>;

/// Where single packages of `pyproject.toml` come from.
pub(super) fn own_places(file: Pyproject<'_>) -> OwnPlaces<'_> {
    let mut own = OwnPlaces::new();
    for entry in file.toml.entries(&["tool", "uv", "sources"]) {
        own.insert(normalised(entry.name), entry);
    }
    for entry in file.poetry_dependencies() {
        // A package of [project] may get its source in this table.
        let has_source = entry.item.as_table_like().is_some_and(|table| {
            ["git", "path", "url"]
                .iter()
                .any(|key| table.get(key).is_some())
        });
        if has_source {
            own.insert(normalised(entry.name), entry);
        }
    }
    own
}

/// A requirement in pip's own notation, unless another table says where the package is from. Returns its package.
pub(super) fn standard(sheet: &mut Sheet, text: &Placed<String>, own: &OwnPlaces) -> String {
    let requirement = text.value.as_str();
    let end = requirement
        .find(|letter: char| !letter.is_alphanumeric() && !"-_.".contains(letter))
        .unwrap_or(requirement.len());
    let name = normalised(&requirement[..end]);
    let names_source = |item: &Item| {
        let table = item.as_table_like();
        table.is_none_or(|table| table.get("index").is_none())
    };
    if let Some(entry) = own.get(&name).filter(|entry| names_source(entry.item)) {
        let extras = requirement[end..]
            .trim_start()
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'));
        let named = match extras {
            Some((extras, _)) => format!("{}[{extras}]", entry.name),
            None => entry.name.to_owned(),
        };
        package(
            sheet,
            &TomlEntry {
                name: &named,
                ..entry.clone()
            },
        );
    } else if requirement.contains("{root:") || requirement.contains("file://") {
        sheet.leave(
            text.line,
            format_args!("{name}: pip needs another path than this: {requirement}"),
        );
    } else {
        sheet.add(requirement.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    name
}

/// Dependencies that setuptools reads from files.
fn dynamic(sheet: &mut Sheet, file: Pyproject) {
    let Some(files) = file.dynamic_dependencies() else {
        return;
    };
    if files.value.is_empty() {
        sheet.leave(
            files.line,
            "the dependencies are computed when the project is built",
        );
    }
    for file in files.value {
        sheet.add(format!("-r {file}"));
    }
}

pub(super) fn pipfile(sheet: &mut Sheet, toml: &Toml) {
    indexes(sheet, toml, &["source"]);
    for entry in pipfile::packages(toml) {
        package(sheet, &entry);
    }
}

/// Where packages come from, beside or instead of the index that everybody uses.
pub(super) fn indexes(sheet: &mut Sheet, toml: &Toml, keys: &[&str]) {
    let tables = toml.at(keys).map(|list| toml.tables(list));
    for Placed { value: table, .. } in tables.into_iter().flatten() {
        let text = |key: &str| table.get(key).and_then(Item::as_str);
        let Some(url) = text("url") else { continue };
        if ["://pypi.org/", "://pypi.python.org/"]
            .iter()
            .any(|known| url.contains(known))
        {
            continue;
        }
        let is_first = table.get("default").and_then(Item::as_bool) == Some(true)
            || matches!(text("priority"), Some("default" | "primary"));
        let flag = if is_first {
            "--index-url"
        } else {
            "--extra-index-url"
        };
        sheet.add(format!("{flag} {}", with_braces(url)));
    }
}

/// The address with `${NAME}`, which is all that pip knows, for `$NAME`, which Pipenv knows too.
fn with_braces(url: &str) -> String {
    let mut made = String::new();
    let mut rest = url;
    while let Some((before, after)) = rest.split_once('$') {
        let end = after
            .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
            .unwrap_or(after.len());
        made.push_str(before);
        if end == 0 {
            made.push('$');
        } else {
            made.push_str("${");
            made.push_str(&after[..end]);
            made.push('}');
        }
        rest = &after[end..];
    }
    made + rest
}
