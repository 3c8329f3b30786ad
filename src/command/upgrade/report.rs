//! What `upgrade` says: what is coming, what was done, and all of it as JSON.

use serde::Serialize;

use super::Upgrade;
use super::adopting::Adoption;
use crate::command::done::{Done, say_conflicts, say_kept};
use crate::command::{self, Outcome, tick};
use crate::error::{self, Error};
use crate::plan::{Change, Edit};
use crate::review::Reviewed;
use crate::state::State;
use crate::template::Release;
use crate::template::changelog::{self, Entry, Section};
use crate::ui::{self, Ui};

#[derive(Serialize)]
struct Check<'a> {
    version: &'a semver::Version,
    available: &'a semver::Version,
    upgrade_available: bool,
    /// The files in which conflicts of the last upgrade are left: until they are resolved no other one can be made.
    unfinished: &'a [String],
    /// All that is open, of whatever kind.
    open: Vec<command::OpenEntry<'a>>,
}

/// Answers `--check`.
pub(super) fn check(
    state: &State,
    target: &Release,
    unfinished: &[String],
    json: bool,
    ui: &mut Ui,
) -> Outcome {
    let check = Check {
        version: &state.version,
        available: &target.manifest.version,
        upgrade_available: target.manifest.version > state.version,
        unfinished,
        open: command::OpenEntry::all(state),
    };
    if json {
        ui.json(&check);
    } else {
        if !unfinished.is_empty() {
            ui.data(format!(
                "the upgrade to {} is not finished: conflicts are left in {}",
                check.version,
                unfinished.join(", ")
            ));
        }
        ui.data(if check.upgrade_available {
            format!(
                "{} → {} is available: run `ixd-template upgrade`",
                check.version, check.available
            )
        } else {
            format!("{} is the newest release", check.version)
        });
    }
    if check.upgrade_available || !unfinished.is_empty() {
        Outcome::ConflictsLeft
    } else {
        Outcome::Done
    }
}

/// Entries of the changelog that are shown unless all are asked for.
const SHOWN: usize = 12;

/// What is coming: the way, its news, the plan.
pub(super) fn header(upgrade: &Upgrade, name: &str, all: bool, ui: &mut Ui) {
    let state = &upgrade.project.state;
    let target = &upgrade.target.manifest.version;
    if upgrade.project.older.is_some() {
        ui.data(format!("Adopting {name} at {target}\n"));
    } else if *target == state.version {
        ui.data(format!("{name}: release {target}\n"));
    } else {
        ui.data(format!(
            "Upgrading {name} from {} to {target}\n",
            state.version
        ));
    }
    show_news(&upgrade.news, all, ui);
    command::show(&upgrade.plan, ui);
    if !upgrade.left.is_empty() {
        ui.data(format!(
            "  {:<9} {:>4}   of the older template, nothing has come in their place:",
            "left",
            upgrade.left.len()
        ));
        ui.data(format!("                   {}", upgrade.left.join(", ")));
    }
    for note in &upgrade.carried.notes {
        ui.data(hanging("  answer           ", note));
    }
}

/// The entries of the changelog, and unless all are asked for only those about what comes into the project.
fn show_news(news: &[Section], all: bool, ui: &mut Ui) {
    let entries: Vec<(String, &Entry)> = news
        .iter()
        .flat_map(|section| section.entries.iter().map(move |entry| (section, entry)))
        .filter(|(_, entry)| all || !entry.is_about_tool)
        .map(|(section, entry)| (format!("  {}  ", section.version), entry))
        .collect();
    for (head, entry) in entries.iter().take(if all { usize::MAX } else { SHOWN }) {
        let text = if all {
            entry.text.clone()
        } else {
            entry.plain()
        };
        ui.data(hanging(head, &text));
    }
    if !all && entries.len() > SHOWN {
        ui.data(format!(
            "  … and {} more; `--changelog` shows all",
            entries.len() - SHOWN
        ));
    }
    if !entries.is_empty() {
        ui.data("");
    }
}

/// A text in lines of a readable length, the first behind `head`, the others below it.
fn hanging(head: &str, text: &str) -> String {
    ui::hang(head, text, &" ".repeat(head.len()))
}

/// Nothing to do.
pub(super) fn nothing(upgrade: &Upgrade, json: bool, ui: &mut Ui) {
    if json {
        ui.json(&Report::of(upgrade, "nothing"));
    } else {
        ui.data("Nothing to do: the project has this release and these answers.");
    }
}

/// The end of a dry run.
/// `refused` is why a run would write nothing either.
pub(super) fn dry_run(upgrade: &Upgrade, refused: Option<Error>, json: bool, ui: &mut Ui) {
    let refused = refused.map(|error| error.to_string());
    if json {
        ui.json(&Report {
            refused,
            ..Report::of(upgrade, "dry-run")
        });
        return;
    }
    ui.say("\nNothing was written (--dry-run).");
    if let Some(reason) = refused {
        ui.say(format!(
            "Without it nothing would be written either: {reason}"
        ));
    }
}

