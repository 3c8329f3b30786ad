//! Scalars of YAML.

/// Whether nothing more stands in these brackets.
pub(super) fn closes_next(text: &str) -> bool {
    text.trim_start().starts_with([']', '}'])
}

/// The length of a word in brackets.
pub(super) fn plain_in_flow(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, next)) = chars.next() {
        let behind = chars.peek().map(|(_, next)| *next);
        let ends = next.is_whitespace()
            || matches!(next, ',' | '[' | ']' | '{' | '}')
            || next == ':'
                && behind
                    .is_none_or(|next| next.is_whitespace() || matches!(next, ',' | '}' | ']'));
        if ends && at > 0 {
            return at;
        }
    }
    text.len()
}

/// The key at the start of a line: how long it is, and where its colon is.
pub(super) fn key(content: &str) -> Option<(usize, usize)> {
    let first = content.chars().next()?;
    if matches!(first, '"' | '\'') {
        let length = quoted(content)?;
        let rest = content[length..].trim_start();
        let colon = content.len() - rest.len();
        return (rest == ":" || rest.starts_with(": ")).then_some((length, colon));
    }
    if "#[]{}|>@`&!,%".contains(first) {
        return None;
    }
    let comment = content.find(" #").unwrap_or(content.len());
    let colon = content[..comment].find(": ").or_else(|| {
        content[..comment]
            .trim_end()
            .strip_suffix(':')
            .map(str::len)
    })?;
    (colon > 0).then_some((colon, colon))
}

/// The length of a quoted text.
pub(super) fn quoted(text: &str) -> Option<usize> {
    let quote = text.as_bytes()[0];
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 2,
            byte if byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// What a scalar says: white space where a line goes on is one space, and quotes are quotes if nothing is escaped.
pub(super) fn said(text: &str) -> String {
    let plain = if text.contains('\n') {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        text.to_string()
    };
    let inner = |quote: char| {
        let inner = plain.strip_prefix(quote)?.strip_suffix(quote)?;
        Some(inner.to_string())
    };
    if let Some(inner) = inner('\'') {
        return format!("\"{}", inner.replace("''", "'"));
    }
    match inner('"') {
        // Other escapes mean something in these quotes only.
        Some(inner) if inner.replace("\\\"", "").contains('\\') => {
            format!("\\{inner}")
        }
        Some(inner) => format!("\"{}", inner.replace("\\\"", "\"")),
        None => plain,
    }
}
