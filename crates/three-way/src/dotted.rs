//! Where the versions in a text are.

/// The text with each version blanked out.
pub(super) fn blurred(text: &str) -> String {
    let blur = |part: Part| match part {
        Part::Text(text) => text.to_string(),
        Part::Version(..) | Part::Digest => "\0".to_string(),
    };
    parts(text).into_iter().map(blur).collect()
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    Text(&'a str),
    /// A version, with where it starts.
    Version(&'a str, usize),
    /// A commit or a checksum. It goes with the version beside it and cannot be compared.
    Digest,
}

impl Part<'_> {
    pub(super) fn same_but_for_version(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::Text(_), _) | (_, Self::Text(_)) => false,
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        }
    }
}

/// Cuts a text into versions and what is between them.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let bytes = text.as_bytes();
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-+!".contains(byte);
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        let mut end = at + bytes[at..].iter().take_while(|byte| word(byte)).count();
        if end == at {
            at += 1;
            continue;
        }
        if let Some(variant) = variant(&text[at..end]) {
            end = at + variant;
        }
        // `name-1.2` is a name and a version, as is `v1.2`.
        let start = version_start(text, at, end);
        let token = &text[start..end];
        let digest = token.len() >= 12 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
        if digest || is_version(token, &text[..start]) {
            parts.push(Part::Text(&text[from..start]));
            parts.push(if digest {
                Part::Digest
            } else {
                Part::Version(token, start)
            });
            from = end;
        }
        at = end;
    }
    parts.push(Part::Text(&text[from..]));
    parts
}

/// Words that belong to a version and name no variant of it.
const PRE_RELEASES: [&str; 10] = [
    "a", "alpha", "b", "beta", "rc", "dev", "pre", "post", "next", "snapshot",
];

/// Where the name of a variant starts, as in `16-alpine`.
fn variant(token: &str) -> Option<usize> {
    let mut dashes = token
        .match_indices('-')
        .map(|(at, _)| at)
        .filter(|at| *at > 0);
    let dash = dashes.find(|at| {
        let word = &token[at + 1..];
        let length = word.bytes().take_while(u8::is_ascii_alphabetic).count();
        length > 0 && !PRE_RELEASES.contains(&word[..length].to_lowercase().as_str())
    })?;
    token
        .starts_with(|first: char| first.is_ascii_digit() || first == 'v')
        .then_some(dash)
}

fn version_start(text: &str, at: usize, end: usize) -> usize {
    let token = &text[at..end];
    if let Some(rest) = token.strip_prefix('v')
        && rest.starts_with(|first: char| first.is_ascii_digit())
    {
        return at + 1;
    }
    at
}

/// A dotted number, or a plain one where only a version can stand.
fn is_version(token: &str, before: &str) -> bool {
    let number = |part: &str| part.starts_with(|first: char| first.is_ascii_digit());
    let mut fields = token.split('.');
    if !fields.next().is_some_and(number) {
        return false;
    }
    let dots = fields
        .filter(|field| number(field) || *field == "*")
        .count();
    let address = dots == 3 && token.split('.').all(|field| field.parse::<u8>().is_ok());
    let line = before.rsplit('\n').next().unwrap_or_default();
    let word = line
        .rsplit([' ', '"', '\'', '\t'])
        .next()
        .unwrap_or_default();
    let plain = word.ends_with(['@', '^', '~', '>', '<'])
        || ["==", "~=", ">=", "<=", "!="]
            .iter()
            .any(|sign| word.ends_with(sign))
        || word.ends_with("@v")
        || line.contains("image:") && word.ends_with(':')
        || line.trim_start().starts_with("FROM ") && word.ends_with(':')
        || line.contains("-version:");
    dots >= 1 && !address || dots == 0 && plain && token.len() <= 12
}
