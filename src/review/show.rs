//! What the review shows of a change.

use std::fmt::Write as _;

use super::Review;
use super::decision::text_of;
use super::reason::reason;
use crate::plan::{Change, Conflict, Verdict};
use crate::template::changelog;
use crate::tree::File;
use crate::ui;
use three_way::{Marks, Merged, Verdict as RegionVerdict};

/// Path, class and what is special.
pub(super) fn title(change: &Change) -> String {
    let mut title = format!("{}: {}", change.path, change.class());
    if let Verdict::Conflict(conflict) = &change.verdict {
        let _ = write!(title, ", {}", conflict.describe());
    }
    if let Some(from) = &change.moved_from {
        let _ = write!(title, ", moved from {from}");
    }
    if let Some(path) = &change.template_path {
        let _ = write!(title, ", the template's {path}");
    }
    title
}

/// The notes of a change, each on a line.
fn said_below(change: &Change) -> String {
    let mut text = String::new();
    for note in change.notes() {
        let _ = write!(text, "\n  note: {note}");
    }
    text
}

/// The entries of the changelog that explain the change.
pub(super) fn reasons(change: &Change, review: &Review) -> Vec<String> {
    changelog::reasons(review.news, change.in_template().as_str())
        .into_iter()
        .map(|entry| ui::wrap(&entry.plain(), "  "))
        .collect()
}

/// What an edited text of the change has left of a conflict; `None` when it is whole.
pub(super) fn left(change: &Change, text: &[u8], review: &Review) -> Option<String> {
    let marks = if let Some((merged, _)) = text_of(change) {
        merged.marks(review.labels)
    } else {
        let theirs = change.theirs.as_ref().and_then(File::bytes);
        Marks::of_text(&theirs.unwrap_or_default(), review.labels)
    };
    let line = *marks.left_in(text).first()?;
    Some(format!(
        "  there are conflict markers left in it, at line {line}; nothing is decided"
    ))
}

/// What applying the change would do to the file, and each conflict in it.
pub(super) fn change(change: &Change, review: &Review) -> String {
    let (old, new) = (&review.labels.ours, &review.labels.theirs);
    let diff = |after: Option<&File>, label: &str| {
        ui::diff(
            change.path.as_str(),
            change.ours.as_ref(),
            after,
            old,
            label,
        )
    };
    match &change.verdict {
        Verdict::Take | Verdict::Keep(_) => diff(change.theirs.as_ref(), new) + &said_below(change),
        Verdict::Merged(file, merged) => {
            let mut text = diff(Some(file), "merged") + &said_below(change);
            for resolution in merged
                .regions()
                .iter()
                .filter_map(|region| region.resolution())
            {
                let _ = write!(text, "\n  {}", reason(resolution));
            }
            text
        }
        Verdict::Move => format!("  {}", title(change)),
        Verdict::Conflict(Conflict::Text(merged, _)) => {
            let conflicts =
                (0..merged.regions().len()).filter(|index| merged.regions()[*index].is_conflict());
            let notes = change
                .notes()
                .into_iter()
                .map(|note| format!("  note: {note}"));
            conflicts
                .map(|index| hunk(merged, index, review))
                .chain(notes)
                .collect::<Vec<_>>()
                .join("\n")
        }
        Verdict::Conflict(_) if change.theirs.is_some() => diff(change.theirs.as_ref(), new),
        Verdict::Conflict(_) => {
            let yours = ui::diff(
                change.path.as_str(),
                change.base.as_ref(),
                change.ours.as_ref(),
                &review.labels.base,
                old,
            );
            format!("what you changed in it:\n{yours}")
        }
    }
}

/// What each side changed since the base.
pub(super) fn sides(change: &Change, review: &Review) -> String {
    let labels = review.labels;
    let since = |side: &Option<File>, label: &str| {
        ui::diff(
            change.path.as_str(),
            change.base.as_ref(),
            side.as_ref(),
            &labels.base,
            label,
        )
    };
    let mut text = format!(
        "what you changed:\n{}\nwhat the template changed:\n{}",
        since(&change.ours, &labels.ours),
        since(&change.theirs, &labels.theirs)
    );
    if let Some((merged, _)) = text_of(change) {
        let _ = write!(
            text,
            "\n{} regions, {} in conflict",
            merged.regions().len(),
            merged.conflicts()
        );
    }
    text
}

/// One hunk with a little of what stands around it.
pub(super) fn hunk(merged: &Merged, index: usize, review: &Review) -> String {
    let region = &merged.regions()[index];
    let lead = merged.lead(index);
    let mut text = String::new();
    if let Some(before) = index
        .checked_sub(1)
        .and_then(|before| merged.regions()[before].merged())
    {
        // The beginning of a line is shown with its end.
        for line in last_lines(before.strip_suffix(&*lead).unwrap_or(before)) {
            let _ = writeln!(text, "      {}", ui::visible(&line));
        }
    }
    let side = |text: &mut String, label: &str, sign: &str, bytes: &[u8]| {
        let _ = writeln!(text, "  {label}:");
        let bytes = [&lead, bytes].concat();
        let lines = String::from_utf8_lossy(&bytes);
        if lines.is_empty() {
            let _ = writeln!(text, "      (nothing)");
        }
        for line in lines.lines() {
            let _ = writeln!(text, "    {sign} {}", ui::visible(line));
        }
    };
    if matches!(region.verdict, RegionVerdict::Theirs) {
        side(&mut text, &review.labels.ours, "-", &region.ours);
        side(&mut text, &review.labels.theirs, "+", &region.theirs);
    } else {
        side(&mut text, &review.labels.base, "|", &region.base);
        side(&mut text, &review.labels.ours, "<", &region.ours);
        side(&mut text, &review.labels.theirs, ">", &region.theirs);
    }
    match &region.verdict {
        RegionVerdict::Resolved(resolution) => {
            side(&mut text, &reason(resolution), "=", &resolution.text);
        }
        RegionVerdict::Conflict(Some(suggestion)) => {
            side(
                &mut text,
                &format!("suggestion, {}", reason(suggestion)),
                "=",
                &suggestion.text,
            );
        }
        _ => {}
    }
    if let Some(after) = merged
        .regions()
        .get(index + 1)
        .and_then(|after| after.merged())
    {
        for line in String::from_utf8_lossy(after).lines().take(CONTEXT) {
            let _ = writeln!(text, "      {}", ui::visible(line));
        }
    }
    text.trim_end().to_owned()
}

const CONTEXT: usize = 3;

fn last_lines(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(CONTEXT)..]
        .iter()
        .map(|line| (*line).to_owned())
        .collect()
}
