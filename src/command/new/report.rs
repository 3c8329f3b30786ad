//! What `new` says.

use std::path::Path;

use super::wanted::Wanted;
use crate::change::{Proposed, Rehearsed, Written};
use crate::error::{self, Result};
use crate::report::{Report, show, tell_encryption, tick};
use crate::template::Release;
use crate::workplace::Workplace;

/// What will be written.
pub(super) fn proposed(directory: &str, release: &Release, proposed: &Proposed) -> Report {
    let mut report = Report::new();
    report.data(format!(
        "{directory}, from {} {}:\n",
        release.manifest.name, release.manifest.version
    ));
    show(&proposed.plan, &mut report);
    report
}

/// The end of a dry run.
pub(super) fn rehearsed(rehearsed: &Rehearsed) -> Report {
    let mut report = Report::new();
    if let Some(error) = &rehearsed.refused {
        report.say(format!(
            "Nothing would be written without --dry-run either: {error}"
        ));
    }
    report.ended(rehearsed.outcome())
}

/// What was written, and what comes next. `is_seen` is whether a person reads it.
pub(super) fn done(
    dest: &Path,
    wanted: &Wanted,
    written: &Written,
    place: &Workplace,
    is_seen: bool,
) -> Result<Report> {
    let mut report = Report::new();
    files(dest, written, &mut report);
    next(dest, wanted, written, &mut report)?;
    tell_encryption(&written.encryption, place.git(), is_seen, &mut report);
    Ok(report.ended(written.outcome()))
}

/// What became of the files.
fn files(dest: &Path, written: &Written, report: &mut Report) {
    let (reviewed, started) = (&written.reviewed, written.started.as_ref());
    let git = match started.map(|started| &started.commit) {
        Some(Some(id)) => format!(", committed as {id}"),
        Some(None) => ", staged in a new git repository".into(),
        None => String::new(),
    };
    let count = written.edits.len();
    report.say(format!(
        "\n{} {}: {count} {} written{git}",
        tick(),
        dest.display(),
        if count == 1 { "file" } else { "files" }
    ));
    for path in started.iter().flat_map(|started| &started.left_out) {
        report.say(format!(
            "  {path} is not in git: it holds a secret, or git ignores or filters it"
        ));
    }
    for left in &reviewed.unresolved {
        report.say(match &left.beside {
            Some(beside) => format!("  {}: the template's version is in {beside}", left.path),
            None => format!(
                "  {} holds both versions between conflict markers: edit it",
                left.path
            ),
        });
    }
}

/// What to do next.
fn next(dest: &Path, wanted: &Wanted, written: &Written, report: &mut Report) -> Result<()> {
    let started = written.started.as_ref();
    report.say("\nNext:");
    report.say(format!(
        "  cd {}",
        error::shell_word(&dest.display().to_string())
    ));
    if started.is_some_and(|started| started.commit.is_none()) {
        report.say("  git config --global user.name 'Your Name'; git config --global user.email you@example.com");
        report.say("  git commit -m 'Start the project from its template'");
    }
    if started.is_some_and(|started| started.is_unsigned) {
        report.say(
            "  git commit --amend --no-edit          # signs the first commit, as you have git do",
        );
    }
    for step in wanted.release.next_steps(&wanted.answers)? {
        report.say(format!("  {step}"));
    }
    Ok(())
}
