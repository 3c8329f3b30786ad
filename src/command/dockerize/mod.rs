//! `dockerize`: base is nothing, ours is a project that was not made from a template, theirs is a release, rendered with
//! what was found in it.

mod addresses;
mod again;
mod answers;
mod best;
mod checks;
mod containers;
mod day;
mod dialogue;
mod edits;
mod existing;
mod existing_told;
mod files;
mod image_files;
mod lists;
mod names;
mod outside;
mod planned;
mod proposal;
mod prove;
mod questions;
mod report;
mod rules;
mod serving;
mod show;
mod steps;
mod taken;
mod told;
mod uncovered;
mod unset;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::recover;
use crate::apply::Interrupt;
use crate::change::{Afterwards, Record, Rehearsed, Settled, StateFile, Written};
use crate::error::{Error, Result};
use crate::fs;
use crate::proof::Proof;
use crate::report::{Outcome, Report, after_writing, rehearsed, tell_encryption, tell_lost};
use crate::review::{OnConflict, Review};
use crate::state::State;
use crate::ui::{Ui, hang, visible};
use crate::workplace::{Workplace, refuse_newer};
use django_facts::{Findings, Sources, Survey};
use three_way::Labels;

use proposal::{Planned, Proposal, can_take, check, chosen, planned, propose};
use steps::Step;

/// Bring an existing Django project onto the template
///
/// Reads the project without running anything of it, shows what it found and where, asks what it could not tell, and
/// proposes what is to be added. Nothing of the project is overwritten but what you ask for by name (`--edit-settings`);
/// `ixd-template undo` takes it all back.
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools)]
pub struct DockerizeArgs {
    /// The project
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,

    /// Use the template in this directory instead of the built-in one
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,

    /// Use this release instead of the newest one
    #[arg(long, value_name = "VERSION", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    release: Option<String>,

    /// Answer a question, or say what was not found, in advance; lists are written `a,b`
    #[arg(long, value_name = "NAME=VALUE")]
    answer: Vec<String>,

    /// Answer questions from a YAML or JSON file of names and values
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,

    /// Take the best guess and every default instead of asking
    #[arg(long)]
    defaults: bool,

    /// Leave a step out; may be repeated
    #[arg(long, value_name = "STEP", value_enum)]
    skip: Vec<Step>,

    /// Run this outside step afterwards instead of only naming its commands: lock, data or media; may be repeated
    #[arg(long, value_name = "STEP", value_enum)]
    run: Vec<Step>,

    /// Let variables name the addresses that stand in your settings, where git has these; each edit is shown
    #[arg(long)]
    edit_settings: bool,

    /// Apply every clean change without asking
    #[arg(long, short)]
    yes: bool,

    /// What to do with files that are there already [with --yes: ours]
    #[arg(long, value_name = "HOW", value_enum)]
    on_conflict: Option<OnConflict>,

    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,

    /// Try it in a copy of the project first: build it, run its tests, serve it and ask it; what fails keeps it from being
    /// written. Runs the project's code
    #[arg(long, conflicts_with = "dry_run")]
    prove: bool,

    /// Print what was done as JSON, with --dry-run what was found and what would be done
    #[arg(long)]
    json: bool,

    /// Write also files that have uncommitted changes
    #[arg(long)]
    allow_dirty: bool,

    /// Take also what looks like no project, such as a reusable app with an example project
    #[arg(long)]
    anyway: bool,
}

pub(crate) fn run(args: DockerizeArgs, ui: &mut Ui, interrupt: &Interrupt) -> Result<Report> {
    let root = folder(&args.dir)?;
    refuse_newer(&root)?;
    let survey = Sources::new(Survey::of(&root));
    steps::can_run(&args.run, &args.skip)?;
    let chosen = chosen(&args)?;
    if let Some(path) = chosen.given.text(questions::REQUIREMENTS_FILE) {
        survey.survey().look_for(path.trim());
    }
    let mut findings = Findings::with(&survey, &dialogue::overrides(&chosen.given));
    let manifest = &chosen.release.manifest;
    let open = dialogue::open(&chosen.given, &findings, &survey, manifest);
    findings.verdict.ask(open);
    if args.json && args.dry_run {
        let place = Workplace::at(&root);
        let planned =
            place.and_then(|place| planned(&args, &place, &survey, &findings, chosen, ui));
        return dry_as_json(&args, &findings, planned);
    }
    let mut place = Workplace::at(&root)?;
    if let Some(outcome) = recover(&mut place, ui)? {
        return Ok(Report::new().ended(outcome));
    }
    can_take(&args, &place, &survey, &findings, ui)?;
    let proposal = propose(&args, &place, &survey, findings, chosen, ui)?;
    interrupt.check()?;
    if !args.json {
        show_proposal(&proposal).show(ui);
    }
    let checked = check(&args, &place, &proposal);
    if args.dry_run {
        return Ok(rehearsed(&Rehearsed {
            refused: checked.err(),
            leaves_conflicts: leaves_conflicts(&args, &proposal),
        }));
    }
    let said = proposal.said.clone();
    let again = again::command(&args, &proposal);
    let done = checked.and_then(|()| carry_out(&args, proposal, &mut place, ui, interrupt));
    match &done {
        Err(Error::Unproven { .. }) => {
            ui.say(format!("\nThe same again, with all answers:\n  {again}"));
        }
        Err(_) => proposal::tell_said(&said, ui),
        Ok(_) => {}
    }
    done
}

/// The project's folder, which must be there.
fn folder(dir: &Path) -> Result<PathBuf> {
    let root = fs::absolute(dir)?;
    let problem = match fs::metadata(&root)? {
        None => Some(ErrorKind::NotFound),
        Some(meta) => (!meta.is_dir()).then_some(ErrorKind::NotADirectory),
    };
    match problem {
        Some(problem) => Err(Error::io("look into", &root)(problem.into())),
        None => Ok(root),
    }
}

