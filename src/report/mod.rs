//! What a command says: values turned into lines or JSON, and how the run ended.
//!
//! A command returns its report; it is printed in one place. What must be seen before a question is asked is printed before it.

mod changes;
mod done;
mod merge;
mod open;
mod password;
mod proof;
mod recovered;

pub(crate) use changes::{detail, show};
pub(crate) use done::{Done, kept_and_conflicts, rehearsed, tell_lost};
pub(crate) use merge::merge_notes;
pub(crate) use open::OpenEntry;
pub(crate) use password::{tell_encryption, tell_password};
pub(crate) use proof::tell_proof;
pub(crate) use recovered::{finished, taken_back};

use std::fmt::Display;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::ui::{self, Ui};

/// How a run ended that did not fail: the process's exit code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    #[default]
    Done,
    /// `merge-file` left conflicts; it answers as git's own does.
    MergeConflicts,
    ConflictsLeft,
    /// A dry run found that the run would refuse.
    WouldRefuse,
}

impl Outcome {
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::MergeConflicts | Self::WouldRefuse => 1,
            Self::ConflictsLeft => 3,
        }
    }

    /// How a dry run ends: as the run would.
    pub(crate) fn of_dry_run(is_refused: bool, leaves_conflicts: bool) -> Self {
        if is_refused {
            Self::WouldRefuse
        } else {
            Self::with_conflicts(leaves_conflicts)
        }
    }

    /// How a run ends that is carried out.
    pub(crate) fn with_conflicts(are_left: bool) -> Self {
        if are_left {
            Self::ConflictsLeft
        } else {
            Self::Done
        }
    }
}

/// What is said, in its order, and how the run ended.
#[derive(Debug, Default)]
#[must_use]
pub struct Report {
    lines: Vec<Line>,
    outcome: Outcome,
    has_written: bool,
}

#[derive(Debug)]
enum Line {
    /// A line of stdout.
    Data(String),
    /// A line of stderr.
    Talk(String),
    /// Bytes of stdout, as they are.
    Bytes(Vec<u8>),
}

impl Report {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// One line of data.
    pub(crate) fn data(&mut self, line: impl Display) {
        self.lines.push(Line::Data(line.to_string()));
    }

    /// One line of talk.
    pub(crate) fn say(&mut self, line: impl Display) {
        self.lines.push(Line::Talk(line.to_string()));
    }

    /// Bytes of data, as they are.
    pub(crate) fn bytes(&mut self, bytes: Vec<u8>) {
        self.lines.push(Line::Bytes(bytes));
    }

    /// A value as JSON.
    pub(crate) fn json(&mut self, value: &impl Serialize) {
        self.lines.push(Line::Data(ui::json(value)));
    }

    pub(crate) fn ended(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Prints what it says.
    ///
    /// # Errors
    /// Where bytes cannot be written. What is lost of lines is found out by [`Ui::check`].
    pub fn print(self, ui: &mut Ui) -> Result<End> {
        for line in self.lines {
            match line {
                Line::Data(line) => ui.data(line),
                Line::Talk(line) => ui.say(line),
                Line::Bytes(bytes) => ui.bytes(&bytes)?,
            }
        }
        Ok(End {
            outcome: self.outcome,
            has_written: self.has_written,
        })
    }

    /// The result; where it is an error, what was said so far is shown before.
    pub(crate) fn shown_if_failed<T>(&mut self, result: Result<T>, ui: &mut Ui) -> Result<T> {
        if result.is_err() {
            std::mem::take(self).show(ui);
        }
        result
    }

    /// Shows the report before the end of the run.
    pub(crate) fn show(self, ui: &mut Ui) {
        // There are no bytes in what comes before the end.
        let _ = self.print(ui);
    }
}

/// The end of a run that did not fail.
#[derive(Clone, Copy, Debug)]
pub struct End {
    pub outcome: Outcome,
    /// Whether the run has written: what fails afterwards is told so.
    pub has_written: bool,
}

/// The end of a run that has written: its report says so, and so does what failed afterwards.
pub(crate) fn after_writing(ended: Result<Report>) -> Result<Report> {
    match ended {
        Ok(report) => Ok(Report {
            has_written: true,
            ..report
        }),
        Err(error) => Err(Error::after_writing(error)),
    }
}

/// The sign of what is done.
pub(crate) fn tick() -> impl Display {
    console::style("✓").for_stderr().green()
}
