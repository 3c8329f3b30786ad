//! `upgrade --continue` and `upgrade --abort`: the end of an upgrade that left conflicts.

use std::path::Path;

use super::open::{self, Unfinished};
use super::write::with_state;
use crate::apply::{self, Follow, Interrupt, Pending, Records, Store, ToDo};
use crate::command::{self, Broken, Outcome, tick};
use crate::error::{Error, Result};
use crate::fs::{self, Entry};
use crate::git::Git;
use crate::state::{self, Open};
use crate::ui::Ui;
use three_way::Marks;

/// Checks that no conflict is left, and forgets that there were any.
pub(super) fn go_on(
    root: &Path,
    store: &mut Store,
    ui: &mut Ui,
    interrupt: &Interrupt,
) -> Result<Outcome> {
    locked(store)?;
    let mut state = command::read_state(root)?;
    let Some(pending) = open::pending(store, &state)? else {
        open::go_on(root, store, &state, ui, interrupt)?;
        return Ok(Outcome::Done);
    };
    undecided(root, &pending, ui)?;
    let index = match Git::around(root)? {
        Some(git) => git.settling(&pending.staged)?,
        None => Vec::new(),
    };
    let left = Unfinished::of(root, &state)?.left;
    if !left.is_empty() {
        return Err(Error::MarkersLeft { paths: left });
    }
    state.forget_conflicts();
    let edits = with_state(root, Vec::new(), &state)?;
    let settled = [&pending.conflicts[..], &pending.beside].concat();
    let follow = Follow {
        index,
        pending: ToDo::Clear(pending.clone()),
        ..Follow::default()
    };
    let edits = ("the end of an upgrade", &edits[..]);
    apply::amend(root, store, edits, &settled, follow, interrupt)?;
    ui.say(format!(
        "{} {} is finished; review it with `git diff` and commit it",
        tick(),
        pending.title
    ));
    Ok(Outcome::Done)
}

/// Restores the state before the upgrade, byte for byte, also in files that were edited since; also one that was broken
/// off.
pub(in crate::command) fn abort(
    root: &Path,
    store: &mut Store,
    ui: &mut Ui,
    interrupt: &Interrupt,
) -> Result<Outcome> {
    match command::take_back(root, store, ui, interrupt)? {
        Broken::TakenBack => {
            store.discard_if_unused();
            return Ok(Outcome::Done);
        }
        Broken::Ended => return command::undo::last(root, None, store, ui, interrupt),
        Broken::Nothing => {}
    }
    locked(store)?;
    let Some(pending) = open::pending_at(root, store)? else {
        return Err(not_here(root)?);
    };
    let index = match Git::around(root)? {
        Some(git) => git.restoring(&pending.staged)?,
        None => Vec::new(),
    };
    let follow = Follow {
        index,
        pending: ToDo::Clear(pending.clone()),
        records: Records::Undoing,
        ..Follow::default()
    };
    let undone = apply::undo(root, store, follow, interrupt)?;
    let Some(undone) = undone else {
        return Err(Error::NoRecord {
            title: pending.title,
        });
    };
    // Without git the records lie in the project, which shall be as it was.
    store.discard_if_unused();
    ui.say(format!(
        "{} took back {}: {} files are as they were",
        tick(),
        pending.title,
        undone.files
    ));
    command::done::tell_lost(store, ui);
    if let Some(dir) = undone.set_aside {
        ui.say(format!(
            "  what was edited in them since is kept in {} until the next time",
            dir.display()
        ));
    }
    Ok(Outcome::Done)
}

/// Why nothing can be taken back where no run left a record: it ran elsewhere, or there was none.
fn not_here(root: &Path) -> Result<Error> {
    if !root.join(state::FILE).is_file() {
        return Ok(Error::NothingPending);
    }
    let state = command::read_state(root)?;
    let is_left = state.open.iter().any(Open::is_conflict);
    Ok(if is_left {
        Error::NotHere {
            version: state.version.to_string(),
        }
    } else {
        Error::NothingPending
    })
}

fn locked(store: &mut Store) -> Result<()> {
    if store.exists()? {
        store.lock()?;
        store.discard_if_unused();
    }
    Ok(())
}

/// Refuses while conflicts are not resolved: files with a part of one, and templates' versions that still lie beside.
fn undecided(root: &Path, pending: &Pending, ui: &mut Ui) -> Result<()> {
    let mut marked = Vec::new();
    for path in &pending.conflicts {
        let marks = pending.marks.get(path).cloned();
        let marks = marks.unwrap_or_else(|| Marks::labelled(&pending.label));
        if let Entry::File(file) = fs::entry(root, path)?
            && let Some(line) = marks.left_in(&file.raw()).first()
        {
            marked.push(format!("{path} (line {line})"));
        }
    }
    let mut beside = Vec::new();
    for path in &pending.beside {
        if fs::metadata(&root.join(path.as_str()))?.is_some() {
            beside.push(path.to_string());
        }
    }
    if marked.is_empty() && beside.is_empty() {
        return Ok(());
    }
    if marked.is_empty() {
        return Err(Error::BesideLeft { paths: beside });
    }
    for path in &beside {
        ui.say(format!("  conflict: {path} still lies beside yours"));
    }
    Err(Error::MarkersLeft { paths: marked })
}
