//! What a project asks for in the notation of Poetry, Pipenv, conda or setuptools → the same in pip's.
//!
//! Nothing is guessed: what pip has no notation for is told with its place and left to a person.

mod credentials;
mod developers;
mod entry;
mod lists;
mod locked;
mod tables;
pub(super) mod version;

pub use credentials::{variables, without_secrets};
pub use developers::for_developers;

use credentials::{Secrets, is_variable};

use super::finding::{at, without_passwords};
use super::formats::pyproject::Pyproject;
use super::sources::{Sources, join, name, parent};

/// The requirements of a project that has no file which pip reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Translation {
    /// The lines of a requirements file.
    pub lines: Vec<String>,
    /// What is not in `lines`, as `path:line: why`.
    pub untranslated: Vec<String>,
    /// The lock file and the exact versions in it, as lines that pip reads with `-c`.
    pub locked: Option<(String, Vec<String>)>,
}

impl Translation {
    /// The translation of the file that asks for packages, such as `pyproject.toml`; nothing when it is of no such
    /// kind, or cannot be read.
    #[must_use]
    pub fn of(sources: &Sources, path: &str) -> Option<Self> {
        let text = sources.text(path);
        let mut sheet = Sheet::new(path, &text);
        match name(path) {
            "pyproject.toml" => {
                let toml = sources.toml(path).ok()?;
                tables::pyproject(&mut sheet, Pyproject::new(&toml));
            }
            "Pipfile" => tables::pipfile(&mut sheet, sources.toml(path).ok()?.as_ref()),
            "setup.cfg" => lists::setup_cfg(&mut sheet, &text),
            "setup.py" => lists::setup_py(&mut sheet, sources),
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
            untranslated: sheet.untranslated,
            locked: locked::versions(sources, path),
        })
    }
}

/// The lines of one file, as they come.
struct Sheet<'a> {
    path: &'a str,
    secrets: Secrets,
    lines: Vec<String>,
    untranslated: Vec<String>,
}

impl<'a> Sheet<'a> {
    /// A sheet for the file at `path`, which holds `text`.
    fn new(path: &'a str, text: &str) -> Self {
        Self {
            path,
            secrets: Secrets::of(text),
            lines: Vec::new(),
            untranslated: Vec::new(),
        }
    }

    /// Adds a line for pip; a variable stands for what nobody may read in it.
    fn add(&mut self, line: impl AsRef<str>) {
        let line = self.secrets.veil(line.as_ref());
        if !self.lines.contains(&line) {
            self.lines.push(line);
        }
    }

    /// Tells what pip cannot be told, and keeps it as a comment beside the rest.
    fn leave(&mut self, line: usize, why: impl std::fmt::Display) {
        let why = without_passwords(&format!("{}: {why}", at(self.path, line)));
        self.lines.push(format!("# {why}"));
        self.untranslated.push(why);
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

/// Whether a text is `user:password@host/path`: no address by the rules, in which no variable can stand for the secret.
fn has_credentials(text: &str) -> bool {
    let authority = text.split(['/', '?']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    !text.contains("://") && user.contains(':') && !user.split(':').all(is_variable)
}

#[cfg(test)]
mod tests {
    use super::has_credentials;

    #[test]
    fn an_address_with_a_password_is_told_from_one_without() {
        assert!(has_credentials("joe:pw@host/b.git"));
        for plain in [
            "https://host/simple",
            "git@host:a/b.git",
            "$USER:$TOKEN@host/a.git",
            "package @ file",
            "django==4.2",
        ] {
            assert!(!has_credentials(plain), "{plain}");
        }
    }
}
