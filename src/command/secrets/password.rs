//! Where the password comes from. It is never an argument, never printed, and never in a file that git tracks.

use std::path::Path;

use crate::environment::variable;
use crate::error::{Error, Result};
use crate::fs;
use crate::git::Git;
use crate::secrets::{self, MIN_PASSWORD};
use crate::tree::File;
use crate::ui::Ui;

const NAME: &str = "TRANSCRYPT_PASSWORD";
const LOCAL: &str = ".env.local";

/// The password of a repository that is set up, or that the environment gives.
pub(super) fn known(git: &Git) -> Result<Option<String>> {
    if let Some(password) = variable(NAME) {
        return Ok(Some(password));
    }
    if let Some(file) = variable(&format!("{NAME}_FILE")) {
        let text = fs::read_text(Path::new(&file))?;
        return Ok(text.map(|text| text.trim_end_matches(['\r', '\n']).to_owned()));
    }
    match git.config("transcrypt.password") {
        Some(password) => Ok(Some(password)),
        None => from_local(git),
    }
}

/// As [`known`], and an error where there is none.
pub(super) fn required(git: &Git) -> Result<String> {
    known(git)?.ok_or(Error::NoPassword)
}

/// The password in `.env.local`, quoted or not.
fn from_local(git: &Git) -> Result<Option<String>> {
    let text = fs::read_text(&git.top().join(LOCAL))?.unwrap_or_default();
    let value = text.lines().find_map(assigned);
    Ok(value
        .map(|value| value.trim().trim_matches(['\'', '"']).to_owned())
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
pub(super) fn chosen(given: Option<String>, generate: bool, ui: &mut Ui) -> Result<String> {
    let password = match given {
        _ if generate => generated()?,
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
    if password.chars().count() < MIN_PASSWORD {
        return Err(Error::Password(format!(
            "it must have at least {MIN_PASSWORD} characters"
        )));
    }
    if password.chars().any(char::is_control) || password.contains('\'') {
        return Err(Error::Password(
            "it must have no quotes (') and no control characters".into(),
        ));
    }
    Ok(password)
}

/// 32 characters with 192 bits of the system's randomness.
fn generated() -> Result<String> {
    Ok(secrets::base64(&fs::random(24)?))
}

/// Keeps the password in `.env.local`, which only its owner can read, in place of an older one.
pub(super) fn keep(git: &Git, password: &str) -> Result<()> {
    let path = git.top().join(LOCAL);
    let line = format!("{NAME}='{password}'");
    let Some(text) = fs::read_text(&path)? else {
        return fs::create(&path, &File::new(format!("{line}\n").into_bytes()), 0o600);
    };
    let mut lines: Vec<&str> = text.lines().collect();
    match lines.iter().position(|line| assigned(line).is_some()) {
        Some(index) => lines[index] = &line,
        None => lines.push(&line),
    }
    fs::replace(&path, format!("{}\n", lines.join("\n")).as_bytes())?;
    fs::set_mode(&path, 0o600)
}
