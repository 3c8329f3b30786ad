//! `secrets init`, and the setting up that `new` and `upgrade` do.

use std::os::unix::fs::PermissionsExt as _;

use super::password::{self, Passwords};
use super::repository;
use crate::apply::Interrupt;
use crate::change::set_encryption;
use crate::environment::program;
use crate::error::{Error, Result};
use crate::fs;
use crate::git::{Crypted, Git, Private};
use crate::report::{Report, tell_password, tick};
use crate::secrets::{ATTRIBUTES, DecryptError, Password, decrypt, is_encrypted};
use crate::tree::File;
use crate::ui::Ui;

pub(super) fn init(generate: bool, ui: &mut Ui, interrupt: &Interrupt) -> Result<Report> {
    let git = repository()?;
    if git.config(password::FORMER).is_some() {
        return Err(Error::Password(
            "a change of it was broken off; `ixd-template secrets rekey` finishes it".into(),
        ));
    }
    let given = password::given(&git)?;
    if generate && given.is_some() {
        return Err(Error::Password(
            "there is one already; `ixd-template secrets rekey` changes it".into(),
        ));
    }
    let mut files = git.crypted()?;
    let held = password::known(&git)?.filter(|held| given.as_ref() == Some(&held.current));
    if let Some(held) = held {
        // Of another work tree, or of a commit before the last `rekey`: they tell nothing of the present one.
        files.retain(|file| !held.is_older(&file.blob, &file.path));
    }
    let new = match given {
        _ if generate => password::fresh()?,
        Some(given) => {
            let is_proven = prove(&files, &given)?;
            let kept = git.config(password::KEPT);
            if !is_proven && kept.as_ref().is_some_and(|kept| *kept != given) {
                return Err(Error::Password(
                    "git has another one here, and no file tells which is right; `ixd-template secrets rekey` changes it".into(),
                ));
            }
            let is_in_use = is_proven || kept.is_some();
            taken(given, is_in_use)?
        }
        None => {
            let typed = password::asked(ui)?;
            if prove(&files, &typed)? {
                taken(typed, true)?
            } else {
                taken(password::confirmed(typed, ui)?, false)?
            }
        }
    };
    prove(&files, new.as_str())?;
    let mut report = Report::new();
    let done = set_up(&git, &new, &mut report, interrupt);
    report.shown_if_failed(done, ui)?;
    if new.is_weak() {
        report.say("  the password has less than 20 characters, and nothing else protects the files: `ixd-template secrets rekey --generate` makes a better one");
    }
    if generate {
        tell_password(&git, ui.prompt.is_interactive(), &mut report);
    }
    Ok(report)
}

fn taken(password: String, is_in_use: bool) -> Result<Password> {
    if is_in_use {
        Ok(Password::in_use(password, program()))
    } else {
        Password::new(password, program()).map_err(Error::Password)
    }
}

fn set_up(git: &Git, new: &Password, report: &mut Report, interrupt: &Interrupt) -> Result<()> {
    let _writing = interrupt.writing();
    let held = password::known(git)?;
    let is_other = git
        .config(password::KEPT)
        .is_some_and(|kept| kept != new.as_str());
    if let Some(held) = held.filter(|_| is_other) {
        git.configure(&git.private()?, &held.replacing(new.as_str()))?;
        report.say(password::TELL_REPLACED);
    }
    set_encryption(git, new)?;
    let secret = format!("{}.env.secret", git.prefix());
    if !git.is_crypted(&secret)? {
        add_attributes(git)?;
        report.say(format!(
            "{} .gitattributes: files named *.secret* are encrypted in commits",
            tick()
        ));
    }
    if git.is_ignored(".env.secret") {
        report.say("  .gitignore still hides files named *.secret* from git: take that line out to commit them");
    }
    let only = || Passwords::of(new.as_str().to_owned());
    let passwords = password::known(git)?.unwrap_or_else(only);
    let decrypted = decrypt_work_tree(git, &git.private()?, &passwords, report)?;
    report.say(format!(
        "{} this repository is set up; {decrypted} {} decrypted",
        tick(),
        if decrypted == 1 {
            "file was"
        } else {
            "files were"
        }
    ));
    Ok(())
}

/// Whether the files prove the password; where there are none, nothing does.
///
/// A wrong one gives garbage once in 256 times, and no error; a renamed file has a salt that does not fit either, but makes
/// sense. A file that is damaged is no reason to refuse what another one proves.
///
/// # Errors
/// When the files tell that it is another.
fn prove(files: &[Crypted], password: &str) -> Result<bool> {
    let mut doubt = None;
    let mut makes_sense = false;
    for file in files.iter().filter(|file| is_encrypted(&file.blob)) {
        match decrypt(&file.blob, &file.path, password) {
            Ok(found) if found.authentic => return Ok(true),
            Ok(found) if found.is_sound() => makes_sense = true,
            Ok(_) => doubt = doubt.or(Some((file, WRONG))),
            // Nobody can decrypt it, with whatever password.
            Err(DecryptError::Headerless | DecryptError::Damaged) => {}
            Err(fault) => doubt = doubt.or(Some((file, fault.describe()))),
        }
    }
    match doubt {
        Some((file, what)) => Err(secret(&file.path, what)),
        None => Ok(makes_sense),
    }
}

const WRONG: &str = "the password is wrong, or it was tampered with";

pub(super) fn secret(path: &str, message: &str) -> Error {
    Error::Secret {
        path: path.to_owned(),
        message: message.to_owned(),
    }
}

fn add_attributes(git: &Git) -> Result<()> {
    let path = git.top().join(".gitattributes");
    if fs::metadata(&path)?.is_some_and(|meta| meta.is_symlink()) {
        return Err(Error::Path {
            path: ".gitattributes".into(),
            reason: "it is a link, which git does not read".into(),
        });
    }
    let Some(text) = fs::read_text(&path)? else {
        let file = File::new(format!("{ATTRIBUTES}\n").into_bytes());
        return fs::create(&path, &file, 0o644);
    };
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    fs::replace(&path, format!("{text}{end}{ATTRIBUTES}\n").as_bytes())
}

/// Decrypts the files that a clone without the filters left encrypted, and names those that it cannot.
pub(super) fn decrypt_work_tree(
    git: &Git,
    private: &Private,
    passwords: &Passwords,
    report: &mut Report,
) -> Result<usize> {
    let mut decrypted = Vec::new();
    for file in git.crypted()? {
        if !file.is_readable {
            report.say(format!(
                "  {}: git cannot read what was committed of it; `git fsck` says more",
                file.path
            ));
        }
        let path = git.top().join(&file.path);
        // A file behind a link is left alone: the link may lead out of the project.
        if fs::is_behind_link(&git.top(), &file.path)? {
            continue;
        }
        let mode = fs::metadata(&path)?.filter(std::fs::Metadata::is_file);
        let Some(mode) = mode.map(|meta| meta.permissions().mode() & 0o7777) else {
            continue;
        };
        let Some(bytes) = fs::read(&path)?.filter(|bytes| is_encrypted(bytes)) else {
            continue;
        };
        match passwords.open(&bytes, &file.path) {
            Ok(found) if found.is_sound() => {
                private.replace(&path, &found.plain, mode)?;
                decrypted.push(file);
            }
            found => report.say(format!(
                "  {}: left encrypted, {}; `ixd-template secrets check` says more",
                file.path,
                found.map_or_else(
                    DecryptError::describe,
                    |_| "it was tampered with or renamed"
                )
            )),
        }
    }
    if !decrypted.is_empty() {
        git.forget_stat(private, &decrypted)?;
    }
    Ok(decrypted.len())
}
