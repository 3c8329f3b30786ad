//! Runs the other programs that a check needs. Each has a bound on its time, its output goes to a file, and no child of it
//! outlives it.
//!
//! A program is the head of a process group of its own, so that keys such as Ctrl-C reach this program alone, which then ends
//! the whole group.

use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

/// How long a program may take to end once it is told to.
const PARTING: Duration = Duration::from_secs(8);
const GLANCE: Duration = Duration::from_millis(50);

/// Variables that every program may see. Of all others, a program sees only those that it is given.
const HARMLESS: [&str; 17] = [
    "HOME",
    "PATH",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LANGUAGE",
    "TERM",
    "TMPDIR",
    "TZ",
    "PYTHON",
    "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "BUILDKIT_PROGRESS",
];
/// The beginnings of the names of more such variables: they set languages, and tell where packages and images come from.
const HARMLESS_FAMILIES: [&str; 14] = [
    "LC_",
    "PIP_",
    "UV_",
    "PYENV_",
    "NPM_CONFIG_",
    "npm_config_",
    "SSL_CERT_",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "DOCKER_",
];

/// A program with its arguments, and the only variables that it sees.
#[derive(Clone, Debug)]
pub struct Program {
    words: Vec<String>,
    dir: PathBuf,
    set: Vec<(String, String)>,
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The program ended with this exit code, which is -1 where a signal ended it.
    With(i32),
    /// The program took too long, and was ended.
    Late,
    /// Somebody asked to stop, and the program was ended.
    Stopped,
    NotStarted(String),
}

impl Program {
    #[must_use]
    pub fn new(dir: &Path, words: &[&str]) -> Self {
        Self {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            dir: dir.to_owned(),
            set: Vec::new(),
        }
    }

    #[must_use]
    pub fn and(mut self, words: &[&str]) -> Self {
        self.words
            .extend(words.iter().map(|word| (*word).to_owned()));
        self
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The command as a person would type it, for the head of its output. It shows no variables.
    #[must_use]
    pub fn shown(&self) -> String {
        let words = self.words.iter().map(|word| match word.lines().count() {
            0 | 1 => word.as_str(),
            _ => "…",
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// Runs the program until it ends, until `limit` is over or until `stop` says so. Its output is appended to `output`.
    #[must_use]
    pub fn run(&self, output: &File, limit: Duration, stop: &dyn Fn() -> bool) -> Ended {
        let mut running = match self.start(output) {
            Ok(running) => running,
            Err(error) => return Ended::NotStarted(error.to_string()),
        };
        let start = Instant::now();
        loop {
            if let Some(code) = running.ended() {
                return Ended::With(code);
            }
            if stop() {
                return Ended::Stopped;
            }
            if start.elapsed() > limit {
                return Ended::Late;
            }
            thread::sleep(GLANCE);
        }
    }

    /// Starts the program. It is ended when the result is dropped.
    pub fn start(&self, output: &File) -> io::Result<Running> {
        let Some((program, arguments)) = self.words.split_first() else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.dir)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output.try_clone()?)
            .process_group(0)
            .env_clear()
            .envs(std::env::vars_os().filter(|(name, _)| is_harmless(&name.to_string_lossy())))
            .envs(self.set.iter().map(|(name, value)| (name, value)));
        Ok(Running(command.spawn()?))
    }
}

/// Whether a check may see this variable. Others of the user's shell may name servers and passwords, which a check must
/// never reach.
fn is_harmless(name: &str) -> bool {
    HARMLESS.contains(&name)
        || HARMLESS_FAMILIES
            .iter()
            .any(|first| name.starts_with(first))
}

/// A program that runs. When the value is dropped, the program is ended with all its children.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    /// The exit code once the program has ended. It is -1 where a signal ended it.
    pub fn ended(&mut self) -> Option<i32> {
        let status = self.0.try_wait().ok()??;
        Some(status.code().unwrap_or(-1))
    }

    fn tell_group(&self, signal: Signal) {
        let group = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw);
        if let Some(group) = group {
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.ended().is_none() {
            self.tell_group(Signal::TERM);
            let start = Instant::now();
            while start.elapsed() < PARTING && self.ended().is_none() {
                thread::sleep(GLANCE);
            }
        }
        // Its children may still run.
        self.tell_group(Signal::KILL);
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str, limit: Duration, stop: bool) -> (Ended, String) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out");
        let output = File::create(&path).unwrap();
        let program = Program::new(dir.path(), &["sh", "-c", script]).with("GIVEN", "given");
        let ended = program.run(&output, limit, &|| stop);
        #[allow(clippy::disallowed_methods)]
        (ended, std::fs::read_to_string(path).unwrap())
    }

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn it_sees_what_it_is_given_and_tells_how_it_ended() {
        let (ended, said) = run("echo $GIVEN $CARGO_PKG_NAME; exit 3", LONG, false);
        assert_eq!((ended, said.as_str()), (Ended::With(3), "given\n"));
    }

    #[test]
    fn neither_it_nor_its_children_outlive_their_time() {
        let (ended, said) = run(
            "(sleep 60; echo late) & echo $!; sleep 60",
            Duration::from_millis(300),
            false,
        );
        assert_eq!(ended, Ended::Late);
        let child = said.trim();
        assert!(
            !Path::new("/proc/self").exists()
                || !Path::new("/proc").join(child).join("exe").exists()
        );
        assert_eq!(run("sleep 60", LONG, true).0, Ended::Stopped);
    }
}
