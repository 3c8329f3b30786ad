//! What is open in a project: conflicts that are left, what is not decided, what its team declined.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_yaml::Mapping;

use crate::tree::{self, TreePath};

/// One file in which the project does not follow the release that the state file names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// The path that the template has it under.
    pub path: String,
    /// What is open, in words; those of this type's constants say of what kind it is.
    pub what: String,
    /// The release whose file the project's one still follows: the base for offering the change again.
    pub base: semver::Version,
    /// The path in that release, where it was another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// The path in the project, where it is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Where the template's version lies beside a file that cannot be marked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<String>,
    /// How many `=` separate the sides of its conflicts; a program before 0.2.1 did not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separator: Option<usize>,
    /// What a newer program recorded and this one does not know; it is kept as it is.
    #[serde(skip)]
    pub unknown: Mapping,
}

/// The kind of an entry, for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OpenKind {
    /// An upgrade left it for a person: it is resolved when no marker is in the file and nothing lies beside it.
    Conflict,
    /// It comes again when the template touches the file.
    Undecided,
    /// It comes again when it is asked for.
    Declined,
}

impl Open {
    pub const MARKED: &str = "conflict markers";
    pub const KEPT: &str = "you kept yours";
    pub const KEPT_IN_PART: &str = "you kept yours in part";
    pub const UNDECIDED: &str = "not decided";
    pub const NO_ROOM: &str = "what you kept stands in its place";

    pub(super) const KEYS: [&str; 7] = ["path", "what", "base", "was", "at", "beside", "separator"];

    #[must_use]
    pub fn new(path: &TreePath, what: &str, base: &semver::Version) -> Self {
        Self {
            path: path.to_string(),
            what: what.to_owned(),
            base: base.clone(),
            was: None,
            at: None,
            beside: None,
            separator: None,
            unknown: Mapping::new(),
        }
    }

    /// The kind of this entry. A program of another age may have other words for conflicts.
    #[must_use]
    pub fn kind(&self) -> OpenKind {
        match self.what.as_str() {
            Self::KEPT | Self::KEPT_IN_PART => OpenKind::Declined,
            Self::UNDECIDED | Self::NO_ROOM => OpenKind::Undecided,
            _ => OpenKind::Conflict,
        }
    }

    /// Whether an upgrade left it for a person.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.kind() == OpenKind::Conflict
    }

    /// The path of the file in the project.
    #[must_use]
    pub fn place(&self) -> &str {
        self.at.as_deref().unwrap_or(&self.path)
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        let others = [&self.was, &self.at, &self.beside];
        std::iter::once(self.path.as_str())
            .chain(others.into_iter().filter_map(|path| path.as_deref()))
    }

    /// Whether it is of those that 0.2.0 and older ones read.
    pub(super) fn is_plain(&self) -> bool {
        let is_known = self.at.is_none() && self.beside.is_none() && self.separator.is_none();
        is_known && self.unknown.is_empty()
    }

    /// This entry where `older` is open at the same path: what is to be offered again is offered from its older base.
    #[must_use]
    pub(super) fn after(mut self, older: &Self) -> Self {
        self.unknown.clone_from(&older.unknown);
        if !self.is_conflict() && older.base < self.base {
            self.base.clone_from(&older.base);
            self.was.clone_from(&older.was);
        }
        self
    }
}

/// One hunk of a release that the project's team did not take: one line of the state file, `path release hash`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Declined {
    /// The path that the template has it under.
    pub path: String,
    pub release: semver::Version,
    /// The hash of what the hunk was and would have become; never the text itself.
    pub hunk: String,
}

impl Declined {
    #[must_use]
    pub fn new(path: &TreePath, release: &semver::Version, hunk: String) -> Self {
        Self {
            path: path.to_string(),
            release: release.clone(),
            hunk,
        }
    }
}

/// The hash of a hunk: of its text in the base and its text in the release.
#[must_use]
pub fn hunk(base: &[u8], theirs: &[u8]) -> String {
    const DIGITS: usize = 12;
    let mut digest = tree::Digest::default();
    digest.add_bytes("base", '-', base);
    digest.add_bytes("theirs", '-', theirs);
    tree::hex(digest.end().as_bytes(), DIGITS)
}

impl fmt::Display for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.path, self.release, self.hunk)
    }
}

impl From<Declined> for String {
    fn from(declined: Declined) -> Self {
        declined.to_string()
    }
}

impl FromStr for Declined {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let wrong = || format!("`{line}` is no path, release and hash");
        let mut words = line.rsplitn(3, ' ');
        let (Some(hunk), Some(release), Some(path)) = (words.next(), words.next(), words.next())
        else {
            return Err(wrong());
        };
        Ok(Self {
            path: path.to_owned(),
            release: semver::Version::parse(release).map_err(|_| wrong())?,
            hunk: hunk.to_owned(),
        })
    }
}

impl TryFrom<String> for Declined {
    type Error = String;

    fn try_from(line: String) -> Result<Self, String> {
        line.parse()
    }
}
