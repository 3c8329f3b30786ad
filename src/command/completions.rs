//! `completions`: scripts that make a shell complete our commands.

use crate::command::Outcome;
use crate::error::Result;
use crate::ui::Ui;

/// Print a script that makes your shell complete these commands
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The shell to print it for
    shell: clap_complete::Shell,
}

pub(crate) fn run(args: Args, mut program: clap::Command, ui: &mut Ui) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, "ixd-template", &mut script);
    ui.bytes(&script)?;
    Ok(Outcome::Done)
}
