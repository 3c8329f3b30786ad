//! A folder, an environment and a git identity of its own for each test: nothing of the machine shines through.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub(crate) struct Sandbox {
    dir: TempDir,
    identity: bool,
}

/// How one run ended, for snapshots: exit code and both streams, with the sandbox's path written as `[DIR]`.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "exit {}", self.code)?;
        if !self.stdout.is_empty() {
            writeln!(f, "--- stdout\n{}", self.stdout.trim_end())?;
        }
        if !self.stderr.is_empty() {
            writeln!(f, "--- stderr\n{}", self.stderr.trim_end())?;
        }
        Ok(())
    }
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("home")).unwrap();
        fs::create_dir(dir.path().join("work")).unwrap();
        let sandbox = Self {
            dir,
            identity: true,
        };
        fs::write(
            sandbox.home().join(".gitconfig"),
            "[user]\n\tname = Ada\n\temail = ada@example.com\n",
        )
        .unwrap();
        sandbox
    }

    /// A sandbox in which git knows nobody's name.
    pub(crate) fn nameless() -> Self {
        let mut sandbox = Self::new();
        fs::remove_file(sandbox.home().join(".gitconfig")).unwrap();
        sandbox.identity = false;
        sandbox
    }

    fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    /// The folder in which commands run.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join("work").join(path)
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub(crate) fn read(&self, path: &str) -> String {
        String::from_utf8_lossy(&fs::read(self.path(path)).unwrap()).into_owned()
    }

    pub(crate) fn mode(&self, path: &str) -> u32 {
        fs::symlink_metadata(self.path(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o7777
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        fs::symlink_metadata(self.path(path)).is_ok()
    }

    /// A command in the sandbox with an empty environment; its streams are the caller's affair.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path(""))
            .env_clear()
            .env("HOME", self.home())
            .env("PATH", std::env::var("PATH").unwrap())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("LC_ALL", "C.UTF-8");
        command
    }

    pub(crate) fn ixd(&self, args: &[&str]) -> Ran {
        let mut command = self.command(env!("CARGO_BIN_EXE_ixd-template"));
        self.ran(command.args(args).stdin(Stdio::null()).output().unwrap())
    }

    /// Runs git and returns what it printed; it must succeed.
    pub(crate) fn git(&self, dir: &str, args: &[&str]) -> String {
        let output = self
            .command("git")
            .current_dir(self.path(dir))
            .args(args)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "git {args:?}: {}",
            self.ran(output)
        );
        self.ran(output).stdout
    }

    pub(crate) fn ran(&self, output: Output) -> Ran {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            text.replace(
                self.path("").to_str().unwrap().trim_end_matches('/'),
                "[DIR]",
            )
        };
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Every file and link below `dir` but for git's own: path → kind and content.
    pub(crate) fn tree(&self, dir: &str) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        collect(&self.path(dir), "", &mut files);
        files
    }

    /// The paths of [`Self::tree`], joined with spaces.
    pub(crate) fn paths(&self, dir: &str) -> String {
        self.tree(dir).into_keys().collect::<Vec<_>>().join(" ")
    }

    /// Writes a catalogue `cat/` whose release `template/` has this manifest (after name and version) and these files.
    pub(crate) fn catalogue(&self, manifest: &str, files: &[(&str, &str)]) -> &Self {
        self.write(
            "cat/template/template.yml",
            format!("name: tiny\nversion: 0.1.0\n{manifest}"),
        );
        for (path, content) in files {
            self.write(&format!("cat/template/project/{path}"), content);
        }
        self
    }
}

fn collect(dir: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    let Ok(entries) = fs::read_dir(dir) else {
        return;
    };
    for entry in entries {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            if entry.file_name() != ".git" {
                collect(&entry.path(), &format!("{name}/"), files);
            }
        } else if kind.is_symlink() {
            files.insert(
                name,
                format!("-> {}", fs::read_link(entry.path()).unwrap().display()),
            );
        } else {
            files.insert(
                name,
                String::from_utf8_lossy(&fs::read(entry.path()).unwrap()).into_owned(),
            );
        }
    }
}
