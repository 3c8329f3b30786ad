//! Single files that ask for packages → the lines that do.

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

/// Splits `Name[extra]>=1,<2; marker`.
#[must_use]
pub(super) fn requirement(text: &str) -> Option<(String, Vec<String>, String)> {
    let text = text.split(" #").next().unwrap_or(text).trim();
    let text = text.split(';').next().unwrap_or(text).trim();
    let text = text
        .split(" --")
        .next()
        .unwrap_or(text)
        .trim()
        .trim_end_matches('\\')
        .trim();
    let end = text
        .find(|letter: char| !letter.is_alphanumeric() && !"-_.".contains(letter))
        .unwrap_or(text.len());
    let package = normalised(&text[..end]);
    if package.is_empty() || !text.starts_with(|letter: char| letter.is_ascii_alphanumeric()) {
        return None;
    }
    let mut rest = text[end..].trim();
    let mut extras = Vec::new();
    if let Some(inner) = rest.strip_prefix('[') {
        let (list, after) = inner.split_once(']')?;
        extras = list.split(',').map(normalised).collect();
        rest = after.trim();
    }
    let rest = rest.trim_start_matches('(').trim_end_matches(')');
    let is_spec = rest.is_empty() || rest.starts_with(['=', '<', '>', '!', '~', '@', '^']);
    let spec: String = rest
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    is_spec.then_some((package, extras, spec))
}

pub(super) fn wanted(file: &str, line: usize, text: &str, is_dev: bool) -> Option<Requirement> {
    let (package, extras, spec) = requirement(text)?;
    Some(Requirement {
        package,
        extras,
        spec,
        file: file.to_owned(),
        line,
        is_locked: false,
        is_dev,
    })
}

pub(super) fn requirement_lines(path: &str, text: &str) -> Vec<Requirement> {
    let dev = is_dev(path);
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        if let Some((_, egg)) = line.split_once("#egg=") {
            let egg = egg.split(['&', ' ', '[', '#']).next().unwrap_or(egg);
            if let Some(mut item) = wanted(path, index + 1, egg_name(egg), dev) {
                item.spec = "@git".into();
                found.push(item);
            }
            continue;
        }
        if line.starts_with('-') {
            continue;
        }
        let archive = archive(line);
        let line = archive.as_deref().unwrap_or(line);
        found.extend(wanted(path, index + 1, line, dev));
    }
    found
}

/// `name==1.2` for an address or a path of `name-1.2.tar.gz`.
fn archive(line: &str) -> Option<String> {
    let (_, file) = line.split(['#', ' ']).next()?.rsplit_once('/')?;
    let stem = [".tar.gz", ".tgz", ".tar.bz2", ".zip", ".whl"]
        .iter()
        .find_map(|end| file.strip_suffix(end))?;
    let (at, _) = stem.match_indices('-').find(|(at, _)| {
        let behind = &stem[at + 1..];
        behind.starts_with(|letter: char| letter.is_ascii_digit())
    })?;
    let version = stem[at + 1..].split('-').next()?;
    Some(format!("{}=={version}", &stem[..at]))
}

/// The package of `name-1.2` or `name-dev`, as old tools wrote it behind `#egg=`.
pub(super) fn egg_name(egg: &str) -> &str {
    match egg.rsplit_once('-') {
        Some((name, last))
            if last == "dev"
                || last == "master"
                || last.starts_with(|letter: char| letter.is_ascii_digit()) =>
        {
            name
        }
        _ => egg,
    }
}

/// The lines of a TOML table, with their numbers.
pub(super) fn table<'a>(text: &'a str, wanted: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let mut current = String::new();
    text.lines().enumerate().filter_map(move |(index, line)| {
        let line = line.trim();
        if line.starts_with('[')
            && line.ends_with(']')
            && !line.contains('=')
            && !line.contains(',')
        {
            current = line.trim_matches(['[', ']']).replace(['"', ' '], "");
            return None;
        }
        (current == wanted).then_some((index + 1, line))
    })
}

/// The names in a table whose values are arrays.
fn keys(text: &str, in_table: &str) -> Vec<String> {
    let names = table(text, in_table).filter_map(|(_, line)| {
        let (name, value) = line.split_once('=')?;
        let is_array = value.trim_start().starts_with('[');
        is_array.then(|| name.trim().trim_matches('"').to_owned())
    });
    names.collect()
}

