//! One package of a table, `name = "^1.2"` or `name = {version = …, git = …}` → a line of a requirements file.

use toml_edit::{Item, TableLike, Value};

use super::super::formats::toml::TomlEntry;
use super::version::{all, python_marker, specifier};
use super::{Sheet, has_credentials};

/// What a table says of a package, or why pip cannot be told.
pub(super) fn package(sheet: &mut Sheet, entry: &TomlEntry) {
    let TomlEntry { line, name, item } = *entry;
    if let Some(many) = item.as_array() {
        for value in many {
            one(sheet, line, name, value);
        }
    } else if let Some(value) = item.as_value() {
        one(sheet, line, name, value);
    } else if let Some(table) = item.as_table_like() {
        of_table(sheet, line, name, table);
    } else if let Some(many) = item.as_array_of_tables() {
        for table in many {
            of_table(sheet, line, name, table);
        }
    }
}

fn one(sheet: &mut Sheet, line: usize, name: &str, value: &Value) {
    if let Some(text) = value.as_str() {
        match specifier(text) {
            Ok(specifier) => sheet.add(format!("{name}{specifier}")),
            Err(why) => sheet.leave(line, format_args!("{name}: {why}")),
        }
    } else if let Some(table) = value.as_inline_table() {
        of_table(sheet, line, name, table);
    } else {
        sheet.leave(line, format_args!("{name}: what it is cannot be read"));
    }
}

fn of_table(sheet: &mut Sheet, line: usize, name: &str, table: &dyn TableLike) {
    if table.get("optional").and_then(Item::as_bool) == Some(true) {
        sheet.leave(
            line,
            format_args!("{name}: optional, so it is not installed"),
        );
        return;
    }
    match translated(sheet, name, table) {
        Ok(text) => sheet.add(text),
        Err(why) => sheet.leave(line, format_args!("{name}: {why}")),
    }
}

fn text<'a>(table: &'a dyn TableLike, key: &str) -> Option<&'a str> {
    table.get(key).and_then(Item::as_str)
}

fn translated(sheet: &Sheet, name: &str, table: &dyn TableLike) -> Result<String, String> {
    let extras = table
        .get("extras")
        .and_then(Item::as_array)
        .map_or_else(Vec::new, |list| {
            list.iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        });
    let extras = if extras.is_empty() {
        String::new()
    } else {
        format!("[{}]", extras.join(","))
    };
    let markers = markers(table)?;
    let marker = if markers.is_empty() {
        String::new()
    } else {
        all(&markers)
    };
    let wants_edit = ["develop", "editable"]
        .iter()
        .any(|key| table.get(key).and_then(Item::as_bool) == Some(true));
    if let Some(path) = text(table, "path") {
        let inside = sheet.inside(path).ok_or_else(|| {
            format!("{path} is outside of the project, where an image cannot see it")
        })?;
        let edit = if wants_edit { "-e " } else { "" };
        return Ok(conditional(format!("{edit}{inside}{extras}"), &marker));
    }
    if table.get("workspace").is_some() {
        return Err("a member of the workspace: pip needs its path".into());
    }
    let address = match text(table, "git") {
        Some(git) => Some(of_git(git, table)),
        None => text(table, "url")
            .or_else(|| text(table, "file"))
            .map(str::to_owned),
    };
    if let Some(address) = address {
        let is_secret = |key| text(table, key).is_some_and(has_credentials);
        if ["git", "url", "file"].into_iter().any(is_secret) {
            return Err("its address holds a password, which is not copied".into());
        }
        return Ok(conditional(format!("{name}{extras} @ {address}"), &marker));
    }
    if let Some(other) = ["hg", "svn", "bzr"]
        .iter()
        .find(|key| table.get(key).is_some())
    {
        return Err(format!("it comes from `{other}`"));
    }
    let version = text(table, "version").unwrap_or("*");
    let line = format!("{name}{extras}{}", specifier(version)?);
    Ok(if marker.is_empty() {
        line
    } else {
        format!("{line}; {marker}")
    })
}

/// The line with its marker, which behind an address needs a blank before its `;`.
fn conditional(line: String, marker: &str) -> String {
    if marker.is_empty() {
        line
    } else {
        format!("{line} ; {marker}")
    }
}

/// `git@host:group/name.git` → `git+ssh://git@host/group/name.git`, with what shall be checked out.
fn of_git(address: &str, table: &dyn TableLike) -> String {
    let is_short = !address.contains("://");
    let address = match address.split_once(':') {
        Some((host, path)) if is_short => format!("ssh://{host}/{path}"),
        _ => address.trim_start_matches("git+").to_owned(),
    };
    let wanted = ["rev", "ref", "tag", "branch"]
        .iter()
        .find_map(|key| text(table, key));
    let wanted = wanted.map_or_else(String::new, |wanted| format!("@{wanted}"));
    let folder = text(table, "subdirectory")
        .map_or_else(String::new, |folder| format!("#subdirectory={folder}"));
    format!("git+{address}{wanted}{folder}")
}

/// The markers that say when it is to be installed.
fn markers(table: &dyn TableLike) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    if let Some(marker) = text(table, "markers").or_else(|| text(table, "marker")) {
        found.push(marker.to_owned());
    }
    if let Some(python) = text(table, "python") {
        found.extend(python_marker(python)?);
    }
    if let Some(platform) = text(table, "platform") {
        found.push(format!("sys_platform == \"{platform}\""));
    }
    // Pipenv: `sys_platform = "== 'win32'"`.
    for key in [
        "sys_platform",
        "os_name",
        "platform_machine",
        "platform_system",
        "platform_python_implementation",
        "python_version",
        "python_full_version",
        "implementation_name",
    ] {
        if let Some(condition) = text(table, key) {
            found.push(format!("{key} {condition}"));
        }
    }
    Ok(found)
}
