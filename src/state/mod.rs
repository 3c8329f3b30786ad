//! The state file: what a project was made from, so that the next upgrade has its base.

mod read;

use serde::{Deserialize, Serialize};
use serde_yaml::{Mapping, Value};

use crate::error::{Error, Result};
use crate::template::{Answers, Release, render};
use crate::tree::{self, File, Tree, TreePath};

pub use read::refuse_newer;

/// The state file's path in a project.
pub const FILE: &str = ".ixd-template.yml";

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

/// For those whose program is too old to say it: 0.2.0 and older ones take a key that they do not know for damage.
const NEWER: &str = "\
# An ixd-template that cannot read this file is too old for it: get the newest one, and change nothing here.
";

/// The content of a state file. Secret answers are never part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// None: the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<u64>,
    pub template: String,
    pub version: semver::Version,
    /// Of the release: tells whether a catalogue's release of that version is the one that was used.
    pub digest: String,
    /// Of the files that release and answers make: tells whether this file was edited by hand.
    pub rendered: String,
    pub answers: Answers,
    /// What the last upgrade left undecided or the user declined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<Open>,
    /// What a newer program recorded and this one does not know: kept as it is.
    #[serde(skip)]
    pub more: Mapping,
}

/// One file in which the project does not follow the release that the state file names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    pub path: String,
    /// What is open, in words.
    pub what: String,
    /// The release whose file the project's one still follows: the base for offering the change again.
    pub base: semver::Version,
    /// The path in that release, where it was another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// What a newer program recorded and this one does not know: kept as it is.
    #[serde(skip)]
    pub more: Mapping,
}

impl State {
    /// The state of a project made from `release` with `answers`, whose files are `rendered`.
    pub fn new(release: &Release, answers: &Answers, rendered: &Tree) -> Result<Self> {
        let recorded = answers.without_secrets(&release.manifest);
        // Later runs do not know the secrets, so the digest must do without them.
        let rendered = if recorded == *answers {
            tree::digest(rendered)
        } else {
            tree::digest(&render(release, &recorded)?.tree)
        };
        Ok(Self {
            format: None,
            template: release.manifest.name.clone(),
            version: release.manifest.version.clone(),
            digest: release.digest.clone(),
            rendered,
            answers: recorded,
            open: Vec::new(),
            more: Mapping::new(),
        })
    }

    /// This state with what `older`, the one that it replaces, holds of a newer program's.
    #[must_use]
    pub fn instead_of(self, older: &Self) -> Self {
        Self {
            format: older.format,
            more: older.more.clone(),
            ..self
        }
    }

    /// Adds entries to those that are open. One for a path that has been open keeps what a newer program said of it.
    pub fn reopen(&mut self, entries: &[Open], older: &Self) {
        self.open.extend(entries.iter().cloned().map(|mut open| {
            if let Some(known) = older.open.iter().find(|known| known.path == open.path) {
                open.more.clone_from(&known.more);
            }
            open
        }));
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

    /// Whether every program that ever was reads it.
    fn is_plain(&self) -> bool {
        let is_plain = |open: &Open| open.more.is_empty();
        self.format.is_none() && self.more.is_empty() && self.open.iter().all(is_plain)
    }

    fn to_value(&self) -> Result<Value, serde_yaml::Error> {
        let mut value = with(serde_yaml::to_value(self)?, &self.more);
        if let Some(Value::Sequence(entries)) = value.get_mut("open") {
            for (entry, open) in entries.iter_mut().zip(&self.open) {
                *entry = with(std::mem::take(entry), &open.more);
            }
        }
        Ok(value)
    }
}

impl Open {
    /// `was` is the path in the release `base`, where it was another.
    #[must_use]
    pub fn new(
        path: &TreePath,
        what: &str,
        base: &semver::Version,
        was: Option<&TreePath>,
    ) -> Self {
        Self {
            path: path.to_string(),
            what: what.to_owned(),
            base: base.clone(),
            was: was.map(ToString::to_string),
            more: Mapping::new(),
        }
    }
}

/// A mapping with the entries of `more` behind its own.
fn with(value: Value, more: &Mapping) -> Value {
    match value {
        Value::Mapping(mut own) => {
            own.extend(more.clone());
            Value::Mapping(own)
        }
        other => other,
    }
}
