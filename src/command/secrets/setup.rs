//! `secrets init` and `secrets rekey`, and the setting up that `new` and `upgrade` do.

use std::path::Path;

use super::{password, repository};
use crate::apply::{self, Interrupt, Store, Transaction};
use crate::command::{Outcome, tick};
use crate::environment::{program, variable};
use crate::error::{Error, Result};
use crate::fs;
use crate::git::{Crypted, Git, Sealed};
use crate::secrets::{ATTRIBUTES, Decrypted, Keys, decrypt, encrypt, is_encrypted};
use crate::template::Rendered;
use crate::tree::File;
use crate::ui::Ui;

pub(super) fn init(generate: bool, ui: &mut Ui) -> Result<Outcome> {
    let git = repository()?;
    let given = password::given(&git)?;
    if generate && given.is_some() {
        return Err(Error::Password(
            "there is one already; `ixd-template secrets rekey` changes it".into(),
        ));
    }
    let keys = password::chosen(given, generate, ui)?;
    check_password(&git.crypted()?, keys.password())?;
    git.seal(&keys)?;
    let secret = format!("{}.env.secret", git.prefix());
    if !git.is_crypted(&secret)? {
        add_attributes(&git)?;
        ui.say(format!(
            "{} .gitattributes: files named *.secret* are encrypted in commits",
            tick()
        ));
    }
    if git.is_ignored(".env.secret") {
        ui.say("  .gitignore still hides files named *.secret* from git: take that line out to commit them");
    }
    let decrypted = decrypt_work_tree(&git, keys.password(), ui)?;
    ui.say(format!(
        "{} this repository is set up; {decrypted} {} decrypted",
        tick(),
        if decrypted == 1 {
            "file was"
        } else {
            "files were"
        }
    ));
    if generate {
        tell_password(&git, ui);
    }
    Ok(Outcome::Done)
}

/// Refuses a password that the files tell to be another. A wrong one gives garbage once in 256 times, and no error; a
/// renamed file has a salt that does not fit either, but makes sense.
fn check_password(files: &[Crypted], password: &str) -> Result<()> {
    let mut doubtful = None;
    let mut is_proven = false;
    for file in files.iter().filter(|file| is_encrypted(&file.blob)) {
        match decrypt(&file.blob, &file.path, password) {
            Err(fault) => return Err(secret(&file.path, fault.describe())),
            Ok(found) if found.authentic => is_proven = true,
            Ok(found) if !is_sound(&found) => doubtful = Some(&file.path),
            Ok(_) => {}
        }
    }
    match doubtful {
        Some(path) if !is_proven => Err(secret(
            path,
            "the password is wrong, or it was tampered with",
        )),
        _ => Ok(()),
    }
}

fn secret(path: &str, message: &str) -> Error {
    Error::Secret {
        path: path.to_owned(),
        message: message.to_owned(),
    }
}

/// Whether it is surely what was encrypted: its salt fits, or it is text, which garbage is not.
pub(super) fn is_sound(found: &Decrypted) -> bool {
    found.authentic || std::str::from_utf8(&found.plain).is_ok()
}

fn add_attributes(git: &Git) -> Result<()> {
    let path = git.top().join(".gitattributes");
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

/// Decrypts the files that a clone without the filters left encrypted.
fn decrypt_work_tree(git: &Git, password: &str, ui: &mut Ui) -> Result<usize> {
    let mut decrypted = Vec::new();
    for file in git.crypted()? {
        let path = git.top().join(&file.path);
        let Some(bytes) = fs::read(&path)?.filter(|bytes| is_encrypted(bytes)) else {
            continue;
        };
        match decrypt(&bytes, &file.path, password) {
            Ok(found) if is_sound(&found) => {
                fs::replace(&path, &found.plain)?;
                decrypted.push(file);
            }
            _ => ui.say(format!(
                "  {}: left encrypted, it was tampered with or renamed; `ixd-template secrets check` says more",
                file.path
            )),
        }
    }
    git.forget_stat(&decrypted)?;
    Ok(decrypted.len())
}

pub(super) fn rekey(generate: bool, ui: &mut Ui) -> Result<Outcome> {
    let git = repository()?;
    let old = password::required(&git)?;
    let keys = password::chosen(variable("NEW_TRANSCRYPT_PASSWORD"), generate, ui)?;
    let mut blobs = Vec::new();
    for file in git.crypted()? {
        let found = decrypt(&file.blob, &file.path, &old)
            .ok()
            .filter(|found| found.authentic);
        let Some(found) = found else {
            let message = "it cannot be decrypted with the present password; `ixd-template secrets check` says more";
            return Err(secret(&file.path, message));
        };
        let blob = encrypt(&found.plain, &file.path, keys.password());
        blobs.push((file, blob));
    }
    // In this order: broken off in between, the files on the disk are still plain and the password still the old one.
    git.replace_blobs(&blobs)?;
    git.seal(&keys)?;
    password::keep(&git, keys.password())?;
    ui.say(format!(
        "{} {} secret files are staged with the new password: commit them\n  \
         What was committed before can still be read with the old one: change the secrets themselves, too.",
        tick(),
        blobs.len()
    ));
    tell_password(&git, ui);
    Ok(Outcome::Done)
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
                Some(known) => git.seal(&Keys::new(known, program()).map_err(Error::Password)?)?,
                None => git.seal(apply::keys()?.as_ref())?,
            };
            Ok(Prepared::SetUp(Some(sealed)))
        }
    }
}

/// Prepares as [`prepare`] does while `store` is locked, and then writes as [`apply::transact`] does; what fails takes both
/// back.
pub(crate) fn transact(
    git: Option<&Git>,
    (base, theirs): (&Rendered, &Rendered),
    root: &Path,
    (store, transaction): (&mut Store, &Transaction),
    interrupt: &Interrupt,
) -> Result<Prepared> {
    let writing = interrupt.writing();
    store.lock()?;
    let prepared = prepare(git, base, theirs).inspect_err(|_| store.discard_if_unused())?;
    let done = apply::transact(root, store, transaction, interrupt);
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
fn tell_password(git: &Git, ui: &mut Ui) {
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
