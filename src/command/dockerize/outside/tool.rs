//! Another program: how it is shown, started and watched.

use std::fs::File;
use std::os::fd::AsFd as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::apply::Interrupt;
use crate::error::shell_word;
use crate::ui::Ui;

/// A program with its arguments. What it finds in its environment is never shown.
pub(super) struct Tool {
    program: String,
    arguments: Vec<String>,
    set: Vec<(String, String)>,
    unset: Vec<String>,
}

impl Tool {
    pub(super) fn new(program: &str, arguments: &[&str]) -> Self {
        Self {
            program: program.to_owned(),
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
            set: Vec::new(),
            unset: Vec::new(),
        }
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.set.push((name.to_owned(), value.into()));
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.unset.push(name.to_owned());
        self
    }

    /// The command as a person types it.
    pub(super) fn shown(&self) -> String {
        let words = std::iter::once(&self.program).chain(&self.arguments);
        let words = words.map(|word| {
            let is_plain = word
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "-_./:=".contains(letter));
            if is_plain {
                word.clone()
            } else {
                shell_word(word)
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }

    fn command(&self, root: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).current_dir(root);
        command.stdin(Stdio::null());
        for name in &self.unset {
            command.env_remove(name);
        }
        for (name, value) in &self.set {
            command.env(name, value);
        }
        command
    }

    /// Runs it, its words among ours. What it prints goes into `output`, or else on stderr, since stdout is for our data.
    /// The error says how it ended.
    pub(super) fn run(
        &self,
        root: &Path,
        output: Option<File>,
        interrupt: &Interrupt,
        ui: &mut Ui,
    ) -> Result<(), String> {
        let watched = output.as_ref().and_then(|file| file.try_clone().ok());
        let output = match output {
            Some(file) => Stdio::from(file),
            None => std::io::stderr()
                .as_fd()
                .try_clone_to_owned()
                .map_or_else(|_| Stdio::null(), Stdio::from),
        };
        let _writing = interrupt.writing();
        let mut child = self
            .command(root)
            .stdout(output)
            .spawn()
            .map_err(|error| format!("{} could not be started: {error}", self.program))?;
        let mut told = Instant::now();
        loop {
            match child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => {
                    return Err(format!(
                        "{} ended with {status}; its message is above",
                        self.program
                    ));
                }
                Ok(None) => {}
                Err(error) => return Err(format!("{} was lost: {error}", self.program)),
            }
            if interrupt.check().is_err() {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("{} was stopped", self.program));
            }
            if told.elapsed() > Duration::from_secs(5) {
                told = Instant::now();
                if let Some(size) = watched.as_ref().and_then(|file| file.metadata().ok()) {
                    ui.say(format!("  … {}", megabytes(size.len())));
                }
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// `12.3 MB`.
pub(super) fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}

/// Why `program` cannot be run here, if that is so.
pub(super) fn obstacle(program: &str) -> Option<String> {
    let status = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match status {
        Ok(status) if status.success() => None,
        Ok(_) => Some(format!("`{program} --version` fails")),
        Err(_) => Some(format!("{program} is not on PATH")),
    }
}
