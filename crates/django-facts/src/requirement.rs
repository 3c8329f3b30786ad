//! What one line of a manifest or lock asks for.

use crate::normalised;

/// One line that asks for a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Requirement {
    /// The name as pip compares it: lower case, hyphens.
    pub(super) package: String,
    pub(super) extras: Vec<String>,
    /// The versions: `==1.4`, `>=2,<3`, `^4.2` or empty; `@` and more where it comes from no index.
    pub(super) spec: String,
    pub(super) file: String,
    pub(super) line: usize,
    /// Whether it is out of a lock file, which knows the exact version.
    pub(super) is_locked: bool,
    /// Whether only developers ask for it.
    pub(super) is_dev: bool,
}

impl Requirement {
    /// Reads `Name[extra]>=1,<2; marker`, which stands at a place; `None` where it is no requirement.
    #[must_use]
    pub(super) fn parse(text: &str, file: &str, line: usize) -> Option<Self> {
        let text = text.split(" #").next().unwrap_or(text).trim();
        let text = text.split(';').next().unwrap_or(text).trim();
        let text = text
            .split(" --")
            .next()
            .unwrap_or(text)
            .trim()
            .trim_end_matches('\\')
            .trim();
        let end = text
            .find(|letter: char| !letter.is_alphanumeric() && !"-_.".contains(letter))
            .unwrap_or(text.len());
        let package = normalised(&text[..end]);
        if package.is_empty() || !text.starts_with(|letter: char| letter.is_ascii_alphanumeric()) {
            return None;
        }
        let mut rest = text[end..].trim();
        let mut extras = Vec::new();
        if let Some(inner) = rest.strip_prefix('[') {
            let (list, after) = inner.split_once(']')?;
            extras = list.split(',').map(normalised).collect();
            rest = after.trim();
        }
        let rest = rest.trim_start_matches('(').trim_end_matches(')');
        let is_spec = rest.is_empty() || rest.starts_with(['=', '<', '>', '!', '~', '@', '^']);
        let spec = rest
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .collect();
        is_spec.then(|| Self {
            package,
            extras,
            spec,
            file: file.to_owned(),
            line,
            is_locked: false,
            is_dev: false,
        })
    }

    /// The same requirement, for developers alone if `is_dev` is so.
    #[must_use]
    pub(super) fn for_developers(self, is_dev: bool) -> Self {
        Self { is_dev, ..self }
    }
}
