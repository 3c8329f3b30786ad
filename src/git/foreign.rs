//! Repositories that libgit2 cannot open: SHA-256 objects, reftable, extensions that it does not know.
//!
//! What is in their index is asked of the git program, without fsmonitor, hooks, optional locks and fetching; of the user's
//! filters, those run that `git status` runs on files that look changed. Ignore rules and attributes are read by libgit2 all
//! the same, and so is the configuration.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use git2::{Config, ConfigLevel, Odb, Repository};

use super::Git;
use crate::error::{Error, Result};
use crate::fs;
use crate::tree::TreePath;

/// What is known of such a repository.
pub(super) struct Foreign {
    /// What libgit2 says.
    why: String,
    /// Git's own folder of this work tree.
    pub(super) dir: PathBuf,
    /// The one that all work trees share.
    pub(super) common: PathBuf,
}

/// An entry of the index.
pub(super) struct Listed {
    /// The path, relative to the top of the work tree.
    pub(super) path: String,
    pub(super) mode: u32,
    pub(super) id: String,
    /// The stage: 0, or the one that a conflict gives.
    pub(super) stage: u16,
    /// Whether git keeps the file off the disk.
    pub(super) is_skipped: bool,
}

impl Foreign {
    /// The repository around `dir` that libgit2 refused with `error`, and a stand-in with its work tree and no objects.
    pub(super) fn around(dir: &Path, error: &git2::Error) -> Result<(Repository, Self)> {
        let why = error.message().to_owned();
        let is_newer = ["object format", "extension", "repository version"];
        let top = dir.ancestors().find(|dir| dir.join(".git").exists());
        let Some(top) = top.filter(|_| is_newer.iter().any(|word| why.contains(word))) else {
            return Err(Error::Git(why));
        };
        let place = top.join(".git");
        let dir = match place
            .is_file()
            .then(|| fs::read_text(&place))
            .transpose()?
            .flatten()
        {
            Some(text) => top.join(text.trim().trim_start_matches("gitdir:").trim()),
            None => place,
        };
        let common = match fs::read_text(&dir.join("commondir"))? {
            Some(text) => dir.join(text.trim()),
            None => dir.clone(),
        };
        let foreign = Self { why, dir, common };
        let wanted = foreign.settings()?.get_string("core.worktree");
        let top = wanted.map_or_else(|_| top.to_owned(), |path| foreign.dir.join(path));
        let stand_in = Repository::from_odb(Odb::new()?)?;
        stand_in.set_workdir(&top, false)?;
        Ok((stand_in, foreign))
    }

    /// The user's configuration and the repository's.
    pub(super) fn settings(&self) -> Result<Config> {
        let mut config = Config::open_default()?;
        config.add_file(&self.common.join("config"), ConfigLevel::Local, true)?;
        Ok(config)
    }

    /// The error that refuses what cannot be done without knowing what is uncommitted.
    pub(super) fn unknown(&self) -> Error {
        Error::GitUnknown {
            dir: self.dir.clone(),
            why: self.why.clone(),
        }
    }
}

/// The git program in `dir`, such that nothing runs, locks, fetches or asks that need not.
pub(super) fn program(dir: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(dir)
        .args(["--no-optional-locks", "--literal-pathspecs"])
        .args([
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=/dev/null",
        ])
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stderr(Stdio::null());
    // These variables would lead it to another repository.
    for name in [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_COMMON_DIR",
        "GIT_OBJECT_DIRECTORY",
        "GIT_NAMESPACE",
        "GIT_PREFIX",
        "GIT_GLOB_PATHSPECS",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
    ] {
        command.env_remove(name);
    }
    command
}

impl Git {
    /// Whether libgit2 cannot open the repository, so that the git program has to answer for its index and objects.
    pub(super) fn needs_program(&self) -> bool {
        self.foreign.is_some()
    }

    /// Git's own folder.
    pub(super) fn dir(&self) -> &Path {
        match &self.foreign {
            Some(foreign) => &foreign.dir,
            None => self.repository.path(),
        }
    }

    /// Git's folder that all work trees share.
    pub(super) fn common(&self) -> &Path {
        match &self.foreign {
            Some(foreign) => &foreign.common,
            None => self.repository.commondir(),
        }
    }