/// The texts of an array `key = ["…", …]` in a table.
pub(super) fn array<'a>(text: &'a str, in_table: &'a str, key: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open = false;
    for (number, line) in table(text, in_table) {
        let mut rest = line;
        if !open {
            let Some((name, value)) = line.split_once('=') else {
                continue;
            };
            if name.trim() != key || !value.trim_start().starts_with('[') {
                continue;
            }
            open = true;
            rest = value.trim_start().trim_start_matches('[');
        }
        let mut quoted = None::<(char, String)>;
        for letter in rest.chars() {
            match &mut quoted {
                Some((quote, value)) if letter == *quote => {
                    found.push((number, std::mem::take(value)));
                    quoted = None;
                }
                Some((_, value)) => value.push(letter),
                None if letter == '"' || letter == '\'' => quoted = Some((letter, String::new())),
                None if letter == '#' => break,
                None if letter == ']' => open = false,
                None => {}
            }
        }
        if !open {
            break;
        }
    }
    found
}

pub(super) fn pyproject(path: &str, text: &str) -> Vec<Requirement> {
    let mut found = Vec::new();
    for (line, item) in array(text, "project", "dependencies") {
        found.extend(wanted(path, line, &item, false));
    }
    for key in keys(text, "dependency-groups") {
        let is_main = matches!(
            key.as_str(),
            "main" | "default" | "prod" | "production" | "runtime"
        );
        for (line, item) in array(text, "dependency-groups", &key) {
            found.extend(wanted(path, line, &item, !is_main));
        }
    }
    for key in keys(text, "project.optional-dependencies") {
        for (line, item) in array(text, "project.optional-dependencies", &key) {
            found.extend(wanted(path, line, &item, true));
        }
    }
    let poetry = [
        "tool.poetry.dependencies",
        "tool.poetry.dev-dependencies",
        "tool.poetry.group.dev.dependencies",
    ];
    for (index, section) in poetry.into_iter().enumerate() {
        // `name = [{version = "spec", python = "…"}, …]`, over one line or several.
        let mut list: Option<String> = None;
        for (line, item) in table(text, section) {
            let value = item
                .split_once('=')
                .map(|(name, value)| (name.trim(), value.trim()));
            if let Some((name, _)) = value.filter(|(_, value)| value.starts_with('[')) {
                list = Some(name.to_owned());
            }
            let Some(name) = list.clone() else {
                found.extend(of_pair(path, line, item, index > 0));
                continue;
            };
            let tables = item.split('{').skip(1);
            let pairs = tables.map(|table| format!("{name} = {{{table}"));
            found.extend(pairs.filter_map(|pair| of_pair(path, line, &pair, index > 0)));
            if item
                .split('#')
                .next()
                .is_some_and(|item| item.trim_end().ends_with(']'))
            {
                list = None;
            }
        }
    }
    found
}

/// `name = "spec"` or `name = {version = "spec", …}`.
pub(super) fn of_pair(path: &str, line: usize, item: &str, dev: bool) -> Option<Requirement> {
    let (package, value) = item.split_once('=')?;
    let package = package.trim().trim_matches('"');
    if package.is_empty() || package.starts_with('#') || package.contains(' ') {
        return None;
    }
    let value = value.trim();
    let spec = if value.starts_with('{') {
        let after = value.split_once("version").map_or("", |(_, rest)| rest);
        quoted(after).unwrap_or_else(|| {
            if value.contains("git") {
                "@git".into()
            } else {
                String::new()
            }
        })
    } else {
        quoted(value).unwrap_or_default()
    };
    let extras = value
        .split_once("extras")
        .map_or_else(Vec::new, |(_, rest)| {
            let inner = rest.split(']').next().unwrap_or_default();
            inner
                .split('"')
                .skip(1)
                .step_by(2)
                .map(normalised)
                .collect()
        });
    Some(Requirement {
        package: normalised(package),
        extras,
        spec: if spec == "*" {
            String::new()
        } else {
            spec.replace(' ', "")
        },
        file: path.to_owned(),
        line,
        is_locked: false,
        is_dev: dev,
    })
}

/// The first quoted text.
#[must_use]
pub(super) fn quoted(text: &str) -> Option<String> {
    let start = text.find(['"', '\''])?;
    let quote = text[start..].chars().next()?;
    let rest = &text[start + 1..];
    rest.split_once(quote).map(|(value, _)| value.to_owned())
}

pub(super) fn pipfile(path: &str, text: &str) -> Vec<Requirement> {
    let mut found = Vec::new();
    for (section, dev) in [("packages", false), ("dev-packages", true)] {
        found
            .extend(table(text, section).filter_map(|(line, item)| of_pair(path, line, item, dev)));
    }
    found
}
