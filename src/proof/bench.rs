//! The steps of a proof: each is run with a bound on its time, told while it runs, and becomes a row of the table.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::table::{Judgement, Row};
use super::veil::Veil;
use crate::apply::Interrupt;
use crate::error::{Error, Result};
use crate::fs;
use crate::program::{Ended, Program};
use crate::ui::Ui;

/// So many lines of a failed step are shown.
const TAIL: usize = 12;
/// So much of what a program printed is kept.
const MOST: usize = 4 << 20;

/// What a program printed, and how it ended.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) ended: Ended,
    /// Without secrets.
    pub(super) text: String,
}

impl Output {
    pub(super) fn is_good(&self) -> bool {
        self.ended == Ended::With(0)
    }

    /// The end of a sentence about the program.
    pub(super) fn why(&self, limit: Duration) -> String {
        match &self.ended {
            Ended::With(code) => format!("it ended with exit code {code}"),
            Ended::Late => format!("it took longer than {} minutes", limit.as_secs() / 60),
            Ended::Stopped => "it was stopped".into(),
            Ended::NotStarted(reason) => format!("it could not be started: {reason}"),
        }
    }
}

/// Where steps are run.
pub(super) struct Bench<'a> {
    pub(super) interrupt: &'a Interrupt,
    pub(super) ui: &'a mut Ui,
    pub(super) veil: Veil,
    pub(super) rows: Vec<Row>,
    /// Where the raw output of one program goes, before it is read.
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

    /// Says what is done now; the next row counts its time from here.
    pub(super) fn now(&mut self, what: &str) {
        self.started = Instant::now();
        self.ui.say(format!("  {what}…"));
    }

    /// Runs a program to its end.
    ///
    /// # Errors
    /// [`Error::Cancelled`] where a person stopped it, and where its output cannot be kept.
    pub(super) fn run(&mut self, program: &Program, limit: Duration) -> Result<Output> {
        let output = self.raw_file()?;
        let interrupt = self.interrupt;
        let ended = program.run(&output, limit, &|| interrupt.check().is_err());
        let text = self.read(program)?;
        if ended == Ended::Stopped {
            return Err(Error::Cancelled);
        }
        Ok(Output { ended, text })
    }

    /// As [`Self::run`], for what is nobody's affair, such as the values of a configuration: nothing of it is logged.
    pub(super) fn run_unlogged(
        &mut self,
        program: &Program,
        limit: Duration,
    ) -> Result<(Ended, String)> {
        let output = self.raw_file()?;
        let interrupt = self.interrupt;
        let ended = program.run(&output, limit, &|| interrupt.check().is_err());
        let text = fs::read(&self.raw)?.unwrap_or_default();
        fs::remove(&self.raw)?;
        if ended == Ended::Stopped {
            return Err(Error::Cancelled);
        }
        Ok((ended, String::from_utf8_lossy(&text).into_owned()))
    }

    /// What a server printed so far.
    pub(super) fn said_by(&mut self, program: &Program, output: &Path) -> Result<String> {
        let bytes = fs::read(output)?.unwrap_or_default();
        Ok(self.keep(program, &bytes))
    }

    fn raw_file(&self) -> Result<File> {
        fs::remove(&self.raw)?;
        fs::private_file(&self.raw)
    }

    fn read(&mut self, program: &Program) -> Result<String> {
        let bytes = fs::read(&self.raw)?.unwrap_or_default();
        fs::remove(&self.raw)?;
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

    /// A step that did what it should.
    pub(super) fn held(&mut self, name: &'static str, said: impl Into<String>) {
        self.row(name, Judgement::Held, said.into(), "");
    }

    /// One that did not; `text` is what its program printed.
    pub(super) fn failed(&mut self, name: &'static str, said: impl Into<String>, text: &str) {
        self.row(name, Judgement::Failed, said.into(), text);
    }

    /// One that tells something and judges nothing.
    pub(super) fn told(&mut self, name: &'static str, said: impl Into<String>) {
        self.row(name, Judgement::Told, said.into(), "");
    }

    /// One that is not run.
    pub(super) fn left_out(&mut self, name: &'static str, why: impl Into<String>) {
        self.started = Instant::now();
        self.row(name, Judgement::NotRun, why.into(), "");
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

    /// The end of a text, which may be a page of the site, without secrets.
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
