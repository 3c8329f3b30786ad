//! What a killed run left behind, finished by the next one.

use std::path::Path;

use super::journal::{Entry, Journal, Side};
use super::store::Store;
use super::swap;
use crate::error::{Error, Result};
use crate::fs;
use crate::tree::File;

/// What became of a transaction that had been broken off.
#[derive(Debug, PartialEq, Eq)]
pub enum Recovered {
    /// It had got past its point of no return and is now done; its title.
    Finished(String),
}

/// Finishes the transaction that a killed run left in `store`; `None` when there was none.
///
/// Every file is then wholly old or wholly new: what is old is done now. A file that is neither was changed by someone
/// else since; then nothing is touched and the error names it.
pub fn recover(root: &Path, store: &mut Store) -> Result<Option<Recovered>> {
    if !store.exists()? {
        return Ok(None);
    }
    store.lock()?;
    let Some(journal) = Journal::read(&store.journal())? else {
        swap::clear_staging(store);
        return Ok(None);
    };
    let mut rest = Vec::new();
    let mut foreign = Vec::new();
    for entry in &journal.entries {
        let now = now(root, entry)?;
        if now.as_ref() == entry.after.as_ref().map(file) {
            continue;
        }
        if now.as_ref() == entry.before.as_ref().map(file) {
            rest.push(entry.clone());
        } else {
            foreign.push(entry.path.to_string());
        }
    }
    if !foreign.is_empty() {
        return Err(Error::Interrupted {
            title: journal.title,
            paths: foreign,
        });
    }
    let title = journal.title.clone();
    swap::resume(root, store, &journal, rest)?;
    Ok(Some(Recovered::Finished(title)))
}

fn file(side: &Side) -> &File {
    &side.file
}

fn now(root: &Path, entry: &Entry) -> Result<Option<File>> {
    Ok(match fs::entry(root, &entry.path)? {
        fs::Entry::File(file) => Some(file),
        _ => None,
    })
}
