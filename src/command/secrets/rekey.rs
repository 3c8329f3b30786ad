//! `secrets rekey`: another password for every secret file.
//!
//! Git gets to know the new password first, and keeps the former one beside it until the index holds nothing that needs it.
//! So whatever breaks off in between leaves no file that nobody can read, and the next run goes on from there.

use super::password::{self, FORMER, KEPT, Kept, Passwords, TELL_REPLACED};
use super::repository;
use super::setup::{decrypt_work_tree, secret, tell_password};
use crate::apply::Interrupt;
use crate::command::{Outcome, tick};
use crate::environment::{program, variable};
use crate::error::Result;
use crate::git::{Changes, Crypted, Git, Private, Seal as _, Setting};
use crate::secrets::{Keys, encrypt};
use crate::ui::Ui;

pub(super) fn rekey(generate: bool, ui: &mut Ui, interrupt: &Interrupt) -> Result<Outcome> {
    let git = repository()?;
    let held = password::required(&git)?;
    let wanted = variable("NEW_TRANSCRYPT_PASSWORD").filter(|_| !generate);
    if held.former.is_some() {
        ui.say("A change of the password had been broken off; it is finished now.");
        let keys = Keys::in_use(held.current.clone(), program());
        let is_all = wanted.as_ref().is_none_or(|wanted| *wanted == held.current);
        change(&git, &held, &keys, ui, interrupt)?;
        if is_all {
            return Ok(Outcome::Done);
        }
    }
    let held = password::required(&git)?;
    let keys = password::chosen(wanted, generate, ui)?;
    change(&git, &held, &keys, ui, interrupt)?;
    Ok(Outcome::Done)
}

fn change(
    git: &Git,
    held: &Passwords,
    keys: &Keys,
    ui: &mut Ui,
    interrupt: &Interrupt,
) -> Result<()> {
    let blobs = again(git, held, keys)?;
    let count = blobs.len();
    let writing = interrupt.writing();
    let private = git.private()?;
    decrypt_work_tree(git, &private, held, ui)?;
    let mut config = save(git, &private, held, keys, &blobs)?;
    writing.done();
    let mut kept = held.replacing(keys.password());
    kept.push((FORMER, None));
    config.write(&kept)?;
    drop(config);
    ui.say(format!(
        "{} {count} secret files are staged with the new password: commit them\n  \
         What was committed before can still be read with the old one: change the secrets themselves, too.",
        tick(),
    ));
    ui.say(TELL_REPLACED);
    tell_password(git, ui);
    Ok(())
}

/// Each file with its blob under the new password.
fn again(git: &Git, held: &Passwords, keys: &Keys) -> Result<Vec<(Crypted, Vec<u8>)>> {
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
        let blob = encrypt(&found.plain, &file.path, keys.password());
        blobs.push((file, blob));
    }
    Ok(blobs)
}

/// Saves the password, and then what it opens. What fails takes all of it back.
fn save<'a>(
    git: &Git,
    private: &'a Private,
    held: &Passwords,
    keys: &Keys,
    blobs: &[(Crypted, Vec<u8>)],
) -> Result<Changes<'a>> {
    let values = keys.config();
    let former = held.former.as_ref().unwrap_or(&held.current);
    let mut settings: Vec<Setting> = values
        .iter()
        .map(|(name, value)| (*name, Some(value.as_str())))
        .collect();
    settings.push((FORMER, Some(former)));
    let mut config = git.begin_config(private)?;
    config.write(&settings)?;
    let kept = git
        .takes(KEPT, keys.password())
        .and_then(|()| password::keep(git, private, keys.password()));
    let done = kept.and_then(|kept| {
        git.replace_blobs(private, blobs)
            .inspect_err(|_| kept.into_iter().for_each(Kept::take_back))
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
