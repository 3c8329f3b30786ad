//! A test bed: a catalogue, a project to start from, and runs of the program with a fault at one call.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// Path → what stands there, in words that can be compared: kind, mode and content.
pub(crate) type Snapshot = BTreeMap<String, String>;

/// A folder with a home, a catalogue and the project `shop` in two copies: as it starts, and as it is worked on.
pub(crate) struct Bed {
    dir: TempDir,
    /// Where git's own folder lives, when it is not in the project.
    far: Option<TempDir>,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) killed: bool,
    pub(crate) code: i32,
    pub(crate) err: String,
}

/// What happens at one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Kill,
    Fail(&'static str),
    Full,
}

impl Bed {
    pub(crate) fn new() -> Self {
        // In memory where that is possible: thousands of runs wait for the disk else.
        let shared = Path::new("/dev/shm");
        let dir = if shared.is_dir() {
            tempfile::tempdir_in(shared)
        } else {
            tempfile::tempdir()
        };
        let bed = Self {
            dir: dir.unwrap(),
            far: None,
        };
        fs::create_dir_all(bed.path("home")).unwrap();
        fs::create_dir_all(bed.path("start")).unwrap();
        fs::write(
            bed.path("home/.gitconfig"),
            "[user]\n\tname = Ada\n\temail = ada@example.com\n",
        )
        .unwrap();
        bed
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn set_mode(&self, path: &str, mode: u32) {
        fs::set_permissions(self.path(path), fs::Permissions::from_mode(mode)).unwrap();
    }

    pub(crate) fn command(&self, program: &str, dir: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path(dir))
            .env_clear()
            .env("HOME", self.path("home"))
            .env("PATH", std::env::var("PATH").unwrap())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("TRANSCRYPT_PASSWORD", "the same in every run, and long")
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn ixd(&self, dir: &str, args: &[&str]) -> Ran {
        let mut command = self.command(env!("CARGO_BIN_EXE_ixd-template"), dir);
        ran(command.args(args).output().unwrap())
    }

    /// As [`Self::ixd`], with `fault` at the call `at`.
    pub(crate) fn faulty(&self, dir: &str, args: &[&str], fault: Fault, at: usize) -> Ran {
        let mut command = self.command(env!("CARGO_BIN_EXE_ixd-template"), dir);
        let (mode, number) = match fault {
            Fault::Kill => ("kill", "ENOSPC"),
            Fault::Fail(number) => ("fail", number),
            Fault::Full => ("full", "ENOSPC"),
        };
        command
            .args(args)
            .env("LD_PRELOAD", shim())
            .env("IXD_FAULT_MODE", mode)
            .env("IXD_FAULT_ERRNO", number)
            .env("IXD_FAULT_AT", at.to_string());
        ran(command.output().unwrap())
    }

    /// How many calls a run makes that is left alone.
    pub(crate) fn calls(&self, dir: &str, args: &[&str]) -> usize {
        let log = self.path("calls");
        let _ = fs::remove_file(&log);
        let mut command = self.command(env!("CARGO_BIN_EXE_ixd-template"), dir);
        command
            .args(args)
            .env("LD_PRELOAD", shim())
            .env("IXD_FAULT_LOG", &log);
        command.output().unwrap();
        fs::read_to_string(&log).map_or(0, |log| log.lines().count())
    }

    pub(crate) fn git(&self, dir: &str, args: &[&str]) -> String {
        let output = self.command("git", dir).args(args).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Moves git's own folder to another file system; `false` when there is none at hand.
    pub(crate) fn move_git_far(&mut self) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        let far = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let device = |path: &Path| fs::metadata(path).unwrap().dev();
        if device(far.path()) == device(self.dir.path()) {
            return false;
        }
        let place = far.path().join("git");
        copy(&self.path("start/shop/.git"), &place);
        fs::remove_dir_all(self.path("start/shop/.git")).unwrap();
        fs::write(
            self.path("start/shop/.git"),
            format!("gitdir: {}\n", place.display()),
        )
        .unwrap();
        copy(&place, &far.path().join("start"));
        self.far = Some(far);
        true
    }

    /// Whether git's own folder is on another file system.
    pub(crate) fn is_far(&self) -> bool {
        self.far.is_some()
    }

    /// Makes `work` what `start` is.
    pub(crate) fn begin(&self) {
        let _ = fs::remove_dir_all(self.path("work"));
        copy(&self.path("start"), &self.path("work"));
        if let Some(far) = &self.far {
            let _ = fs::remove_dir_all(far.path().join("git"));
            copy(&far.path().join("start"), &far.path().join("git"));
        }
    }

    /// Makes `start` what `work` is now.
    pub(crate) fn start_from_here(&self) {
        let _ = fs::remove_dir_all(self.path("start"));
        copy(&self.path("work"), &self.path("start"));
        if let Some(far) = &self.far {
            let _ = fs::remove_dir_all(far.path().join("start"));
            copy(&far.path().join("git"), &far.path().join("start"));
        }
    }

    /// All of `work` but for git's and our own folders, and what git's index and history hold.
    pub(crate) fn snapshot(&self, what: &str) -> Snapshot {
        let mut snapshot = Snapshot::new();
        collect(&self.path("work"), "", &mut snapshot);
        if self.path("work/shop/.git").exists() {
            let objects = self.git("work/shop", &["cat-file", "--batch-all-objects", "--batch"]);
            assert!(
                !objects.contains("in-the-clear"),
                "git holds a secret in the clear: {what}"
            );
            let index = self.git("work/shop", &["ls-files", "-s"]);
            snapshot.insert("[index]".into(), index);
            let mut log = self.command("git", "work/shop");
            let log = log.args(["log", "--format=%T %s"]).output().unwrap();
            snapshot.insert(
                "[log]".into(),
                String::from_utf8_lossy(&log.stdout).into_owned(),
            );
            let git = self.git("work/shop", &["rev-parse", "--absolute-git-dir"]);
            assert!(
                !Path::new(git.trim()).join("index.lock").exists(),
                "a lock of git's index is left: {what}"
            );
        }
        snapshot
    }

    /// The names in a folder.
    pub(crate) fn names(&self, dir: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(dir)).unwrap();
        let name = |entry: std::io::Result<fs::DirEntry>| {
            entry.unwrap().file_name().to_string_lossy().into_owned()
        };
        entries.map(name).collect()
    }

