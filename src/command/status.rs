//! `status`: which release a project has, what its team changed, what is open.

use std::path::PathBuf;

use serde::Serialize;

use super::upgrade;
use super::{OpenEntry, Project};
use crate::command::Outcome;
use crate::error::Result;
use crate::fs::Entry;
use crate::template::Catalogue;
use crate::ui::Ui;

/// Show which release a project has, what you changed, and what is unresolved
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The project
    #[arg(default_value = ".")]
    pub(crate) dir: PathBuf,

    /// Use the template in this directory instead of the built-in one
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,

    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    template: String,
    version: String,
    available: String,
    upgrade_available: bool,
    changed: Vec<String>,
    deleted: Vec<String>,
    unchanged: usize,
    /// The files in which conflicts of the last upgrade are left.
    unfinished: Vec<String>,
    /// All that is open, of whatever kind.
    open: Vec<OpenEntry<'a>>,
}

pub(crate) fn run(args: Args, ui: &mut Ui) -> Result<Outcome> {
    let catalogue = Catalogue::new(args.from.as_deref());
    let place = super::recover_at(&args.dir, ui)?;
    let project = Project::open(&place, &catalogue)?;
    upgrade::open::tell_both(&project.state, ui);
    let newest = catalogue.release(None)?.manifest.version;
    let pending = upgrade::open::pending(place.store(), &project.state)?;
    let unfinished = upgrade::open::unfinished(&place, &project.state, pending.as_ref())?;
    let mut report = Report {
        template: project.state.template.clone(),
        version: project.state.version.to_string(),
        available: newest.to_string(),
        upgrade_available: newest > project.state.version,
        changed: Vec::new(),
        deleted: Vec::new(),
        unchanged: 0,
        unfinished: unfinished.left,
        open: OpenEntry::all(&project.state),
    };
    for (path, entry) in project.ours(&place)? {
        match entry {
            Entry::File(file) if project.base.tree.get(&path) == Some(&file) => {
                report.unchanged += 1;
            }
            Entry::Missing => report.deleted.push(path.to_string()),
            _ => report.changed.push(path.to_string()),
        }
    }
    if args.json {
        ui.json(&report);
    } else {
        print(&report, &unfinished.settled, ui);
    }
    Ok(Outcome::Done)
}

fn print(report: &Report, settled: &[String], ui: &mut Ui) {
    let news = if report.upgrade_available {
        format!(
            "{} is available: run `ixd-template upgrade`",
            report.available
        )
    } else {
        "the newest".to_owned()
    };
    ui.data(format!("{} {} ({news})", report.template, report.version));
    ui.data(format!("\n  untouched {:>4}", report.unchanged));
    for (name, paths) in [("changed", &report.changed), ("deleted", &report.deleted)] {
        if !paths.is_empty() {
            ui.data(format!("  {name:<9} {:>4}", paths.len()));
            for path in paths {
                ui.data(format!("                   {path}"));
            }
        }
    }
    if !report.open.is_empty() {
        ui.data(format!("  open      {:>4}", report.open.len()));
        for open in &report.open {
            ui.data(format!("                   {open}"));
        }
    }
    if !report.unfinished.is_empty() {
        ui.data(format!(
            "\nThe upgrade to {} is not finished: resolve {}, then run `ixd-template upgrade --continue`.",
            report.version,
            report.unfinished.join(", ")
        ));
    } else if !settled.is_empty() {
        ui.data(format!(
            "\nThe conflicts of the upgrade to {} are resolved; the next one, or `ixd-template upgrade --continue`, writes it down.",
            report.version
        ));
    }
    if !report.changed.is_empty() {
        ui.data("\n`ixd-template diff` shows the changes.");
    }
}
