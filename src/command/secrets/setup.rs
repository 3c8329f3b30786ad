//! `secrets init`, and the setting up that `new` and `upgrade` do.

use std::os::unix::fs::PermissionsExt as _;

use super::password::{self, Passwords};
use super::repository;
use crate::apply::{self, Interrupt, Transaction};
use crate::command::{Outcome, tick};
use crate::environment::program;
use crate::error::{Error, Result};
use crate::fs;
use crate::git::{Crypted, Git, Private, Sealed};
use crate::secrets::{ATTRIBUTES, Fault, Keys, decrypt, is_encrypted};
use crate::template::Rendered;
use crate::tree::File;
use crate::ui::Ui;
use crate::workplace::Workplace;

pub(super) fn init(generate: bool, ui: &mut Ui, interrupt: &Interrupt) -> Result<Outcome> {
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
    let keys = match given {
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
            keys(given, is_in_use)?
        }
        None => {
            let typed = password::asked(ui)?;
            if prove(&files, &typed)? {
                keys(typed, true)?
            } else {
                keys(password::confirmed(typed, ui)?, false)?
            }
        }
    };
    prove(&files, keys.password())?;
    set_up(&git, &keys, ui, interrupt)?;
    if keys.is_weak() {
        ui.say("  the password has less than 20 characters, and nothing else protects the files: `ixd-template secrets rekey --generate` makes a better one");
    }
    if generate {
        tell_password(&git, ui);
    }
    Ok(Outcome::Done)
}

fn keys(password: String, is_in_use: bool) -> Result<Keys> {
    if is_in_use {
        Ok(Keys::in_use(password, program()))
    } else {
        Keys::new(password, program()).map_err(Error::Password)
    }
}

