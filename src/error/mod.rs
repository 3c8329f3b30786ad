//! The one error type: facts in the variants, prose in `Display`, advice in [`Error::hint`].

mod hint;
mod kinds;
mod open;
mod words;

use std::io;
use std::path::PathBuf;

use words::{catalogue, listed, nearest, newer, nor, position, reason};

pub use open::Open;
pub use words::{did_you_mean, shell_word};

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
    /// A template's file that goes beyond the limits of time and memory.
    #[error("{file} cannot be rendered: {why}")]
    Endless { file: String, why: String },
    #[error("the template in `{}` cannot be used: {message}", dir.display())]
    Catalogue { dir: PathBuf, message: String },
    #[error("there is no release {wanted}; available: {available}")]
    NoRelease { wanted: String, available: String },
    /// The recorded release is missing, without which there is no base to merge from.
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
    /// A state file that is whole and still not understood.
    #[error("{}: {message}", crate::tree::STATE_FILE)]
    StateShape { message: String },
    /// A state file of a format that is too new; `by` is the version of the program that made it, if that is told.
    #[error(
        "{} was made by {}, this is {}: get the newer one",
        crate::tree::STATE_FILE,
        newer(by.as_deref()),
        env!("CARGO_PKG_VERSION")
    )]
    NewerState { by: Option<String> },
    /// A state file with git's conflict markers in it, whose sides only a person can bring together.
    #[error("{} is in a git conflict, and {reason}", crate::tree::STATE_FILE)]
    StateConflict { reason: String },
    /// Git waits for the merged state file, which is ours to write.
    #[error(
        "{} is in a git conflict, and git is in the middle of {what}",
        crate::tree::STATE_FILE
    )]
    StateUnmerged { what: &'static str },
    /// `found` is the catalogue's template, and `dir` its folder, if it is not the built-in one.
    #[error(
        "{}: the project was made from the template `{wanted}` (release {version}), and {} is `{found}`",
        crate::tree::STATE_FILE,
        catalogue(dir.as_deref())
    )]
    OtherTemplate {
        wanted: String,
        version: String,
        found: String,
        dir: Option<PathBuf>,
    },
    /// A release of the right name and number that is not the one that was used.
    #[error(
        "{}: the project was made from a release {version} with the digest `{recorded}`, and the catalogue's has `{found}`",
        crate::tree::STATE_FILE
    )]
    OtherRelease {
        version: String,
        recorded: String,
        found: String,
    },
    #[error("`{}` is not a project made by ixd-template: it has no {}", dir.display(), crate::tree::STATE_FILE)]
    NoState { dir: PathBuf },
    /// A project that can be adopted, and nobody asked for it.
    #[error("`{}` has no {}, but it looks made from {from}", dir.display(), crate::tree::STATE_FILE)]
    Adoptable { dir: PathBuf, from: String },
    #[error("`{}` has no {}, and its files resemble no release of the template", dir.display(), crate::tree::STATE_FILE)]
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
        "`{}` cannot be told for certain{}, and there is no terminal to ask on",
        first.key,
        nor(others)
    )]
    Uncertain {
        first: Open,
        /// What is uncertain as well.
        others: Vec<Open>,
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
    #[error("the records in `{}/` are not used: {reason}", dir.display())]
    ForeignRecords { dir: PathBuf, reason: String },
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
    /// Conflicts that the state file lists, in whatever clone they were made.
    #[error(
        "the upgrade to {version} is not finished: conflicts are left in {}",
        listed(paths)
    )]
    LeftOpen { version: String, paths: Vec<String> },
    #[error(
        "the upgrade to {version} was written elsewhere, so there is no record here to take it back with"
    )]
    NotHere { version: String },
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
    /// These paths are relative to the project, as are the folders.
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
    #[error("git's index, `{}`, is damaged: {why}", file.display())]
    GitIndexDamaged { file: PathBuf, why: String },
    /// Something that looks like a repository, and is read as none.
    #[error(
        "nobody knows what is uncommitted here: the git repository in `{}` cannot be read",
        dir.display()
    )]
    GitUnreadable { dir: PathBuf },
    #[error(
        "nobody knows what is uncommitted here: `{}` is a repository that only a newer git reads ({why}), and the git program \
         does not answer",
        dir.display()
    )]
    GitUnknown { dir: PathBuf, why: String },
    #[error("the git repository in `{}` belongs to another user", dir.display())]
    GitOwner { dir: PathBuf },
    /// What was tried in a copy does not hold.
    #[error(
        "what would be written does not hold in a copy of the project: {}; nothing was written",
        steps.join(", ")
    )]
    Unproven { steps: Vec<&'static str> },
    #[error("cancelled; nothing was written")]
    Cancelled,
}

/// The result of everything here that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;
