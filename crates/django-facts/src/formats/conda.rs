//! conda's `environment.yml`: the packages that it names.

use super::placed::Placed;

/// One item of `dependencies`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CondaItem<'t> {
    pub(crate) text: &'t str,
    /// Whether it stands below `pip:`, in pip's own notation.
    pub(crate) is_pip: bool,
}

/// Which versions conda takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CondaVersion<'t> {
    /// `=2.2`: any release of that series.
    Series(&'t str),
    /// `==2.2`, or `=2.2=build`: this version alone.
    Exact(&'t str),
    /// A range in the notation that conda and pip share, such as `>=2,<3`; empty for any version.
    Range(&'t str),
}

impl<'t> CondaItem<'t> {
    /// The package without its channel, and what follows its name: `conda-forge::django=2.2` → `django` and `=2.2`.
    pub(crate) fn parts(self) -> (&'t str, &'t str) {
        let text = self.text.rsplit("::").next().unwrap_or(self.text);
        let end = text
            .find(|letter: char| !letter.is_alphanumeric() && !"-_.".contains(letter))
            .unwrap_or(text.len());
        (&text[..end], text[end..].trim())
    }

    pub(crate) fn version(self) -> CondaVersion<'t> {
        let (_, text) = self.parts();
        let Some(first) = text.strip_prefix('=') else {
            return CondaVersion::Range(text);
        };
        let (version, is_exact) = match first.strip_prefix('=') {
            Some(version) => (version, true),
            None => (first, first.contains('=')),
        };
        let version = version.split('=').next().unwrap_or(version);
        if is_exact {
            CondaVersion::Exact(version)
        } else {
            CondaVersion::Series(version)
        }
    }
}

/// The items in their order.
pub(crate) fn items(text: &str) -> Vec<Placed<CondaItem<'_>>> {
    let mut found = Vec::new();
    let mut in_dependencies = false;
    let mut pip_depth = None;
    for (index, line) in text.lines().enumerate() {
        let bare = line.split(" #").next().unwrap_or(line);
        let item = bare.trim();
        let depth = bare.len() - bare.trim_start().len();
        if item.is_empty() || item.starts_with('#') {
            continue;
        }
        if depth == 0 && !item.starts_with('-') {
            in_dependencies = item == "dependencies:";
            pip_depth = None;
            continue;
        }
        let Some(value) = item.strip_prefix("- ").filter(|_| in_dependencies) else {
            continue;
        };
        let text = value.trim().trim_matches(['"', '\'']);
        if text == "pip:" {
            pip_depth = Some(depth);
            continue;
        }
        let is_pip = pip_depth.is_some_and(|pip| depth > pip);
        if !is_pip {
            pip_depth = None;
        }
        found.push(Placed::new(index + 1, CondaItem { text, is_pip }));
    }
    found
}
