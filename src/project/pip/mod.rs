//! What a project asks for in the notation of Poetry, Pipenv, conda or setuptools → the same in pip's.
//!
//! Nothing is guessed: what pip has no notation for is told with its place and left to a person.

mod developers;
mod entry;
mod lists;
mod locked;
mod tables;
pub(super) mod version;

pub use developers::for_developers;

use super::finding::{at, without_passwords};
use super::sources::{Sources, join, name, parent};
use crate::fs::Survey;

/// The requirements of a project that has no file which pip reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translation {
    /// The lines of a requirements file.
    pub lines: Vec<String>,
    /// What is not in `lines`, as `path:line: why`.
    pub left: Vec<String>,
    /// The lock file and the exact versions in it, as lines that pip reads with `-c`.
    pub locked: Option<(String, Vec<String>)>,
}

impl Translation {
    /// Of the file that asks for packages, such as `pyproject.toml`; nothing when it is of no such kind, or cannot be read.
    #[must_use]
    pub fn of(survey: &Survey, path: &str) -> Option<Self> {
        let sources = Sources::new(survey);
        let text = sources.text(path);
        let mut sheet = Sheet::new(path);
        match name(path) {
            "pyproject.toml" => tables::pyproject(&mut sheet, &text)?,
            "Pipfile" => tables::pipfile(&mut sheet, &text)?,
            "setup.cfg" => lists::setup_cfg(&mut sheet, &text),
            "setup.py" => lists::setup_py(&mut sheet, &sources),
            "environment.yml" | "environment.yaml" | "conda.yml" => {
                lists::conda(&mut sheet, &text);
            }
            _ => return None,
        }
        if sheet.lines.is_empty() {
            return None;
        }
        Some(Self {
            lines: sheet.lines,
            left: sheet.left,
            locked: locked::versions(&sources, path),
        })
    }
}

/// The lines of one file, as they come.
struct Sheet<'a> {
    path: &'a str,
    lines: Vec<String>,
    left: Vec<String>,
}

impl<'a> Sheet<'a> {
    fn new(path: &'a str) -> Self {
        Self {
            path,
            lines: Vec::new(),
            left: Vec::new(),
        }
    }

    fn add(&mut self, line: impl Into<String>) {
        let line = line.into();
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }

    /// What cannot be said to pip: told, and kept as a comment beside the rest.
    fn leave(&mut self, line: usize, why: impl std::fmt::Display) {
        let place = at(self.path, line);
        self.lines.push(format!("# {place}: {why}"));
        self.left
            .push(without_passwords(&format!("{place}: {why}")));
    }

    /// A path that the file names, seen from the project's root, where pip runs; nothing when it leads out of it.
    fn inside(&self, path: &str) -> Option<String> {
        let joined = join(&parent(self.path), path);
        match joined.as_str() {
            "" => Some(".".into()),
            path if path.starts_with('/') || path.starts_with("..") => None,
            path => Some(format!("./{path}")),
        }
    }
}

/// Whether an address holds a password or a token, which must not be copied into another file.
fn has_credentials(address: &str) -> bool {
    let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    let is_variable = |part: &str| {
        part.strip_prefix('$').is_some_and(|name| {
            name.chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "_{}".contains(letter))
        })
    };
    // Without a scheme it is `user:password@host/path`, or no address at all.
    let names_somebody = !user.is_empty() && user != "git";
    let is_user = names_somebody && (!scheme.is_empty() || user.contains(':'));
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    let is_query = ["token", "password", "passwd", "secret", "key"]
        .iter()
        .any(|word| query.contains(&format!("{word}=")));
    is_query || is_user && !user.split(':').all(is_variable)
}

#[cfg(test)]
mod tests {
    use super::has_credentials;

    #[test]
    fn an_address_with_a_password_is_told_from_one_without() {
        for secret in [
            "https://joe:pw@host/simple",
            "git+https://token@host/a.git",
            "b @ https://token@host/b.zip",
            "git+https://$USER:pw@host/a.git",
            "joe:pw@host/b.git",
            "https://host/b.zip?token=abc",
        ] {
            assert!(has_credentials(secret), "{secret}");
        }
        for plain in [
            "https://host/simple",
            "git+ssh://git@host/a.git",
            "git@host:a/b.git",
            "https://${USER}:${TOKEN}@host/a.git",
            "package @ file",
            "django==4.2",
        ] {
            assert!(!has_credentials(plain), "{plain}");
        }
    }
}
