//! `undo`: the last transaction of a project, taken back.

use std::path::{Path, PathBuf};

use super::upgrade::open::pending_at;
use super::{Broken, Project};
use crate::apply::{self, Follow, Interrupt, Pending, Records, Transaction, Undone};
use crate::change::refuse_skipped;
use crate::error::{Error, Result, shell_word};
use crate::fs::Entry;
use crate::git::Git;
use crate::plan::Edit;
use crate::report::{Report, after_writing, tell_lost, tick};
use crate::state;
use crate::template::{Catalogue, Rendered};
use crate::ui::Ui;
use crate::workplace::Workplace;

/// Take back the last new, upgrade or dockerize in this project
///
/// Every file becomes what it was, byte for byte. Files that changed since are listed, and then nothing is touched.
#[derive(Debug, clap::Args)]
pub struct UndoArgs {
    /// The project
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,

    /// Use the template in this directory instead of the built-in one
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,

    /// Take back an upgrade that has conflicts left without asking, with all that was edited in its files since
    #[arg(long, short)]
    yes: bool,
}

pub(crate) fn run(args: UndoArgs, ui: &mut Ui, interrupt: &Interrupt) -> Result<Report> {
    let mut place = Workplace::around(&args.dir)?;
    if super::take_back(&mut place, ui, interrupt)? == Broken::TakenBack {
        place.store_mut().discard_if_unused();
        return Ok(Report::new());
    }
    if let Some(pending) = pending_at(&place)? {
        if !args.yes {
            confirm(pending, ui)?;
        }
        return super::upgrade::abort(&mut place, ui, interrupt);
    }
    last(&mut place, args.from.as_deref(), interrupt)
}

/// Asks whether an upgrade shall be taken back that is not finished.
fn confirm(pending: Pending, ui: &mut Ui) -> Result<()> {
    if !ui.prompt.is_interactive() {
        return Err(Error::UndoUnfinished {
            paths: pending.names(),
            title: pending.title,
        });
    }
    ui.say(format!(
        "`{}` has conflicts left in {}",
        pending.title,
        pending.names().join(", ")
    ));
    let prompt =
        "Take it back, with all that was edited in its files since?  [y] take it back   [q] quit: ";
    match ui.prompt.key(prompt, &['y', 'q'])? {
        'y' => Ok(()),
        _ => Err(Error::Cancelled),
    }
}

/// Takes the last transaction back.
pub(super) fn last(
    place: &mut Workplace,
    from: Option<&Path>,
    interrupt: &Interrupt,
) -> Result<Report> {
    let follow = Follow {
        records: Records::None,
        ..Follow::default()
    };
    let was_encrypted = names_filter(place.root())?;
    let hidden = hidden(place)?;
    let undone = match apply::undo(place, follow, interrupt)? {
        Some(undone) => undone,
        None if place.store().is_new()? => take_back_new(place, from, interrupt)?,
        None => {
            let mut report = Report::new();
            report.say("There is nothing to take back here.");
            return Ok(report);
        }
    };
    after_writing(tell(place, &undone, was_encrypted, &hidden))
}

/// What was taken back, and what is left of it.
fn tell(
    place: &mut Workplace,
    undone: &Undone,
    was_encrypted: bool,
    hidden: &[String],
) -> Result<Report> {
    let mut report = Report::new();
    // Without git the records lie in the project, which shall be as it was.
    place.store_mut().discard_if_unused();
    report.say(format!(
        "{} took back {}: {} files are as they were",
        tick(),
        undone.title,
        undone.files
    ));
    tell_lost(place.store(), &mut report);
    // What git ignores and filters may be other files now.
    place.look_again()?;
    if was_encrypted
        && !names_filter(place.root())?
        && let Some(git) = place.git()
    {
        tell_of_secrets(git, &mut report)?;
    }
    tell_of_shown(place, hidden, &mut report)?;
    let repository = place.root().join(".git");
    if undone.repository_stays && repository.is_dir() {
        report.say(format!(
            "  the git repository that it made stays; to be rid of it too: rm -r {}",
            shell_word(&repository.display().to_string())
        ));
    }
    Ok(report)
}

