//! `dockerize`: base is nothing, ours is a project that was not made from a template, theirs is a release, rendered with
//! what was found.

use std::path::PathBuf;

use super::Outcome;
use crate::error::Result;
use crate::fs::{self, Survey};
use crate::project::Findings;
use crate::ui::Ui;

/// Bring an existing Django project onto the template
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The project
    #[arg(default_value = ".")]
    dir: PathBuf,

    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,

    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: Args, ui: &mut Ui) -> Result<Outcome> {
    let root = fs::absolute(&args.dir)?;
    let findings = Findings::of(&Survey::of(&root));
    if args.json {
        ui.json(&findings);
    }
    Ok(Outcome::Done)
}