/// The findings and the plan, for scripts. Where there is no plan the findings are the answer, with a verdict of their own.
fn dry_as_json(
    args: &DockerizeArgs,
    findings: &Findings,
    planned: Result<Planned>,
) -> Result<Report> {
    let outcome = match &planned {
        Ok(run) => {
            let leaves_conflicts = leaves_conflicts(args, &run.proposal);
            Outcome::of_dry_run(run.refused.is_some(), leaves_conflicts)
        }
        Err(_) => Outcome::Done,
    };
    // What is wrong with the command line says nothing of the project.
    if planned.as_ref().is_err_and(Error::is_usage) {
        planned?;
        return Ok(Report::new());
    }
    let mut report = Report::new();
    report.json(&report::DryReport::new(findings, &planned));
    Ok(report.ended(outcome))
}

/// Whether a run leaves conflicts behind that nobody is asked about.
fn leaves_conflicts(args: &DockerizeArgs, proposal: &Proposal) -> bool {
    let mut conflicts = proposal.proposed.plan.conflicts();
    args.on_conflict == Some(OnConflict::Markers) && conflicts.next().is_some()
}

/// All that is proposed.
fn show_proposal(proposal: &Proposal) -> Report {
    let mut report = Report::new();
    show::plan(
        &proposal.release.manifest.version,
        &proposal.answers,
        &proposal.findings,
        &proposal.proposed.plan,
        &proposal.steps,
        &mut report,
    );
    if let Some(said) = &proposal.unpinned {
        report.data(hang("  ", &visible(said), "    "));
    }
    existing_told::tell(proposal, &mut report);
    show::left(&proposal.left, &proposal.steps, &mut report);
    told::other_djangos(proposal, &mut report);
    show::veiled(&proposal.veiled, &mut report);
    told::addresses(proposal, &mut report);
    show::asgi(&proposal.findings, &proposal.answers, &mut report);
    lists::tell_in_the_clear(&proposal.in_the_clear, &mut report);
    report
}

/// Reviews what is proposed, writes it, and goes on to the steps of other programs.
fn carry_out(
    args: &DockerizeArgs,
    mut proposal: Proposal,
    place: &mut Workplace,
    ui: &mut Ui,
    interrupt: &Interrupt,
) -> Result<Report> {
    let version = &proposal.release.manifest.version;
    let labels = Labels {
        base: "nothing".into(),
        ours: "yours".into(),
        theirs: format!("template {version}"),
    };
    let on_conflict = args.on_conflict.or(args.yes.then_some(OnConflict::Ours));
    let rules = Review::of_nothing(&labels, on_conflict, args.yes);
    let proposed = std::mem::take(&mut proposal.proposed);
    let reviewed = proposed.review(&rules, ui)?;
    let record = Record {
        title: format!("dockerize with {version}"),
        state: State::new(&proposal.release, &proposal.answers, &proposed.theirs.tree)?,
        former: None,
        state_file: StateFile::Beside,
        labels: &labels,
        afterwards: Afterwards::Conflicts(None),
    };
    let settled = record.settle(place, proposed, reviewed)?;
    let mut proof = None;
    let check = |place: &Workplace, settled: &Settled, ui: &mut Ui| {
        proof = prove::check(args, &proposal, (place, settled), interrupt, ui)?;
        Ok(())
    };
    let written = settled.write(place, check, ui, interrupt)?;
    let written = (written, proof);
    after_writing(go_on(args, &proposal, &written, place, ui, interrupt))
}

/// What follows once the files are written.
fn go_on(
    args: &DockerizeArgs,
    proposal: &Proposal,
    (written, proof): &(Written, Option<Proof>),
    place: &mut Workplace,
    ui: &mut Ui,
    interrupt: &Interrupt,
) -> Result<Report> {
    let mut report = Report::new();
    if !args.json {
        show::written(written, &mut report);
    }
    tell_lost(place.store(), &mut report);
    let is_seen = ui.prompt.is_interactive();
    tell_encryption(&written.encryption, place.git(), is_seen, &mut report);
    let exposed = lists::tell_exposed(place, &mut report);
    report.show(ui);
    exposed?;
    let mut ran = Vec::new();
    let outside = run_outside(args, proposal, written, place, &mut ran, ui, interrupt);
    let mut report = Report::new();
    if args.json {
        let failed = outside.as_ref().err();
        report.json(&report::Ended::new(written, proof.as_ref(), ran, failed));
    }
    report.shown_if_failed(outside, ui)?;
    if !args.json {
        let has_database_in_code = told::has_database_in_code(proposal);
        show::next(
            &written.reviewed,
            &proposal.answers,
            has_database_in_code,
            &mut report,
        );
    }
    Ok(report.ended(written.outcome()))
}

/// Runs or tells the steps of other programs, and notes in `ran` those that were run; a person may stop them.
fn run_outside(
    args: &DockerizeArgs,
    proposal: &Proposal,
    written: &Written,
    place: &mut Workplace,
    ran: &mut Vec<&'static str>,
    ui: &mut Ui,
    interrupt: &Interrupt,
) -> Result<()> {
    let root = place.root().to_owned();
    let place = written.reviewed.unresolved.is_empty().then_some(place);
    let todo = outside::ToRun {
        root: &root,
        answers: &proposal.answers,
        steps: &proposal.steps,
        run: &args.run,
    };
    match outside::steps(&todo, place, interrupt, ran, ui) {
        Err(Error::Cancelled) => {
            ui.say("\nStopped here: the files are written, and no other step is run.");
            Ok(())
        }
        done => done,
    }
}