#[derive(Serialize)]
struct Report<'a> {
    status: &'static str,
    from: &'a semver::Version,
    to: &'a semver::Version,
    answers: &'a [String],
    news: Vec<News<'a>>,
    changes: Vec<ChangeReport<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stays: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    adopted: Option<&'a Adoption>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    left: &'a [String],
    /// Why a run would write nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

/// An entry of the changelog.
#[derive(Serialize)]
pub(super) struct News<'a> {
    version: String,
    text: &'a str,
    paths: &'a [String],
}

/// The entries about what comes into the project.
pub(super) fn news(sections: &[Section]) -> Vec<News<'_>> {
    let entries = sections.iter().flat_map(|section| {
        let entries = section.entries.iter().filter(|entry| !entry.is_about_tool);
        entries.map(|entry| News {
            version: section.version.to_string(),
            text: &entry.text,
            paths: &entry.paths,
        })
    });
    entries.collect()
}

#[derive(Serialize)]
struct ChangeReport<'a> {
    path: &'a str,
    class: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_from: Option<&'a str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<&'a str>,
    /// What has to be known of the merge.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

impl<'a> Report<'a> {
    fn of(upgrade: &'a Upgrade, status: &'static str) -> Self {
        let change = |change: &'a Change| ChangeReport {
            path: change.path.as_str(),
            class: change.class(),
            moved_from: change
                .moved_from
                .as_ref()
                .map(crate::tree::TreePath::as_str),
            detail: command::reason(&change.verdict),
            notes: change.notes(),
            reasons: changelog::reasons(&upgrade.news, change.in_template().as_str())
                .into_iter()
                .map(|entry| entry.text.as_str())
                .collect(),
        };
        Self {
            status,
            from: &upgrade.project.state.version,
            to: &upgrade.target.manifest.version,
            answers: &upgrade.carried.notes,
            news: news(&upgrade.news),
            changes: upgrade.plan.changes.iter().map(change).collect(),
            stays: &upgrade.plan.stays,
            adopted: upgrade.adoption.as_ref(),
            left: &upgrade.left,
            refused: None,
        }
    }
}

/// What the run is called, in reports and in records.
pub(super) fn title(is_new: bool, from: Option<&semver::Version>, to: &semver::Version) -> String {
    let verb = if is_new { "adopt" } else { "upgrade" };
    match from {
        Some(from) => format!("{verb} {from} → {to}"),
        None => format!("{verb} → {to}"),
    }
}

/// How an upgrade ended.
pub(super) struct Ending<'a> {
    pub(super) title: &'a str,
    pub(super) edits: &'a [Edit],
    pub(super) reviewed: &'a Reviewed,
    pub(super) state: &'a State,
    /// Paths with the notes of their merges.
    pub(super) notes: &'a [(String, String)],
    /// Git does not look at modes on the disk.
    pub(super) modes_are_unseen: bool,
}

/// What was done, what is left to do, how to take it back.
pub(super) fn done(ending: &Ending, json: bool, ui: &mut Ui) {
    let Ending {
        title,
        edits,
        reviewed,
        state,
        ..
    } = *ending;
    if json {
        ui.json(&Done::new(edits, reviewed, Some(&state.open)).noting(ending.notes));
        return;
    }
    let files: Vec<&Edit> = edits
        .iter()
        .filter(|edit| edit.path.as_str() != crate::state::FILE)
        .collect();
    ui.say(match files.len() {
        0 => format!(
            "\n{} {title}: only {} is written",
            tick(),
            crate::state::FILE
        ),
        1 => format!("\n{} {title}: 1 file written", tick()),
        count => format!("\n{} {title}: {count} files written", tick()),
    });
    say_kept(reviewed, ui);
    if !state.open.is_empty() && reviewed.left.is_empty() {
        ui.say("  `ixd-template upgrade --ask` offers again what you declined");
    }
    say_conflicts(reviewed, ui);
    let touches = |name: &str| files.iter().any(|edit| edit.path.name().starts_with(name));
    ui.say("\nNext:");
    if !reviewed.left.is_empty() {
        ui.say("  edit the files with conflicts, then   ixd-template upgrade --continue");
        ui.say("  or go back with                       ixd-template upgrade --abort");
        return;
    }
    let is_new = |edit: &&&Edit| {
        edit.before.is_none() && edit.after.as_ref().is_some_and(|file| file.executable)
    };
    let executable: Vec<String> = files
        .iter()
        .filter(is_new)
        .map(|edit| error::shell_word(edit.path.as_str()))
        .collect();
    if ending.modes_are_unseen && !executable.is_empty() {
        ui.say(format!(
            "  git add --chmod=+x {}   # git does not see here that they are executable",
            executable.join(" ")
        ));
    }
    if touches("requirements") {
        ui.say("  ./go.sh pip-install.sh                # the pinned packages changed");
    }
    if touches("package") {
        ui.say("  ./go.sh npm-install.sh                # the Node packages changed");
    }
    ui.say("  run your tests, then commit");
    ui.say("  ixd-template undo                     # takes it back");
}
