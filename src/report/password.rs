//! The password of encrypted files, told once.

use super::Report;
use crate::change::Encryption;
use crate::git::Git;
use crate::secrets::PASSWORD;

/// What the user has to know of the encryption that a template brought. `git` is the repository as it is now; `is_seen` is
/// whether a person reads it.
pub(crate) fn tell_encryption(
    encryption: &Encryption,
    git: Option<&Git>,
    is_seen: bool,
    report: &mut Report,
) {
    match (encryption, git) {
        (Encryption::SetUp(_), Some(git)) => tell_password(git, is_seen, report),
        (Encryption::NoRepository, _) => report.say(
            "\nFiles named *.secret* are to be encrypted in git. Before the first commit:\n  \
             git init && ixd-template secrets init --generate",
        ),
        _ => {}
    }
}

/// Shows the password, once, to a person; to a log, only where it is.
pub(crate) fn tell_password(git: &Git, is_seen: bool, report: &mut Report) {
    let password = git.config(PASSWORD);
    match password.filter(|_| is_seen) {
        Some(password) => {
            report.say("\nThe password of the secret files, for your password manager, colleagues and servers:");
            report.say(format!("  {password}"));
            report.say("It will not be shown again; git keeps it for you (`git config transcrypt.password`).");
        }
        None => report.say(
            "\nThe secret files have a password, which git keeps: `git config transcrypt.password` shows it.\n\
             Put it into your password manager: without it nobody can read them.",
        ),
    }
}
