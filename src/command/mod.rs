//! One verb each. A verb says where base, ours and theirs come from; what all share stands here.

pub mod completions;
pub mod diff;
pub mod dockerize;
mod done;
mod gather;
pub mod merge_file;
mod migrations;
pub mod new;
mod policy;
pub mod secrets;
pub mod status;
pub mod undo;
pub mod upgrade;

pub use policy::Policy;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::adopt::Older;
use crate::apply::{self, Interrupt, Recovered};
use crate::error::{Error, Result};
use crate::fs;
use crate::plan::{Change, Plan, Verdict};
use crate::state::{self, Kind, Open, State};
use crate::template::{Catalogue, Release, Rendered, render_recorded};
use crate::tree::{File, TreePath};
use crate::ui::{self, Ui};
use crate::workplace::Workplace;

/// How a run ended that did not fail: the process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// `merge-file` alone, which answers as git's does.
    MergeConflicts,
    ConflictsLeft,
    /// Of a dry run: the run would refuse.
    WouldRefuse,
}

impl Outcome {
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::MergeConflicts | Self::WouldRefuse => 1,
            Self::ConflictsLeft => 3,
        }
    }
}

/// How a dry run ends: as the run would.
pub(crate) fn outcome_of_dry(is_refused: bool, leaves_conflicts: bool) -> Outcome {
    if is_refused {
        Outcome::WouldRefuse
    } else if leaves_conflicts {
        Outcome::ConflictsLeft
    } else {
        Outcome::Done
    }
}

/// A project that a state file describes, with its base: the recorded release rendered with the recorded answers.
pub(crate) struct Project {
    pub(crate) state: State,
    /// The state file as it was read; none where the project is adopted.
    pub(crate) state_file: Option<File>,
    /// The recorded release, without its sources.
    pub(crate) release: Release,
    pub(crate) base: Rendered,
    /// For a project that an older template made: what tells its lines from its team's.
    pub(crate) older: Option<Older>,
}

impl Project {
    /// The project at `place`.
    pub(crate) fn open(place: &Workplace, catalogue: &Catalogue) -> Result<Self> {
        let state_file = place.state_file()?;
        let state = place.state()?;
        let mut release = recorded_release(&state, catalogue)?;
        let base = render_recorded(&release, &state.answers)?;
        release.forget_sources();
        let rendered = crate::tree::digest(&base.tree);
        if rendered.map_err(Error::io("read", &release.label))? != state.rendered {
            return Err(Error::State {
                path: state::FILE.into(),
                message: "it was edited by hand: its answers make other files than it records; to change answers, use \
                          `ixd-template upgrade --ask`"
                    .into(),
            });
        }
        Ok(Self {
            state,
            state_file,
            release,
            base,
            older: None,
        })
    }

    /// What stands in the project at every path of its base.
    pub(crate) fn ours(&self, place: &Workplace) -> Result<BTreeMap<TreePath, fs::Entry>> {
        let base = &self.base.tree;
        gather::entries(place, &[base], base.keys())
    }
}

/// An entry of what is open, for scripts.
#[derive(Serialize)]
pub(crate) struct OpenEntry<'a> {
    #[serde(flatten)]
    open: &'a Open,
    kind: Kind,
    /// How many hunks of the file the team declined.
    #[serde(skip_serializing_if = "Option::is_none")]
    hunks: Option<usize>,
}

impl<'a> OpenEntry<'a> {
    pub(crate) fn all(state: &'a State) -> Vec<Self> {
        let entry = |open: &'a Open| {
            let kind = open.kind();
            let hunks = state
                .declined
                .iter()
                .filter(|declined| declined.path == open.path);
            let hunks = hunks.count();
            Self {
                open,
                kind,
                hunks: (kind == Kind::Declined && hunks > 0).then_some(hunks),
            }
        };
        state.open.iter().map(entry).collect()
    }
}

impl std::fmt::Display for OpenEntry<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.open.place(), self.open.what)?;
        match self.hunks {
            Some(1) => write!(f, " (1 hunk declined)"),
            Some(hunks) => write!(f, " ({hunks} hunks declined)"),
            None => Ok(()),
        }
    }
}

/// Finishes what a killed run left behind, and says so; how that run would have ended.
pub(crate) fn recover(place: &mut Workplace, ui: &mut Ui) -> Result<Option<Outcome>> {
    let Some(Recovered::Finished { title, left }) = apply::recover(place)? else {
        return Ok(None);
    };
    ui.say(format!(
        "`{title}` had been broken off; it is finished now."
    ));
    for path in &left {
        ui.say(format!("  conflict: {path}"));
    }
    done::tell_lost(place.store(), ui);
    Ok(Some(if left.is_empty() {
        Outcome::Done
    } else {
        Outcome::ConflictsLeft
    }))
}

/// As [`recover`], for commands that otherwise only look.
pub(crate) fn recover_at(dir: &Path, ui: &mut Ui) -> Result<Workplace> {
    let mut place = Workplace::around(dir)?;
    recover(&mut place, ui)?;
    Ok(place)
}

/// What [`take_back`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// No run had been broken off.
    Nothing,
    TakenBack,
    /// The end of an upgrade, which is finished now: the upgrade as a whole is still there.
    Ended,
}

