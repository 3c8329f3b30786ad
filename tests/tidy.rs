//! The architecture, kept true: which room may know which, one door for each outside crate, rooms of a readable size.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

#[path = "tidy/doors.rs"]
mod doors;
#[path = "tidy/rings.rs"]
mod rings;

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms from the top of the house to the floor; a room knows only rooms below it.
const ORDER: [&str; 23] = [
    "main",
    "lib",
    "cli",
    "command",
    "report",
    "change",
    "proof",
    "adopt",
    "ask",
    "review",
    "apply",
    "plan",
    "workplace",
    "state",
    "template",
    "secrets",
    "git",
    "ui",
    "run",
    "program",
    "fs",
    "environment",
    "tree",
];

/// Outside crate, as the code names it → the files or folders that may name it.
const DOORS: [(&str, &[&str]); 27] = [
    ("aes", &["secrets/"]),
    ("base64", &["secrets/"]),
    ("cbc", &["secrets/"]),
    ("hmac", &["secrets/"]),
    ("md5", &["secrets/"]),
    ("clap", &["main.rs", "cli.rs", "command/", "review/mod.rs"]),
    ("clap_complete", &["command/completions.rs"]),
    ("console", &["ui/", "ask/", "report/"]),
    ("dialoguer", &["ui/terminal.rs"]),
    ("flate2", &["template/embedded.rs"]),
    ("foldhash", &["three-way/hash.rs"]),
    ("git2", &["git/", "error/"]),
    ("globset", &["template/glob.rs"]),
    ("memchr", &["three-way/"]),
    ("pep440_rs", &["django-facts/pip/version.rs"]),
    ("regex", &["template/question.rs"]),
    (
        "semver",
        &[
            "template/",
            "state/",
            "adopt/mod.rs",
            "review/mod.rs",
            "command/upgrade/",
            "command/dockerize/show.rs",
            "three-way/leftover.rs",
        ],
    ),
    // What is written down, printed or read again says so beside its type.
    (
        "serde",
        &[
            "template/",
            "state/",
            "apply/",
            "adopt/mod.rs",
            "review/",
            "report/",
            "proof/",
            "command/",
            "git/stages.rs",
            "tree/path.rs",
            "ui/mod.rs",
            "django-facts/",
            "three-way/kinds/valid.rs",
            "three-way/region.rs",
            "three-way/leftover.rs",
        ],
    ),
    (
        "serde_json",
        &[
            "proof/",
            "template/",
            "apply/",
            "command/upgrade/kept.rs",
            "ui/",
            "django-facts/formats/lock.rs",
            "three-way/kinds/",
        ],
    ),
    (
        "serde_yaml",
        &[
            "state/",
            "template/manifest.rs",
            "template/answers.rs",
            "three-way/kinds/valid.rs",
        ],
    ),
    ("rustix", &["fs/", "run.rs", "program.rs"]),
    ("sha2", &["tree/", "secrets/"]),
    ("signal_hook", &["apply/interrupt.rs"]),
    ("similar", &["three-way/align.rs", "ui/diff.rs"]),
    ("tera", &["template/engine.rs", "template/pieces.rs"]),
    ("thiserror", &["error/mod.rs"]),
    (
        "toml_edit",
        &[
            "django-facts/formats/",
            "django-facts/manifests.rs",
            "django-facts/pip/",
            "three-way/kinds/valid.rs",
        ],
    ),
];

const MAX_LINES: usize = 420;

/// The libraries of the workspace, whose layers the compiler keeps.
const LIBRARIES: [&str; 2] = ["three-way", "django-facts"];

/// The folders of the crates.
const CRATES: [&str; 3] = [".", "crates/three-way", "crates/django-facts"];

/// The sources by their paths below `src`; those of a library behind its name.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = below(&root.join("src"));
    for library in LIBRARIES {
        let files = below(&root.join("crates").join(library).join("src"));
        found.extend(
            files
                .into_iter()
                .map(|(name, text)| (format!("{library}/{name}"), text)),
        );
    }
    found.sort();
    found
}