    /// Whether a journal waits for somebody to finish it.
    pub(crate) fn is_broken_off(&self) -> bool {
        let mut places = vec![
            self.path("work/shop/.ixd-template/journal"),
            self.path("work/shop/.git/ixd-template/root/journal"),
        ];
        if let Some(far) = &self.far {
            places.push(far.path().join("git/ixd-template/root/journal"));
        }
        places.iter().any(|place| place.exists())
    }
}

fn ran(output: Output) -> Ran {
    Ran {
        killed: output.status.signal() == Some(9),
        code: output.status.code().unwrap_or(-1),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Without the folders that hold nothing: where removing one fails, it stays, and no harm is done.
pub(crate) fn without_empty_folders(snapshot: &Snapshot) -> Snapshot {
    let is_empty = |path: &String| {
        let mut below = snapshot
            .keys()
            .filter(|other| other.starts_with(path.as_str()));
        path.ends_with('/') && below.all(|other| other.ends_with('/'))
    };
    let mut kept = snapshot.clone();
    kept.retain(|path, _| !is_empty(path));
    kept
}

/// Only the files of the project: a probe of git's that fails makes it think less of the file system.
pub(crate) fn files_only(snapshot: &Snapshot) -> Snapshot {
    let mut kept = without_empty_folders(snapshot);
    kept.retain(|path, _| !path.starts_with('['));
    kept
}

/// The paths at which two snapshots differ.
pub(crate) fn difference(left: &Snapshot, right: &Snapshot) -> String {
    let mut lines = Vec::new();
    let paths: std::collections::BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    for path in paths {
        if left.get(path) != right.get(path) {
            lines.push(format!(
                "{path}: {:?} and {:?}",
                left.get(path),
                right.get(path)
            ));
        }
    }
    lines.join("\n")
}

fn collect(dir: &Path, prefix: &str, snapshot: &mut Snapshot) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let meta = entry.metadata().unwrap();
        let mode = meta.permissions().mode() & 0o7777;
        if meta.is_symlink() {
            let target = fs::read_link(entry.path()).unwrap();
            snapshot.insert(name, format!("-> {}", target.display()));
        } else if meta.is_dir() {
            if [".git", ".ixd-template"].contains(&&*entry.file_name().to_string_lossy()) {
                continue;
            }
            snapshot.insert(format!("{name}/"), format!("{mode:o}"));
            collect(&entry.path(), &format!("{name}/"), snapshot);
        } else {
            let bytes = fs::read(entry.path()).unwrap();
            snapshot.insert(
                name,
                format!("{mode:o} {}", String::from_utf8_lossy(&bytes)),
            );
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        let meta = entry.metadata().unwrap();
        if meta.is_symlink() {
            symlink(fs::read_link(entry.path()).unwrap(), target).unwrap();
        } else if meta.is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
}

/// The library that counts calls and makes one go wrong, compiled once.
fn shim() -> &'static Path {
    static SHIM: OnceLock<PathBuf> = OnceLock::new();
    SHIM.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fault/shim.c");
        let target =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("shim-{}.so", std::process::id()));
        let compiled = Command::new("cc")
            .args(["-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o"])
            .arg(&target)
            .arg(source)
            .arg("-ldl")
            .output()
            .expect("a C compiler: `apt-get install gcc libc6-dev`");
        assert!(
            compiled.status.success(),
            "{}",
            String::from_utf8_lossy(&compiled.stderr)
        );
        target
    })
}
