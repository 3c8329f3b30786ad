//! How deep the brackets of a text are nested: what is deeper than anybody writes is given to no parser.

/// Deeper than any manifest, state file or configuration; a reader of YAML takes time that grows with the square of it.
const DEEPEST: usize = 1000;

/// Why a text is not read.
pub const TOO_DEEP: &str = "its brackets are nested more than 1000 deep";

/// Whether more brackets are open at one place than any file needs. Those in strings and comments count as well.
#[must_use]
pub fn is_too_deep(text: &str) -> bool {
    let mut open = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > DEEPEST
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_at_once_counts() {
        assert!(is_too_deep(&"[{".repeat(501)));
        assert!(!is_too_deep(&"[]{}".repeat(10_000)));
        assert!(!is_too_deep(&"]".repeat(10_000)));
    }
}
