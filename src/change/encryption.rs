//! The encryption that a template brings to a project that had none: git is set up before the files are there.

use crate::apply;
use crate::environment::program;
use crate::error::{Error, Result};
use crate::git::{Configured, Git, Started};
use crate::secrets::{PASSWORD, Password};
use crate::template::Rendered;
use crate::tree::File;

/// What becomes of encrypted files that a template brings.
#[derive(Debug)]
pub(crate) enum Encryption {
    /// There are none, or the repository encrypts already.
    Unchanged,
    /// With what takes it back, unless the repository is as new as that.
    SetUp(Option<Configured>),
    /// There is no repository yet, and the next one must not get them in the clear.
    NoRepository,
}

/// Sets the repository up, so that git never meets an encrypted file without knowing how to encrypt it. One that is to be
/// made is set up then.
pub(super) fn prepare(
    git: Option<&Git>,
    is_made: bool,
    base: &Rendered,
    theirs: &Rendered,
) -> Result<Encryption> {
    if is_made || !encrypts(theirs) || encrypts(base) {
        return Ok(Encryption::Unchanged);
    }
    match git {
        None => Ok(Encryption::NoRepository),
        Some(git) if git.encrypts() => Ok(Encryption::Unchanged),
        Some(git) => {
            // A password that git knows already may be in use: for a context of transcrypt's, or in other branches.
            let configured = match git.config(PASSWORD) {
                Some(known) => set_encryption(git, &Password::in_use(known, program()))?,
                None => git.set_cipher(apply::cipher()?.as_ref())?,
            };
            Ok(Encryption::SetUp(Some(configured)))
        }
    }
}

/// Whether the attributes among the files name the filter.
fn encrypts(rendered: &Rendered) -> bool {
    let attributes = rendered.tree.get(".gitattributes");
    let text = attributes.and_then(File::bytes).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.any(|line| line.split_whitespace().any(|word| word == "filter=crypt"))
}

/// Tells git how to encrypt, with a password that it takes.
pub(crate) fn set_encryption(git: &Git, password: &Password) -> Result<Configured> {
    let configured = git.set_cipher(password)?;
    match git.takes(PASSWORD, password.as_str()) {
        Ok(()) => Ok(configured),
        Err(error) => {
            configured.take_back();
            Err(error)
        }
    }
}

impl Encryption {
    /// Gives back what was done after the set-up; where that failed, the repository is set back.
    pub(super) fn with<T>(self, done: Result<T>) -> Result<(Self, T)> {
        match (done, self) {
            (Ok(done), prepared) => Ok((prepared, done)),
            // The next run finishes what this one began.
            (Err(error @ Error::HalfWay { .. }), _) => Err(error),
            (Err(error), Self::SetUp(Some(configured))) => {
                configured.take_back();
                Err(error)
            }
            (Err(error), _) => Err(error),
        }
    }

    /// This encryption, or that of a repository that was made.
    pub(super) fn or_of(self, started: Option<&Started>) -> Self {
        match started {
            Some(started) if started.encrypts => Self::SetUp(None),
            _ => self,
        }
    }
}
