//! The door to environment variables: only what names a password or another
//! program's server, or this program, is read here.

#![allow(clippy::disallowed_methods)]

use crate::error::shell_word;

/// The variable's value; `None` when it is absent, empty or not UTF-8.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// This program as git's configuration calls it: by its name where the shell finds it under that, else by its path.
#[must_use]
pub fn program() -> String {
    let name = env!("CARGO_PKG_NAME");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_found = std::env::split_paths(&path).any(|dir| dir.join(name).is_file());
    match std::env::current_exe() {
        Ok(program) if !is_found => shell_word(&program.display().to_string()),
        _ => name.to_owned(),
    }
}
