//! `secrets init` and `secrets rekey`.

use super::{password, repository};
use crate::command::{Outcome, tick};
use crate::environment::variable;
use crate::error::{Error, Result};
use crate::fs;
use crate::git::Git;
use crate::secrets::{decrypt, encrypt, is_encrypted};
use crate::tree::File;
use crate::ui::Ui;

const ATTRIBUTES: &str = "*.secret* filter=crypt diff=crypt merge=crypt";

/// The keys that transcrypt writes too, so that either program finds a repository of the other's set up. Git's cache of
/// textconv is left off: it would store the plain text as objects.
const CONFIG: [(&str, &str); 13] = [
    ("filter.crypt.clean", "ixd-template secrets clean %f"),
    ("filter.crypt.smudge", "ixd-template secrets smudge %f"),
    ("filter.crypt.required", "true"),
    ("diff.crypt.textconv", "ixd-template secrets textconv"),
    ("diff.crypt.cachetextconv", "false"),
    ("diff.crypt.binary", "true"),
    ("merge.crypt.name", "merge of encrypted files"),
    (
        "merge.crypt.driver",
        "ixd-template secrets merge %O %A %B %P",
    ),
    ("merge.renormalize", "true"),
    ("transcrypt.version", "2.3.2"),
    ("transcrypt.cipher", "aes-256-cbc"),
    ("transcrypt.openssl-path", "openssl"),
    (
        "alias.ls-crypt",
        "!git ls-files | git check-attr --stdin filter | awk -F: '/crypt/{ print $1 }'",
    ),
];

pub(super) fn init(generate: bool, ui: &mut Ui) -> Result<Outcome> {
    let git = repository()?;
    let known = password::known(&git)?;
    if generate && known.is_some() {
        return Err(Error::Password(
            "there is one already; `ixd-template secrets rekey` changes it".into(),
        ));
    }
    let password = password::chosen(known, generate, ui)?;
    let files = git.crypted()?;
    for file in &files {
        if let Err(fault) = decrypt(&file.blob, &file.path, &password) {
            return Err(Error::Secret {
                path: file.path.clone(),
                message: fault.describe().into(),
            });
        }
    }
    git.set_config(&CONFIG)?;
    git.set_config(&[("transcrypt.password", &password)])?;
    if generate {
        password::keep(&git, &password)?;
        ui.say(format!(
            "{} the new password is in .env.local; hand it to your colleagues by a safe way",
            tick()
        ));
    }
    if add_attributes(&git)? {
        ui.say(format!(
            "{} .gitattributes: files named *.secret* are encrypted in commits",
            tick()
        ));
    }
    let decrypted = decrypt_work_tree(&git, &password)?;
    ui.say(format!(
        "{} this repository is set up; {decrypted} files were decrypted",
        tick()
    ));
    Ok(Outcome::Done)
}

/// Says whether the line was missing.
fn add_attributes(git: &Git) -> Result<bool> {
    let path = git.top().join(".gitattributes");
    let Some(text) = fs::read_text(&path)? else {
        fs::create(
            &path,
            &File::new(format!("{ATTRIBUTES}\n").into_bytes()),
            0o644,
        )?;
        return Ok(true);
    };
    if text.lines().any(|line| line.contains("filter=crypt")) {
        return Ok(false);
    }
    let end = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    fs::replace(&path, format!("{text}{end}{ATTRIBUTES}\n").as_bytes())?;
    Ok(true)
}

/// Decrypts the files that a clone without the filters left encrypted.
fn decrypt_work_tree(git: &Git, password: &str) -> Result<usize> {
    let mut decrypted = Vec::new();
    for file in git.crypted()? {
        let path = git.top().join(&file.path);
        let Some(bytes) = fs::read(&path)?.filter(|bytes| is_encrypted(bytes)) else {
            continue;
        };
        if let Ok(found) = decrypt(&bytes, &file.path, password) {
            fs::replace(&path, &found.plain)?;
            decrypted.push(file);
        }
    }
    git.forget_stat(&decrypted)?;
    Ok(decrypted.len())
}

pub(super) fn rekey(generate: bool, ui: &mut Ui) -> Result<Outcome> {
    let git = repository()?;
    let old = password::required(&git)?;
    let new = password::chosen(variable("NEW_TRANSCRYPT_PASSWORD"), generate, ui)?;
    let mut blobs = Vec::new();
    for file in git.crypted()? {
        let found = decrypt(&file.blob, &file.path, &old)
            .ok()
            .filter(|found| found.authentic);
        let Some(found) = found else {
            return Err(Error::Secret {
                path: file.path,
                message: "it cannot be decrypted with the present password; `ixd-template secrets check` says more".into(),
            });
        };
        let blob = encrypt(&found.plain, &file.path, &new);
        blobs.push((file, blob));
    }
    git.set_config(&[("transcrypt.password", &new)])?;
    git.replace_blobs(&blobs)?;
    password::keep(&git, &new)?;
    ui.say(format!(
        "{} {} secret files are staged with the new password, which is in .env.local; commit them\n  \
         What was committed before can still be read with the old one: change the secrets themselves, too.",
        tick(),
        blobs.len()
    ));
    Ok(Outcome::Done)
}
