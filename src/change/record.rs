//! From a review to all that is written: the edits with the state file's, and what is recorded of the run.

use super::conflicts::conflicts_left;
use super::settled::Settled;
use super::{Proposed, gather};
use crate::apply::{Follow, Pending, Start, ToDo};
use crate::error::{Error, Result};
use crate::plan::Edit;
use crate::review::Reviewed;
use crate::state::{self, Declined, State};
use crate::template::Rendered;
use crate::tree::File;
use crate::workplace::Workplace;
use three_way::Labels;

/// What a command wants to have recorded of its run.
pub(crate) struct Record<'a> {
    /// The command, for people and for the project's records.
    pub(crate) title: String,
    /// What the state file shall say, but for what this run leaves open.
    pub(crate) state: State,
    /// The state that it replaces, if any: what has been open in it is not forgotten.
    pub(crate) former: Option<&'a State>,
    pub(crate) state_file: StateFile,
    pub(crate) labels: &'a Labels,
    pub(crate) afterwards: Afterwards,
}

/// How the state file is written.
pub(crate) enum StateFile {
    /// It is one of the files of theirs, and only has to list what is left open.
    InTheirs,
    /// It is written beside the files of theirs.
    Beside,
    /// As [`Self::Beside`], unless it is no longer as it was read: somebody may have decided something else in it meanwhile.
    AsRead(Option<File>),
}

/// What is done after the files.
pub(crate) enum Afterwards {
    /// A new project: a repository is made for it, if it wants one.
    Start(Option<&'static str>),
    /// Conflicts are recorded, in git's index too, for whoever ends the run or takes it back. What ends with it is the record
    /// of a former run.
    Conflicts(Option<Pending>),
}

impl Record<'_> {
    /// All that is to be written.
    pub(crate) fn settle(
        self,
        place: &Workplace,
        proposed: Proposed,
        reviewed: Reviewed,
    ) -> Result<Settled> {
        let mut state = self.state;
        let fresh = state.clone();
        list_open(
            &mut state,
            &reviewed,
            &proposed.theirs,
            self.former.unwrap_or(&fresh),
        );
        let mut edits = gather::as_on_disk(place, reviewed.edits.clone())?;
        edits.extend(proposed.extra.iter().cloned());
        let edits = match self.state_file {
            StateFile::InTheirs if reviewed.open.is_empty() => edits,
            StateFile::InTheirs => with_state_among(edits, &state)?,
            StateFile::Beside => with_state(place, edits, &state)?,
            StateFile::AsRead(read) => with_state_as_read(place, edits, &state, read.as_ref())?,
        };
        let follow = match self.afterwards {
            Afterwards::Start(message) => starting(&edits, &reviewed, &proposed.theirs, message),
            Afterwards::Conflicts(over) => {
                let secret = [&proposed.base.secret[..], &proposed.theirs.secret].concat();
                let mut follow = conflicts_left(
                    &self.title,
                    &reviewed,
                    &edits,
                    self.labels,
                    place.git(),
                    &secret,
                )?;
                if let (ToDo::Keep, Some(over)) = (&follow.pending, over) {
                    follow.pending = ToDo::Clear(over);
                }
                follow
            }
        };
        Ok(Settled {
            title: self.title,
            edits,
            notes: proposed.notes(),
            reviewed,
            state,
            base: proposed.base,
            theirs: proposed.theirs,
            follow,
        })
    }
}

/// What follows the files of a new project. Its first commit holds no secret.
fn starting(
    edits: &[Edit],
    reviewed: &Reviewed,
    theirs: &Rendered,
    message: Option<&str>,
) -> Follow {
    let open = edits
        .iter()
        .filter(|edit| !theirs.secret.contains(&edit.path));
    Follow {
        start: message.map(|message| Start {
            paths: open.map(|edit| edit.path.clone()).collect(),
            message: message.into(),
        }),
        left: reviewed.paths_unresolved(),
        ..Follow::default()
    }
}

/// Lists what a run left and what was declined in it. Of files with a secret no hash is kept: a short one can be guessed.
fn list_open(state: &mut State, reviewed: &Reviewed, theirs: &Rendered, former: &State) {
    state.reopen(&reviewed.open, former);
    let version = state.version.clone();
    let declined = reviewed.declined.iter();
    let declined = declined.filter(|(path, _)| !theirs.secret.contains(path));
    let declined = declined.map(|(path, hunk)| Declined::new(path, &version, hunk.clone()));
    state.declined.extend(declined);
    state.sort();
}

/// The edits, in which the one of the state file now writes this state.
fn with_state_among(mut edits: Vec<Edit>, state: &State) -> Result<Vec<Edit>> {
    let file = state.to_file()?;
    for edit in &mut edits {
        if edit.path.as_str() == state::FILE {
            edit.after = Some(file.clone());
        }
    }
    Ok(edits)
}

/// The edits of a transaction with, as its last one, the state file's.
pub(crate) fn with_state(
    place: &Workplace,
    mut edits: Vec<Edit>,
    state: &State,
) -> Result<Vec<Edit>> {
    let before = place.state_file()?;
    let after = state.to_file()?;
    let executable = before.as_ref().is_some_and(|before| before.executable);
    let after = Some(File {
        executable,
        ..after
    });
    if before != after {
        edits.push(Edit {
            path: state::path()?,
            before,
            after,
            like: None,
        });
    }
    Ok(edits)
}

/// As [`with_state`]; an error where the state file is not as it was `read`.
fn with_state_as_read(
    place: &Workplace,
    edits: Vec<Edit>,
    state: &State,
    read: Option<&File>,
) -> Result<Vec<Edit>> {
    let edits = with_state(place, edits, state)?;
    let mut found = edits.iter();
    let found = found.find(|edit| edit.path.as_str() == state::FILE);
    match found {
        Some(edit) if edit.before.as_ref() != read => Err(Error::Changed {
            paths: vec![state::FILE.to_owned()],
        }),
        _ => Ok(edits),
    }
}
