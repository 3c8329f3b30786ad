//! Patterns of paths.

/// Whether a text is what a pattern stands for: `*` is any text without a slash, `**` any text.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let Some(star) = pattern.find('*') else {
        return pattern == text;
    };
    let Some(rest) = text.strip_prefix(&pattern[..star]) else {
        return false;
    };
    let any = pattern[star..].starts_with("**");
    let pattern = &pattern[star + if any { 2 } else { 1 }..];
    let reach = if any {
        rest.len()
    } else {
        rest.find('/').unwrap_or(rest.len())
    };
    let mut ends = (0..=reach).filter(|end| rest.is_char_boundary(*end));
    ends.any(|end| matches(pattern, &rest[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_in_its_folder() {
        assert!(matches("*.toml", "a.toml"));
        assert!(!matches("*.toml", "a/b.toml"));
        assert!(matches("**.toml", "a/b.toml"));
        assert!(matches("**pins**.txt", "pins/dev.txt"));
        assert!(matches(".env*", ".env"));
        assert!(!matches("a", "ab"));
    }
}
