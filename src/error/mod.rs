//! The one error type: facts in the variants, prose in `Display`, advice in [`Error::hint`].

mod made;
mod words;

use std::io;
use std::path::PathBuf;

use words::{listed, nearest, nor, position, reason};

pub use made::did_you_mean;
pub use words::shell_word;

/// What can go wrong, with all that is needed to say what happened and where.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("could not {action} `{}`: {}", path.display(), reason(source))]
    Io {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    /// A command line that clap accepts and we do not.
    #[error("{0}")]
    Usage(String),
    /// A template that cannot be used. `line` and `column` count from 1; 0 means unknown.
    #[error("{file}{}: {message}", position(*line, *column))]
    Template {
        file: String,
        line: usize,
        column: usize,
        message: String,
    },
    #[error("the template in `{}` cannot be used: {message}", dir.display())]
    Catalogue { dir: PathBuf, message: String },
    #[error("there is no release {wanted}; available: {available}")]
    NoRelease { wanted: String, available: String },
    /// The recorded release, without which there is no base to merge from.
    #[error(
        "the project was made from release {wanted}, which the catalogue does not have; it has: {available}"
    )]
    NoBase { wanted: String, available: String },
    #[error("`{value}` is not a valid answer to `{name}`: {message}")]
    Answer {
        name: String,
        value: String,
        message: String,
    },
    #[error("`{value}`, the recorded answer to `{name}`, is no longer valid: it {message}")]
    OldAnswer {
        name: String,
        value: String,
        message: String,
    },
    #[error("there is no question `{name}`{}", nearest(suggestion.as_deref()))]
    NoQuestion {
        name: String,
        suggestion: Option<String>,
        known: Vec<String>,
    },
    #[error("`{name}` has no answer, and there is no terminal to ask on")]
    Unanswered { name: String, has_default: bool },
    #[error("{path}: {message}")]
    State { path: String, message: String },
    #[error("`{}` is not a project made by ixd-template: it has no {}", dir.display(), crate::state::FILE)]
    NoState { dir: PathBuf },
    /// A project that can be adopted, and nobody asked for it.
    #[error("`{}` has no {}, but it looks made from {from}", dir.display(), crate::state::FILE)]
    Adoptable { dir: PathBuf, from: String },
    #[error("`{}` has no {}, and its files resemble no release of the template", dir.display(), crate::state::FILE)]
    NotRecognised { dir: PathBuf },
    #[error(
        "`{}` does not look made from release {version}: none of its files is as it was, {edited} have only their names in common and {gone} are gone",
        dir.display()
    )]
    Foreign {
        dir: PathBuf,
        version: String,
        edited: usize,
        gone: usize,
    },
    #[error("the files do not tell for sure which release the project was made from: {}", releases.join(" or "))]
    Unsure { releases: Vec<String> },
    #[error("`{}` is a project made by ixd-template already", dir.display())]
    IsProject { dir: PathBuf },
    #[error("`{}` cannot be brought onto the template: {reason}", dir.display())]
    NoDjango { dir: PathBuf, reason: String },
    #[error(
        "`{}` cannot be brought onto the template: `{name}` is there already, and the template needs that name",
        dir.display()
    )]
    NameTaken { dir: PathBuf, name: String },
    #[error(
        "`{key}` cannot be told for certain{}, and there is no terminal to ask on",
        nor(others)
    )]
    Uncertain {
        key: &'static str,
        answer: &'static str,
        /// The keys that are uncertain as well.
        others: Vec<&'static str>,
        /// What `--defaults` would take.
        guess: Option<String>,
    },
    #[error("the step `{step}` was not done: {reason}")]
    OutsideStep { step: &'static str, reason: String },
    /// What fails once the files are written.
    #[error("{0}")]
    AfterWriting(Box<Self>),
    /// A step that this project has nothing for; known before anything is written.
    #[error("the step `{step}` cannot be done: {reason}")]
    ImpossibleStep {
        step: &'static str,
        reason: String,
        instead: &'static str,
    },
    #[error("release {version} has nothing at `{}`", path.display())]
    NotInRelease { path: PathBuf, version: String },
    #[error("`{path}` cannot be written: {reason}")]
    Path { path: String, reason: String },
    #[error("{} of the template's files clash with files already there: {}", paths.len(), listed(paths))]
    Conflicts { paths: Vec<String> },
    #[error("{count} files would be written, and there is no terminal to confirm it on")]
    Unconfirmed { count: usize },
    #[error("these files changed while you were deciding: {}", listed(paths))]
    Changed { paths: Vec<String> },
    #[error("since `{title}` these files changed: {}", listed(paths))]
    ChangedSince { title: String, paths: Vec<String> },
    #[error("git is in the middle of {0}")]
    InTheMiddle(&'static str),
    #[error("`{title}` is not finished: conflicts are left in {}", listed(paths))]
    Unfinished { title: String, paths: Vec<String> },
    /// As [`Self::Unfinished`], for whoever wants it taken back.
    #[error(
        "`{title}` is not finished: conflicts are left in {}, and there is no terminal to ask on",
        listed(paths)
    )]
    UndoUnfinished { title: String, paths: Vec<String> },
    #[error("there is no unfinished upgrade here")]
    NothingPending,
    #[error("the record of `{title}` is gone, so it cannot be taken back")]
    NoRecord { title: String },
    #[error("conflict markers are left in {}", listed(paths))]
    MarkersLeft { paths: Vec<String> },
    #[error("the template's version still lies beside yours: {}", listed(paths))]
    BesideLeft { paths: Vec<String> },
    /// Relative to the project, as are the folders.
    #[error(
        "git does not check these files out here, and they would be written: {}",
        listed(paths)
    )]
    NotCheckedOut {
        paths: Vec<String>,
        folders: Vec<String>,
    },
    #[error(
        "uncommitted changes in files that would be written: {}",
        listed(paths)
    )]
    Dirty { paths: Vec<String> },
    #[error("the project is of release {installed}, which is newer than {wanted}")]
    Downgrade { installed: String, wanted: String },
    #[error(
        "`{title}` was broken off, and these files changed since: {}",
        listed(paths)
    )]
    Interrupted { title: String, paths: Vec<String> },
    /// Neither done nor taken back: the journal is still there.
    #[error("`{title}` stopped half way: {reason}")]
    HalfWay { title: String, reason: String },
    #[error("another ixd-template is working in `{}`", dir.display())]
    Busy { dir: PathBuf },
    #[error("there is no git repository around `{}`", dir.display())]
    NoRepository { dir: PathBuf },
    #[error("the password of the secret files is not known here")]
    NoPassword,
    #[error("this password cannot be used: {0}")]
    Password(String),
    #[error("`{path}`: {message}")]
    Secret { path: String, message: String },
    #[error("{count} secret files are not as they should be")]
    Secrets { count: usize },
    #[error("git: {0}")]
    Git(String),
    #[error("git's index is of a kind that only git itself reads ({0})")]
    GitIndex(String),
    #[error(
        "nobody knows what is uncommitted here: `{}` is a repository that only a newer git reads ({why}), and the git program \
         does not answer",
        dir.display()
    )]
    GitUnknown { dir: PathBuf, why: String },
    #[error("the git repository in `{}` belongs to another user", dir.display())]
    GitOwner { dir: PathBuf },
    #[error("cancelled; nothing was written")]
    Cancelled,
}

/// The result of everything here that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

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
            Self::Uncertain { answer, guess: Some(guess), .. } => Some(format!(
                "add `--answer {answer}=…`, or `--defaults` to take the best guess, which here is `{guess}`"
            )),
            Self::Uncertain { key: "manage_py", .. } => Some(
                "add `--answer manage_py=…`, or `--answer manage_py=` if it has none: `./go.sh manage.py` then does without"
                    .into(),
            ),
            Self::Uncertain { answer, .. } => Some(format!(
                "add `--answer {answer}=…`: nothing in the project's files allows a guess"
            )),
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
            Self::GitOwner { dir } => Some(format!(
                "if you trust it: git config --global --add safe.directory {}",
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
