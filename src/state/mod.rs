//! The state file: what a project was made from, so that the next upgrade has its base.

mod both;
mod open;
mod read;

use serde::{Deserialize, Serialize};
use serde_yaml::{Mapping, Value};

use crate::error::{Error, Result};
use crate::template::{Answers, Release, render};
use crate::tree::{self, File, Tree, TreePath};

pub use open::{Declined, Open, OpenKind, hunk};
pub use read::refuse_newer;

pub use crate::tree::STATE_FILE as FILE;

/// [`FILE`] as a path.
pub fn path() -> Result<TreePath> {
    TreePath::new(FILE).map_err(|reason| Error::template(FILE, reason))
}

/// What a file was made from that was there before the template: no release at all.
pub const NO_RELEASE: semver::Version = semver::Version::new(0, 0, 0);

/// The newest format of a state file that is understood here; a file that names none has the first one.
///
/// A key that older programs may keep without knowing it needs no new format. A format is for what they would get wrong:
/// a file of a newer one is never read, and says in `made_by` which program wrote it.
pub const FORMAT: u64 = 1;

const HEADER: &str = "\
# Which release of which template this project was made from, and with which answers.
# Commit it. `ixd-template upgrade` keeps it; `ixd-template upgrade --ask` changes the answers.
";

/// A word for those whose program is too old to say it: 0.2.0 and older ones take a key that they do not know for
/// damage.
const NEWER: &str = "\
# An ixd-template that cannot read this file is too old for it: get the newest one, and change nothing here.
";

/// The content of a state file. Secret answers are never part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The number of its format; none is the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<u64>,
    pub template: String,
    pub version: semver::Version,
    /// The digest of the release: it tells whether a catalogue's release of that version is the one that was used.
    pub digest: String,
    /// The digest of the files that release and answers make: it tells whether this file was edited by hand.
    pub rendered: String,
    pub answers: Answers,
    /// What the last upgrade left undecided or the user declined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<Open>,
    /// The hunks that the team declined, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declined: Vec<Declined>,
    /// What a newer program recorded and this one does not know; it is kept as it is.
    #[serde(skip)]
    pub unknown: Mapping,
    /// Whether it is merged from the two sides of a conflict of git's that is still in the file.
    #[serde(skip)]
    pub both: bool,
}

impl State {
    /// The state of a project made from `release` with `answers`, whose files are `rendered`.
    pub fn new(release: &Release, answers: &Answers, rendered: &Tree) -> Result<Self> {
        let recorded = release.without_secrets(answers);
        // Later runs do not know the secrets, so the digest must do without them.
        let rendered = if recorded == *answers {
            tree::digest(rendered)
        } else {
            tree::digest(&render(release, &recorded)?.tree)
        };
        let rendered = rendered.map_err(Error::io("read", &release.label))?;
        Ok(Self {
            format: None,
            template: release.manifest.name.clone(),
            version: release.manifest.version.clone(),
            digest: release.digest.clone(),
            rendered,
            answers: recorded,
            open: Vec::new(),
            declined: Vec::new(),
            unknown: Mapping::new(),
            both: false,
        })
    }

    /// This state with what `older`, the one that it replaces, holds of a newer program's.
    #[must_use]
    pub fn instead_of(self, older: &Self) -> Self {
        Self {
            format: older.format,
            unknown: older.unknown.clone(),
            ..self
        }
    }

    /// Adds entries to those that are open. One for a path that has been open keeps what is known of that.
    pub fn reopen(&mut self, entries: &[Open], older: &Self) {
        for open in entries {
            let is_same = |known: &&Open| {
                known.path == open.path && known.is_conflict() == open.is_conflict()
            };
            let known = older.open.iter().find(is_same);
            self.open.retain(|known| !is_same(&known));
            self.open.push(match known {
                Some(known) => open.clone().after(known),
                None => open.clone(),
            });
        }
        self.sort();
    }

    /// Lists no conflict any more.
    pub fn forget_conflicts(&mut self) {
        self.open.retain(|open| !open.is_conflict());
    }

    /// Whether both say the same but for what is open.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        let without = |state: &Self| Self {
            open: Vec::new(),
            declined: Vec::new(),
            both: false,
            ..state.clone()
        };
        without(self) == without(other)
    }

    /// Puts lines into an order that does not depend on who wrote them, so that git merges them.
    pub fn sort(&mut self) {
        self.open.sort_by(|a, b| a.path.cmp(&b.path));
        self.declined.sort();
        self.declined.dedup();
    }

    /// The state as a file of the project.
    pub fn to_file(&self) -> Result<File> {
        let failed = |error: serde_yaml::Error| Error::State {
            path: FILE.into(),
            message: error.to_string(),
        };
        let body = serde_yaml::to_string(&self.to_value().map_err(failed)?).map_err(failed)?;
        let note = if self.is_plain() { "" } else { NEWER };
        Ok(File::new(format!("{HEADER}{note}{body}").into_bytes()))
    }

    /// Whether every program that there ever was reads it.
    fn is_plain(&self) -> bool {
        let is_newer =
            self.format.is_some() || !self.unknown.is_empty() || !self.declined.is_empty();
        !is_newer && self.open.iter().all(Open::is_plain)
    }

    fn to_value(&self) -> Result<Value, serde_yaml::Error> {
        let mut value = with(serde_yaml::to_value(self)?, &self.unknown);
        if let Some(Value::Sequence(entries)) = value.get_mut("open") {
            for (entry, open) in entries.iter_mut().zip(&self.open) {
                *entry = with(std::mem::take(entry), &open.unknown);
            }
        }
        Ok(value)
    }
}

/// A mapping with the entries of `more` behind its own.
fn with(value: Value, unknown: &Mapping) -> Value {
    match value {
        Value::Mapping(mut own) => {
            own.extend(unknown.clone());
            Value::Mapping(own)
        }
        other => other,
    }
}
