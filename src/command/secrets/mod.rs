//! `secrets`: encrypted files in git, compatible with transcrypt.

mod care;
mod filter;
mod password;
mod rekey;
mod setup;
mod verify;

use std::path::{Path, PathBuf};

use super::Policy;
use crate::apply::Interrupt;
use crate::error::{Error, Result};
use crate::fs;
use crate::git::Git;
use crate::report::Report;
use crate::ui::Ui;

pub(crate) use care::look_after;

/// Keep files encrypted in git, as transcrypt does
///
/// Files named `*.secret*` are plain on your disk and encrypted in every commit. A colleague with transcrypt, or a container
/// with openssl alone, reads them with the same password.
#[derive(Debug, clap::Args)]
pub struct SecretsArgs {
    #[command(subcommand)]
    command: SecretsCommand,
}

#[derive(Debug, clap::Subcommand)]
enum SecretsCommand {
    /// Set up this repository: filters, attributes, password; decrypts what is there
    ///
    /// The password comes from `TRANSCRYPT_PASSWORD`, from the file that `TRANSCRYPT_PASSWORD_FILE` names, from `.env.local`, or
    /// is asked for.
    Init {
        /// Make a new password
        #[arg(long)]
        generate: bool,
    },
    /// Check that every secret file in the index is encrypted, and with this password
    Check,
    /// Print a secret file in the clear
    Show {
        /// The file
        file: PathBuf,
    },
    /// Encrypt standard input (git's clean filter)
    Clean {
        /// The file's path in the repository
        path: String,
    },
    /// Decrypt standard input (git's smudge filter)
    Smudge {
        /// The file's path in the repository
        path: String,
    },
    /// Print a file in the clear for `git diff`
    Textconv {
        /// The file that git made
        file: PathBuf,
    },
    /// Merge encrypted files (git's merge driver)
    Merge {
        /// The version that both others come from
        base: PathBuf,
        /// Our version, which becomes the result
        ours: PathBuf,
        /// The other version
        theirs: PathBuf,
        /// The file's path in the repository
        path: String,
        /// What to do with merges that are only probable, such as the newer of two versions that are no pins
        #[arg(long, value_name = "WHAT", value_enum, default_value_t = Policy::Suggest)]
        policy: Policy,
    },
    /// Encrypt every secret file with a new password
    ///
    /// The new password comes from `NEW_TRANSCRYPT_PASSWORD` or is asked for. It replaces the old one in `.env.local`, if that is
    /// there.
    Rekey {
        /// Make a new password
        #[arg(long)]
        generate: bool,
    },
}

pub(crate) fn run(args: SecretsArgs, ui: &mut Ui, interrupt: &Interrupt) -> Result<Report> {
    match args.command {
        SecretsCommand::Init { generate } => setup::init(generate, ui, interrupt),
        SecretsCommand::Rekey { generate } => rekey::rekey(generate, ui, interrupt),
        SecretsCommand::Check => verify::check(ui),
        SecretsCommand::Show { file } => verify::show(&file),
        SecretsCommand::Clean { path } => filter::clean(&path),
        SecretsCommand::Smudge { path } => filter::smudge(&path),
        SecretsCommand::Textconv { file } => filter::textconv(&file),
        SecretsCommand::Merge {
            base,
            ours,
            theirs,
            path,
            policy,
        } => filter::merge([&base, &ours, &theirs], &path, policy),
    }
}

impl SecretsArgs {
    /// Whether git calls it for a file: then it is git that reads what is said.
    pub(crate) fn is_called_by_git(&self) -> bool {
        !matches!(
            self.command,
            SecretsCommand::Init { .. }
                | SecretsCommand::Rekey { .. }
                | SecretsCommand::Check
                | SecretsCommand::Show { .. }
        )
    }
}

/// The repository around the current folder.
fn repository() -> Result<Git> {
    let here = fs::absolute(Path::new("."))?;
    Git::around(&here)?.ok_or(Error::NoRepository { dir: here })
}
