//! Lists in JSON: packages, linters, compilers, editors.

use super::{Key, List, Path};

pub(crate) fn list(path: &Path) -> Option<List> {
    let list = match (path.parent(), path.name) {
        // What an item means follows from its place.
        ("rules", _) => List::VALUE,
        (_, "args" | "command" | "cmd" | "runArgs" | "runtimeArgs" | "entrypoint" | "argv") => {
            List::VALUE
        }
        (_, name) if name.ends_with("Args") || name.ends_with("Command") => List::VALUE,
        // What runs first wraps or overrides what comes next; one name twice is an error.
        (_, "plugins" | "presets") => List::sequence_by(Key::First),
        (
            _,
            "files"
            | "keywords"
            | "workspaces"
            | "os"
            | "cpu"
            | "engines"
            | "bundledDependencies"
            | "bundleDependencies"
            | "include"
            | "exclude"
            | "lib"
            | "types"
            | "typeRoots"
            | "references"
            | "sideEffects"
            | "ignorePatterns"
            | "ignoreDeps"
            | "ignorePaths"
            | "ignore"
            | "labels"
            | "assignees"
            | "reviewers"
            | "recommendations"
            | "unwantedRecommendations"
            | "extensions"
            | "forwardPorts"
            | "contributors"
            | "maintainers"
            | "funding"
            | "authors"
            | "words"
            | "ignoreWords"
            | "collectCoverageFrom"
            | "select"
            | "disable"
            | "enable"
            | "INSTALLED_APPS"
            | "tags"
            | "categories"
            | "allow"
            | "deny"
            | "permissions"
            | "hosts"
            | "domains",
        ) => List::SET,
        (_, name) if is_setting_of_names(name) => List::SET,
        _ => return None,
    };
    Some(list)
}

/// The settings of editors that hold names, such as `cSpell.words`.
fn is_setting_of_names(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    name.len() > last.len()
        && matches!(
            last,
            "words" | "ignoreWords" | "exclude" | "include" | "extraPaths" | "recommendations"
        )
}
