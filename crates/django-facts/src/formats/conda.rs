//! conda's `environment.yml`: the packages that it names.

use super::placed::Placed;

/// One item of `dependencies`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CondaItem<'t> {
    pub(crate) text: &'t str,
    /// It stands below `pip:`, in pip's own notation.
    pub(crate) is_pip: bool,
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
