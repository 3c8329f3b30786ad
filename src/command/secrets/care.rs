//! What a clone lacks that was set up by an older release, or by a run that was broken off.

use std::path::Path;

use super::password::FORMER;
use crate::fs;
use crate::git::{Git, Setting};
use crate::secrets::{CALLS, mended};
use crate::ui::Ui;

/// Looks at the clone that `dir` lies in; where it may, it mends what it finds, else it names it.
///
/// It comes after a command's own work, which it must not spoil: what fails here is said, and no more.
pub(crate) fn look_after(dir: &Path, may_mend: bool, ui: &mut Ui) {
    let Ok(Some(git)) = fs::absolute(dir).and_then(|dir| Git::around(&dir)) else {
        return;
    };
    let old: Vec<(&str, String)> = CALLS
        .iter()
        .filter_map(|(name, ..)| Some((*name, mended(name, &git.config(name)?)?)))
        .collect();
    if !old.is_empty() {
        tend(&git, &old, may_mend, ui);
    }
    if git.config(FORMER).is_some() {
        ui.say(
            "A change of the password was broken off: `ixd-template secrets rekey` finishes it.",
        );
    }
}

fn tend(git: &Git, old: &[(&str, String)], may_mend: bool, ui: &mut Ui) {
    let settings: Vec<Setting> = old
        .iter()
        .map(|(name, value)| (*name, Some(value.as_str())))
        .collect();
    let mend = || git.configure(&git.private()?, &settings);
    let failed = may_mend.then(mend).map(Result::err);
    match failed {
        Some(None) => ui.say(
            "Git's configuration was mended: secret files whose names begin with `-` are encrypted like all others.",
        ),
        other => {
            if let Some(Some(error)) = other {
                ui.say(format!("Git's configuration could not be mended: {error}"));
            }
            ui.say(
                "This clone was set up by an older release: git would lose a secret file whose name begins with `-`. \
                 `ixd-template secrets init` mends it.",
            );
        }
    }
}
