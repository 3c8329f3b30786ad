//! `pyproject.toml` (PEP 621, Poetry, uv) and `Pipfile` → lines of a requirements file.

use std::collections::BTreeMap;

use toml_edit::{Document, Item, Table};

use super::{Sheet, entry};
use crate::normalised;

/// Groups of the running project; the others are for those who work on it.
const GROUPS: [&str; 7] = [
    "main",
    "default",
    "prod",
    "production",
    "runtime",
    "deploy",
    "server",
];

/// A document with the places of its parts.
pub(super) struct Places<'a> {
    pub(super) text: &'a str,
    pub(super) root: &'a Table,
}

impl Places<'_> {
    fn line(&self, span: Option<std::ops::Range<usize>>) -> usize {
        span.map_or(0, |span| self.text[..span.start].matches('\n').count() + 1)
    }

    /// The table or value at a path of keys.
    pub(super) fn at(&self, keys: &[&str]) -> Option<&Item> {
        let mut item = self.root.get(keys.first()?)?;
        for key in &keys[1..] {
            item = item.get(key)?;
        }
        Some(item)
    }

    /// The entries of a table, with their lines.
    pub(super) fn entries(&self, keys: &[&str]) -> Vec<(usize, String, Item)> {
        let Some(table) = self.at(keys).and_then(Item::as_table_like) else {
            return Vec::new();
        };
        let entries = table.iter().map(|(name, item)| {
            let place = table
                .key(name)
                .and_then(toml_edit::Key::span)
                .or_else(|| item.span());
            (self.line(place), name.to_owned(), item.clone())
        });
        entries.collect()
    }

    /// The texts of an array, with their lines.
    pub(super) fn texts(&self, item: Option<&Item>) -> Vec<(usize, String)> {
        let Some(list) = item.and_then(Item::as_array) else {
            return Vec::new();
        };
        list.iter()
            .filter_map(|value| Some((self.line(value.span()), value.as_str()?.to_owned())))
            .collect()
    }
}

pub(super) fn parsed(text: &str) -> Option<Document<&str>> {
    Document::parse(text).ok()
}

/// Nothing when the file cannot be parsed.
pub(super) fn pyproject(sheet: &mut Sheet, text: &str) -> Option<()> {
    let document = parsed(text)?;
    let places = Places {
        text,
        root: document.as_table(),
    };
    indexes(sheet, &places, &["tool", "poetry", "source"]);
    indexes(sheet, &places, &["tool", "uv", "index"]);
    let own = sources_of(&places);
    let poetry = places.entries(&["tool", "poetry", "dependencies"]);
    let mut known = Vec::new();
    for (line, requirement) in places.texts(places.at(&["project", "dependencies"])) {
        known.push(standard(sheet, line, &requirement, &own));
    }
    dynamic(sheet, &places);
    for key in places
        .entries(&["dependency-groups"])
        .iter()
        .map(|(_, key, _)| key)
    {
        if GROUPS.contains(&key.as_str()) {
            for (line, requirement) in places.texts(places.at(&["dependency-groups", key])) {
                standard(sheet, line, &requirement, &own);
            }
        }
    }
    for (line, name, item) in poetry {
        if name == "python" {
            let wanted = item.as_str().unwrap_or("several versions");
            sheet.lines.insert(
                0,
                format!("# {}: for Python {wanted}", super::at(sheet.path, line)),
            );
        } else if !known.contains(&normalised(&name)) {
            entry::package(sheet, line, &name, &item);
        }
    }
    for group in GROUPS {
        for (line, name, item) in
            places.entries(&["tool", "poetry", "group", group, "dependencies"])
        {
            entry::package(sheet, line, &name, &item);
        }
    }
    Some(())
}

/// Where single packages of `pyproject.toml` come from, by their names: with the line, the name as written, the entry.
pub(super) fn sources_of(places: &Places) -> BTreeMap<String, (usize, String, Item)> {
    let mut own: BTreeMap<String, (usize, String, Item)> = BTreeMap::new();
    for (line, name, item) in places.entries(&["tool", "uv", "sources"]) {
        own.insert(normalised(&name), (line, name, item));
    }
    for (line, name, item) in places.entries(&["tool", "poetry", "dependencies"]) {
        // A package of [project] may get its source here.
        let has_source = item.as_table_like().is_some_and(|table| {
            ["git", "path", "url"]
                .iter()
                .any(|key| table.get(key).is_some())
        });
        if has_source {
            own.insert(normalised(&name), (line, name, item));
        }
    }
    own
}

/// A requirement in pip's own notation, unless another table says where the package is from. Returns its package.
pub(super) fn standard(
    sheet: &mut Sheet,
    line: usize,
    requirement: &str,
    own: &BTreeMap<String, (usize, String, Item)>,
) -> String {
    let end = requirement
        .find(|letter: char| !letter.is_alphanumeric() && !"-_.".contains(letter))
        .unwrap_or(requirement.len());
    let package = normalised(&requirement[..end]);
    let names_source = |item: &Item| {
        let table = item.as_table_like();
        table.is_none_or(|table| table.get("index").is_none())
    };
    if let Some((line, name, item)) = own.get(&package).filter(|(_, _, item)| names_source(item)) {
        let extras = requirement[end..]
            .trim_start()
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'));
        let name = extras.map_or_else(|| name.clone(), |(extras, _)| format!("{name}[{extras}]"));
        entry::package(sheet, *line, &name, item);
    } else if requirement.contains("{root:") || requirement.contains("file://") {
        sheet.leave(
            line,
            format_args!("{package}: pip needs another path than this: {requirement}"),
        );
    } else {
        sheet.add(requirement.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    package
}

/// Dependencies that setuptools reads from files.
fn dynamic(sheet: &mut Sheet, places: &Places) {
    let is_dynamic = places
        .texts(places.at(&["project", "dynamic"]))
        .into_iter()
        .find(|(_, text)| text == "dependencies");
    let Some((line, _)) = is_dynamic else { return };
    let file = places.at(&["tool", "setuptools", "dynamic", "dependencies", "file"]);
    let files = match file.and_then(Item::as_str) {
        Some(file) => vec![file.to_owned()],
        None => places
            .texts(file)
            .into_iter()
            .map(|(_, file)| file)
            .collect(),
    };
    if files.is_empty() {
        sheet.leave(
            line,
            "the dependencies are computed when the project is built",
        );
    }
    for file in files {
        sheet.add(format!("-r {file}"));
    }
}

/// Nothing when the file cannot be parsed.
pub(super) fn pipfile(sheet: &mut Sheet, text: &str) -> Option<()> {
    let document = parsed(text)?;
    let places = Places {
        text,
        root: document.as_table(),
    };
    indexes(sheet, &places, &["source"]);
    for (line, name, item) in places.entries(&["packages"]) {
        entry::package(sheet, line, &name, &item);
    }
    Some(())
}

/// Where packages come from, beside or instead of the index that everybody uses.
pub(super) fn indexes(sheet: &mut Sheet, places: &Places, keys: &[&str]) {
    let Some(list) = places.at(keys).and_then(Item::as_array_of_tables) else {
        return;
    };
    for table in list {
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

/// pip knows `${NAME}` only, Pipenv `$NAME` too.
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
