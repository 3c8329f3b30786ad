//! `upgrade`: base is the recorded release with the recorded answers, ours the project, theirs the target release.

mod adopting;
pub(crate) mod declined;
mod dry;
mod finish;
mod kept;
pub(crate) mod open;
mod report;
pub(crate) mod write;

use std::path::PathBuf;

use super::{Outcome, Policy, Project, done, gather, refuse_other_template, secrets};
use crate::apply::{Interrupt, Pending, ToDo, Transaction};
use crate::ask::{self, Carried, Given};
use crate::error::{Error, Result};
use crate::git::Git;
use crate::plan::Plan;
use crate::review::{OnConflict, Review, review};
use crate::state::State;
use crate::template::changelog::{self, Section};
use crate::template::{Catalogue, Release, Rendered, render_recorded};
use crate::tree;
use crate::ui::Ui;
use crate::workplace::Workplace;
use three_way::Labels;

use adopting::Adoption;
pub(super) use finish::abort;

use declined::{Again, offer_again, still_open};
use open::Unfinished;
use write::{conflicts_left, refuse_dirty, with_state_as_read};

/// Bring the newest template into this project
///
/// Merges the release that the project was made with, the project as it is, and the newest release. Shows the plan, asks
/// about what cannot be decided, and writes all of it or nothing; `ixd-template undo` takes it back.
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools)]
pub struct Args {
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

/// All that is known before anything is asked about files.
struct Upgrade {
    pub(super) project: Project,
    /// The release to come, without its sources.
    pub(super) target: Release,
    pub(super) carried: Carried,
    pub(super) theirs: Rendered,
    /// The state to come, but for what is open.
    pub(super) state: State,
    pub(super) plan: Plan,
    pub(super) news: Vec<Section>,
    /// How a project without a state file came to have a base.
    pub(super) adoption: Option<Adoption>,
    /// Files of an older template that stay as they are.
    pub(super) left: Vec<String>,
    /// What was declined, or not decided, and is offered again.
    again: Again,
    /// The conflicts that are resolved since, and the record of the run that left them, where it ran here.
    settled: Vec<String>,
    pending: Option<Pending>,
}

pub(crate) fn run(args: Args, ui: &mut Ui, interrupt: &Interrupt) -> Result<Outcome> {
    let mut place = adopting::place(&args)?;
    if args.abort {
        return finish::abort(&mut place, ui, interrupt);
    }
    super::recover(&mut place, ui)?;
    if args.go_on {
        return finish::go_on(&mut place, ui, interrupt);
    }
    let catalogue = Catalogue::new(args.from.as_deref());
    if args.check && !place.has_state() {
        return adopting::check(&args, place.root(), &catalogue, ui);
    }
    let (mut project, target, adoption) = adopting::open(&args, &place, &catalogue, ui)?;
    check_target(&project.state, &target, &catalogue)?;
    let pending = open::pending(place.store(), &project.state)?;
    if args.check {
        open::tell_both(&project.state, ui);
        let left = open::unfinished(&place, &project.state, pending.as_ref())?.left;
        return Ok(report::check(&project.state, &target, &left, args.json, ui));
    }
    if let Some(what) = place.git().and_then(Git::in_the_middle_of) {
        return Err(if project.state.both {
            Error::StateUnmerged { what }
        } else {
            Error::InTheMiddle(what)
        });
    }
    let unfinished = Unfinished::here(&place, &project.state, pending.as_ref())?;
    let settled = unfinished.go_on(&project.state, pending, ui)?;
    project.state.forget_conflicts();
    let adopted = adoption.as_ref();
    let mut upgrade = prepare(&args, &place, project, target, adopted, &catalogue, ui)?;
    upgrade.adoption = adoption;
    (upgrade.settled, upgrade.pending) = (settled, place.store().pending()?);
    interrupt.check()?;
    run_prepared(&args, upgrade, &mut place, ui, interrupt)
}

fn check_target(state: &State, target: &Release, catalogue: &Catalogue) -> Result<()> {
    refuse_other_template(state, &target.manifest.name, catalogue)?;
    if target.manifest.version < state.version {
        return Err(Error::Downgrade {
            installed: state.version.to_string(),
            wanted: target.manifest.version.to_string(),
        });
    }
    Ok(())
}

fn prepare(
    args: &Args,
    place: &Workplace,
    mut project: Project,
    mut target: Release,
    adoption: Option<&Adoption>,
    catalogue: &Catalogue,
    ui: &mut Ui,
) -> Result<Upgrade> {
    let given = Given::new(
        &target.manifest,
        args.answers.as_deref(),
        &args.answer,
        args.defaults || args.yes,
    )?;
    let recorded = &project.state.answers;
    let carried = ask::carry(
        &project.release.manifest,
        recorded,
        &target.manifest,
        &given,
        &place.name(),
        args.ask || adoption.is_some_and(|adoption| adoption.ask),
        ui,
    )?;
    let mut theirs = render_recorded(&target, &carried.answers)?;
    let state = State::new(&target, &carried.answers, &theirs.tree)?.instead_of(&project.state);
    target.forget_sources();
    for (path, file) in &mut theirs.tree {
        if let Some(base) = project.base.tree.get(path) {
            tree::share(file, base);
        }
    }
    let mut renames: Vec<(String, String)> = target
        .manifest
        .renames
        .iter()
        .filter(|rename| {
            rename.since > project.state.version && rename.since <= target.manifest.version
        })
        .map(|rename| (rename.from.clone(), rename.to.clone()))
        .collect();
    let mut again = offer_again(place, &mut project, &theirs, catalogue, args.ask)?;
    renames.append(&mut again.renames);
    let mut left = Vec::new();
    if let Some(older) = &project.older {
        let base = older.base(&theirs)?;
        project.base = base.rendered;
        renames.extend(base.renames);
        left = base.left;
    }
    gather::offer_deleted(args.ask, place, &mut project.base, &theirs)?;
    let mut plan = gather::plan(place, &project.base, &theirs, &renames, args.policy)?;
    if project.older.is_some() {
        let pinned = target.manifest.pins.keys().map(String::as_str);
        let locks: Vec<&str> = pinned.chain(["package-lock.json"]).collect();
        gather::keep_apart(place.root(), &mut plan, &theirs.tree, &locks)?;
    }
    again.keep_declined(&mut plan, &project.state.declined);
    again.follow(&plan);
    let sections = changelog::parse(&catalogue.changelog()?);
    let news = if project.older.is_some() {
        Vec::new()
    } else {
        let (from, to) = (&project.state.version, &target.manifest.version);
        changelog::between(&sections, from, to).cloned().collect()
    };
    Ok(Upgrade {
        project,
        target,
        carried,
        theirs,
        state,
        plan,
        news,
        adoption: None,
        left,
        again,
        settled: Vec::new(),
        pending: None,
    })
}

impl Upgrade {
    /// Whether there is nothing but what is open to be written down.
    fn is_nothing(&self) -> bool {
        let (now, then) = (&self.state, &self.project.state);
        self.plan.changes.is_empty() && self.adoption.is_none() && now.is_like(then)
    }