    /// The configuration of the repository, and of the user.
    pub(super) fn settings(&self) -> Result<Config> {
        match &self.foreign {
            Some(foreign) => foreign.settings(),
            None => Ok(self.repository.config()?),
        }
    }

    /// What the git program prints; `None` without one, and when it fails.
    pub(super) fn ask(&self, args: &[&str], input: &[u8]) -> Option<Vec<u8>> {
        let mut git = program(&self.top())
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut stdin = git.stdin.take()?;
        // The input is written beside, since the program may write more than a pipe holds while it still reads.
        let given = input.to_vec();
        let writer = std::thread::spawn(move || stdin.write_all(&given));
        let output = git.wait_with_output().ok()?;
        let was_given = matches!(writer.join(), Ok(Ok(())));
        (was_given && output.status.success()).then_some(output.stdout)
    }

    /// The entries of the index below the project, by the word of the git program.
    pub(super) fn listed(&self) -> Option<Vec<Listed>> {
        self.listed_below(self.prefix.trim_end_matches('/'))
    }

    /// All entries of the index.
    pub(super) fn listed_all(&self) -> Option<Vec<Listed>> {
        self.listed_below("")
    }

    fn listed_below(&self, folder: &str) -> Option<Vec<Listed>> {
        let mut args = vec!["ls-files", "-t", "--stage", "-z", "--"];
        if !folder.is_empty() {
            args.push(folder);
        }
        let output = self.ask(&args, b"")?;
        let lines = output.split(|byte| *byte == 0);
        Some(lines.filter_map(listed).collect())
    }

    /// Those of `paths` that differ from the last commit, as git calls them.
    pub(super) fn dirty_by_program(&self, paths: &[&TreePath]) -> Option<Vec<String>> {
        const AT_ONCE: usize = 500;
        let mut dirty = Vec::new();
        for paths in paths.chunks(AT_ONCE) {
            let paths: Vec<String> = paths.iter().map(|path| self.path(path)).collect();
            let mut args = vec!["status", "--porcelain", "-z", "--no-renames"];
            args.extend(["--untracked-files=no", "--ignore-submodules=all", "--"]);
            args.extend(paths.iter().map(String::as_str));
            let output = self.ask(&args, b"")?;
            // A line has two letters of status, a space and the path.
            let lines = output.split(|byte| *byte == 0);
            let names = lines.filter_map(|line| line.get(3..));
            dirty.extend(names.map(|path| String::from_utf8_lossy(path).into_owned()));
        }
        Some(dirty)
    }

    /// What git is in the middle of, from the files that it leaves then.
    pub(super) fn in_the_middle_of_foreign(&self, foreign: &Foreign) -> Option<&'static str> {
        let is_there = |name: &str| {
            // With reftable some of these are no files.
            foreign.dir.join(name).exists()
                || name.ends_with("_HEAD")
                    && self
                        .ask(&["rev-parse", "-q", "--verify", name], b"")
                        .is_some()
        };
        let states = [
            ("rebase-merge", "a rebase"),
            ("rebase-apply", "a rebase"),
            ("MERGE_HEAD", "a merge"),
            ("CHERRY_PICK_HEAD", "a cherry-pick"),
            ("REVERT_HEAD", "a revert"),
            ("BISECT_LOG", "a bisection"),
        ];
        let state = states.into_iter().find(|(name, _)| is_there(name));
        state.map(|(_, what)| what)
    }

    /// The error where the git program is needed and does not answer.
    pub(super) fn no_answer(&self) -> Error {
        match &self.foreign {
            Some(foreign) => foreign.unknown(),
            None => Error::Git("the git program does not answer".into()),
        }
    }
}

/// An entry from its line: a letter, mode, id and stage, a tab, the path.
fn listed(line: &[u8]) -> Option<Listed> {
    let line = std::str::from_utf8(line).ok()?;
    let (head, path) = line.split_once('\t')?;
    let mut words = head.split(' ');
    let is_skipped = words.next()? == "S";
    Some(Listed {
        mode: u32::from_str_radix(words.next()?, 8).ok()?,
        id: words.next()?.to_owned(),
        stage: words.next()?.parse().ok()?,
        path: path.to_owned(),
        is_skipped,
    })
}