fn set_up(git: &Git, keys: &Keys, ui: &mut Ui, interrupt: &Interrupt) -> Result<()> {
    let _writing = interrupt.writing();
    let held = password::known(git)?;
    let is_other = git
        .config(password::KEPT)
        .is_some_and(|kept| kept != keys.password());
    if let Some(held) = held.filter(|_| is_other) {
        git.configure(&git.private()?, &held.replacing(keys.password()))?;
        ui.say(password::TELL_REPLACED);
    }
    seal(git, keys)?;
    let secret = format!("{}.env.secret", git.prefix());
    if !git.is_crypted(&secret)? {
        add_attributes(git)?;
        ui.say(format!(
            "{} .gitattributes: files named *.secret* are encrypted in commits",
            tick()
        ));
    }
    if git.is_ignored(".env.secret") {
        ui.say("  .gitignore still hides files named *.secret* from git: take that line out to commit them");
    }
    let only = || Passwords::of(keys.password().to_owned());
    let passwords = password::known(git)?.unwrap_or_else(only);
    let decrypted = decrypt_work_tree(git, &git.private()?, &passwords, ui)?;
    ui.say(format!(
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

/// Tells git how to encrypt, with a password that it takes.
fn seal(git: &Git, keys: &Keys) -> Result<Sealed> {
    let sealed = git.seal(keys)?;
    match git.takes(password::KEPT, keys.password()) {
        Ok(()) => Ok(sealed),
        Err(error) => {
            sealed.take_back();
            Err(error)
        }
    }
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
            Err(Fault::Headerless | Fault::Damaged) => {}
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
    ui: &mut Ui,
) -> Result<usize> {
    let mut decrypted = Vec::new();
    for file in git.crypted()? {
        if !file.is_readable {
            ui.say(format!(
                "  {}: git cannot read what was committed of it; `git fsck` says more",
                file.path
            ));
        }
        let path = git.top().join(&file.path);
        // Never through a link, which may lead out of the project.
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
            found => ui.say(format!(
                "  {}: left encrypted, {}; `ixd-template secrets check` says more",
                file.path,
                found.map_or_else(Fault::describe, |_| "it was tampered with or renamed")
            )),
        }
    }
    if !decrypted.is_empty() {
        git.forget_stat(private, &decrypted)?;
    }
    Ok(decrypted.len())
}

/// What becomes of encrypted files that a template brings to a project that had none.
#[derive(Debug)]
pub(crate) enum Prepared {
    /// There are none, or the repository encrypts already.
    Nothing,
    /// With what takes it back, unless the repository is as new as that.
    SetUp(Option<Sealed>),
    /// There is no repository yet, and the next one must not get them in the clear.
    NoRepository,
}

/// Sets the repository up, before the files are there, so that git never meets one without knowing how to encrypt it.
pub(crate) fn prepare(git: Option<&Git>, base: &Rendered, theirs: &Rendered) -> Result<Prepared> {
    let encrypts = |rendered: &Rendered| {
        let attributes = rendered.tree.get(".gitattributes");
        let text = attributes.and_then(File::bytes).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let mut lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.any(|line| line.split_whitespace().any(|word| word == "filter=crypt"))
    };
    if !encrypts(theirs) || encrypts(base) {
        return Ok(Prepared::Nothing);
    }
    match git {
        None => Ok(Prepared::NoRepository),
        Some(git) if git.is_sealed() => Ok(Prepared::Nothing),
        Some(git) => {
            // A password that git knows already may be in use: for a context of transcrypt's, or in other branches.
            let sealed = match git.config("transcrypt.password") {
                Some(known) => seal(git, &Keys::in_use(known, program()))?,
                None => git.seal(apply::keys()?.as_ref())?,
            };
            Ok(Prepared::SetUp(Some(sealed)))
        }
    }
}

/// Prepares as [`prepare`] does while the records are locked, and then writes as [`apply::transact`] does; what fails takes both
/// back.
pub(crate) fn transact(
    place: &mut Workplace,
    (base, theirs): (&Rendered, &Rendered),
    transaction: &Transaction,
    interrupt: &Interrupt,
) -> Result<Prepared> {
    let writing = interrupt.writing();
    place.store_mut().lock()?;
    let prepared = prepare(place.git(), base, theirs);
    let prepared = prepared.inspect_err(|_| place.store_mut().discard_if_unused())?;
    let done = apply::transact(place, transaction, interrupt);
    if done.is_ok() {
        writing.done();
    }
    Ok(prepared.with(done)?.0)
}

impl Prepared {
    /// What was done after it; where that failed, the repository is set back.
    pub(crate) fn with<T>(self, done: Result<T>) -> Result<(Self, T)> {
        match (done, self) {
            (Ok(done), prepared) => Ok((prepared, done)),
            // The next run finishes what this one began.
            (Err(error @ Error::HalfWay { .. }), _) => Err(error),
            (Err(error), Self::SetUp(Some(sealed))) => {
                sealed.take_back();
                Err(error)
            }
            (Err(error), _) => Err(error),
        }
    }

    /// What the user has to know of it. `git` is the repository as it is now.
    pub(crate) fn tell(self, git: Option<&Git>, ui: &mut Ui) {
        match (self, git) {
            (Self::SetUp(_), Some(git)) => tell_password(git, ui),
            (Self::NoRepository, _) => ui.say(
                "\nFiles named *.secret* are to be encrypted in git. Before the first commit:\n  \
                 git init && ixd-template secrets init --generate",
            ),
            _ => {}
        }
    }
}

/// Shows the password, once, to a person; to a log, only where it is.
pub(super) fn tell_password(git: &Git, ui: &mut Ui) {
    let seen = git.config("transcrypt.password");
    match seen.filter(|_| ui.prompt.is_interactive()) {
        Some(password) => {
            ui.say("\nThe password of the secret files, for your password manager, colleagues and servers:");
            ui.say(format!("  {password}"));
            ui.say("It will not be shown again; git keeps it for you (`git config transcrypt.password`).");
        }
        None => ui.say(
            "\nThe secret files have a password, which git keeps: `git config transcrypt.password` shows it.\n\
             Put it into your password manager: without it nobody can read them.",
        ),
    }
}
