//! `undo`: the last transaction of a project, taken back.

use std::path::PathBuf;

use crate::apply::{self, Interrupt, Store};
use crate::command::Outcome;
use crate::error::{Error, Result};
use crate::ui::Ui;

/// Take back the last new, upgrade or dockerize in this project
///
/// Every file becomes what it was, byte for byte. Files that changed since are listed, and then nothing is touched.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The project
    #[arg(default_value = ".")]
    dir: PathBuf,
}

pub(crate) fn run(args: Args, ui: &mut Ui, interrupt: &Interrupt) -> Result<Outcome> {
    let root = super::root_of(&args.dir)?;
    let mut store = Store::of(&root)?;
    super::recover(&root, &mut store, ui)?;
    if let Some(pending) = store.pending()? {
        return Err(Error::Unfinished {
            title: pending.title,
            paths: pending.conflicts,
        });
    }
    match apply::undo(&root, &mut store, false, interrupt)? {
        Some(undone) => ui.say(format!(
            "{} took back `{}`: {} files are as they were",
            super::tick(),
            undone.title,
            undone.files
        )),
        None => ui.say("There is nothing to take back."),
    }
    Ok(Outcome::Done)
}
