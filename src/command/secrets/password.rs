//! Where the password comes from. It is never an argument, never printed, and never in a file that git tracks.

use std::path::Path;

use crate::environment::{program, variable};
use crate::error::{Error, Result};
use crate::fs;
use crate::git::Git;
use crate::secrets::{Keys, RANDOM};
use crate::ui::Ui;

const NAME: &str = "TRANSCRYPT_PASSWORD";
const LOCAL: &str = ".env.local";

/// The password of a repository that is set up, or that the environment gives. The repository's own comes first: a shell may
/// still hold that of another project, or one from before `rekey`.
pub(super) fn known(git: &Git) -> Result<Option<String>> {
    match git.config("transcrypt.password") {
        Some(password) => Ok(Some(password)),
        None => given(git),
    }
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
        None => Ok(git.config("transcrypt.password")),
    }
}

/// As [`known`], and an error where there is none.
pub(super) fn required(git: &Git) -> Result<String> {
    known(git)?.ok_or(Error::NoPassword)
}

/// The password in `.env.local`, quoted or not.
fn from_local(git: &Git) -> Result<Option<String>> {
    let text = fs::read_text(&git.top().join(LOCAL))?.unwrap_or_default();
    let value = text.lines().find_map(assigned).map(str::trim);
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

/// A password that is set for the first time: given, generated or asked for.
pub(super) fn chosen(given: Option<String>, generate: bool, ui: &mut Ui) -> Result<Keys> {
    let password = match given {
        _ if generate => return Ok(Keys::fresh(&fs::random(RANDOM)?, program())),
        Some(password) => password,
        None if ui.prompt.is_interactive() => {
            let first = ui.prompt.secret("Password (it will not be shown)")?;
            if ui.prompt.secret("The same again")? != first {
                return Err(Error::Password("the two are not the same".into()));
            }
            first
        }
        None => return Err(Error::NoPassword),
    };
    Keys::new(password, program()).map_err(Error::Password)
}

/// Puts the password in place of an older one in `.env.local`, which only its owner can read then. Where there is none, git's
/// configuration is enough.
pub(super) fn keep(git: &Git, password: &str) -> Result<()> {
    let path = git.top().join(LOCAL);
    let text = fs::read_text(&path)?.unwrap_or_default();
    let mut lines: Vec<&str> = text.lines().collect();
    let Some(index) = lines.iter().position(|line| assigned(line).is_some()) else {
        return Ok(());
    };
    let line = format!("{NAME}='{password}'");
    lines[index] = &line;
    fs::replace(&path, format!("{}\n", lines.join("\n")).as_bytes())?;
    fs::set_mode(&path, 0o600)
}
