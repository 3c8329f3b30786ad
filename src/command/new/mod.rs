//! `new`: base is nothing, ours is what the folder holds, theirs is a release, rendered.

mod report;
mod wanted;

use std::path::{Path, PathBuf};

use super::recover;
use crate::apply::Interrupt;
use crate::change::{Proposed, Sides, no_check};
use crate::error::{Error, Result};
use crate::fs;
use crate::report::{Report, after_writing};
use crate::review::{OnConflict, Review};
use crate::state;
use crate::ui::Ui;
use crate::workplace::{Workplace, refuse_newer};

use wanted::Wanted;

/// Make a new project
///
/// Asks a few questions, shows what will be written, and writes all of it or nothing. A folder that holds files already
/// is merged with: nothing in it is overwritten without a decision.
#[derive(Debug, clap::Args)]
pub struct NewArgs {
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

pub(crate) fn run(args: NewArgs, ui: &mut Ui, interrupt: &Interrupt) -> Result<Report> {
    let target = fs::absolute(&args.dest)?;
    let directory = directory_name(&target)?;
    check_target(&target)?;
    refuse_newer(&target)?;
    let mut place = Workplace::at(&target)?;
    if !args.dry_run && fs::metadata(&target)?.is_some() {
        // What was asked for is there now; once more would be a merge of the project with itself.
        if let Some(outcome) = recover(&mut place, ui)? {
            return Ok(Report::new().ended(outcome));
        }
    }
    if fs::metadata(&target.join(state::FILE))?.is_some_and(|meta| meta.is_file()) {
        return Err(Error::IsProject { dir: target });
    }
    let mut wanted = Wanted::chosen(&args, &directory, ui)?;
    interrupt.check()?;
    let proposed = Sides::of_nothing(wanted.rendered()?).propose(&place)?;
    // Changes that are not committed are none of its business: it writes over nothing without a decision.
    proposed.check(&place, true)?;
    report::proposed(&directory, &wanted.release, &proposed).show(ui);
    if args.dry_run {
        return Ok(rehearse(&args, &wanted, &proposed, ui));
    }
    carry_out(&args, wanted, proposed, &mut place, ui, interrupt)
}

/// The end of a dry run: that of a run without a terminal, where nobody can be asked.
fn rehearse(args: &NewArgs, wanted: &Wanted, proposed: &Proposed, ui: &mut Ui) -> Report {
    let on_conflict = args.on_conflict.or(Some(OnConflict::Stop));
    let rules = Review {
        on_conflict,
        ..Review::of_nothing(&wanted.labels, args.on_conflict, true)
    };
    report::rehearsed(&proposed.rehearse(Ok(()), &rules, ui))
}

/// Reviews what is proposed, and writes it.
fn carry_out(
    args: &NewArgs,
    wanted: Wanted,
    proposed: Proposed,
    place: &mut Workplace,
    ui: &mut Ui,
    interrupt: &Interrupt,
) -> Result<Report> {
    let rules = Review::of_nothing(&wanted.labels, args.on_conflict, true);
    let reviewed = proposed.review(&rules, ui)?;
    let wants_git = !args.no_git && place.git().is_none();
    let record = wanted.record(&place.name(), wants_git);
    let settled = record.settle(place, proposed, reviewed)?;
    let written = settled.write(place, no_check, ui, interrupt)?;
    let is_seen = ui.prompt.is_interactive();
    let looked = place.look_again();
    after_writing(looked.and_then(|()| report::done(&args.dest, &wanted, &written, place, is_seen)))
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
