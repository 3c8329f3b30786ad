//! `upgrade --continue` and `upgrade --abort`: the end of an upgrade that left conflicts.

use super::open::{self, Unfinished};
use crate::apply::{self, Amendment, Follow, Interrupt, Pending, Records, ToDo};
use crate::change::with_state;
use crate::command::{self, Broken};
use crate::error::{Error, Result};
use crate::fs::{self, Entry};
use crate::report::{Report, after_writing, tell_lost, tick};
use crate::state::Open;
use crate::ui::Ui;
use crate::workplace::Workplace;
use three_way::Marks;

/// Checks that no conflict is left, and forgets that there were any.
pub(super) fn go_on(place: &mut Workplace, ui: &mut Ui, interrupt: &Interrupt) -> Result<Report> {
    locked(place)?;
    let mut state = place.state()?;
    let Some(pending) = open::pending(place.store(), &state)? else {
        return open::go_on(place, &state, interrupt);
    };
    undecided(place, &pending, ui)?;
    let index = match place.git() {
        Some(git) => git.settling(&pending.staged)?,
        None => Vec::new(),
    };
    let left = Unfinished::of(place, &state)?.left;
    if !left.is_empty() {
        return Err(Error::MarkersLeft { paths: left });
    }
    state.forget_conflicts();
    let edits = with_state(place, Vec::new(), &state)?;
    let settled = [&pending.conflicts[..], &pending.beside].concat();
    let follow = Follow {
        index,
        pending: ToDo::Clear(pending.clone()),
        ..Follow::default()
    };
    let amendment = Amendment {
        title: "the end of an upgrade",
        edits: &edits,
        settled: &settled,
        follow,
    };
    apply::amend(place, amendment, interrupt)?;
    let mut report = Report::new();
    report.say(format!(
        "{} {} is finished; review it with `git diff` and commit it",
        tick(),
        pending.title
    ));
    after_writing(Ok(report))
}

/// Restores the state before the upgrade, byte for byte, also in files that were edited since; also one that was broken
/// off.
pub(in crate::command) fn abort(
    place: &mut Workplace,
    ui: &mut Ui,
    interrupt: &Interrupt,
) -> Result<Report> {
    match command::take_back(place, ui, interrupt)? {
        Broken::TakenBack => {
            place.store_mut().discard_if_unused();
            return Ok(Report::new());
        }
        Broken::Ended => return command::undo::last(place, None, interrupt),
        Broken::Nothing => {}
    }
    locked(place)?;
    let Some(pending) = open::pending_at(place)? else {
        return Err(not_here(place)?);
    };
    let index = match place.git() {
        Some(git) => git.restoring(&pending.staged)?,
        None => Vec::new(),
    };
    let follow = Follow {
        index,
        pending: ToDo::Clear(pending.clone()),
        records: Records::Undoing,
        ..Follow::default()
    };
    let undone = apply::undo(place, follow, interrupt)?;
    let Some(undone) = undone else {
        return Err(Error::NoRecord {
            title: pending.title,
        });
    };
    // Without git the records lie in the project, which shall be as it was.
    place.store_mut().discard_if_unused();
    let mut report = Report::new();
    report.say(format!(
        "{} took back {}: {} files are as they were",
        tick(),
        pending.title,
        undone.files
    ));
    tell_lost(place.store(), &mut report);
    if let Some(dir) = undone.set_aside {
        report.say(format!(
            "  what was edited in them since is kept in {} until the next time",
            dir.display()
        ));
    }
    after_writing(Ok(report))
}

/// Why nothing can be taken back where no run left a record: it ran elsewhere, or there was none.
fn not_here(place: &Workplace) -> Result<Error> {
    if !place.has_state() {
        return Ok(Error::NothingPending);
    }
    let state = place.state()?;
    let is_left = state.open.iter().any(Open::is_conflict);
    Ok(if is_left {
        Error::NotHere {
            version: state.version.to_string(),
        }
    } else {
        Error::NothingPending
    })
}

fn locked(place: &mut Workplace) -> Result<()> {
    let store = place.store_mut();
    if store.exists()? {
        store.lock()?;
        store.discard_if_unused();
    }
    Ok(())
}

/// Refuses while conflicts are not resolved: files with a part of one, and templates' versions that still lie beside.
fn undecided(place: &Workplace, pending: &Pending, ui: &mut Ui) -> Result<()> {
    let mut marked = Vec::new();
    for path in &pending.conflicts {
        let marks = pending.marks.get(path).cloned();
        let marks = marks.unwrap_or_else(|| Marks::labelled(&pending.label));
        if let Entry::File(file) = place.entry(path)?
            && let Some(line) = marks.left_in(&file.raw()).first()
        {
            marked.push(format!("{path} (line {line})"));
        }
    }
    let mut beside = Vec::new();
    for path in &pending.beside {
        if fs::metadata(&place.root().join(path.as_str()))?.is_some() {
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
