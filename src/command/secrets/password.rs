//! Where the password comes from. It is never an argument, never printed, and never in a file that git tracks.

use std::path::{Path, PathBuf};

use crate::environment::{program, variable};
use crate::error::{Error, Result};
use crate::fs;
use crate::git::{Git, Private};
use crate::secrets::{DecryptError, Decrypted, Password, RANDOM, decrypt};
use crate::ui::Ui;

const NAME: &str = "TRANSCRYPT_PASSWORD";
const LOCAL: &str = ".env.local";
/// The setting that holds the password.
pub(super) const KEPT: &str = "transcrypt.password";

/// The settings that hold the passwords that others came in place of, newest first: what is committed, other branches, work
/// trees and stashes may need them.
const REPLACED: [&str; 5] = [
    "ixd-template.replaced-password",
    "ixd-template.replaced-password-2",
    "ixd-template.replaced-password-3",
    "ixd-template.replaced-password-4",
    "ixd-template.replaced-password-5",
];
pub(super) const TELL_REPLACED: &str = "  Git keeps the former password, for what is in other branches and stashes: `git config ixd-template.replaced-password` shows it.";

/// The setting that holds the password before the present one while `secrets rekey` is at work, or was broken off.
pub(super) const FORMER: &str = "ixd-template.former-password";

/// The passwords that open the files of a repository.
pub(super) struct Passwords {
    pub(super) current: String,
    /// See [`FORMER`].
    pub(super) former: Option<String>,
    /// See [`REPLACED`].
    pub(super) replaced: Vec<String>,
}

impl Passwords {
    /// A repository with this password alone.
    pub(super) fn of(current: String) -> Self {
        Self {
            current,
            former: None,
            replaced: Vec::new(),
        }
    }

    /// Decrypts with the password that fits.
    pub(super) fn open(&self, bytes: &[u8], path: &str) -> Result<Decrypted, DecryptError> {
        self.open_with(self.former.iter().chain(&self.replaced), bytes, path)
    }

    /// As [`Self::open`], for what git checks out: a file that was decrypted with a password that another one replaced would
    /// be encrypted otherwise, and git would take it for changed.
    pub(super) fn open_present(&self, bytes: &[u8], path: &str) -> Result<Decrypted, DecryptError> {
        self.open_with(self.former.iter(), bytes, path)
    }

    /// Whether a password that another one replaced is the one that fits.
    pub(super) fn is_older(&self, bytes: &[u8], path: &str) -> bool {
        let is_sure =
            |found: Result<Decrypted, DecryptError>| found.is_ok_and(|found| found.authentic);
        !is_sure(self.open_present(bytes, path)) && is_sure(self.open(bytes, path))
    }

    fn open_with<'a>(
        &self,
        others: impl Iterator<Item = &'a String>,
        bytes: &[u8],
        path: &str,
    ) -> Result<Decrypted, DecryptError> {
        let mut found = decrypt(bytes, path, &self.current);
        for older in others {
            let is_sure = matches!(&found, Ok(found) if found.authentic);
            let other = decrypt(bytes, path, older).ok();
            if let Some(other) = other.filter(|other| {
                !is_sure && (other.authentic || (found.is_err() && other.is_sound()))
            }) {
                found = Ok(other);
            }
        }
        found
    }

    /// The passwords that are kept when `new` comes in place of the one before it.
    pub(super) fn replacing(&self, new: &str) -> Vec<(&'static str, Option<&str>)> {
        let before = self.former.as_ref().unwrap_or(&self.current);
        let mut kept: Vec<&str> = Vec::new();
        for password in std::iter::once(before).chain(&self.replaced) {
            if password != new && !kept.contains(&password.as_str()) {
                kept.push(password);
            }
        }
        let places = REPLACED.into_iter().enumerate();
        places
            .map(|(place, name)| (name, kept.get(place).copied()))
            .collect()
    }
}

/// The password of a repository that is set up, or that the environment gives. The repository's own comes first: a shell may
/// still hold that of another project, or one from before `rekey`.
pub(super) fn known(git: &Git) -> Result<Option<Passwords>> {
    Ok(match git.config(KEPT) {
        Some(current) => Some(Passwords {
            current,
            former: git.config(FORMER),
            replaced: REPLACED
                .iter()
                .filter_map(|name| git.config(name))
                .collect(),
        }),
        None => given(git)?.map(Passwords::of),
    })
}

