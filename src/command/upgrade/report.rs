//! What `upgrade` says: what is coming, what was done, and all of it as JSON.

use serde::Serialize;

use super::adopting::Adoption;
use super::prepare::Upgrade;
use crate::change::{Rehearsed, Written};
use crate::error;
use crate::git::Git;
use crate::plan::{Change, Edit};
use crate::report::{
    self, Done, OpenEntry, Outcome, Report, detail, kept_and_conflicts, show, tell_encryption,
    tell_lost, tick,
};
use crate::state::State;
use crate::template::Release;
use crate::template::changelog::{self, ChangelogEntry, Section};
use crate::ui;
use crate::workplace::Workplace;

#[derive(Serialize)]
struct ReleaseCheck<'a> {
    version: &'a semver::Version,
    available: &'a semver::Version,
    upgrade_available: bool,
    /// The files in which conflicts of the last upgrade are left: until they are resolved no other one can be made.
    unfinished: &'a [String],
    /// All that is open, of whatever kind.
    open: Vec<OpenEntry<'a>>,
}

/// Answers `--check`, behind what `report` says already.
pub(super) fn check(
    state: &State,
    target: &Release,
    unfinished: &[String],
    json: bool,
    mut report: Report,
) -> Report {
    let check = ReleaseCheck {
        version: &state.version,
        available: &target.manifest.version,
        upgrade_available: target.manifest.version > state.version,
        unfinished,
        open: OpenEntry::all(state),
    };
    if json {
        report.json(&check);
    } else {
        if !unfinished.is_empty() {
            report.data(format!(
                "the upgrade to {} is not finished: conflicts are left in {}",
                check.version,
                unfinished.join(", ")
            ));
        }
        report.data(if check.upgrade_available {
            format!(
                "{} → {} is available: run `ixd-template upgrade`",
                check.version, check.available
            )
        } else {
            format!("{} is the newest release", check.version)
        });
    }
    let is_left = check.upgrade_available || !unfinished.is_empty();
    report.ended(Outcome::with_conflicts(is_left))
}

/// How many entries of the changelog are shown unless all are asked for.
const SHOWN: usize = 12;

/// What is coming: the way, its news, the plan.
pub(super) fn header(upgrade: &Upgrade, name: &str, all: bool) -> Report {
    let mut report = Report::new();
    let state = &upgrade.project.state;
    let target = &upgrade.target.manifest.version;
    if upgrade.project.older.is_some() {
        report.data(format!("Adopting {name} at {target}\n"));
    } else if *target == state.version {
        report.data(format!("{name}: release {target}\n"));
    } else {
        report.data(format!(
            "Upgrading {name} from {} to {target}\n",
            state.version
        ));
    }
    show_news(&upgrade.news, all, &mut report);
    show(&upgrade.proposed.plan, &mut report);
    if !upgrade.left.is_empty() {
        report.data(format!(
            "  {:<9} {:>4}   of the older template, nothing has come in their place:",
            "left",
            upgrade.left.len()
        ));
        report.data(format!("                   {}", upgrade.left.join(", ")));
    }
    for note in &upgrade.carried.notes {
        report.data(hanging("  answer           ", note));
    }
    report
}

/// The entries of the changelog, and unless all are asked for only those about what comes into the project.
fn show_news(news: &[Section], all: bool, report: &mut Report) {
    let entries: Vec<(String, &ChangelogEntry)> = news
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
        report.data(hanging(head, &text));
    }
    if !all && entries.len() > SHOWN {
        report.data(format!(
            "  … and {} more; `--changelog` shows all",
            entries.len() - SHOWN
        ));
    }
    if !entries.is_empty() {
        report.data("");
    }
}

/// A text in lines of a readable length, the first behind `head`, the others below it.
fn hanging(head: &str, text: &str) -> String {
    ui::hang(head, text, &" ".repeat(head.len()))
}

