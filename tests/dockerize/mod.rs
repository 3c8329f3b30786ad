//! `dockerize`: what it finds, what it proposes, what it does.

mod absent;
mod addresses;
mod certain;
mod databases;
mod days;
mod deep;
mod editing;
mod encodings;
mod ends;
mod environments;
mod existing;
mod image_files;
mod keeping;
mod outside;
mod own_package;
mod planning;
pub(crate) mod project;
mod proposing;
mod proving;
mod requirements;
mod running;
mod secrets;
mod several;
mod shapes;
mod switches;
mod telling;
mod told;
mod verdicts;
mod wizard;

use serde_json::Value;

use crate::cli::sandbox::Sandbox;

/// What `dockerize --dry-run --json` prints for the project in `dir`.
pub(crate) fn inspect(sandbox: &Sandbox, dir: &str) -> Value {
    let ran = sandbox.ixd(&["dockerize", dir, "--dry-run", "--json"]);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error} in {ran}"))
}

/// The template under development.
pub(crate) const DEVELOPMENT: [&str; 4] = [
    "--from",
    env!("CARGO_MANIFEST_DIR"),
    "--release",
    env!("CARGO_PKG_VERSION"),
];

/// What `dockerize --dry-run --json` prints for the project in `p` with the template under development.
pub(crate) fn inspect_with(sandbox: &Sandbox, flags: &[&str]) -> Value {
    let ran = project::dockerize(sandbox, &[flags, &["--dry-run", "--json"]].concat());
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error} in {ran}"))
}

/// The finding under a key such as `django.spec`.
pub(crate) fn finding<'a>(found: &'a Value, key: &str) -> &'a Value {
    let found = key.split('.').fold(found, |inner, part| &inner[part]);
    assert!(!found.is_null() || key == "reason", "there is no `{key}`");
    found
}
