//! `new`: base is nothing, ours is what the folder holds, theirs is a release, rendered.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::secrets::{self, Prepared};
use super::upgrade::declined::list;
use super::{Policy, gather, show};
use crate::apply::{self, Follow, Interrupt, Start, Transaction};
use crate::ask::{self, Given};
use crate::command::Outcome;
use crate::error::{self, Error, Result};
use crate::fs;
use crate::git::{Git, Started};
use crate::plan::Plan;
use crate::review::{OnConflict, Review, Reviewed, review};
use crate::state::{self, State};
use crate::template::{Answers, Catalogue, Release, Rendered, render};
use crate::tree::TreePath;
use crate::ui::Ui;
use crate::workplace::{Workplace, refuse_newer};
use three_way::Labels;

/// Make a new project
///
/// Asks a few questions, shows what will be written, and writes all of it or nothing. A folder that holds files already
/// is merged with: nothing in it is overwritten without a decision.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder of the new project; its name is the default for the project's own
    pub(crate) dest: PathBuf,

    /// Use the template in this directory (`template/` and `snapshots/`) instead of the built-in one
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,

    /// Use this release instead of the newest one
    #[arg(long, value_name = "VERSION", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    release: Option<String>,

    /// Answer a question in advance; lists are written `a,b`
    #[arg(long, value_name = "NAME=VALUE")]
    answer: Vec<String>,

    /// Answer questions from a YAML or JSON file of names and values
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,

    /// Take the default of every question that is not answered in advance
    #[arg(long)]
    defaults: bool,

    /// What to do with files of the folder that clash with the template's
    #[arg(long, value_name = "HOW", value_enum)]
    on_conflict: Option<OnConflict>,

    /// Make no git repository
    #[arg(long)]
    no_git: bool,

    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(args: Args, ui: &mut Ui, interrupt: &Interrupt) -> Result<Outcome> {
    let target = fs::absolute(&args.dest)?;
    let directory = directory_name(&target)?;
    check_target(&target)?;
    refuse_newer(&target)?;
    let mut place = Workplace::at(&target)?;
    if !args.dry_run && fs::metadata(&target)?.is_some() {
        let finished = super::recover(&mut place, ui)?;
        // What was asked for is there now; once more would be a merge of the project with itself.
        if let Some(outcome) = finished {
            return Ok(outcome);
        }
    }
    if fs::metadata(&target.join(state::FILE))?.is_some_and(|meta| meta.is_file()) {
        return Err(Error::IsProject { dir: target });
    }
    let release = Catalogue::new(args.from.as_deref()).release(args.release.as_deref())?;
    let mut given = Given::new(
        &release.manifest,
        args.answers.as_deref(),
        &args.answer,
        args.defaults,
    )?;
    let mut answers = ask::answers(&release.manifest, &given, &directory, ui)?;
    if !args.defaults && ui.prompt.is_interactive() {
        answers = ask::confirm(&release.manifest, &mut given, &directory, answers, ui)?;
    }
    interrupt.check()?;

    let rendered = with_state(&release, &answers)?;
    let plan = gather::plan(
        &place,
        &Rendered::default(),
        &rendered,
        &[],
        Policy::Suggest,
    )?;
    gather::refuse_skipped(&place, &Rendered::default(), &rendered)?;
    let version = &release.manifest.version;
    ui.data(format!(
        "{directory}, from {} {version}:\n",
        release.manifest.name
    ));
    show(&plan, ui);
    let labels = Labels {
        base: "nothing".into(),
        ours: "yours".into(),
        theirs: format!("template {version}"),
    };
    let mut rules = Review {
        labels: &labels,
        on_conflict: args.on_conflict,
        yes: true,
        base: &state::NO_RELEASE,
        older: &BTreeMap::new(),
        news: &[],
        kept: None,
    };
    if args.dry_run {
        // A run without a terminal, where nobody can be asked.
        rules.on_conflict = args.on_conflict.or(Some(OnConflict::Stop));
        return Ok(dry_run(&plan, &rules, ui));
    }
    let mut reviewed = review(&plan, &rules, ui)?;
    interrupt.check()?;
    ui.check()?;
    list_open(&mut reviewed, &release, &answers, &rendered)?;
    let title = format!("new {directory} from {version}");
    let writing = interrupt.writing();
    let prepared = match place.git() {
        None if !args.no_git => Prepared::Nothing,
        git => secrets::prepare(git, &Rendered::default(), &rendered)?,
    };
    let written = write(
        &mut place,
        &rendered,
        &reviewed,
        &title,
        !args.no_git,
        interrupt,
    );
    let (prepared, started) = prepared.with(written)?;
    writing.done();
    summary(
        &args.dest,
        &release,
        &answers,
        &reviewed,
        started.as_ref(),
        ui,
    )?;
    let prepared = match &started {
        Some(started) if started.sealed => Prepared::SetUp(None),
        _ => prepared,
    };
    place.look_again()?;
    prepared.tell(place.git(), ui);
    Ok(if reviewed.left.is_empty() {
        Outcome::Done
    } else {
        Outcome::ConflictsLeft
    })
}

/// The end of a dry run, which is that of the run.
fn dry_run(plan: &Plan, rules: &Review, ui: &mut Ui) -> Outcome {
    match review(plan, rules, ui) {
        Ok(reviewed) => super::outcome_of_dry(false, !reviewed.left.is_empty()),
        Err(error) => {
            ui.say(format!(
                "Nothing would be written without --dry-run either: {error}"
            ));
            super::outcome_of_dry(true, false)
        }
    }
}

