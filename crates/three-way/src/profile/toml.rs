//! Lists in TOML: packages, linters, tests, builds.

use std::borrow::Cow;

use super::{Key, List, Path};

pub(crate) fn list(path: &Path) -> Option<List> {
    let section = path.parent().trim_matches(['[', ']']);
    let outer = section.rsplit('.').next().unwrap_or(section);
    if let Some(list) = member(outer, section) {
        return Some(list);
    }
    let name = match path.name.rsplit_once('.') {
        Some((before, last)) => {
            let outer = before.rsplit('.').next().unwrap_or(before);
            if let Some(list) = member(outer, section) {
                return Some(list);
            }
            last
        }
        None => path.name,
    };
    named(&dashed(name), section)
}

/// A list under any name of some tables.
fn member(outer: &str, section: &str) -> Option<List> {
    let list = match &*dashed(outer) {
        "per-file-ignores"
        | "extend-per-file-ignores"
        | "per-file-flake8-ignores"
        | "package-data"
        | "exclude-package-data"
        | "features"
        | "extras" => List::SET,
        "optional-dependencies" | "dependency-groups" => List::REQUIREMENTS,
        "scripts" if section.contains("hatch") => List::STEPS,
        _ => return None,
    };
    Some(list)
}

fn named(name: &str, section: &str) -> Option<List> {
    let pins = |name: &str| name.contains("depend") || name.contains("requires");
    let list = match name {
        "dependency-groups" | "default-groups" => List::SET,
        "deps" => List::REQUIREMENTS,
        _ if pins(section) && !section.contains("tool.poetry") || pins(name) => List::REQUIREMENTS,
        "addopts" | "args" | "cmd" | "command" | "entrypoint" | "posargs" | "pytest-args" => {
            List::VALUE
        }
        "commands" | "commands-pre" | "commands-post" | "sequence" | "before-all"
        | "before-build" | "shell" => List::STEPS,
        // The last that matches counts, or the first that is found.
        "filterwarnings" | "pythonpath" | "sections" | "section-order" | "extra-index-url"
        | "find-links" | "logging" => List::SEQUENCE,
        "markers" | "env" => List::by(if name == "env" { Key::Variable } else { Key::Host }),
        // Linters and formatters.
        "select" | "ignore" | "extend-select" | "extend-ignore" | "extend-safe-fixes"
        | "extend-unsafe-fixes" | "fixable" | "unfixable" | "extend-fixable" | "external"
        | "exclude" | "extend-exclude" | "force-exclude" | "include" | "extend-include" | "src"
        | "builtins" | "namespace-packages" | "typing-modules" | "task-tags" | "allowed-confusables"
        | "known-first-party" | "known-third-party" | "known-local-folder" | "known-standard-library"
        | "extra-standard-library" | "forced-separate" | "required-imports" | "single-line-exclusions"
        | "no-lines-before" | "force-to-top" | "order-by-type-exclusions" | "banned-module-level-imports"
        | "ignore-names" | "extend-ignore-names" | "classmethod-decorators" | "property-decorators"
        | "staticmethod-decorators" | "extend-immutable-calls" | "target-version" | "skip"
        | "skip-glob" | "extend-skip" | "extend-skip-glob" | "skips" | "tests" | "exclude-dirs"
        | "disable" | "enable" | "load-plugins" | "good-names" | "ignored-modules"
        | "ignored-classes" | "extension-pkg-allow-list" | "extension-pkg-whitelist"
        | "ignore-patterns" | "ignore-paths" | "disable-error-code" | "enable-error-code"
        | "module" | "files" | "strict" | "per-module-options" | "words" | "ignore-words"
        | "ignore-regex" | "rules" | "whitelist" | "allowlist" | "ignored" | "convention"
        // Tests and coverage.
        | "testpaths" | "python-files" | "python-classes" | "python-functions" | "norecursedirs"
        | "required-plugins" | "omit" | "source" | "source-pkgs" | "exclude-lines" | "exclude-also"
        | "partial-branches" | "disable-warnings" | "concurrency" | "env-list" | "envlist"
        | "pass-env" | "allowlist-externals" | "labels" | "paths"
        // Packages.
        | "keywords" | "classifiers" | "dynamic" | "authors" | "maintainers" | "license-files"
        | "packages" | "py-modules" | "artifacts" | "only-include" | "exclude-files" | "features"
        | "extras" | "members" | "default-members" | "categories" | "version-files"
        | "version-toml" | "version-variables" | "version-variable" | "platforms" | "tags"
        | "environments" | "required-environments" | "build" | "archs" => List::SET,
        _ => return None,
    };
    Some(list)
}

/// A name with dashes, whichever way it is written.
pub(super) fn dashed(name: &str) -> Cow<'_, str> {
    if name.contains('_') {
        name.replace('_', "-").into()
    } else {
        name.into()
    }
}
