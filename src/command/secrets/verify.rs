//! `secrets check` and `secrets show`.

use std::path::Path;

use super::password::{self, Passwords};
use super::repository;
use crate::error::{Error, Result};
use crate::fs;
use crate::git::Crypted;
use crate::report::{Report, tick};
use crate::secrets::{decrypt, is_encrypted};
use crate::ui::Ui;

/// Looks at every secret file as it would be committed.
pub(super) fn check(ui: &mut Ui) -> Result<Report> {
    let mut report = Report::new();
    let git = repository()?;
    let passwords = password::known(&git)?;
    let files = git.crypted()?;
    let mut faults = 0;
    let mut complain = |path: &str, what: &str, report: &mut Report| {
        faults += 1;
        report.data(format!("✗ {path}: {what}"));
    };
    for file in &files {
        match verdict(file, passwords.as_ref()) {
            Ok(()) => report.data(format!("✓ {}", file.path)),
            Err(what) => complain(&file.path, what, &mut report),
        }
    }
    for path in git.unprotected()? {
        if git.is_unfiltered(&path)? {
            report.data(format!("  {path}: in the clear, as .gitattributes says"));
            continue;
        }
        complain(
            &path,
            "it is called secret, but no filter encrypts it (`ixd-template secrets init`)",
            &mut report,
        );
    }
    if passwords.is_none() && !files.is_empty() {
        report.say("The password is not known here: only the form of the files was checked.");
    }
    if faults > 0 {
        report.show(ui);
        return Err(Error::Secrets { count: faults });
    }
    if files.is_empty() {
        report.say("There are no secret files.");
    } else {
        report.say(format!(
            "{} {} secret files are encrypted",
            tick(),
            files.len()
        ));
    }
    Ok(report)
}

fn verdict(file: &Crypted, passwords: Option<&Passwords>) -> Result<(), &'static str> {
    let (blob, path) = (&file.blob, &file.path);
    if !file.is_readable {
        return Err("git cannot read it: `git fsck` says more");
    }
    if blob.is_empty() {
        return Ok(());
    }
    if !is_encrypted(blob) {
        let looks_like_base64 = blob
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/=\n".contains(byte));
        return Err(if looks_like_base64 && blob.len() > 20 {
            crate::secrets::DecryptError::Headerless.describe()
        } else {
            "it is in the index in the clear: `git rm --cached` it, then `git add` it again"
        });
    }
    let Some(passwords) = passwords else {
        return Ok(());
    };
    match decrypt(blob, path, &passwords.current) {
        Ok(found) if found.authentic => Ok(()),
        _ if passwords
            .open(blob, path)
            .is_ok_and(|found| found.authentic) =>
        {
            Err(match &passwords.former {
                Some(_) => {
                    "it still has the former password: `ixd-template secrets rekey` was broken off, run it again"
                }
                None => {
                    "it has a former password: once decrypted (`ixd-template secrets init`), `git add` gives it the present one"
                }
            })
        }
        Err(fault) => Err(fault.describe()),
        Ok(_) => Err(
            "the password is wrong, or it was tampered with, or only renamed (then `git add --renormalize` it)",
        ),
    }
}

/// Prints a secret file in the clear, whether it is encrypted on the disk or not.
pub(super) fn show(file: &Path) -> Result<Report> {
    let mut report = Report::new();
    let shown = file.display().to_string();
    let bytes = fs::read(file)?
        .ok_or_else(|| Error::io("read", file)(std::io::ErrorKind::NotFound.into()))?;
    if !is_encrypted(&bytes) {
        report.bytes(bytes);
        return Ok(report);
    }
    let git = repository()?;
    let absolute = fs::absolute(file)?;
    let (path, top) = (absolute.canonicalize(), git.top().canonicalize());
    let path = path.unwrap_or(absolute);
    let path = path
        .strip_prefix(top.unwrap_or_else(|_| git.top()))
        .unwrap_or(&path)
        .to_string_lossy()
        .into_owned();
    let secret = |message: &str| Error::Secret {
        path: shown.clone(),
        message: message.to_owned(),
    };
    let found = password::required(&git)?
        .open(&bytes, &path)
        .map_err(|fault| secret(fault.describe()))?;
    if !found.is_sound() {
        return Err(secret(
            "the password is wrong, or the file was tampered with",
        ));
    }
    report.bytes(found.plain);
    if !found.authentic {
        report.say(format!(
            "{shown}: its salt does not fit: it was renamed, or tampered with"
        ));
    }
    Ok(report)
}