/// The password to set a repository up with.
pub(super) fn given(git: &Git) -> Result<Option<String>> {
    if let Some(password) = variable(NAME) {
        return Ok(Some(password));
    }
    if let Some(file) = variable(&format!("{NAME}_FILE")) {
        let text = fs::read_text(Path::new(&file))?;
        return Ok(text.map(|text| text.trim_end_matches(['\r', '\n']).to_owned()));
    }
    match from_local(git)? {
        Some(password) => Ok(Some(password)),
        None => Ok(git.config(KEPT)),
    }
}

/// As [`known`], and an error where there is none.
pub(super) fn required(git: &Git) -> Result<Passwords> {
    known(git)?.ok_or(Error::NoPassword)
}

/// The password in `.env.local`, quoted or not.
fn from_local(git: &Git) -> Result<Option<String>> {
    let text = fs::read_text(&git.top().join(LOCAL))?.unwrap_or_default();
    // Of several lines the last one counts, as for whoever sources the file.
    let value = text.lines().filter_map(assigned).next_back();
    let value = value.map(str::trim);
    Ok(value
        // A reference to the environment is no password, and the environment was asked before.
        .filter(|value| !value.starts_with('$') && !value.starts_with("\"$"))
        .map(|value| value.trim_matches(['\'', '"']).to_owned())
        .filter(|value| !value.is_empty()))
}

fn assigned(line: &str) -> Option<&str> {
    let line = line.trim_start();
    line.strip_prefix("export ")
        .unwrap_or(line)
        .strip_prefix(NAME)?
        .strip_prefix('=')
}

/// A new password, which is given, generated or asked for.
pub(super) fn chosen(given: Option<String>, generate: bool, ui: &mut Ui) -> Result<Password> {
    let password = match given {
        _ if generate => return fresh(),
        Some(password) => password,
        None => {
            let first = asked(ui)?;
            confirmed(first, ui)?
        }
    };
    Password::new(password, program()).map_err(Error::Password)
}

pub(super) fn fresh() -> Result<Password> {
    Ok(Password::fresh(&fs::random(RANDOM)?, program()))
}

pub(super) fn asked(ui: &mut Ui) -> Result<String> {
    if ui.prompt.is_interactive() {
        ui.prompt.secret("Password (it will not be shown)")
    } else {
        Err(Error::NoPassword)
    }
}

/// Has a password typed again that nothing proves.
pub(super) fn confirmed(first: String, ui: &mut Ui) -> Result<String> {
    if ui.prompt.secret("The same again")? == first {
        Ok(first)
    } else {
        Err(Error::Password("the two are not the same".into()))
    }
}

/// A dotenv file that got a new password, and how it was.
pub(super) struct LocalBackup {
    place: PathBuf,
    aside: PathBuf,
}

impl LocalBackup {
    pub(super) fn take_back(self) {
        // What fails here was failing already; the first error is the one to tell.
        let _ = fs::put_in_place(&self.aside, &self.place);
    }
}

/// Puts the password in place of an older one in `.env.local`, which only its owner can read then. Where there is none, git's
/// configuration is enough.
pub(super) fn keep(git: &Git, private: &Private, password: &str) -> Result<Option<LocalBackup>> {
    let path = git.top().join(LOCAL);
    let text = fs::read_text(&path)?.unwrap_or_default();
    if text.lines().all(|line| assigned(line).is_none()) {
        return Ok(None);
    }
    let renewed = |line: &str| {
        if assigned(line).is_none() {
            return line.to_owned();
        }
        let head = line.find(NAME).map_or("", |at| &line[..at]);
        let end = &line[line.trim_end_matches(['\r', '\n']).len()..];
        format!("{head}{NAME}='{password}'{end}")
    };
    let lines: Vec<String> = text.split_inclusive('\n').map(renewed).collect();
    let place = fs::real_place(&path)?;
    let aside = private.keep_aside(&place, "local.before")?;
    private.replace(&place, lines.concat().as_bytes(), 0o600)?;
    Ok(Some(LocalBackup { place, aside }))
}