    /// Writes down what has been resolved or taken since, where that is all there is to do.
    fn record(&self, args: &Args, place: &mut Workplace, interrupt: &Interrupt) -> Result<()> {
        let mut state = self.state.clone();
        still_open(
            place,
            &self.project,
            &self.theirs,
            &self.again,
            &[],
            &mut state,
        )?;
        if args.dry_run || (self.settled.is_empty() && state == self.project.state) {
            return Ok(());
        }
        open::record(place, &state, interrupt)
    }
}

fn run_prepared(
    args: &Args,
    upgrade: Upgrade,
    place: &mut Workplace,
    ui: &mut Ui,
    interrupt: &Interrupt,
) -> Result<Outcome> {
    if !args.json {
        report::header(&upgrade, &place.name(), args.changelog, ui);
    }
    let (from, to) = (
        upgrade.project.state.version.clone(),
        upgrade.target.manifest.version.clone(),
    );
    let (is_new, is_older) = (upgrade.adoption.is_some(), upgrade.project.older.is_some());
    if upgrade.is_nothing() {
        upgrade.record(args, place, interrupt)?;
        report::nothing(&upgrade, args.json, ui);
        return Ok(Outcome::Done);
    }
    let (base, theirs) = (&upgrade.project.base, &upgrade.theirs);
    let mut checked = gather::refuse_skipped(place, base, theirs);
    if !args.allow_dirty {
        checked = checked.and_then(|()| refuse_dirty(place, &upgrade.plan, &[]));
    }
    let labels = Labels {
        base: if is_older {
            "the older template".into()
        } else {
            format!("template {from}")
        },
        ours: "yours".into(),
        theirs: format!("template {to}"),
    };
    if args.dry_run {
        return Ok(dry::run(args, &upgrade, checked, &labels, ui));
    }
    checked?;
    // What was told line by line is applied unseen only where that was asked for by name.
    let yes = args.yes && (!is_older || args.adopt.is_some());
    let on_conflict = args.on_conflict.or(yes.then_some(OnConflict::Markers));
    let Upgrade {
        project,
        theirs,
        plan,
        news,
        again,
        mut state,
        pending,
        ..
    } = upgrade;
    let kept = kept::load(place.store(), &theirs);
    let rules = Review {
        labels: &labels,
        on_conflict,
        yes,
        base: &from,
        older: &again.labels(&labels),
        news: &news,
        kept: Some(&kept),
    };
    let reviewed = review(&plan, &rules, ui).inspect_err(|error| {
        if matches!(error, Error::Cancelled) {
            kept::save(place.store_mut(), &kept, ui);
        }
    })?;
    interrupt.check()?;
    ui.check()?;
    still_open(
        place,
        &project,
        &theirs,
        &again,
        &reviewed.edits,
        &mut state,
    )?;
    let found = (reviewed.open.as_slice(), reviewed.declined.as_slice());
    declined::list(&mut state, found, &theirs, &project.state);
    let title = report::title(is_new, (!is_older).then_some(&from), &to);
    let edits = gather::as_on_disk(place, reviewed.edits.clone())?;
    let edits = with_state_as_read(place, &project, edits, &state)?;
    let secret = &[&project.base.secret[..], &theirs.secret];
    let mut follow = conflicts_left(&title, &reviewed, &edits, &labels, place.git(), secret)?;
    if let (ToDo::Keep, Some(over)) = (&follow.pending, pending) {
        follow.pending = ToDo::Clear(over);
    }
    let transaction = Transaction::new(&title, &edits, follow);
    let sides = (&project.base, &theirs);
    let prepared = secrets::transact(place, sides, &transaction, interrupt)?;
    kept::forget(place.store_mut());
    report::done(
        &report::Ending {
            title: &title,
            edits: &edits,
            reviewed: &reviewed,
            state: &state,
            notes: &done::notes(&plan),
            modes_are_unseen: place.git().is_some_and(Git::ignores_modes),
        },
        args.json,
        ui,
    );
    done::tell_lost(place.store(), ui);
    prepared.tell(place.git(), ui);
    Ok(if reviewed.left.is_empty() {
        Outcome::Done
    } else {
        Outcome::ConflictsLeft
    })
}
