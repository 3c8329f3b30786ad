//! What the state file says is open, which counts in every clone; the record of a run counts in the one where it ran.

use crate::apply::{self, Follow, Interrupt, Pending, ToDo, Transaction};
use crate::change::with_state;
use crate::error::{Error, Result};
use crate::fs::{self, Entry};
use crate::report::{Report, after_writing, tick};
use crate::state::{self, Open, State};
use crate::tree::{File, TreePath};
use crate::ui::Ui;
use crate::workplace::{Store, Workplace};
use three_way::Marks;

/// The conflicts that an upgrade left, as they stand now.
#[derive(Debug, Default)]
pub(crate) struct Unfinished {
    /// Files with markers, and versions of the template's that still lie beside.
    pub(crate) left: Vec<String>,
    /// The files that are resolved, and still listed.
    pub(crate) settled: Vec<String>,
}

impl Unfinished {
    /// What is unfinished by the state file alone.
    pub(crate) fn of(place: &Workplace, state: &State) -> Result<Self> {
        let mut found = Self::default();
        for open in conflicts(state) {
            let left = left(place, open)?;
            if left.is_empty() {
                found.settled.push(open.place().to_owned());
            }
            found.left.extend(left);
        }
        Ok(found)
    }

    /// What is unfinished by the state file and the record of a run in this clone: a conflict which that run left is
    /// resolved when it is committed, or when `--continue` says so.
    pub(crate) fn here(
        place: &Workplace,
        state: &State,
        pending: Option<&Pending>,
    ) -> Result<Self> {
        let found = Self::of(place, state)?;
        match pending {
            Some(pending) if found.left.is_empty() && !is_committed(place, pending)? => Ok(Self {
                left: pending.names(),
                settled: Vec::new(),
            }),
            _ => Ok(found),
        }
    }
}

impl Unfinished {
    /// The files whose conflicts are resolved, which it says.
    ///
    /// # Errors
    /// Where any is left.
    pub(super) fn go_on(
        self,
        state: &State,
        pending: Option<Pending>,
        ui: &mut Ui,
    ) -> Result<Vec<String>> {
        if self.left.is_empty() {
            tell_settled(&self.settled, &state.version, ui);
            return Ok(self.settled);
        }
        Err(match pending {
            Some(pending) => Error::Unfinished {
                paths: pending.names(),
                title: pending.title,
            },
            None => Error::LeftOpen {
                version: state.version.to_string(),
                paths: self.left,
            },
        })
    }
}

/// The record of the run in this clone that left what the state file lists; one of another branch, or of another release,
/// counts for nothing.
pub(crate) fn pending(store: &Store, state: &State) -> Result<Option<Pending>> {
    let is_listed = |path: &TreePath| conflicts(state).any(|open| open.path == path.as_str());
    let release = format!(" {}", state.version);
    let pending = store.pending()?;
    Ok(pending
        .filter(|pending| pending.title.ends_with(&release) && pending.open.iter().any(is_listed)))
}

/// The record of the run in this clone, for who takes it back: it counts also where the state file cannot be read.
pub(crate) fn pending_at(place: &Workplace) -> Result<Option<Pending>> {
    match place.state() {
        Ok(state) => pending(place.store(), &state),
        Err(_) => place.store().pending(),
    }
}

fn conflicts(state: &State) -> impl Iterator<Item = &Open> {
    state.open.iter().filter(|open| open.is_conflict())
}

/// What is left of one conflict.
fn left(place: &Workplace, open: &Open) -> Result<Vec<String>> {
    let mut left = Vec::new();
    if let Ok(path) = TreePath::new(open.place())
        && let Entry::File(file) = place.entry(&path)?
        && !Marks::of_any_release(open.separator)
            .left_in(&file.raw())
            .is_empty()
    {
        left.push(path.to_string());
    }
    if let Some(beside) = &open.beside
        && fs::metadata(&place.root().join(beside))?.is_some()
    {
        left.push(beside.clone());
    }
    Ok(left)
}

