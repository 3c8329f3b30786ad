//! The door to environment variables: only what names a password is read here.

#![allow(clippy::disallowed_methods)]

/// The variable's value; `None` when it is absent, empty or not UTF-8.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