/// The report of an upgrade that has nothing to do.
pub(super) fn nothing(upgrade: &Upgrade, json: bool) -> Report {
    let mut report = Report::new();
    if json {
        report.json(&Summary::of(upgrade, "nothing"));
    } else {
        report.data("Nothing to do: the project has this release and these answers.");
    }
    report
}

/// The end of a dry run.
pub(super) fn dry_run(upgrade: &Upgrade, rehearsed: &Rehearsed, json: bool) -> Report {
    if !json {
        return report::rehearsed(rehearsed);
    }
    let mut report = Report::new();
    report.json(&Summary {
        refused: rehearsed.refused.as_ref().map(ToString::to_string),
        ..Summary::of(upgrade, "dry-run")
    });
    report.ended(rehearsed.outcome())
}

#[derive(Serialize)]
struct Summary<'a> {
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

impl<'a> Summary<'a> {
    fn of(upgrade: &'a Upgrade, status: &'static str) -> Self {
        let change = |change: &'a Change| ChangeReport {
            path: change.path.as_str(),
            class: change.class(),
            moved_from: change
                .moved_from
                .as_ref()
                .map(crate::tree::TreePath::as_str),
            detail: detail(&change.verdict),
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
            changes: upgrade.proposed.plan.changes.iter().map(change).collect(),
            stays: &upgrade.proposed.plan.stays,
            adopted: upgrade.adoption.as_ref(),
            left: &upgrade.left,
            refused: None,
        }
    }
}

/// What was done, what is left to do, how to take it back. `is_seen` is whether a person reads it.
pub(super) fn done(written: &Written, place: &Workplace, is_seen: bool, json: bool) -> Report {
    let mut report = Report::new();
    if json {
        report.json(&Done::new(written, Some(&written.state.open)));
    } else {
        tell(written, place, &mut report);
    }
    tell_lost(place.store(), &mut report);
    tell_encryption(&written.encryption, place.git(), is_seen, &mut report);
    report.ended(written.outcome())
}

fn tell(written: &Written, place: &Workplace, report: &mut Report) {
    let (title, reviewed) = (&written.title, &written.reviewed);
    let is_of_template = |edit: &&Edit| edit.path.as_str() != crate::state::FILE;
    let files: Vec<&Edit> = written.edits.iter().filter(is_of_template).collect();
    report.say(match files.len() {
        0 => format!(
            "\n{} {title}: only {} is written",
            tick(),
            crate::state::FILE
        ),
        1 => format!("\n{} {title}: 1 file written", tick()),
        count => format!("\n{} {title}: {count} files written", tick()),
    });
    kept_and_conflicts(
        reviewed,
        !written.state.open.is_empty() && reviewed.unresolved.is_empty(),
        report,
    );
    report.say("\nNext:");
    if !reviewed.unresolved.is_empty() {
        report.say("  edit the files with conflicts, then   ixd-template upgrade --continue");
        report.say("  or go back with                       ixd-template upgrade --abort");
        return;
    }
    let modes_are_unseen = place.git().is_some_and(Git::ignores_modes);
    next(&files, modes_are_unseen, report);
}

/// What to do after files were written and no conflict is left.
fn next(files: &[&Edit], modes_are_unseen: bool, report: &mut Report) {
    let touches = |name: &str| files.iter().any(|edit| edit.path.name().starts_with(name));
    let is_new = |edit: &&&Edit| {
        edit.before.is_none() && edit.after.as_ref().is_some_and(|file| file.executable)
    };
    let executable: Vec<String> = files
        .iter()
        .filter(is_new)
        .map(|edit| error::shell_word(edit.path.as_str()))
        .collect();
    if modes_are_unseen && !executable.is_empty() {
        report.say(format!(
            "  git add --chmod=+x {}   # git does not see here that they are executable",
            executable.join(" ")
        ));
    }
    if touches("requirements") {
        report.say("  ./go.sh pip-install.sh                # the pinned packages changed");
    }
    if touches("package") {
        report.say("  ./go.sh npm-install.sh                # the Node packages changed");
    }
    report.say("  run your tests, then commit");
    report.say("  ixd-template undo                     # takes it back");
}
