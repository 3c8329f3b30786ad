//! `upgrade`: base is the recorded release with the recorded answers, ours the project, theirs the target release.

mod adopting;
mod check;
mod declined;
mod dry;
mod evidence;
mod finish;
mod kept;
pub(crate) mod open;
mod prepare;
mod report;

use std::path::PathBuf;

use super::{Policy, recover};
use crate::apply::Interrupt;
use crate::change::{Afterwards, Record, StateFile, no_check};
use crate::error::{Error, Result};
use crate::git::Git;
use crate::report::{Report, after_writing};
use crate::review::{OnConflict, Review};
use crate::template::Catalogue;
use crate::ui::Ui;
use crate::workplace::Workplace;

pub(super) use finish::abort;

use prepare::Upgrade;

/// Bring the newest template into this project
///
/// Merges the release that the project was made with, the project as it is, and the newest release. Shows the plan, asks
/// about what cannot be decided, and writes all of it or nothing; `ixd-template undo` takes it back.
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools)]
pub struct UpgradeArgs {
    /// The project
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,

    /// Use the template in this directory instead of the built-in one
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,

    /// Upgrade to this release instead of the newest one
    #[arg(long, value_name = "VERSION", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    release: Option<String>,

    /// Answer a question, also one that was answered before; lists are written `a,b`
    #[arg(long, value_name = "NAME=VALUE")]
    answer: Vec<String>,

    /// Answer questions from a YAML or JSON file of names and values
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,

    /// Take the default of every new question
    #[arg(long)]
    defaults: bool,

    /// Ask every question again, and offer again what was declined
    #[arg(long)]
    ask: bool,

    /// Apply every clean change without asking
    #[arg(long, short)]
    yes: bool,

    /// What to do with conflicts instead of asking [with --yes: markers]
    #[arg(long, value_name = "HOW", value_enum)]
    on_conflict: Option<OnConflict>,

    /// What to do with merges that are only probable, such as the newer of two versions that are no pins
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = Policy::Suggest)]
    policy: Policy,

    /// Show what would be written, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Only tell whether there is a newer release, or one not finished: exit 3 if so, else 0
    #[arg(long)]
    pub(crate) check: bool,

    /// Print the result as JSON
    #[arg(long)]
    json: bool,

    /// Write also files that have uncommitted changes
    #[arg(long)]
    allow_dirty: bool,

    /// Show all changes between the two releases
    #[arg(long)]
    changelog: bool,

    /// Finish an upgrade after its conflicts were resolved
    #[arg(long = "continue", conflicts_with = "abort")]
    go_on: bool,

    /// Take back an upgrade that has conflicts left
    #[arg(long)]
    abort: bool,

    /// Adopt a project that has no state file; VERSION is the release it was made from, if you know it
    #[arg(long, value_name = "VERSION", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    adopt: Option<String>,
}

pub(crate) fn run(args: UpgradeArgs, ui: &mut Ui, interrupt: &Interrupt) -> Result<Report> {
    let mut place = adopting::place(&args)?;
    if args.abort {
        return finish::abort(&mut place, ui, interrupt);
    }
    recover(&mut place, ui)?;
    if args.go_on {
        return finish::go_on(&mut place, ui, interrupt);
    }
    let catalogue = Catalogue::new(args.from.as_deref());
    if args.check {
        return check::run(&args, &place, &catalogue, ui);
    }
    let upgrade = prepare::upgrade(&args, &place, &catalogue, ui)?;
    interrupt.check()?;
    if !args.json {
        report::header(&upgrade, &place.name(), args.changelog).show(ui);
    }
    if upgrade.is_nothing() {
        return record_only(&args, &upgrade, &mut place, interrupt);
    }
    let checked = upgrade.proposed.check(&place, args.allow_dirty);
    if args.dry_run {
        return Ok(dry::run(&args, &upgrade, checked, ui));
    }
    checked?;
    carry_out(&args, upgrade, &mut place, ui, interrupt)
}

/// Reviews what is proposed, and writes it.
fn carry_out(
    args: &UpgradeArgs,
    upgrade: Upgrade,
    place: &mut Workplace,
    ui: &mut Ui,
    interrupt: &Interrupt,
) -> Result<Report> {
    let (labels, title) = (upgrade.labels(), upgrade.title());
    // What was told line by line is applied unseen only where that was asked for by name.
    let yes = args.yes && (upgrade.project.older.is_none() || args.adopt.is_some());
    let kept = kept::load(place.store(), &upgrade.proposed.theirs);
    let rules = Review {
        labels: &labels,
        on_conflict: args.on_conflict.or(yes.then_some(OnConflict::Markers)),
        yes,
        base: &upgrade.project.state.version,
        older: &upgrade.again.labels(&labels),
        news: &upgrade.news,
        kept: Some(&kept),
    };
    let reviewed = upgrade.proposed.review(&rules, ui);
    let reviewed = reviewed.inspect_err(|error| {
        if matches!(error, Error::Cancelled) {
            kept::save(place.store_mut(), &kept, ui);
        }
    })?;
    let record = Record {
        title,
        state: upgrade.still_open(place, &reviewed.edits)?,
        former: Some(&upgrade.project.state),
        state_file: StateFile::AsRead(upgrade.project.state_file),
        labels: &labels,
        afterwards: Afterwards::Conflicts(upgrade.pending),
    };
    let settled = record.settle(place, upgrade.proposed, reviewed)?;
    let written = settled.write(place, no_check, ui, interrupt)?;
    kept::forget(place.store_mut());
    let is_seen = ui.prompt.is_interactive();
    after_writing(Ok(report::done(&written, place, is_seen, args.json)))
}

/// Writes down what has been resolved or taken since, where that is all there is to do.
fn record_only(
    args: &UpgradeArgs,
    upgrade: &Upgrade,
    place: &mut Workplace,
    interrupt: &Interrupt,
) -> Result<Report> {
    let report = report::nothing(upgrade, args.json);
    let state = upgrade.still_open(place, &[])?;
    let is_known = upgrade.settled.is_empty() && state == upgrade.project.state;
    if args.dry_run || is_known {
        return Ok(report);
    }
    open::record(place, &state, interrupt)?;
    after_writing(Ok(report))
}

/// An error while git is in the middle of something else.
fn refuse_in_the_middle(place: &Workplace, is_state_both: bool) -> Result<()> {
    match place.git().and_then(Git::in_the_middle_of) {
        Some(what) if is_state_both => Err(Error::StateUnmerged { what }),
        Some(what) => Err(Error::InTheMiddle(what)),
        None => Ok(()),
    }
}
