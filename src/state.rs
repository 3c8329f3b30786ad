//! The state file: what a project was made from, so that the next upgrade has its base.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::template::{Answers, Release, render};
use crate::tree::{self, File, Tree, TreePath};

/// The state file's path in a project.
pub const FILE: &str = ".ixd-template.yml";

/// What a file was made from that was there before the template: no release at all.
pub const NO_RELEASE: semver::Version = semver::Version::new(0, 0, 0);

const HEADER: &str = "\
# Which release of which template this project was made from, and with which answers.
# Commit it. `ixd-template upgrade` keeps it; `ixd-template upgrade --ask` changes the answers.
";

/// The content of a state file. Secret answers are never part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
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
}

/// One file in which the project does not follow the release that the state file names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    pub path: String,
    /// What is open, in words.
    pub what: String,
    /// The release whose file the project's one still follows: the base for offering the change again.
    pub base: semver::Version,
    /// The path in that release, where it was another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
}

impl Open {
    fn paths(&self) -> impl Iterator<Item = &str> {
        [Some(self.path.as_str()), self.was.as_deref()]
            .into_iter()
            .flatten()
    }
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
            template: release.manifest.name.clone(),
            version: release.manifest.version.clone(),
            digest: release.digest.clone(),
            rendered,
            answers: recorded,
            open: Vec::new(),
        })
    }

    /// Reads the text of a state file.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |message| Error::State {
            path: FILE.into(),
            message,
        };
        let state: Self = serde_yaml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        for path in state.open.iter().flat_map(Open::paths) {
            TreePath::new(path)
                .map_err(|reason| wrong(format!("`{path}` under `open`: {reason}")))?;
        }
        Ok(state)
    }

    /// The state as a file of the project.
    pub fn to_file(&self) -> Result<File> {
        let body = serde_yaml::to_string(self).map_err(|error| Error::State {
            path: FILE.into(),
            message: error.to_string(),
        })?;
        Ok(File::new(format!("{HEADER}{body}").into_bytes()))
    }
}
