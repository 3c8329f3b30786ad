//! `dockerize`: base is nothing, ours is a project that was not made from a template, theirs is a release, rendered with
//! what was found in it.

mod answers;
mod checks;
mod dialogue;
mod files;
mod lists;
mod names;
mod outside;
mod proposal;
mod report;
mod rules;
mod serving;
mod show;
mod steps;
mod uncovered;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::upgrade::declined::list;
use super::upgrade::write::{conflicts_left, with_state};
use super::{Outcome, gather, secrets};
use crate::apply::{Interrupt, Store, Transaction};
use crate::error::{Error, Result};
use crate::fs;
use crate::git::Git;
use crate::plan::Plan;
use crate::review::{OnConflict, Review, review};
use crate::state::{self, State};
use crate::template::Rendered;
use crate::ui::Ui;
use django_facts::Findings;
use django_facts::Survey;
use three_way::Labels;

use proposal::{Proposal, check, chosen, planned, propose, repository};
use steps::Step;

/// Bring an existing Django project onto the template
///
/// Reads the project without running anything of it, shows what it found and where, asks what it could not tell, and
/// proposes what is to be added. Nothing of the project is overwritten; `ixd-template undo` takes it all back.
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools)]
pub struct Args {
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

    /// Apply every clean change without asking
    #[arg(long, short)]
    yes: bool,

    /// What to do with files that are there already [with --yes: ours]
    #[arg(long, value_name = "HOW", value_enum)]
    on_conflict: Option<OnConflict>,

    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,

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

pub(crate) fn run(args: Args, ui: &mut Ui, interrupt: &Interrupt) -> Result<Outcome> {
    let root = fs::absolute(&args.dir)?;
    let problem = match fs::metadata(&root)? {
        None => Some(ErrorKind::NotFound),
        Some(meta) => (!meta.is_dir()).then_some(ErrorKind::NotADirectory),
    };
    if let Some(problem) = problem {
        return Err(Error::io("look into", &root)(problem.into()));
    }
    super::refuse_newer(&root)?;
    let survey = Survey::of(&root);
    steps::can_run(&args.run, &args.skip)?;
    let chosen = chosen(&args)?;
    let mut findings = Findings::told(&survey, &dialogue::told(&chosen.1));
    let open = dialogue::open(&chosen.1, &findings, &survey);
    findings.verdict.ask(open);
    if args.json && args.dry_run {
        let planned = planned(&args, &root, &survey, (&findings, chosen), ui);
        return match planned {
            // What is wrong with the command line says nothing of the project.
            Err(error) if error.is_usage() => Err(error),
            planned => {
                ui.json(&report::Report::new(&findings, &planned));
                // Where there is no plan the findings are the answer, with a verdict of their own.
                Ok(planned.as_ref().map_or(Outcome::Done, |run| {
                    let left = leaves_conflicts(&args, &run.proposal.plan);
                    super::outcome_of_dry(run.refused.is_some(), left)
                }))
            }
        };
    }
    let mut store = Store::of(&root)?;
    if let Some(outcome) = super::recover(&root, &mut store, ui)? {
        return Ok(outcome);
    }
    let git = repository(&args, &root, &survey, &findings, ui)?;
    let proposal = propose(&args, &root, &survey, (findings, chosen), git.as_ref(), ui)?;
    interrupt.check()?;
    apply_proposal(
        &args,
        &root,
        proposal,
        git.as_ref(),
        (&mut store, interrupt),
        ui,
    )
}

/// Whether a run leaves conflicts behind that nobody is asked about.
fn leaves_conflicts(args: &Args, plan: &Plan) -> bool {
    args.on_conflict == Some(OnConflict::Markers) && plan.conflicts().next().is_some()
}

fn apply_proposal(
    args: &Args,
    root: &Path,
    proposal: Proposal,
    git: Option<&Git>,
    (store, interrupt): (&mut Store, &Interrupt),
    ui: &mut Ui,
) -> Result<Outcome> {
    let removed = files::removed(root, &proposal.answers, &proposal.steps)?;
    let checked = check(args, root, &proposal, &removed, git);
    let Proposal {
        findings,
        release,
        answers,
        rendered,
        plan,
        steps,
        left,
        veiled,
        in_the_clear,
    } = proposal;
    let version = release.manifest.version.clone();
    let mut state = State::new(&release, &answers, &rendered.tree)?;
    if !args.json {
        show::plan(&version, (&answers, &findings), &plan, &steps, ui);
        show::left(&left, &steps, ui);
        show::veiled(&veiled, ui);
        show::asgi(&findings, ui);
        lists::tell_in_the_clear(&in_the_clear, ui);
    }
    if args.dry_run {
        ui.say("\nNothing was written (--dry-run).");
        let refused = checked.err();
        if let Some(error) = &refused {
            ui.say(format!(
                "Without it nothing would be written either: {error}"
            ));
        }
        let left = leaves_conflicts(args, &plan);
        return Ok(super::outcome_of_dry(refused.is_some(), left));
    }
    checked?;
    let labels = Labels {
        base: "nothing".into(),
        ours: "yours".into(),
        theirs: format!("template {version}"),
    };
    let reviewed = review(
        &plan,
        &Review {
            labels: &labels,
            on_conflict: args.on_conflict.or(args.yes.then_some(OnConflict::Ours)),
            yes: args.yes,
            base: &state::NO_RELEASE,
            older: &BTreeMap::new(),
            news: &[],
            kept: None,
        },
        ui,
    )?;
    interrupt.check()?;
    ui.check()?;
    let found = (reviewed.open.as_slice(), reviewed.declined.as_slice());
    let fresh = state.clone();
    list(&mut state, found, &rendered, &fresh);
    let title = format!("dockerize with {version}");
    let mut edits = gather::as_on_disk(root, git, reviewed.edits.clone())?;
    edits.extend(removed);
    let edits = with_state(root, edits, &state)?;
    let follow = conflicts_left(&title, &reviewed, &edits, &labels, git, &[&rendered.secret])?;
    let transaction = Transaction::new(&title, &edits, follow);
    let sides = (&Rendered::default(), &rendered);
    let prepared = secrets::transact(git, sides, root, (store, &transaction), interrupt)?;
    if !args.json {
        show::written(&edits, &reviewed, ui);
    }
    super::done::tell_lost(store, ui);
    prepared.tell(git, ui);
    lists::tell_exposed(root, ui)?;
    let store = reviewed.left.is_empty().then_some(store);
    let mut ran = Vec::new();
    let todo = (&answers, &steps, args.run.as_slice());
    let mut outside = outside::steps(root, todo, (store, interrupt), &mut ran, ui);
    if matches!(outside, Err(Error::Cancelled)) {
        ui.say("\nStopped here: the files are written, and no other step is run.");
        outside = Ok(());
    }
    if args.json {
        let failed = outside.as_ref().err();
        let notes = super::done::notes(&plan);
        ui.json(&report::Ended::new(
            &edits,
            (&reviewed, &notes),
            ran,
            failed,
        ));
    }
    outside?;
    if !args.json {
        show::next(&reviewed, &answers, ui);
    }
    Ok(if reviewed.left.is_empty() {
        Outcome::Done
    } else {
        Outcome::ConflictsLeft
    })
}
