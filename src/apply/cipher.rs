//! The encryption of a repository that encrypts from its first commit on.

use crate::environment::{program, variable};
use crate::error::{Error, Result};
use crate::fs;
use crate::git::Cipher;
use crate::secrets::{Password, RANDOM};

/// With the password that `TRANSCRYPT_PASSWORD` or `TRANSCRYPT_PASSWORD_FILE` give, or else a new one.
///
/// It is made anew by whoever finishes a run that was broken off: no journal holds one.
pub fn cipher() -> Result<Box<dyn Cipher>> {
    let given = match (
        variable("TRANSCRYPT_PASSWORD"),
        variable("TRANSCRYPT_PASSWORD_FILE"),
    ) {
        (None, Some(file)) => {
            fs::read_text(file.as_ref())?.map(|text| text.trim_end_matches(['\r', '\n']).to_owned())
        }
        (given, _) => given,
    };
    Ok(Box::new(match given {
        Some(password) => Password::new(password, program()).map_err(Error::Password)?,
        None => Password::fresh(&fs::random(RANDOM)?, program()),
    }))
}
