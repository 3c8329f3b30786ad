//! How deep a text is nested, by brackets or by the starts of its lines: what is deeper than anybody writes is given to no parser.

/// The deepest nesting that is read. No manifest, state file or configuration goes so deep; a reader of YAML takes time
/// that grows with the square of it.
const DEEPEST: usize = 1000;

/// Why a text is not read.
pub const TOO_DEEP: &str = "it is nested more than 1000 deep";

/// Whether more brackets are open at one place than any file needs, or a line begins with as many blanks, dashes and
/// question marks. Those in strings and comments count as well.
#[must_use]
pub fn is_too_deep(text: &str) -> bool {
    let starts_deep = |line: &str| {
        let end = line.find(|letter| !matches!(letter, ' ' | '-' | '?'));
        end.unwrap_or(0) > DEEPEST
    };
    text.lines().any(starts_deep) || is_bracketed(text)
}

fn is_bracketed(text: &str) -> bool {
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
        assert!(is_too_deep(&format!("a:\n{}b: c\n", " ".repeat(1001))));
        assert!(is_too_deep(&format!("{}a\n", "- ".repeat(501))));
        assert!(!is_too_deep(&"  - a: b\n".repeat(10_000)));
    }
}
