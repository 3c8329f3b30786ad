//! The steps that are done with other programs: run where the user says so and that can be, and else told as commands to
//! copy.
//!
//! Nothing here holds a password, or puts one on a command line: the programs take theirs from the environment that this
//! one was started in, or from their own files.

mod data;
mod lock;
mod media;
mod tool;

use std::path::Path;

use super::questions::DATABASE;
use super::steps::{Step, Steps};
use crate::apply::{self, Amendment, Interrupt};
use crate::error::{Error, Result};
use crate::fs;
use crate::plan::Edit;
use crate::template::{Answer, Answers};
use crate::tree::{Content, File, TreePath};
use crate::ui::Ui;
use crate::workplace::Workplace;
use django_facts::Engine;

/// What there is to run, and where.
pub(super) struct ToRun<'a> {
    pub(super) root: &'a Path,
    pub(super) answers: &'a Answers,
    pub(super) steps: &'a Steps,
    /// The steps that `--run` names.
    pub(super) run: &'a [Step],
}

/// What the steps go by.
struct Work<'a> {
    root: &'a Path,
    answers: &'a Answers,
    steps: &'a Steps,
    /// The steps that `--run` names.
    run: &'a [Step],
    interrupt: &'a Interrupt,
}

impl Work<'_> {
    fn answer(&self, name: &str) -> &str {
        match self.answers.get(name) {
            Some(Answer::Text(text)) => text,
            _ => "",
        }
    }

    fn file(&self, path: &TreePath) -> Result<Option<File>> {
        Ok(match fs::entry(self.root, path)? {
            // A program is about to change it, so it is no use to know where it is.
            fs::Entry::File(file) => {
                let full = self.root.join(path.as_str());
                Some(file.hold().map_err(Error::io("read", full))?)
            }
            _ => None,
        })
    }

    /// Undoes what a program did to a file. A link stays: what it leads to is not the project's.
    fn put_back(&self, path: &TreePath, before: Option<&File>) -> Result<()> {
        let full = self.root.join(path.as_str());
        match before.map(|file| &file.content) {
            Some(Content::Bytes(bytes)) => fs::replace(&full, bytes),
            Some(Content::Link(_) | Content::Stored(_)) => Ok(()),
            None => fs::remove(&full),
        }
    }

    /// Makes a file that a program wrote a part of what the wizard did, so that `undo` takes both back.
    fn take_in(&self, path: TreePath, before: Option<File>, place: &mut Workplace) -> Result<()> {
        let after = self.file(&path)?;
        if before == after {
            return Ok(());
        }
        self.put_back(&path, before.as_ref())?;
        let edit = Edit {
            path,
            before,
            after,
            like: None,
        };
        let amendment = Amendment {
            title: "locking the packages",
            edits: &[edit],
            ..Amendment::default()
        };
        apply::amend(place, amendment, self.interrupt)
    }

    /// Whether there is somebody to answer, and the command line did not say it all.
    fn can_ask(&self, ui: &Ui) -> bool {
        self.run.is_empty() && ui.prompt.is_interactive()
    }

    /// Whether to do it now. `obstacle` says why it cannot be: told where it was asked for, and not asked about.
    fn wants(&self, step: Step, obstacle: Option<String>, ui: &mut Ui) -> Result<bool> {
        let is_asked_for = self.run.contains(&step);
        if let Some(reason) = obstacle {
            if is_asked_for {
                return Err(failed(step, reason));
            }
            if self.can_ask(ui) {
                ui.say(format!("  Not possible from here: {reason}"));
            }
            return Ok(false);
        }
        if is_asked_for {
            return Ok(true);
        }
        if !self.can_ask(ui) {
            return Ok(false);
        }
        let items = ["not now", "run it"].map(str::to_owned);
        Ok(ui.prompt.select("Run it now?", &items, 0)? == 1)
    }
}

/// What of the steps that `run` names the project has nothing for: refused before anything is written.
pub(super) fn refuse_impossible(todo: &ToRun) -> Result<()> {
    let ToRun {
        root,
        answers,
        steps,
        run,
    } = *todo;
    let refused = |step, reason, instead| Error::ImpossibleStep {
        step,
        reason,
        instead,
    };
    if run.contains(&Step::Data) && !data::has_dump(answers) {
        let (reason, instead) = match answers.get(DATABASE) {
            Some(Answer::Text(name)) if name == Engine::Sqlite.name() => (
                "a database of `sqlite` is a file, of which there is no dump".into(),
                "copy that file while nothing writes to it",
            ),
            Some(Answer::Text(name)) => (
                format!("there is no dump of the database `{name}`"),
                "copy the data with the database's own programs",
            ),
            _ => ("no database is known".into(), "copy the data by hand"),
        };
        return Err(refused("data", reason, instead));
    }
    if run.contains(&Step::Media)
        && let Some(reason) = media::impossible(root, steps)?
    {
        let instead = "copy them with `aws s3 sync`";
        return Err(refused("media", reason, instead));
    }
    Ok(())
}

fn failed(step: Step, reason: String) -> Error {
    let step = match step {
        Step::Lock => "lock",
        Step::Data => "data",
        _ => "media",
    };
    Error::OutsideStep { step, reason }
}

/// Offers or tells the steps, and notes in `ran` those that were run. One that fails does not keep the others from their
/// turn: the files of the project are written by then. The first error is returned; further ones are said.
///
/// `place` is where to record what `undo` has to take back as well; `None` where conflicts are still to be decided.
pub(super) fn steps(
    todo: &ToRun,
    place: Option<&mut Workplace>,
    interrupt: &Interrupt,
    ran: &mut Vec<&'static str>,
    ui: &mut Ui,
) -> Result<()> {
    let ToRun {
        root,
        answers,
        steps,
        run,
    } = *todo;
    let work = Work {
        root,
        answers,
        steps,
        run,
        interrupt,
    };
    let mut first: Result<()> = Ok(());
    let mut end = |step, done: Result<bool>, ui: &mut Ui| match done {
        Ok(done) => {
            ran.extend(done.then_some(step));
            Ok(())
        }
        Err(Error::Cancelled) => {
            std::mem::replace(&mut first, Ok(()))?;
            Err(Error::Cancelled)
        }
        Err(error) => {
            if first.is_err() {
                ui.say(format!("\n{error}."));
            } else {
                first = Err(error);
            }
            Ok(())
        }
    };
    if steps.has(Step::Lock) {
        let done = lock::lock(&work, place, ui);
        end("lock", done, ui)?;
    } else if let Some(reason) = &steps.unlocked {
        ui.say(format!("\nThe packages are not locked: {reason}."));
    }
    if steps.has(Step::Data) {
        let done = data::data(&work, ui);
        end("data", done, ui)?;
    }
    if steps.has(Step::Media) {
        let done = media::media(&work, ui);
        end("media", done, ui)?;
    }
    first
}
