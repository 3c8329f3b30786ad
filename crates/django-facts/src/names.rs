//! Names of Python packages.

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
