//! `completions`: scripts that make a shell complete our commands.

use crate::report::Report;

/// Print a script that makes your shell complete these commands
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell to print it for
    shell: clap_complete::Shell,
}

pub(crate) fn run(args: CompletionsArgs, mut program: clap::Command) -> Report {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, "ixd-template", &mut script);
    let mut report = Report::new();
    report.bytes(script);
    report
}
