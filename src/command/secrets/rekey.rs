//! `secrets rekey`: another password for every secret file.
//!
//! Git gets to know the new password first, and keeps the former one beside it until the index holds nothing that needs it.
//! So whatever breaks off in between leaves no file that nobody can read, and the next run goes on from there.

use super::password::{self, FORMER, KEPT, LocalBackup, Passwords, TELL_REPLACED};
use super::repository;
use super::setup::{decrypt_work_tree, secret};
use crate::apply::Interrupt;
use crate::environment::{program, variable};
use crate::error::{Error, Result};
use crate::git::{Changes, Cipher as _, Crypted, Git, Private, Setting};
use crate::report::{Report, after_writing, tell_password, tick};
use crate::secrets::{Password, encrypt};
use crate::ui::Ui;

pub(super) fn rekey(generate: bool, ui: &mut Ui, interrupt: &Interrupt) -> Result<Report> {
    let git = repository()?;
    let held = password::required(&git)?;
    let wanted = variable("NEW_TRANSCRYPT_PASSWORD").filter(|_| !generate);
    if held.former.is_none() {
        return change_to(wanted, generate, &git, ui, interrupt);
    }
    ui.say("A change of the password had been broken off; it is finished now.");
    let new = Password::in_use(held.current.clone(), program());
    let report = change(&git, &held, &new, ui, interrupt)?;
    if wanted.as_ref().is_none_or(|wanted| *wanted == held.current) {
        return after_writing(Ok(report));
    }
    report.show(ui);
    after_writing(change_to(wanted, generate, &git, ui, interrupt))
}

/// Changes the password to the one that is wanted, or else is made or asked for.
fn change_to(
    wanted: Option<String>,
    generate: bool,
    git: &Git,
    ui: &mut Ui,
    interrupt: &Interrupt,
) -> Result<Report> {
    let held = password::required(git)?;
    let new = password::chosen(wanted, generate, ui)?;
    let report = change(git, &held, &new, ui, interrupt)?;
    after_writing(Ok(report))
}

fn change(
    git: &Git,
    held: &Passwords,
    new: &Password,
    ui: &mut Ui,
    interrupt: &Interrupt,
) -> Result<Report> {
    let mut report = Report::new();
    let changed = encrypt_again(git, held, new, &mut report, interrupt);
    let count = report.shown_if_failed(changed, ui)?;
    report.say(format!(
        "{} {count} secret files are staged with the new password: commit them\n  \
         What was committed before can still be read with the old one: change the secrets themselves, too.",
        tick(),
    ));
    report.say(TELL_REPLACED);
    tell_password(git, ui.prompt.is_interactive(), &mut report);
    Ok(report)
}

/// Gives every file the new password, and returns how many files there are.
fn encrypt_again(
    git: &Git,
    held: &Passwords,
    new: &Password,
    report: &mut Report,
    interrupt: &Interrupt,
) -> Result<usize> {
    let blobs = again(git, held, new)?;
    let writing = interrupt.writing();
    let private = git.private()?;
    decrypt_work_tree(git, &private, held, report)?;
    let mut config = save(git, &private, held, new, &blobs)?;
    writing.done();
    let mut kept = held.replacing(new.as_str());
    kept.push((FORMER, None));
    config.write(&kept).map_err(Error::after_writing)?;
    Ok(blobs.len())
}

/// Each file with its blob under the new password.
fn again(git: &Git, held: &Passwords, new: &Password) -> Result<Vec<(Crypted, Vec<u8>)>> {
    let mut blobs = Vec::new();
    for file in git.crypted()? {
        let found = held
            .open(&file.blob, &file.path)
            .ok()
            .filter(|found| found.authentic && file.is_readable);
        let Some(found) = found else {
            let message = "it cannot be decrypted with the present password; `ixd-template secrets check` says more";
            return Err(secret(&file.path, message));
        };
        let blob = encrypt(&found.plain, &file.path, new.as_str());
        blobs.push((file, blob));
    }
    Ok(blobs)
}

/// Saves the password, and then what it opens. What fails takes all of it back.
fn save<'a>(
    git: &Git,
    private: &'a Private,
    held: &Passwords,
    new: &Password,
    blobs: &[(Crypted, Vec<u8>)],
) -> Result<Changes<'a>> {
    let values = new.config();
    let former = held.former.as_ref().unwrap_or(&held.current);
    let mut settings: Vec<Setting> = values
        .iter()
        .map(|(name, value)| (*name, Some(value.as_str())))
        .collect();
    settings.push((FORMER, Some(former)));
    let mut config = git.begin_config(private)?;
    config.write(&settings)?;
    let kept = git
        .takes(KEPT, new.as_str())
        .and_then(|()| password::keep(git, private, new.as_str()));
    let done = kept.and_then(|kept| {
        git.replace_blobs(private, blobs)
            .inspect_err(|_| kept.into_iter().for_each(LocalBackup::take_back))
    });
    match done {
        Ok(()) => Ok(config),
        Err(error) => {
            // What fails here leaves both passwords, which the next run finds.
            let _ = config.take_back();
            Err(error)
        }
    }
}
