//! A password that may be used, and what git is told of it.

use super::{base64, encrypt};
use crate::git::Cipher;

/// The setting of git that holds the password.
pub const PASSWORD: &str = "transcrypt.password";

/// The line of `.gitattributes` that makes files secret.
pub const ATTRIBUTES: &str = "*.secret* filter=crypt diff=crypt merge=crypt";

/// The shortest password that is taken: the key is derived with a single round of MD5, so nothing but the password's own
/// length protects it.
const MIN_PASSWORD: usize = 20;

/// How many random bytes make a password: 192 bits, 32 characters.
pub const RANDOM: usize = 24;

/// A password that may be used, and the program that git shall call.
pub struct Password {
    text: String,
    program: String,
}

impl Password {
    /// `program` is our own, as a word of a shell command.
    ///
    /// # Errors
    /// What is wrong with the password, as a sentence about "it".
    pub fn new(password: String, program: String) -> Result<Self, String> {
        if password.chars().count() < MIN_PASSWORD {
            return Err(format!("it must have at least {MIN_PASSWORD} characters"));
        }
        if password.chars().any(char::is_control) || password.contains('\'') {
            return Err("it must have no quotes (') and no control characters".into());
        }
        Ok(Self {
            text: password,
            program,
        })
    }

    /// Takes a password that is in use already, whatever it is like.
    #[must_use]
    pub fn in_use(password: String, program: String) -> Self {
        Self {
            text: password,
            program,
        }
    }

    /// Whether a password that is in use is one that would not be taken today.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.text.chars().count() < MIN_PASSWORD
    }

    /// Makes a new password of [`RANDOM`] random bytes.
    #[must_use]
    pub fn fresh(random: &[u8], program: String) -> Self {
        let password = base64(random);
        Self {
            text: password,
            program,
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Cipher for Password {
    /// The keys that transcrypt writes too, so that either program finds a repository of the other's set up. Git's cache of
    /// textconv is left off: it would store the plain text as objects.
    fn config(&self) -> Vec<(&'static str, String)> {
        let call = |verb: &str| format!("{} secrets {verb}", self.program);
        let ls = "!git ls-files | git check-attr --stdin filter | awk -F: '/crypt/{ print $1 }'";
        vec![
            ("filter.crypt.clean", call("clean -- %f")),
            ("filter.crypt.smudge", call("smudge -- %f")),
            ("filter.crypt.required", "true".into()),
            ("diff.crypt.textconv", call("textconv --")),
            ("diff.crypt.cachetextconv", "false".into()),
            ("diff.crypt.binary", "true".into()),
            ("merge.crypt.name", "merge of encrypted files".into()),
            ("merge.crypt.driver", call("merge -- %O %A %B %P")),
            ("merge.renormalize", "true".into()),
            ("transcrypt.version", "2.3.2".into()),
            ("transcrypt.cipher", "aes-256-cbc".into()),
            ("transcrypt.openssl-path", "openssl".into()),
            ("alias.ls-crypt", ls.into()),
            (PASSWORD, self.text.clone()),
        ]
    }

    fn encrypt(&self, plain: &[u8], path: &str) -> Vec<u8> {
        encrypt(plain, path, &self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::mended;
    use super::*;

    #[test]
    fn what_is_written_lacks_nothing() {
        let password = Password::in_use("p".into(), "x".into());
        for (name, value) in password.config() {
            assert_eq!(mended(name, &value), None, "{name}");
        }
    }
}