fn directory_name(target: &Path) -> Result<String> {
    let name = target.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned).ok_or_else(|| Error::Path {
        path: target.display().to_string(),
        reason: "it has no name that could be the project's".into(),
    })
}

/// A project can be made where nothing is or in a folder, but not in git's own.
fn check_target(target: &Path) -> Result<()> {
    let refused = |path: &Path, reason: &str| {
        Err(Error::Path {
            path: path.display().to_string(),
            reason: reason.into(),
        })
    };
    if target.iter().any(|part| part.eq_ignore_ascii_case(".git")) {
        return refused(target, "it lies in git's own folder");
    }
    for path in target.ancestors() {
        match fs::metadata(path)? {
            None => {}
            Some(meta) if meta.is_symlink() && !path.exists() => {
                return refused(path, "it is a link that leads nowhere");
            }
            Some(_) if !path.is_dir() => return refused(path, "it is not a folder"),
            Some(_) => break,
        }
    }
    Ok(())
}

/// The release's files and, as one of them, the state file that describes them.
fn with_state(release: &Release, answers: &Answers) -> Result<Rendered> {
    let mut rendered = render(release, answers)?;
    let state = State::new(release, answers, &rendered.tree)?;
    let path = TreePath::new(state::FILE).map_err(|reason| Error::template(state::FILE, reason))?;
    rendered.tree.insert(path, state.to_file()?);
    Ok(rendered)
}

/// Lets the state file list what was left and what was declined.
fn list_open(
    reviewed: &mut Reviewed,
    release: &Release,
    answers: &Answers,
    rendered: &Rendered,
) -> Result<()> {
    if reviewed.open.is_empty() {
        return Ok(());
    }
    let mut tree = rendered.tree.clone();
    tree.remove(state::FILE);
    let mut state = State::new(release, answers, &tree)?;
    let fresh = state.clone();
    let found = (reviewed.open.as_slice(), reviewed.declined.as_slice());
    list(&mut state, found, rendered, &fresh);
    let file = state.to_file()?;
    for edit in &mut reviewed.edits {
        if edit.path.as_str() == state::FILE {
            edit.after = Some(file.clone());
        }
    }
    Ok(())
}

/// Writes the edits: into a folder of their own that is renamed, or into the one that is there.
fn write(
    place: &mut Workplace,
    rendered: &Rendered,
    reviewed: &Reviewed,
    title: &str,
    git: bool,
    interrupt: &Interrupt,
) -> Result<Option<Started>> {
    let wants_git = git && place.git().is_none();
    let paths = reviewed.edits.iter().map(|edit| edit.path.clone());
    let (secret, open): (Vec<TreePath>, Vec<TreePath>) =
        paths.partition(|path| rendered.secret.contains(path));
    let with_secret = |started: Option<Started>| {
        started.map(|mut started| {
            started.left_out.extend(secret);
            started
        })
    };
    let message = "Start the project from its template";
    if fs::metadata(place.root())?.is_none() {
        let files = reviewed
            .edits
            .iter()
            .filter_map(|edit| Some((edit.path.clone(), edit.after.clone()?)));
        let made = apply::create(place.root(), &files.collect(), interrupt, |site| {
            if !wants_git {
                return Ok(None);
            }
            let git = site.join(".ixd-template-git");
            let started = Git::start(site, &git, &open, message, &apply::keys)?;
            Workplace::at(site)?.store_mut().set_new()?;
            Ok(Some(started))
        });
        return made.map(with_secret);
    }
    let start = Start {
        paths: open.clone(),
        message: message.into(),
    };
    let follow = Follow {
        start: wants_git.then_some(start),
        left: reviewed.left.iter().map(|left| left.path.clone()).collect(),
        ..Follow::default()
    };
    let edits = gather::as_on_disk(place, reviewed.edits.clone())?;
    let transaction = Transaction::new(title, &edits, follow);
    apply::transact(place, &transaction, interrupt).map(with_secret)
}

fn summary(
    dest: &Path,
    release: &Release,
    answers: &Answers,
    reviewed: &Reviewed,
    started: Option<&Started>,
    ui: &mut Ui,
) -> Result<()> {
    let git = match started.map(|started| &started.commit) {
        Some(Some(id)) => format!(", committed as {id}"),
        Some(None) => ", staged in a new git repository".into(),
        None => String::new(),
    };
    let count = reviewed.edits.len();
    ui.say(format!(
        "\n{} {}: {count} {} written{git}",
        super::tick(),
        dest.display(),
        if count == 1 { "file" } else { "files" }
    ));
    for path in started.iter().flat_map(|started| &started.left_out) {
        ui.say(format!(
            "  {path} is not in git: it holds a secret, or git ignores or filters it"
        ));
    }
    for left in &reviewed.left {
        ui.say(match &left.beside {
            Some(beside) => format!("  {}: the template's version is in {beside}", left.path),
            None => format!(
                "  {} holds both versions between conflict markers: edit it",
                left.path
            ),
        });
    }
    ui.say("\nNext:");
    ui.say(format!(
        "  cd {}",
        error::shell_word(&dest.display().to_string())
    ));
    if started.is_some_and(|started| started.commit.is_none()) {
        ui.say("  git config --global user.name 'Your Name'; git config --global user.email you@example.com");
        ui.say("  git commit -m 'Start the project from its template'");
    }
    if started.is_some_and(|started| started.is_unsigned) {
        ui.say(
            "  git commit --amend --no-edit          # signs the first commit, as you have git do",
        );
    }
    for step in release.next_steps(answers)? {
        ui.say(format!("  {step}"));
    }
    Ok(())
}
