//! The command line: what can be typed, and what every command shares.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::apply::Interrupt;
use crate::command;
use crate::error::Result;
use crate::report::{End, Report};
use crate::ui::Ui;

const EXIT_CODES: &str = "\
Exit codes:
  0  done, or nothing to do
  1  refused or failed; nothing was written
  2  the command line cannot be understood
  3  done, but conflicts are left (or, with --check, an upgrade is available)
  4  the files are written, but something failed after that
  5  what would be written was tried in a copy and failed; nothing was written";

/// Starts a Django project and keeps it current for years.
#[derive(Debug, Parser)]
#[command(name = "ixd-template", version, after_help = EXIT_CODES, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(command::new::NewArgs),
    Upgrade(command::upgrade::UpgradeArgs),
    Dockerize(command::dockerize::DockerizeArgs),
    Status(command::status::StatusArgs),
    Diff(command::diff::DiffArgs),
    Undo(command::undo::UndoArgs),
    MergeFile(command::merge_file::MergeFileArgs),
    Secrets(command::secrets::SecretsArgs),
    Completions(command::completions::CompletionsArgs),
}

impl Cli {
    /// Runs the command and prints its report.
    pub fn run(self, ui: &mut Ui, interrupt: &Interrupt) -> Result<End> {
        let clone = self.command.clone_to_look_after();
        let report: Result<Report> = match self.command {
            Command::New(args) => command::new::run(args, ui, interrupt),
            Command::Upgrade(args) => command::upgrade::run(args, ui, interrupt),
            Command::Dockerize(args) => command::dockerize::run(args, ui, interrupt),
            Command::Undo(args) => command::undo::run(args, ui, interrupt),
            Command::Status(args) => command::status::run(args, ui),
            Command::Diff(args) => command::diff::run(args, ui),
            Command::MergeFile(args) => command::merge_file::run(args),
            Command::Secrets(args) => command::secrets::run(args, ui, interrupt),
            Command::Completions(args) => Ok(command::completions::run(args, Self::command())),
        };
        let ended = report.and_then(|report| report.print(ui));
        if let Some((dir, may_mend)) = clone {
            command::secrets::look_after(&dir, may_mend && ended.is_ok(), ui);
        }
        ended
    }
}

impl Command {
    /// A folder of the clone that it works in, and whether it may change what git knows of it; `None` where git or a shell
    /// is who calls.
    fn clone_to_look_after(&self) -> Option<(PathBuf, bool)> {
        let here = PathBuf::from(".");
        match self {
            Self::Upgrade(args) => Some((args.dir.clone(), !args.dry_run && !args.check)),
            Self::New(args) => Some((args.dest.clone(), false)),
            Self::Dockerize(args) => Some((args.dir.clone(), false)),
            Self::Status(args) => Some((args.dir.clone(), false)),
            Self::Undo(args) => Some((args.dir.clone(), false)),
            Self::Diff(args) => Some((args.paths.first().map_or(here, PathBuf::clone), false)),
            Self::Secrets(args) if !args.is_called_by_git() => Some((here, false)),
            Self::Secrets(_) | Self::MergeFile(_) | Self::Completions(_) => None,
        }
    }
}

/// What every failure of a command line that asks for a merge ends with; `None` for all other commands.
///
/// Git takes 1, 2, 101, 127 and 128 of a merge driver for conflicts, and leaves ours unmarked; at 129 and above the merge
/// itself fails. The command line is looked at as it is, because one that cannot be understood fails too.
#[must_use]
pub fn failure_code(arguments: &[OsString]) -> Option<u8> {
    let mut words = arguments
        .iter()
        .skip(1)
        .filter(|word| !word.as_encoded_bytes().starts_with(b"-"));
    let is_merge = match words.next()?.to_str()? {
        "merge-file" => true,
        "secrets" => words.next().is_some_and(|word| word == "merge"),
        _ => false,
    };
    is_merge.then_some(255)
}
