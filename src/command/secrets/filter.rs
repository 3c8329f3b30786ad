//! What git calls: the clean and smudge filters, the textconv, the merge driver.

use std::path::Path;

use super::password::{self, Passwords};
use super::repository;
use crate::command::Policy;
use crate::error::{Error, Result};
use crate::fs;
use crate::report::{Outcome, Report, merge_notes};
use crate::secrets::{encrypt, is_encrypted};
use three_way::Labels;

/// Encrypts standard input. Without a password it fails, and git commits nothing.
pub(super) fn clean(path: &str) -> Result<Report> {
    let mut report = Report::new();
    let plain = fs::read_stdin()?;
    if !plain.is_empty() && !is_encrypted(&plain) {
        let password = password::required(&repository()?)?;
        report.bytes(encrypt(&plain, path, &password.current));
    } else {
        report.bytes(plain);
    }
    Ok(report)
}

/// Decrypts standard input. What cannot be decrypted passes through encrypted, with a word on stderr: a checkout must
/// not fail, and must not write garbage.
pub(super) fn smudge(path: &str) -> Result<Report> {
    let mut report = Report::new();
    let bytes = fs::read_stdin()?;
    let known = password::known(&repository()?)?;
    let found = known.as_ref().map(|known| known.open_present(&bytes, path));
    let plain = match found {
        None => {
            report.say(format!(
                "{path}: left encrypted, its password is not known here"
            ));
            bytes
        }
        Some(Err(fault)) => {
            let is_older = |known: &Passwords| known.is_older(&bytes, path);
            let why = if known.as_ref().is_some_and(is_older) {
                "it has a former password; `ixd-template secrets init` decrypts it"
            } else {
                fault.describe()
            };
            report.say(format!("{path}: left encrypted, {why}"));
            bytes
        }
        // A renamed file keeps the salt of its old name until it is committed again; a wrong password gives no text.
        Some(Ok(found)) if found.is_sound() => found.plain,
        Some(Ok(_)) => {
            report.say(format!(
                "{path}: left encrypted, the password is wrong or the file was tampered with"
            ));
            bytes
        }
    };
    report.bytes(plain);
    Ok(report)
}

/// Prints a file in the clear for `git diff`, which gives the file under a name of its own.
pub(super) fn textconv(file: &Path) -> Result<Report> {
    let mut report = Report::new();
    let bytes = fs::read(file)?.unwrap_or_default();
    let known = password::known(&repository()?)?;
    let plain = known.and_then(|passwords| passwords.open(&bytes, "").ok());
    report.bytes(plain.map_or(bytes, |found| found.plain));
    Ok(report)
}

/// Merges the plain texts and writes the result, encrypted, over ours.
pub(super) fn merge(
    [base, ours, theirs]: [&Path; 3],
    path: &str,
    policy: Policy,
) -> Result<Report> {
    let passwords = password::required(&repository()?)?;
    let plain = |file: &Path| -> Result<Vec<u8>> {
        let bytes = fs::read(file)?.unwrap_or_default();
        let wrong = |message: &str| Error::Secret {
            path: path.to_owned(),
            message: message.to_owned(),
        };
        let found = passwords
            .open(&bytes, path)
            .map_err(|fault| wrong(fault.describe()))?;
        if !found.is_sound() {
            return Err(wrong("the password is wrong, or it was tampered with"));
        }
        Ok(found.plain)
    };
    let (base, plain_ours, theirs) = (plain(base)?, plain(ours)?, plain(theirs)?);
    let merged = three_way::merge_with(path, &base, &plain_ours, &theirs, policy.rules());
    // Its notes may quote what is secret.
    let mut report = Report::new();
    merge_notes(path, &merged, true, &mut report);
    let result = merged.with_markers(&Labels::default());
    fs::replace(ours, &encrypt(&result, path, &passwords.current))?;
    Ok(report.ended(if merged.is_clean() {
        Outcome::Done
    } else {
        Outcome::MergeConflicts
    }))
}