/// Takes back what a killed run left behind, and says so.
pub(crate) fn take_back(
    place: &mut Workplace,
    ui: &mut Ui,
    interrupt: &Interrupt,
) -> Result<Broken> {
    let Some(back) = apply::take_back(place, interrupt)? else {
        return Ok(Broken::Nothing);
    };
    for (path, aside) in &back.aside {
        ui.say(format!(
            "{path} had been edited since; that version is in {aside}"
        ));
    }
    if back.is_amendment {
        return Ok(Broken::Ended);
    }
    ui.say(format!(
        "{} `{}` had been broken off; it is taken back, and the project is as it was",
        tick(),
        back.title.trim_start_matches("undo of ")
    ));
    Ok(Broken::TakenBack)
}

/// The sign of what is done.
pub(crate) fn tick() -> impl std::fmt::Display {
    console::style("✓").for_stderr().green()
}

/// The release that a state file names, which must be the very one that was used.
fn recorded_release(state: &State, catalogue: &Catalogue) -> Result<Release> {
    let release = match catalogue.release(Some(&state.version.to_string())) {
        Err(Error::NoRelease { wanted, available }) => {
            refuse_other_template(state, &catalogue.name()?, catalogue)?;
            return Err(Error::NoBase { wanted, available });
        }
        release => release?,
    };
    refuse_other_template(state, &release.manifest.name, catalogue)?;
    if release.digest != state.digest {
        return Err(Error::OtherRelease {
            version: state.version.to_string(),
            recorded: state.digest.clone(),
            found: release.digest,
        });
    }
    Ok(release)
}

/// An error where the catalogue, whose template is `found`, is not of the template that the project was made from.
fn refuse_other_template(state: &State, found: &str, catalogue: &Catalogue) -> Result<()> {
    if found == state.template {
        return Ok(());
    }
    Err(Error::OtherTemplate {
        wanted: state.template.clone(),
        version: state.version.to_string(),
        found: found.to_owned(),
        dir: catalogue.dir().map(Path::to_path_buf),
    })
}

/// Prints a plan: counts by class, then what each class holds.
pub(crate) fn show(plan: &Plan, ui: &mut Ui) {
    for name in [
        "updated", "merged", "moved", "new", "removed", "kept", "conflict",
    ] {
        let changes: Vec<&Change> = plan
            .changes
            .iter()
            .filter(|change| change.class() == name)
            .collect();
        let shown: Vec<String> = changes.iter().map(|change| from_and_to(change)).collect();
        let paths: Vec<&str> = shown.iter().map(String::as_str).collect();
        if paths.is_empty() {
            continue;
        }
        if matches!(name, "kept" | "conflict") {
            ui.data(format!("  {name:<9} {:>4}", paths.len()));
            for change in changes {
                let head = format!("{:19}{}: ", "", from_and_to(change));
                let more = " ".repeat(21);
                let said: Vec<String> = std::iter::once(reason(&change.verdict))
                    .chain(change.notes())
                    .collect();
                ui.data(ui::hang(&head, &said.join("; "), &more));
            }
            continue;
        }
        for (index, line) in grouped(&paths).iter().enumerate() {
            let head = if index == 0 {
                format!("{name:<9} {:>4}", paths.len())
            } else {
                " ".repeat(14)
            };
            ui.data(format!("  {head}   {line}"));
        }
        for change in changes {
            for note in change.notes() {
                let head = format!("{:19}note: {}: ", "", from_and_to(change));
                ui.data(ui::hang(&head, &note, &" ".repeat(21)));
            }
        }
    }
    show_stays(plan, ui);
}

/// A change's path, behind the one it moves from.
fn from_and_to(change: &Change) -> String {
    match &change.moved_from {
        Some(from) => format!("{from} → {}", change.path),
        None => change.path.to_string(),
    }
}

pub(crate) fn reason(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Keep(reason) => (*reason).to_owned(),
        Verdict::Conflict(conflict) => conflict.describe(),
        Verdict::Take | Verdict::Move | Verdict::Merged(..) => String::new(),
    }
}

/// The user's own files in folders that the template gave up.
fn show_stays(plan: &Plan, ui: &mut Ui) {
    if plan.stays.is_empty() {
        return;
    }
    let paths: Vec<&str> = plan.stays.iter().map(String::as_str).collect();
    ui.data(format!(
        "  {:<9} {:>4}   yours, in folders that the template gave up:",
        "stays",
        paths.len()
    ));
    for line in grouped(&paths) {
        ui.data(format!("                   {line}"));
    }
}

/// Paths for people: a folder with many files is one line, and short paths share lines.
fn grouped(paths: &[&str]) -> Vec<String> {
    const MANY: usize = 3;
    let top = |path: &str| path.split_once('/').map(|(top, _)| top.to_owned());
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    for folder in paths.iter().filter_map(|path| top(path)) {
        *sizes.entry(folder).or_default() += 1;
    }
    sizes.retain(|_, size| *size > MANY);
    let is_single = |path: &&&str| top(path).is_none_or(|folder| !sizes.contains_key(&folder));
    let single: Vec<&str> = paths.iter().filter(is_single).copied().collect();
    let folders = sizes
        .iter()
        .map(|(folder, size)| format!("{folder}/ ({size} files)"));
    wrapped(&single).into_iter().chain(folders).collect()
}

/// Short paths share a line.
fn wrapped(paths: &[&str]) -> Vec<String> {
    const WIDTH: usize = 60;
    let mut lines: Vec<String> = Vec::new();
    for path in paths {
        match lines.last_mut() {
            Some(line) if line.len() + path.len() + 2 <= WIDTH => {
                line.push_str(", ");
                line.push_str(path);
            }
            _ => lines.push((*path).to_owned()),
        }
    }
    lines
}
