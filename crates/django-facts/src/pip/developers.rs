//! What developers and tests of a project need, where that stands in a group of `pyproject.toml` or `Pipfile`.

use std::collections::BTreeSet;

use super::super::developers::DEVELOPERS;
use super::super::sources::{Sources, name};
use super::tables::{Places, indexes, parsed, sources_of, standard};
use super::{Sheet, entry};
use crate::Survey;

/// The lines of a requirements file with what groups for developers in the file at `path` name; none where there is no such group.
#[must_use]
pub fn for_developers(survey: &Survey, path: &str) -> Vec<String> {
    let sources = Sources::new(survey);
    let text = sources.text(path);
    let mut sheet = Sheet::new(path, &text);
    let Some(document) = parsed(&text) else {
        return Vec::new();
    };
    let places = Places {
        text: &text,
        root: document.as_table(),
    };
    match name(path) {
        "pyproject.toml" => pyproject(&mut sheet, &places),
        "Pipfile" => {
            indexes(&mut sheet, &places, &["source"]);
            packages(&mut sheet, &places, &["dev-packages"]);
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

fn pyproject(sheet: &mut Sheet, places: &Places) {
    indexes(sheet, places, &["tool", "poetry", "source"]);
    indexes(sheet, places, &["tool", "uv", "index"]);
    let own = sources_of(places);
    let mut groups: Vec<Vec<&str>> = vec![vec!["tool", "uv", "dev-dependencies"]];
    for group in DEVELOPERS {
        groups.push(vec!["project", "optional-dependencies", group]);
        groups.push(vec!["tool", "pdm", "dev-dependencies", group]);
        packages(
            sheet,
            places,
            &["tool", "poetry", "group", group, "dependencies"],
        );
    }
    packages(sheet, places, &["tool", "poetry", "dev-dependencies"]);
    for keys in groups {
        for (line, requirement) in places.texts(places.at(&keys)) {
            standard(sheet, line, &requirement, &own);
        }
    }
    let mut open: Vec<String> = DEVELOPERS.map(str::to_owned).to_vec();
    let mut done = BTreeSet::new();
    while let Some(group) = open.pop() {
        if !done.insert(group.clone()) {
            continue;
        }
        let list = places.at(&["dependency-groups", &group]);
        for (line, requirement) in places.texts(list) {
            standard(sheet, line, &requirement, &own);
        }
        let items = list.and_then(toml_edit::Item::as_array);
        let included = items.into_iter().flatten().filter_map(|item| {
            let table = item.as_inline_table()?;
            Some(table.get("include-group")?.as_str()?.to_owned())
        });
        open.extend(included);
    }
}

fn packages(sheet: &mut Sheet, places: &Places, keys: &[&str]) {
    for (line, name, item) in places.entries(keys) {
        entry::package(sheet, line, &name, &item);
    }
}
