//! Whose records these are. What a journal says is carried out without a question, so none counts that somebody else may
//! have put there: another user, a commit that was cloned, whoever may write into the folder.

use std::path::Path;

use crate::error::{Error, Result};
use crate::fs::{self, Owner};
use crate::git::Git;
use crate::tree::OWN_FOLDER;

/// The files of a store that say what was done, or what is to be done: what a later run goes by.
pub(super) const RECORDS: [&str; 5] = ["journal", "undo", "pending", "new-project", "review"];

/// Fails unless the store in `dir`, of the project in `root`, is our own or not there at all.
pub(super) fn check(root: &Path, dir: &Path, git: Option<&Git>) -> Result<()> {
    let is_foreign = |reason: String| Error::ForeignRecords {
        dir: dir.to_owned(),
        reason,
    };
    let Some(found) = fs::owner(dir)? else {
        return Ok(());
    };
    if let Some(reason) = fault(&found) {
        return Err(is_foreign(format!("it {reason}")));
    }
    for name in RECORDS {
        if let Some(reason) = fs::owner(&dir.join(name))?.as_ref().and_then(fault) {
            return Err(is_foreign(format!("`{name}` in it {reason}")));
        }
    }
    // Whoever may rename the folders on the way can put others in their place. Git's folder may lie outside the project,
    // and links may lead to both.
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (root, place) = (real(root), real(dir));
    let is_near =
        |above: &&Path| above.starts_with(&root) || git.is_some_and(|git| git.holds(above));
    for above in place.ancestors().skip(1).take_while(is_near) {
        let found = fs::owner(above)?;
        if found.is_some_and(|found| found.may_be_replaced()) {
            return Err(is_foreign(format!(
                "everybody may write in `{}`",
                above.display()
            )));
        }
    }
    let tracked = match git.filter(|_| place.starts_with(root.join(OWN_FOLDER))) {
        Some(git) => git.tracks(is_records)?,
        None => false,
    };
    if tracked {
        return Err(is_foreign("git tracks it, so it came with a commit".into()));
    }
    Ok(())
}

/// Whether git's `path` is our folder, as a submodule is, or lies in it; some disks take names in other letters for the
/// same one.
fn is_records(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    first.eq_ignore_ascii_case(OWN_FOLDER)
}

/// Why something that stands there is not ours.
fn fault(found: &Owner) -> Option<String> {
    if !found.is_ours() {
        return Some(format!("belongs to another user, number {}", found.user));
    }
    found
        .is_open_to_all()
        .then(|| "can be written by everybody".to_owned())
}
