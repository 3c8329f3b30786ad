//! Values of several lines in INI files: packages, linters, tests.

use super::toml::dashed;
use super::{Key, List, Path};

pub(crate) fn list(path: &Path) -> Option<List> {
    let section = path.parent().trim_matches(['[', ']']);
    let name = dashed(path.name);
    let list = match (section, &*name) {
        ("options.extras_require", _)
        | (
            _,
            "install-requires" | "setup-requires" | "tests-require" | "deps" | "requires"
            | "dependencies" | "constraints" | "required-plugins",
        ) => List::REQUIREMENTS,
        ("options.package_data" | "options.exclude_package_data" | "options.data_files", _) => {
            List::SET
        }
        ("options.entry_points", _) | (_, "setenv" | "set-env" | "env") => List::by(Key::Variable),
        (_, "addopts" | "args" | "command" | "extra-args") => List::VALUE,
        (_, "commands" | "commands-pre" | "commands-post" | "list-dependencies-command") => {
            List::STEPS
        }
        (_, "per-file-ignores" | "markers") => List::by(Key::Host),
        (_, "filterwarnings" | "pythonpath" | "sections" | "find-links") => List::SEQUENCE,
        (
            _,
            "select"
            | "ignore"
            | "extend-select"
            | "extend-ignore"
            | "exclude"
            | "extend-exclude"
            | "filename"
            | "builtins"
            | "application-import-names"
            | "skip"
            | "skip-glob"
            | "extend-skip"
            | "known-first-party"
            | "known-third-party"
            | "known-local-folder"
            | "disable"
            | "enable"
            | "load-plugins"
            | "ignore-names"
            | "good-names"
            | "plugins"
            | "disable-error-code"
            | "enable-error-code"
            | "files"
            | "omit"
            | "source"
            | "source-pkgs"
            | "include"
            | "exclude-lines"
            | "exclude-also"
            | "partial-branches"
            | "disable-warnings"
            | "concurrency"
            | "testpaths"
            | "norecursedirs"
            | "python-files"
            | "python-classes"
            | "python-functions"
            | "envlist"
            | "env-list"
            | "passenv"
            | "pass-env"
            | "allowlist-externals"
            | "whitelist-externals"
            | "labels"
            | "packages"
            | "py-modules"
            | "scripts"
            | "classifiers"
            | "classifier"
            | "keywords"
            | "platforms"
            | "license-files"
            | "project-urls"
            | "branches"
            | "root-packages"
            | "modules",
        ) => List::SET,
        _ => return None,
    };
    Some(list)
}
