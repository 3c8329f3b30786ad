//! The paths of a tree.

use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A file's path inside a project: UTF-8, parts joined with `/`.
///
/// There is no `TreePath` that leads outside: it is never empty or absolute, and no part is empty, `.`, `..` or a
/// `.git` in any spelling a file system might take for one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TreePath(String);

impl TreePath {
    /// # Errors
    /// The reason, as the end of a sentence ("… it leads outside the project").
    pub fn new(path: impl Into<String>) -> Result<Self, String> {
        let path = path.into();
        if path.is_empty() {
            return Err("it is empty".into());
        }
        if path.len() > 4_000 {
            return Err("it is longer than 4,000 bytes".into());
        }
        for part in path.split('/') {
            check_part(part)?;
        }
        Ok(Self(path))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The directories that lead to this file, outermost first.
    pub fn parents(&self) -> impl Iterator<Item = &str> {
        self.0.match_indices('/').map(|(end, _)| &self.0[..end])
    }

    /// As [`Self::parents`], as paths.
    pub fn folders(&self) -> impl Iterator<Item = Self> {
        self.parents().map(|parent| Self(parent.to_owned()))
    }

    /// Whether `other` lies in the folder that this path would be.
    #[must_use]
    pub fn is_above(&self, other: &Self) -> bool {
        other
            .0
            .strip_prefix(&self.0)
            .is_some_and(|rest| rest.starts_with('/'))
    }

    /// The last part.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
}

/// The state file's path in a project.
pub const STATE_FILE: &str = ".ixd-template.yml";

/// Where our own records of a project without git are. Neither a template nor a journal has a file there.
pub const OWN_FOLDER: &str = ".ixd-template";

fn check_part(part: &str) -> Result<(), String> {
    let reserved = part.trim_end_matches(['.', ' ']).to_ascii_lowercase();
    match part {
        "" => Err("it is absolute or has an empty part".into()),
        "." | ".." => Err("it leads outside the project".into()),
        _ if reserved == ".git" || reserved == "git~1" => Err("it lies in git's own folder".into()),
        _ if reserved == OWN_FOLDER => Err("it lies in ixd-template's own folder".into()),
        _ if part.len() > 255 => Err("a part of it is longer than 255 bytes".into()),
        _ if part.chars().any(char::is_control) => Err("it holds a control character".into()),
        _ if part.contains('\\') => Err("it holds a backslash".into()),
        _ => Ok(()),
    }
}

impl fmt::Display for TreePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for TreePath {
    type Error = String;

    fn try_from(path: String) -> Result<Self, String> {
        Self::new(path)
    }
}

impl From<TreePath> for String {
    fn from(path: TreePath) -> Self {
        path.0
    }
}

impl Borrow<str> for TreePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expected: &str) {
        let actual = TreePath::new(path).map(|path| path.as_str().to_owned());
        assert_eq!(actual.unwrap_or_else(|reason| reason), expected, "{path:?}");
    }

    #[test]
    fn paths_that_stay_inside_are_taken() {
        check("a/b.txt", "a/b.txt");
        check(".gitignore", ".gitignore");
        check("ü b/*?\"'", "ü b/*?\"'");
        check("a/..b", "a/..b");
    }

    #[test]
    fn paths_that_lead_outside_are_refused() {
        check("", "it is empty");
        check("/etc/passwd", "it is absolute or has an empty part");
        check("a//b", "it is absolute or has an empty part");
        check("a/../b", "it leads outside the project");
        check("./a", "it leads outside the project");
        check(".git/config", "it lies in git's own folder");
        check("a/.GIT/hooks/x", "it lies in git's own folder");
        check("a\0b", "it holds a control character");
        check("a\\b", "it holds a backslash");
        check(&"x".repeat(300), "a part of it is longer than 255 bytes");
    }
}