/// Whether the files in which a run left conflicts, and the state file that lists them, are in the last commit as they
/// are now.
fn is_committed(place: &Workplace, pending: &Pending) -> Result<bool> {
    let Some(git) = place.git() else {
        return Ok(false);
    };
    let mut files: Vec<(TreePath, File)> = Vec::new();
    let mut gone: Vec<TreePath> = Vec::new();
    let paths = pending.conflicts.iter().map(TreePath::as_str);
    for path in paths.chain([state::FILE]) {
        let Ok(path) = TreePath::new(path) else {
            continue;
        };
        match place.entry(&path)? {
            Entry::File(file) => files.push((path, file)),
            _ => gone.push(path),
        }
    }
    let untracked = git.untracked(files.iter().map(|(path, _)| path).chain(&gone))?;
    let files: Vec<(&TreePath, &File)> = files.iter().map(|(path, file)| (path, file)).collect();
    let is_known = files.iter().all(|(path, _)| !untracked.contains(*path));
    let is_gone = gone.iter().all(|path| untracked.contains(path));
    Ok(is_known && is_gone && git.dirty(&files)?.is_empty())
}

/// Says which conflicts are resolved and will be listed no longer.
fn tell_settled(settled: &[String], version: &semver::Version, ui: &mut Ui) {
    if !settled.is_empty() {
        ui.say(format!(
            "The conflicts of the upgrade to {version} are resolved: {}",
            settled.join(", ")
        ));
    }
}

/// Records in the state file that no conflict is left. Where that was the record of a run in this clone, it goes with it.
pub(super) fn record(place: &mut Workplace, state: &State, interrupt: &Interrupt) -> Result<()> {
    let pending = place.store().pending()?;
    let mut state = State {
        both: false,
        ..state.clone()
    };
    state.forget_conflicts();
    let edits = with_state(place, Vec::new(), &state)?;
    let follow = Follow {
        pending: pending.map_or(ToDo::Keep, ToDo::Clear),
        ..Follow::default()
    };
    let transaction = Transaction::new("the end of an upgrade", &edits, follow);
    apply::transact(place, &transaction, interrupt)?;
    Ok(())
}

/// What keeps a project from an exit of 0: files in which conflicts are left, and a state file that is in one of git's.
pub(crate) fn unfinished(
    place: &Workplace,
    state: &State,
    pending: Option<&Pending>,
) -> Result<Unfinished> {
    let mut found = Unfinished::here(place, state, pending)?;
    found
        .left
        .extend(state.both.then(|| state::FILE.to_owned()));
    Ok(found)
}

/// `--continue` where no record of a run says what is left.
pub(super) fn go_on(place: &mut Workplace, state: &State, interrupt: &Interrupt) -> Result<Report> {
    let found = Unfinished::of(place, state)?;
    if !found.left.is_empty() {
        return Err(Error::MarkersLeft { paths: found.left });
    }
    if found.settled.is_empty() && !state.both {
        return Err(Error::NothingPending);
    }
    record(place, state, interrupt)?;
    let mut report = Report::new();
    if state.both {
        report.say(format!(
            "{} {1} is merged, at release {2}; `git add {1}` tells git",
            tick(),
            state::FILE,
            state.version
        ));
    }
    if !found.settled.is_empty() {
        report.say(format!(
            "{} the upgrade to {} is finished; review it with `git diff` and commit it",
            tick(),
            state.version
        ));
    }
    after_writing(Ok(report))
}

/// What a command says of a state file in a conflict that it can read all the same.
pub(crate) fn tell_both(state: &State, report: &mut Report) {
    if state.both {
        report.say(format!(
            "{} is in a git conflict, and both sides agree on the answers: `ixd-template upgrade --continue` merges it",
            state::FILE
        ));
    }
}
