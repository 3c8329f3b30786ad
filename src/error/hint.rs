//! What to do next, for each error.

use std::io;

use super::Error;
use super::open;
use super::words::shell_word;

/// How to take back what another clone committed.
const GO_BACK: &str =
    "`git revert` the commit that brought it, which `git log -1 -- .ixd-template.yml` names";

impl Error {
    /// What to do next, where there is something to do.
    #[must_use]
    #[allow(clippy::too_many_lines)] // One arm for each variant.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    Some("free some space and run the same command again".into())
                }
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    Some("check who owns the folder, or choose another one".into())
                }
                _ => None,
            },
            Self::NoRelease { .. } => {
                Some("leave `--release` out to get the newest one".into())
            }
            Self::NoBase { .. } => Some(
                "name a catalogue that has it with `--from DIR`, or get the newest ixd-template: it has every release".into(),
            ),
            Self::Endless { .. } => Some(
                "look there for a loop or a text that grows without end; nothing of the template was written".into(),
            ),
            Self::Answer { name, .. } | Self::OldAnswer { name, .. } => Some(format!("give another with `--answer {name}=…`")),
            Self::NoQuestion { known, .. } => {
                Some(format!("the questions are {}", known.join(", ")))
            }
            Self::IsProject { dir } => Some(format!(
                "`ixd-template upgrade {}` brings it to a newer release; with `--ask` it changes the answers",
                shell_word(&dir.display().to_string())
            )),
            Self::Unanswered { name, has_default } => Some(if *has_default {
                format!("add `--answer {name}=…`, or `--defaults` to take every default")
            } else {
                format!("add `--answer {name}=…`")
            }),
            Self::Adoptable { dir, .. } => Some(format!(
                "`ixd-template upgrade --adopt --dry-run {0}` shows what adopting it would change, and without `--dry-run` it does",
                shell_word(&dir.display().to_string())
            )),
            Self::NotRecognised { .. } => Some(
                "if it was made from one all the same, name it with `--adopt=VERSION`".into(),
            ),
            Self::Foreign { .. } => Some(
                "`ixd-template upgrade --adopt` alone tells what it looks made from; \
                 `ixd-template dockerize` brings a project of another origin onto the template"
                    .into(),
            ),
            Self::Unsure { releases } => Some(format!(
                "name it with `--adopt={}`; of two that fit alike, the older one is the safer",
                releases.first().map_or("VERSION", String::as_str)
            )),
            Self::NoDjango { .. } => Some(
                "name the folder of a project, or take this one with `--anyway` if it is one all the same; \
                 `--dry-run --json` shows all that was found"
                    .into(),
            ),
            Self::NameTaken { .. } => Some(
                "rename it in the project first, or take `--answer mode=bypass` if only the package of settings is in the way; \
                 a project that was made from a template is brought up to date with `ixd-template upgrade --adopt`"
                    .into(),
            ),
            Self::Uncertain { first, others } => Some(open::hint(first, others)),
            Self::ImpossibleStep { step, instead, .. } => {
                Some(format!("leave out `--run {step}`, and {instead}"))
            }
            Self::OutsideStep { .. } => Some(
                "the project's files are written; the commands above do the step by hand".into(),
            ),
            Self::AfterWriting(error) if matches!(**error, Self::OutsideStep { .. }) => error.hint(),
            Self::AfterWriting(_) => Some(
                "the command had done its work before that, and it stays done; `ixd-template status` shows how the project is"
                    .into(),
            ),
            Self::Git(reason) if reason.contains(".lock'") => Some(
                "another git process may be at work; if none is, one was broken off: remove that file and run the command again"
                    .into(),
            ),
            Self::NotInRelease { .. } => Some(
                "`ixd-template diff` compares the files of the release; for your own use git".into(),
            ),
            Self::NoState { .. } => {
                Some(
                    "run it in the folder of a project, or name that folder; where that file is gone, \
                     `ixd-template upgrade --adopt` looks what the project was made from"
                        .into(),
                )
            }
            Self::Conflicts { .. } => Some(
                "decide with `--on-conflict ours` (keep what is there), `theirs` (the template's) \
                 or `markers` (both, marked), or run it on a terminal"
                    .into(),
            ),
            Self::Unconfirmed { .. } => Some("add `--yes`".into()),
            Self::Unproven { .. } => Some(
                "the last lines of each step are above, and the log has the rest; without `--prove` it is written as it is".into(),
            ),
            Self::Changed { .. } => Some("nothing was written; run the command again".into()),
            Self::ChangedSince { .. } => Some(
                "nothing was touched; put those files back as they were, or change them by hand".into(),
            ),
            Self::InTheMiddle(_) => Some("finish it or abort it, then run the command again".into()),
            Self::Unfinished { .. } => Some(
                "resolve the conflicts and run `ixd-template upgrade --continue`, or go back with \
                 `ixd-template upgrade --abort`"
                    .into(),
            ),
            Self::LeftOpen { .. } => Some(format!(
                "resolve the conflicts and run `ixd-template upgrade --continue`, or {GO_BACK}"
            )),
            Self::NotHere { .. } => Some(format!("to do without it, {GO_BACK}")),
            Self::StateConflict { .. } => Some(format!(
                "take one side of it whole, with `git checkout --ours {0}` or `git checkout --theirs {0}`, and `git add {0}`; \
                 `ixd-template upgrade --ask` then changes the answers",
                crate::tree::STATE_FILE
            )),
            Self::StateUnmerged { .. } => Some(format!(
                "both sides agree on the answers: `ixd-template upgrade --continue` merges it; then `git add {}` and finish with git",
                crate::tree::STATE_FILE
            )),
            Self::UndoUnfinished { .. } => Some(
                "`ixd-template undo --yes` takes it back as `ixd-template upgrade --abort` does, with all that was edited in \
                 its files since"
                    .into(),
            ),
            Self::NoRecord { .. } => Some(
                "restore the files from your version control, then run `ixd-template upgrade --continue`".into(),
            ),
            Self::MarkersLeft { .. } => {
                Some("edit those files, then run `ixd-template upgrade --continue` again".into())
            }
            Self::BesideLeft { .. } => Some(
                "put it in the place of yours or delete it, then run `ixd-template upgrade --continue` again".into(),
            ),
            Self::NotCheckedOut { folders, .. } => Some(if folders.is_empty() {
                "`git sparse-checkout disable` checks them out; then run the command again".into()
            } else {
                let folders: Vec<String> = folders.iter().map(|folder| shell_word(folder)).collect();
                format!(
                    "`git sparse-checkout add {}` checks them out, and `git sparse-checkout disable` everything; then run \
                     the command again",
                    folders.join(" ")
                )
            }),
            Self::Dirty { .. } => {
                Some("commit or stash them, or pass `--allow-dirty`; `undo` works either way".into())
            }
            Self::Interrupted { title, .. } => Some(format!(
                "`ixd-template undo` takes `{title}` back and keeps your versions of these files beside them; or put \
                 them back as they were, and the next command finishes it"
            )),
            Self::HalfWay { .. } => Some(
                "see to what stopped it; then the next command finishes it, or `ixd-template undo` takes it back".into(),
            ),
            Self::NoPassword => Some(
                "set TRANSCRYPT_PASSWORD in .env.local or in the environment, then run `ixd-template secrets init`".into(),
            ),
            Self::GitIndex(_) => Some(
                "`git update-index --no-split-index` makes a split index whole, and \
                 `git sparse-checkout reapply --no-sparse-index` a sparse one"
                    .into(),
            ),
            Self::GitIndexDamaged { file, .. } => Some(format!(
                "what is committed is not touched by that; to make it anew, without what was staged: rm {}; git reset",
                shell_word(&file.display().to_string())
            )),
            Self::GitUnreadable { .. } => Some(
                "look with `git status` what is the matter; or see to it that nothing is uncommitted, and pass `--allow-dirty`"
                    .into(),
            ),
            Self::GitOwner { dir } => Some(format!(
                "if you trust it: git config --global --add safe.directory {}",
                shell_word(&dir.display().to_string())
            )),
            Self::ForeignRecords { dir, .. } => Some(format!(
                "look at what is in it, and if you do not know it take it away: git rm -r --cached --ignore-unmatch {0}; rm -r {0}",
                shell_word(&dir.display().to_string())
            )),
            Self::GitUnknown { .. } => Some(
                "install a git that reads it; or see to it that nothing is uncommitted, and pass `--allow-dirty`".into(),
            ),
            Self::NoRepository { .. } => Some("run `git init` first".into()),
            Self::Busy { .. } => Some("wait for it to end, then run the command again".into()),
            Self::State { .. } => {
                Some("restore the file from your version control".into())
            }
            Self::StateShape { .. } => Some(
                "a newer ixd-template may have made it: try the newest one before you restore the file from your version control"
                    .into(),
            ),
            Self::NewerState { .. } => Some(
                "nothing was written; the file is right as it is, and only a newer ixd-template can go on from it".into(),
            ),
            Self::OtherTemplate { wanted, dir, .. } => Some(format!(
                "name the folder that holds `{wanted}` with `--from DIR`{}",
                dir.as_ref().map_or("", |_| ", or leave `--from` out if it is the built-in one")
            )),
            Self::OtherRelease { .. } => Some(
                "name the folder of the template that was used with `--from DIR`; the built-in one is used without `--from`"
                    .into(),
            ),
            Self::Usage(_)
            | Self::Template { .. }
            | Self::Catalogue { .. }
            | Self::Path { .. }
            | Self::Git(_)
            | Self::Password(_)
            | Self::Secret { .. }
            | Self::Secrets { .. }
            | Self::Downgrade { .. }
            | Self::NothingPending
            | Self::Cancelled => None,
        }
    }
}
