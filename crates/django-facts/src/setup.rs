//! Metadata of setuptools and conda → the lines that ask for packages.

use super::expression::{Expr, Kind as E};
use super::manifests::wanted;
use super::requirement::Requirement;
use super::sources::Sources;
use super::syntax::Kind;

pub(super) fn setup_cfg(path: &str, text: &str) -> Vec<Requirement> {
    let mut found = Vec::new();
    let mut open = false;
    let mut in_options = false;
    for (index, line) in text.lines().enumerate() {
        if line.starts_with('[') {
            in_options = line.trim() == "[options]";
            open = false;
        } else if in_options && line.trim_start().starts_with("install_requires") {
            open = true;
        } else if open && line.starts_with([' ', '\t']) {
            found.extend(wanted(path, index + 1, line, false));
        } else if !line.trim().is_empty() {
            open = false;
        }
    }
    found
}

pub(super) fn setup_py(sources: &Sources, path: &str) -> Vec<Requirement> {
    let mut found = Vec::new();
    for list in &install_requires(sources, path) {
        if let E::List(items) = &list.kind {
            for item in items {
                if let Some(text) = item.text() {
                    found.extend(wanted(path, item.line, text, false));
                }
            }
        }
    }
    found
}

/// The texts of `install_requires` as they stand there; nothing when it is more than one list of texts.
pub(super) fn required_by_setup_py(sources: &Sources, path: &str) -> Option<Vec<String>> {
    let lists = install_requires(sources, path);
    let [
        Expr {
            kind: E::List(items),
            ..
        },
    ] = lists.as_slice()
    else {
        return None;
    };
    items
        .iter()
        .map(|item| item.text().map(str::to_owned))
        .collect()
}

/// What setup.py gives as `install_requires`, or assigns to the name that it gives.
fn install_requires(sources: &Sources, path: &str) -> Vec<Expr> {
    let statements = sources.python(path);
    let mut lists: Vec<Expr> = Vec::new();
    let mut names = vec!["install_requires".to_owned()];
    for statement in statements.iter() {
        if let Kind::Expression(expr) = &statement.kind
            && let E::Call(function, arguments) = &expr.kind
            && function.name().is_some_and(|name| name.ends_with("setup"))
        {
            for argument in arguments {
                if argument.name.as_deref() == Some("install_requires") {
                    match argument.value.name() {
                        Some(name) => names.push(name.to_owned()),
                        None => lists.push(argument.value.clone()),
                    }
                }
            }
        }
    }
    for statement in statements.iter() {
        if let Kind::Assign { targets, value, .. } = &statement.kind
            && targets.iter().any(|target| {
                target
                    .name()
                    .is_some_and(|name| names.iter().any(|known| known == name))
            })
        {
            lists.push(value.clone());
        }
    }
    lists
}

pub(super) fn conda(path: &str, text: &str) -> Vec<Requirement> {
    let items = text.lines().enumerate().filter_map(|(index, line)| {
        let item = line
            .trim()
            .strip_prefix("- ")?
            .trim()
            .trim_matches(['"', '\'']);
        // conda writes `django=2.2`
        let item = match item.split_once('=') {
            Some((name, version))
                if !version.starts_with('=') && !name.ends_with(['<', '>', '!', '~']) =>
            {
                format!("{name}=={}", version.split('=').next().unwrap_or(version))
            }
            _ => item.to_owned(),
        };
        wanted(path, index + 1, &item, false)
    });
    items.collect()
}
