//! A proof tries what a run would write: in a copy of the project, with the project's own programs. Then it takes all away.
//!
//! This is the one place where code of a project is run, and only because a person asked for it by name. It runs in the copy,
//! without the variables of the user's shell, in containers that reach nothing outside. Without an engine it uses go.sh.

mod ask;
mod bench;
mod compose;
mod copy;
mod counts;
mod engine;
mod scripts;
mod site;
mod stage;
mod standins;
mod table;
mod trials;
mod veil;

use std::path::Path;

pub(crate) use table::{Judgement, Proof, Row, still_there};

use bench::Bench;
use copy::{Copies, places};

use crate::apply::Interrupt;
use crate::error::Result;
use crate::fs;
use crate::plan::Edit;
use crate::tree::TreePath;
use crate::ui::Ui;

/// What is proven.
pub(crate) struct Subject<'a> {
    pub(crate) root: &'a Path,
    /// The files of the project that are copied.
    pub(crate) files: Vec<TreePath>,
    /// What would be written.
    pub(crate) edits: &'a [Edit],
    pub(crate) traits: Traits,
}

/// What a proof has to know of the project.
#[derive(Debug)]
pub(crate) struct Traits {
    pub(crate) domain: String,
    /// The path of the project's own manage.py.
    pub(crate) manage_py: Option<String>,
    /// The folder on Python's path; empty or `.` for the project's own.
    pub(crate) python_path: String,
    /// The settings module that tests run with; empty for that of developers.
    pub(crate) settings_of_tests: String,
    /// Whether the wrapper's settings are the ones that run.
    pub(crate) is_wrapped: bool,
    /// Whether the Docker files are the template's.
    pub(crate) has_docker: bool,
}

/// Tries it, and tells what held. Everything that was made for it is gone afterwards, but for the log of a failure.
///
/// # Errors
/// It fails with [`crate::error::Error::Cancelled`] where a person stopped it, and where the copy cannot be made.
pub(crate) fn prove(subject: &Subject, interrupt: &Interrupt, ui: &mut Ui) -> Result<Proof> {
    // Each step looks for a signal, so that everything is taken away before the end.
    let _writing = interrupt.writing();
    let random: String = standins::made_up()?.chars().take(8).collect();
    let name = format!("ixdproof-{random}");
    let (desk, log) = places(&name)?;
    ui.say("\nProving it in a copy of the project, which takes some minutes:");
    let copies = Copies::of(subject, desk)?;
    let mut bench = Bench::new(copies.beside("output"), log, interrupt, ui);
    for name in fs::list(&copies.after())?.unwrap_or_default() {
        let name = name.to_string_lossy();
        if name.starts_with(".env.") && name.ends_with(".secret") {
            let text = fs::read(&copies.after().join(&*name))?.unwrap_or_default();
            bench.veil.hide_values(&String::from_utf8_lossy(&text));
        }
    }
    let engine = engine::version(&copies, &mut bench)?;
    let (with, left_behind) = if let Some(version) = engine.filter(|_| subject.traits.has_docker) {
        let left = engine::prove(&name, subject, &copies, &mut bench)?;
        (format!("Docker {version}"), left)
    } else {
        scripts::prove(subject, &copies, &mut bench)?;
        ("go.sh, without Docker".to_owned(), None)
    };
    let mut proof = Proof {
        with,
        steps: std::mem::take(&mut bench.rows),
        log: None,
        left_behind,
    };
    if !proof.failed().is_empty() {
        proof.log = Some(bench.log()?);
    }
    Ok(proof)
}