/// What lies in the project's folder and git ignores.
fn hidden(place: &Workplace) -> Result<Vec<String>> {
    let Some(git) = place.git() else {
        return Ok(Vec::new());
    };
    let names = crate::fs::list(place.root())?.unwrap_or_default();
    let names = names.into_iter().filter_map(|name| name.into_string().ok());
    Ok(names.filter(|name| git.is_ignored(name)).collect())
}

/// Names what git ignored before and sees now: made by running the project, or somebody's own.
fn tell_of_shown(place: &Workplace, before: &[String], report: &mut Report) -> Result<()> {
    let Some(git) = place.git() else {
        return Ok(());
    };
    let mut shown = Vec::new();
    for name in before {
        let is_there = crate::fs::metadata(&place.root().join(name))?.is_some();
        if is_there && !git.is_ignored(name) {
            shown.push(shell_word(name));
        }
    }
    if !shown.is_empty() {
        report.say(format!(
            "  git ignores these no longer, which running the project may have made: {}",
            shown.join(" ")
        ));
    }
    Ok(())
}

/// What is left in git of files that are encrypted no longer: the files themselves, or else how to encrypt.
fn tell_of_secrets(git: &Git, report: &mut Report) -> Result<()> {
    let exposed = git.crypted()?;
    if !exposed.is_empty() {
        // The command starts at the top of the repository, wherever it is given.
        let words: Vec<String> = exposed
            .iter()
            .map(|file| shell_word(&format!(":/{}", file.path)))
            .collect();
        report.say(format!(
            "  git encrypts these files no longer, and would commit the next edit of them in the clear; \
             to let it forget them: git rm --cached {}",
            words.join(" ")
        ));
    }
    if exposed.is_empty() && git.encrypts() {
        report.say(
            "  git still knows how to encrypt, and the password, in case a commit has need of them; to be rid of them too:\n  \
             for section in filter.crypt diff.crypt merge.crypt transcrypt; do git config --remove-section $section; done; \
             git config --unset merge.renormalize; git config --unset alias.ls-crypt",
        );
    }
    Ok(())
}

/// Whether the project's own attributes say that files are encrypted.
fn names_filter(root: &Path) -> Result<bool> {
    let attributes = crate::fs::read(&root.join(".gitattributes"))?.unwrap_or_default();
    Ok(String::from_utf8_lossy(&attributes).contains("filter=crypt"))
}

/// Removes the files of a new project, all of which must be as `new` made them. Git's folder stays.
fn take_back_new(
    place: &mut Workplace,
    from: Option<&Path>,
    interrupt: &Interrupt,
) -> Result<Undone> {
    let project = Project::open(place, &Catalogue::new(from))?;
    refuse_skipped(place, &project.base, &Rendered::default())?;
    let mut edits = Vec::new();
    let mut changed = Vec::new();
    for (path, entry) in project.ours(place)? {
        match entry {
            Entry::File(file) if project.base.tree.get(&path) == Some(&file) => edits.push(Edit {
                path,
                before: Some(file),
                after: None,
                like: None,
            }),
            _ => changed.push(path.to_string()),
        }
    }
    let title = "new".to_owned();
    if !changed.is_empty() {
        return Err(Error::ChangedSince {
            title,
            paths: changed,
        });
    }
    if let Some(file) = place.state_file()? {
        edits.push(Edit {
            path: state::path()?,
            before: Some(file),
            after: None,
            like: None,
        });
    }
    let transaction = Transaction::new("undo of new", &edits, Follow::default());
    apply::transact(place, &transaction, interrupt)?;
    Ok(Undone {
        title,
        files: edits.len(),
        repository_stays: true,
        set_aside: None,
    })
}
