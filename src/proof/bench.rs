//! Runs the steps of a proof. Each has a bound on its time, is told while it runs, and becomes a row of the table.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::table::{Judgement, Row};
use super::veil::Veil;
use crate::apply::Interrupt;
use crate::error::{Error, Result};
use crate::fs;
use crate::program::{Ended, Program};
use crate::ui::Ui;

/// The steps of every proof once it has its packages, in their order. With an engine the services come first.
const STEPS: [&str; 8] = [
    "services",
    "tests before",
    "tests after",
    "settings",
    "check --deploy",
    "site",
    "home page",
    "static file",
];
/// The number of lines of a failed step that are shown.
const TAIL: usize = 12;
/// The number of bytes of a program's output that are kept.
const MOST: usize = 4 << 20;

/// What a program printed, and how it ended.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) ended: Ended,
    limit: Duration,
    /// The output without secrets.
    pub(super) text: String,
}

impl Output {
    pub(super) fn is_good(&self) -> bool {
        self.ended == Ended::With(0)
    }

    /// How the program ended, as the end of a sentence about it.
    pub(super) fn why(&self) -> String {
        match &self.ended {
            Ended::With(code) => format!("it ended with exit code {code}"),
            Ended::Late => format!("it took longer than {} minutes", self.limit.as_secs() / 60),
            Ended::Stopped => "it was stopped".into(),
            Ended::NotStarted(reason) => format!("it could not be started: {reason}"),
        }
    }
}

/// The place where steps are run.
pub(super) struct Bench<'a> {
    pub(super) interrupt: &'a Interrupt,
    pub(super) ui: &'a mut Ui,
    pub(super) veil: Veil,
    pub(super) rows: Vec<Row>,
    /// The file that the raw output of a program goes to before it is read.
    raw: PathBuf,
    log: PathBuf,
    text: String,
    started: Instant,
}

impl<'a> Bench<'a> {
    pub(super) fn new(
        raw: PathBuf,
        log: PathBuf,
        interrupt: &'a Interrupt,
        ui: &'a mut Ui,
    ) -> Self {
        Self {
            interrupt,
            ui,
            veil: Veil::default(),
            rows: Vec::new(),
            raw,
            log,
            text: String::new(),
            started: Instant::now(),
        }
    }

    /// Says what is done now. The time of the next row counts from here.
    pub(super) fn now(&mut self, what: &str) {
        self.started = Instant::now();
        self.ui.say(format!("  {what}…"));
    }

    /// Runs a program to its end.
    ///
    /// # Errors
    /// It fails with [`Error::Cancelled`] where a person stopped it, and where its output cannot be kept.
    pub(super) fn run(&mut self, program: &Program, limit: Duration) -> Result<Output> {
        let (ended, bytes) = self.raw(program, limit)?;
        let text = self.keep(program, &bytes);
        Ok(Output { ended, limit, text })
    }

    /// Runs a program as [`Self::run`] does, but logs nothing of it. Its output may be private, as a configuration is.
    pub(super) fn run_unlogged(
        &self,
        program: &Program,
        limit: Duration,
    ) -> Result<(Ended, String)> {
        let (ended, bytes) = self.raw(program, limit)?;
        Ok((ended, String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn raw(&self, program: &Program, limit: Duration) -> Result<(Ended, Vec<u8>)> {
        fs::remove(&self.raw)?;
        let output = fs::private_file(&self.raw)?;
        let ended = program.run(&output, limit, &|| self.interrupt.check().is_err());
        let bytes = fs::read(&self.raw)?.unwrap_or_default();
        fs::remove(&self.raw)?;
        if ended == Ended::Stopped {
            return Err(Error::Cancelled);
        }
        Ok((ended, bytes))
    }

    /// The output of a server up to now.
    pub(super) fn said_by(&mut self, program: &Program, output: &Path) -> Result<String> {
        let bytes = fs::read(output)?.unwrap_or_default();
        Ok(self.keep(program, &bytes))
    }

    fn keep(&mut self, program: &Program, bytes: &[u8]) -> String {
        let bytes = &bytes[bytes.len().saturating_sub(MOST)..];
        let text = self.veil.over(&String::from_utf8_lossy(bytes));
        let shown = self.veil.over(&program.shown());
        self.text += "$ ";
        for part in [&shown, "\n", &text, "\n\n"] {
            self.text += part;
        }
        text
    }

    /// Adds the row of a step that did what it should.
    pub(super) fn held(&mut self, name: &'static str, said: impl Into<String>) {
        self.row(name, Judgement::Held, said.into(), "");
    }

    /// Adds the row of a step that failed. `text` is what its program printed.
    pub(super) fn failed(&mut self, name: &'static str, said: impl Into<String>, text: &str) {
        self.row(name, Judgement::Failed, said.into(), text);
    }

    /// Adds the row of a step that tells something and judges nothing.
    pub(super) fn told(&mut self, name: &'static str, said: impl Into<String>) {
        self.row(name, Judgement::Told, said.into(), "");
    }

    /// Adds the row of a step that is not run.
    pub(super) fn left_out(&mut self, name: &'static str, why: impl Into<String>) {
        self.started = Instant::now();
        self.row(name, Judgement::NotRun, why.into(), "");
    }

    /// Adds the rows of this step of [`STEPS`] and of all after it, which are not run.
    pub(super) fn left_out_from(&mut self, first: &str, why: &str) {
        for name in STEPS.into_iter().skip_while(|name| *name != first) {
            self.left_out(name, why);
        }
    }

    fn row(&mut self, name: &'static str, judgement: Judgement, said: String, text: &str) {
        self.rows.push(Row {
            name,
            judgement,
            said: self.veil.over(&said),
            seconds: self.started.elapsed().as_secs(),
            last_lines: self.last_lines(text),
        });
        self.started = Instant::now();
    }

    /// Shows what the server printed while it was asked, where it failed to give a page or a file and its answer says
    /// nothing.
    pub(super) fn explain(&mut self, text: &str) {
        let lines = self.last_lines(text);
        let asked = self
            .rows
            .iter_mut()
            .filter(|row| matches!(row.name, "home page" | "static file"));
        for row in asked {
            if row.judgement == Judgement::Failed && row.last_lines.is_empty() {
                row.last_lines.clone_from(&lines);
            }
        }
    }

    /// The end of a text without secrets. The text may be a page of the site.
    fn last_lines(&self, text: &str) -> Vec<String> {
        let lines = text
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty());
        let lines: Vec<&str> = lines.collect();
        let last = &lines[lines.len().saturating_sub(TAIL)..];
        last.iter().map(|line| self.veil.over(line)).collect()
    }

    /// Writes the log and says where it is.
    pub(super) fn log(&self) -> Result<PathBuf> {
        let file = crate::tree::File::new(self.text.as_bytes());
        fs::create(&self.log, &file, 0o600)?;
        Ok(self.log.clone())
    }
}
