//! Where the password comes from. It is never an argument, never printed, and never in a file that git tracks.

use std::path::{Path, PathBuf};

use crate::environment::{program, variable};
use crate::error::{Error, Result};
use crate::fs;
use crate::git::{Git, Private};
use crate::secrets::{Decrypted, Fault, Keys, RANDOM, decrypt};
use crate::ui::Ui;

const NAME: &str = "TRANSCRYPT_PASSWORD";
const LOCAL: &str = ".env.local";
/// The setting that holds the password.
pub(super) const KEPT: &str = "transcrypt.password";

/// The setting that holds the password that another one came in place of: other branches and stashes may need it.
pub(super) const REPLACED: &str = "ixd-template.replaced-password";
pub(super) const TELL_REPLACED: &str = "  Other branches and stashes may still have the former password: `git config ixd-template.replaced-password` shows it.";

/// The setting that holds the password before the present one while `secrets rekey` is at work, or was broken off.
pub(super) const FORMER: &str = "ixd-template.former-password";

/// What opens the files of a repository.
pub(super) struct Passwords {
    pub(super) current: String,
    /// See [`FORMER`].
    pub(super) former: Option<String>,
}

impl Passwords {
    /// Decrypts with the password that fits.
    pub(super) fn open(&self, bytes: &[u8], path: &str) -> Result<Decrypted, Fault> {
        let found = decrypt(bytes, path, &self.current);
        match (found, &self.former) {
            (Ok(found), Some(_)) if found.authentic => Ok(found),
            (found, Some(former)) => decrypt(bytes, path, former)
                .ok()
                .filter(|other| other.authentic || (found.is_err() && other.is_sound()))
                .map_or(found, Ok),
            (found, None) => found,
        }
    }
}

/// The password of a repository that is set up, or that the environment gives. The repository's own comes first: a shell may
/// still hold that of another project, or one from before `rekey`.
pub(super) fn known(git: &Git) -> Result<Option<Passwords>> {
    Ok(match git.config(KEPT) {
        Some(current) => Some(Passwords {
            current,
            former: git.config(FORMER),
        }),
        None => given(git)?.map(|current| Passwords {
            current,
            former: None,
        }),
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
        // A reference to the environment, where it was looked for already.
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

/// A new password: given, generated or asked for.
pub(super) fn chosen(given: Option<String>, generate: bool, ui: &mut Ui) -> Result<Keys> {
    let password = match given {
        _ if generate => return fresh(),
        Some(password) => password,
        None => {
            let first = asked(ui)?;
            confirmed(first, ui)?
        }
    };
    Keys::new(password, program()).map_err(Error::Password)
}

pub(super) fn fresh() -> Result<Keys> {
    Ok(Keys::fresh(&fs::random(RANDOM)?, program()))
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
pub(super) struct Kept {
    place: PathBuf,
    aside: PathBuf,
}

impl Kept {
    pub(super) fn take_back(self) {
        // What fails here was failing already; the first error is the one to tell.
        let _ = fs::put_in_place(&self.aside, &self.place);
    }
}

/// Puts the password in place of an older one in `.env.local`, which only its owner can read then. Where there is none, git's
/// configuration is enough.
pub(super) fn keep(git: &Git, private: &Private, password: &str) -> Result<Option<Kept>> {
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
    Ok(Some(Kept { place, aside }))
}
