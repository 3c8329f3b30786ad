//! What a repository needs to encrypt: a password, and git's configuration.

use super::{base64, encrypt};
use crate::git::Seal;

/// The line of `.gitattributes` that makes files secret.
pub const ATTRIBUTES: &str = "*.secret* filter=crypt diff=crypt merge=crypt";

/// The shortest password that is taken: the key is derived with a single round of MD5, so nothing but the password's own
/// length protects it.
const MIN_PASSWORD: usize = 20;

/// How many random bytes make a password: 192 bits, 32 characters.
pub const RANDOM: usize = 24;

/// The lines of git's configuration that call us with a file's name, and what stands before the first name.
pub const CALLS: [(&str, &str, &str); 4] = [
    ("filter.crypt.clean", " secrets clean", " %f"),
    ("filter.crypt.smudge", " secrets smudge", " %f"),
    ("diff.crypt.textconv", " secrets textconv", ""),
    ("merge.crypt.driver", " secrets merge", " %O"),
];

/// A line of [`CALLS`] with the `--` that it lacks, without which a file's name may be taken for a flag; `None` when it does
/// not lack it, or is not ours.
#[must_use]
pub fn mended(name: &str, line: &str) -> Option<String> {
    let (_, verb, first) = CALLS.into_iter().find(|call| call.0 == name)?;
    let (program, rest) = line.rsplit_once(verb)?;
    let is_verb = rest.is_empty() || rest.starts_with(' ');
    if !is_verb || rest.split(' ').any(|word| word == "--") {
        return None;
    }
    let flags = rest.strip_suffix(first).filter(|_| first.is_empty());
    let (flags, names) = match flags {
        Some(flags) => (flags, ""),
        None => rest.split_at(rest.find(first)?),
    };
    Some(format!("{program}{verb}{flags} --{names}"))
}

/// A password that may be used, and the program that git shall call.
pub struct Keys {
    password: String,
    program: String,
}

impl Keys {
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
        Ok(Self { password, program })
    }

    /// With a password that is in use already, however it is.
    #[must_use]
    pub fn in_use(password: String, program: String) -> Self {
        Self { password, program }
    }

    /// Whether a password that is in use is one that would not be taken today.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.password.chars().count() < MIN_PASSWORD
    }

    /// With a new password made of [`RANDOM`] random bytes.
    #[must_use]
    pub fn fresh(random: &[u8], program: String) -> Self {
        let password = base64(random);
        Self { password, program }
    }

    #[must_use]
    pub fn password(&self) -> &str {
        &self.password
    }
}

impl Seal for Keys {
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
            ("transcrypt.password", self.password.clone()),
        ]
    }

    fn encrypt(&self, plain: &[u8], path: &str) -> Vec<u8> {
        encrypt(plain, path, &self.password)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, line: &str, expected: Option<&str>) {
        assert_eq!(mended(name, line).as_deref(), expected, "{line}");
    }

    #[test]
    fn lines_get_what_they_lack() {
        let clean = "filter.crypt.clean";
        check(clean, "x secrets clean %f", Some("x secrets clean -- %f"));
        check(clean, "x secrets clean -- %f", None);
        check(
            "diff.crypt.textconv",
            "'/a b/x' secrets textconv",
            Some("'/a b/x' secrets textconv --"),
        );
        check("diff.crypt.textconv", "x secrets textconv --", None);
        check(
            "merge.crypt.driver",
            "x secrets merge --policy apply %O %A %B %P",
            Some("x secrets merge --policy apply -- %O %A %B %P"),
        );
        // What is not ours stays: transcrypt's, and the template's own script.
        check(clean, "\"$(git config x)\"/transcrypt clean %f", None);
        check(clean, "/app/bin/secrets.sh clean %f", None);
        check(clean, "x secrets cleaner %f", None);
        check("core.editor", "x secrets clean %f", None);
    }

    #[test]
    fn what_is_written_lacks_nothing() {
        let keys = Keys::in_use("p".into(), "x".into());
        for (name, value) in keys.config() {
            assert_eq!(mended(name, &value), None, "{name}");
        }
    }
}
