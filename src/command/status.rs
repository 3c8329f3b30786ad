//! `status`: which release a project has, what its team changed, what is open.

use std::path::PathBuf;

use serde::Serialize;

use super::Project;
use super::upgrade;
use crate::error::Result;
use crate::fs::Entry;
use crate::report::{OpenEntry, Report};
use crate::template::Catalogue;
use crate::ui::Ui;

/// Show which release a project has, what you changed, and what is unresolved
#[derive(Debug, clap::Args)]
pub struct StatusArgs {
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
struct Status<'a> {
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

pub(crate) fn run(args: StatusArgs, ui: &mut Ui) -> Result<Report> {
    let catalogue = Catalogue::new(args.from.as_deref());
    let place = super::recover_at(&args.dir, ui)?;
    let project = Project::open(&place, &catalogue)?;
    let mut report = Report::new();
    upgrade::open::tell_both(&project.state, &mut report);
    let newest = catalogue.release(None)?.manifest.version;
    let pending = upgrade::open::pending(place.store(), &project.state)?;
    let unfinished = upgrade::open::unfinished(&place, &project.state, pending.as_ref())?;
    let mut status = Status {
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
                status.unchanged += 1;
            }
            Entry::Missing => status.deleted.push(path.to_string()),
            _ => status.changed.push(path.to_string()),
        }
    }
    if args.json {
        report.json(&status);
    } else {
        tell(&status, &unfinished.settled, &mut report);
    }
    Ok(report)
}

fn tell(status: &Status, settled: &[String], report: &mut Report) {
    let news = if status.upgrade_available {
        format!(
            "{} is available: run `ixd-template upgrade`",
            status.available
        )
    } else {
        "the newest".to_owned()
    };
    report.data(format!("{} {} ({news})", status.template, status.version));
    report.data(format!("\n  untouched {:>4}", status.unchanged));
    for (name, paths) in [("changed", &status.changed), ("deleted", &status.deleted)] {
        if !paths.is_empty() {
            report.data(format!("  {name:<9} {:>4}", paths.len()));
            for path in paths {
                report.data(format!("                   {path}"));
            }
        }
    }
    if !status.open.is_empty() {
        report.data(format!("  open      {:>4}", status.open.len()));
        for open in &status.open {
            report.data(format!("                   {open}"));
        }
    }
    if !status.unfinished.is_empty() {
        report.data(format!(
            "\nThe upgrade to {} is not finished: resolve {}, then run `ixd-template upgrade --continue`.",
            status.version,
            status.unfinished.join(", ")
        ));
    } else if !settled.is_empty() {
        report.data(format!(
            "\nThe conflicts of the upgrade to {} are resolved; the next one, or `ixd-template upgrade --continue`, writes it down.",
            status.version
        ));
    }
    if !status.changed.is_empty() {
        report.data("\n`ixd-template diff` shows the changes.");
    }
}
