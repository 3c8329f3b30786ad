//! `merge-file`: the merge of one file, for scripts and as a git merge driver.

use std::path::{Path, PathBuf};

use crate::command::Policy;
use crate::error::{Error, Result};
use crate::fs;
use crate::report::{Outcome, Report, merge_notes};
use three_way::Labels;

/// Merge three versions of one file and print the result
///
/// Exits with 0 when the merge is clean, with 1 when it holds conflicts, and with 255 when it failed, like `git merge-file
/// -p`.
#[derive(Debug, clap::Args)]
pub struct MergeFileArgs {
    /// The version that both others come from
    base: PathBuf,
    /// Your version
    ours: PathBuf,
    /// The other version
    theirs: PathBuf,

    /// The file's path in the project, which tells what kind of file it is [default: OURS]
    #[arg(long, value_name = "NAME")]
    path: Option<String>,

    /// What to do with merges that are only probable, such as the newer of two versions that are no pins
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = Policy::Suggest)]
    policy: Policy,

    /// Write the result to OURS instead of printing it, as git wants it of a merge driver
    #[arg(long)]
    in_place: bool,
}

pub(crate) fn run(args: MergeFileArgs) -> Result<Report> {
    let name = args
        .path
        .unwrap_or_else(|| args.ours.to_string_lossy().into_owned());
    let (base, ours, theirs) = (read(&args.base)?, read(&args.ours)?, read(&args.theirs)?);
    let merged = three_way::merge_with(&name, &base, &ours, &theirs, args.policy.rules());
    let labels = Labels {
        base: args.base.display().to_string(),
        ours: args.ours.display().to_string(),
        theirs: args.theirs.display().to_string(),
    };
    let result = merged.with_markers(&labels);
    let mut report = Report::new();
    merge_notes(&name, &merged, false, &mut report);
    if args.in_place {
        fs::replace(&args.ours, &result)?;
    } else {
        report.bytes(result);
    }
    Ok(report.ended(if merged.is_clean() {
        Outcome::Done
    } else {
        Outcome::MergeConflicts
    }))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path)?.ok_or_else(|| Error::io("read", path)(std::io::ErrorKind::NotFound.into()))
}
