//! Lock files → the exact versions in them.

use serde_json::Value;

use super::manifests::quoted;
use super::requirement::Requirement;
use super::sources::name;
use crate::normalised;

pub(super) fn locked(path: &str, text: &str) -> Vec<Requirement> {
    let lock = |package: &str, version: &str, line: usize, is_dev: bool| Requirement {
        package: normalised(package),
        extras: Vec::new(),
        spec: format!("=={version}"),
        file: path.to_owned(),
        line,
        is_locked: true,
        is_dev,
    };
    if name(path) == "Pipfile.lock" {
        return pipfile_lock(path, text);
    }
    let mut found = Vec::new();
    let mut package: Option<(String, usize)> = None;
    for (index, line) in text.lines().enumerate() {
        if line == "[[package]]" {
            package = None;
        } else if let Some(value) = line.strip_prefix("name = ") {
            package = quoted(value).map(|name| (name, index + 1));
        } else if let Some(value) = line.strip_prefix("version = ")
            && let (Some((name, at)), Some(version)) = (package.take(), quoted(value))
        {
            found.push(lock(&name, &version, at, false));
        }
    }
    found
}

fn pipfile_lock(path: &str, text: &str) -> Vec<Requirement> {
    let Ok(Value::Object(root)) = serde_json::from_str::<Value>(text) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (section, is_dev) in [("default", false), ("develop", true)] {
        let Some(Value::Object(packages)) = root.get(section) else {
            continue;
        };
        for (package, details) in packages {
            let spec = details
                .get("version")
                .and_then(Value::as_str)
                .unwrap_or("@git");
            let line = text
                .lines()
                .position(|line| line.trim_start().starts_with(&format!("\"{package}\":")))
                .map_or(0, |index| index + 1);
            found.push(Requirement {
                package: normalised(package),
                extras: Vec::new(),
                spec: spec.to_owned(),
                file: path.to_owned(),
                line,
                is_locked: true,
                is_dev,
            });
        }
    }
    found
}
