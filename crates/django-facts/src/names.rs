//! Names of Python packages, and those that the wrapper needs.

/// A name as PEP 503 compares it.
#[must_use]
pub fn normalised(name: &str) -> String {
    let mut normal = String::new();
    for letter in name.trim().chars() {
        match letter {
            '-' | '_' | '.' if normal.ends_with('-') => {}
            '-' | '_' | '.' => normal.push('-'),
            letter => normal.push(letter.to_ascii_lowercase()),
        }
    }
    normal
}

/// The template's package that every mode brings.
pub const WRAPPER: &str = "ixc_django_docker";
/// The template's package of settings, where the wrapper's include the project's.
pub const SETTINGS: &str = "ixcproject";