fn below(root: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                found.push((name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    assert!(found.len() > 20, "the sources were not found");
    found
}

fn room(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The code of a file without its comments and its unit tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn rooms_know_only_rooms_below() {
    let level = |room: &str| ORDER.iter().position(|name| *name == room);
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let own = room(&file).to_owned();
        if ["error", "main", "lib"].contains(&&*own) || LIBRARIES.contains(&&*own) {
            continue;
        }
        let own_level =
            level(&own).unwrap_or_else(|| panic!("{file}: the room `{own}` has no place in ORDER"));
        for (index, _) in code(&text).match_indices("crate::") {
            let rest = &code(&text)[index + 7..];
            let name: String = rest
                .chars()
                .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                .collect();
            if let Some(other) = level(&name).filter(|other| *other < own_level) {
                wrong.push(format!("{file} knows {}", ORDER[other]));
            }
        }
    }
    assert!(wrong.is_empty(), "imports must go downward: {wrong:#?}");
}

#[test]
fn outside_crates_have_one_door() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let code = code(&text);
        for (name, doors) in DOORS {
            let allowed = doors
                .iter()
                .any(|door| file == *door || (door.ends_with('/') && file.starts_with(door)));
            if doors::names(&code, name) && !allowed {
                wrong.push(format!("{file} names {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "use the crate's door: {wrong:#?}");
}

/// The files that start other programs.
const STARTERS: [&str; 6] = [
    "run.rs",
    "program.rs",
    "ui/editor.rs",
    "git/foreign.rs",
    "git/status.rs",
    "command/dockerize/outside/tool.rs",
];

#[test]
fn few_files_start_programs() {
    for (file, text) in sources() {
        let code = code(&text);
        let starts = code.contains("Command::new(") && code.contains("std::process");
        assert!(
            !starts || STARTERS.contains(&&*file),
            "{file} starts a program: `program` does that, with a bound on its time"
        );
    }
}

#[test]
fn every_dependency_is_used_by_a_door_and_explained() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap();
    let mut wrong = Vec::new();
    for folder in CRATES {
        let manifest = fs::read_to_string(root.join(folder).join("Cargo.toml")).unwrap();
        let files = below(&root.join(folder).join("src"));
        for name in doors::dependencies(&manifest) {
            let in_code = doors::in_code(&name);
            let is_library = LIBRARIES.contains(&name.as_str());
            if !is_library && !DOORS.iter().any(|(outside, _)| *outside == in_code) {
                wrong.push(format!("{folder}: {name} has no door"));
            }
            if !is_library && !doors::has_word(&table, &name) {
                wrong.push(format!("CONTRIBUTING.md does not say what {name} is for"));
            }
            if !files
                .iter()
                .any(|(_, text)| doors::names(&code(text), &in_code))
            {
                wrong.push(format!("{folder}: {name} is used by no file"));
            }
        }
    }
    for (name, doors) in DOORS {
        for door in doors {
            if !sources().iter().any(|(file, text)| {
                (file == door || (door.ends_with('/') && file.starts_with(door)))
                    && doors::names(&code(text), name)
            }) {
                wrong.push(format!("{door} does not name {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pure_rooms_touch_nothing() {
    for (file, text) in sources() {
        let is_pure = ["plan", "state", "template", "secrets"].contains(&room(&file))
            || LIBRARIES.contains(&room(&file));
        if is_pure && !["template/catalogue.rs", "django-facts/survey.rs"].contains(&&*file) {
            for world in [
                "std::fs",
                "std::env",
                "std::time",
                "std::process",
                "std::net",
            ] {
                assert!(!code(&text).contains(world), "{file} reaches for {world}");
            }
        }
    }
}

#[test]
fn files_form_no_rings() {
    for folder in CRATES {
        let files = below(
            &Path::new(env!("CARGO_MANIFEST_DIR"))
                .join(folder)
                .join("src"),
        );
        let files: Vec<_> = files
            .into_iter()
            .map(|(path, text)| (path, code(&text)))
            .collect();
        let rings = rings::rings(&files);
        assert!(rings.is_empty(), "{folder} has rings: {rings:#?}");
    }
}

#[test]
fn rooms_stay_readable() {
    for (file, text) in sources() {
        let lines = text.lines().count();
        assert!(
            lines <= MAX_LINES,
            "{file} has {lines} lines; more than {MAX_LINES} are two rooms"
        );
        assert!(
            text.starts_with("//!"),
            "{file} does not say what it is for"
        );
    }
}

#[test]
fn the_versions_agree() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(root.join("template/template.yml")).unwrap();
    let line = format!("version: {}\n", env!("CARGO_PKG_VERSION"));
    assert!(
        manifest.contains(&line),
        "template/template.yml is not of version {}",
        env!("CARGO_PKG_VERSION")
    );
    let changelog = fs::read_to_string(root.join("CHANGELOG.md")).unwrap();
    // A version under development has its entries under "Unreleased", which becomes its heading when it is cut.
    let expected = if env!("CARGO_PKG_VERSION_PRE").is_empty() {
        env!("CARGO_PKG_VERSION")
    } else {
        "Unreleased"
    };
    let heading = changelog.lines().find(|line| {
        line.starts_with("## ") && (expected == "Unreleased" || !line.contains("Unreleased"))
    });
    assert!(
        heading.is_some_and(|line| line.contains(expected)),
        "CHANGELOG.md's newest heading: {heading:?}"
    );
}
