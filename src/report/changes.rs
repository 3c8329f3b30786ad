//! A plan, for people.

use std::collections::BTreeMap;

use super::Report;
use crate::plan::{Change, Plan, Verdict};
use crate::ui;

/// Prints a plan: counts by class, then what each class holds.
pub(crate) fn show(plan: &Plan, report: &mut Report) {
    for name in [
        "updated", "merged", "moved", "new", "removed", "kept", "conflict",
    ] {
        let changes: Vec<&Change> = plan
            .changes
            .iter()
            .filter(|change| change.class() == name)
            .collect();
        let shown: Vec<String> = changes.iter().map(|change| from_and_to(change)).collect();
        let paths: Vec<&str> = shown.iter().map(String::as_str).collect();
        if paths.is_empty() {
            continue;
        }
        if matches!(name, "kept" | "conflict") {
            report.data(format!("  {name:<9} {:>4}", paths.len()));
            for change in changes {
                let head = format!("{:19}{}: ", "", from_and_to(change));
                let more = " ".repeat(21);
                let said: Vec<String> = std::iter::once(detail(&change.verdict))
                    .chain(change.notes())
                    .collect();
                report.data(ui::hang(&head, &said.join("; "), &more));
            }
            continue;
        }
        for (index, line) in grouped(&paths).iter().enumerate() {
            let head = if index == 0 {
                format!("{name:<9} {:>4}", paths.len())
            } else {
                " ".repeat(14)
            };
            report.data(format!("  {head}   {line}"));
        }
        for change in changes {
            for note in change.notes() {
                let head = format!("{:19}note: {}: ", "", from_and_to(change));
                report.data(ui::hang(&head, &note, &" ".repeat(21)));
            }
        }
    }
    show_stays(plan, report);
}

/// A change's path, behind the one it moves from.
fn from_and_to(change: &Change) -> String {
    match &change.moved_from {
        Some(from) => format!("{from} → {}", change.path),
        None => change.path.to_string(),
    }
}

pub(crate) fn detail(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Keep(reason) => (*reason).to_owned(),
        Verdict::Conflict(conflict) => conflict.describe(),
        Verdict::Take | Verdict::Move | Verdict::Merged(..) => String::new(),
    }
}

/// The user's own files in folders that the template gave up.
fn show_stays(plan: &Plan, report: &mut Report) {
    if plan.stays.is_empty() {
        return;
    }
    let paths: Vec<&str> = plan.stays.iter().map(String::as_str).collect();
    report.data(format!(
        "  {:<9} {:>4}   yours, in folders that the template gave up:",
        "stays",
        paths.len()
    ));
    for line in grouped(&paths) {
        report.data(format!("                   {line}"));
    }
}

/// Paths for people: a folder with many files is one line, and short paths share lines.
fn grouped(paths: &[&str]) -> Vec<String> {
    const MANY: usize = 3;
    let top = |path: &str| path.split_once('/').map(|(top, _)| top.to_owned());
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    for folder in paths.iter().filter_map(|path| top(path)) {
        *sizes.entry(folder).or_default() += 1;
    }
    sizes.retain(|_, size| *size > MANY);
    let is_single = |path: &&&str| top(path).is_none_or(|folder| !sizes.contains_key(&folder));
    let single: Vec<&str> = paths.iter().filter(is_single).copied().collect();
    let folders = sizes
        .iter()
        .map(|(folder, size)| format!("{folder}/ ({size} files)"));
    wrapped(&single).into_iter().chain(folders).collect()
}

/// Short paths share a line.
fn wrapped(paths: &[&str]) -> Vec<String> {
    const WIDTH: usize = 60;
    let mut lines: Vec<String> = Vec::new();
    for path in paths {
        match lines.last_mut() {
            Some(line) if line.len() + path.len() + 2 <= WIDTH => {
                line.push_str(", ");
                line.push_str(path);
            }
            _ => lines.push((*path).to_owned()),
        }
    }
    lines
}
