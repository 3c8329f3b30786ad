//! The diff painter: what changed between two files, for people.

use std::fmt::Write as _;

use console::Style;
use similar::{ChangeTag, InlineChange, TextDiff};

use super::safe::visible;
use crate::tree::{File, LONGEST_TEXT};

/// A unified diff from `old` to `new`; absent is the empty file. Coloured where stdout or stderr may be.
#[must_use]
pub fn diff(path: &str, old: Option<&File>, new: Option<&File>, from: &str, to: &str) -> String {
    let name = |file: Option<&File>, label: &str| match file {
        Some(_) => format!("{path} ({label})"),
        None => "/dev/null".to_owned(),
    };
    let mut text = format!("--- {}\n+++ {}", name(old, from), name(new, to));
    if let (Some(old), Some(new)) = (old, new)
        && old.kind() != new.kind()
    {
        let _ = write!(text, "\n{} → {}", words(old), words(new));
    }
    let length = |file: Option<&File>| file.map_or(0, |file| file.content.len());
    let sizes = format!("{} bytes → {} bytes", length(old), length(new));
    if length(old).max(length(new)) > LONGEST_TEXT {
        return format!("{text}\n  too long to show: {sizes}");
    }
    let bytes = |file: Option<&File>| file.map_or_else(Vec::new, |file| file.raw().into_owned());
    let (old_bytes, new_bytes) = (bytes(old), bytes(new));
    if old_bytes.contains(&0) || new_bytes.contains(&0) {
        return format!("{text}\n  not text: {sizes}");
    }
    let (old_text, new_text) = (
        String::from_utf8_lossy(&old_bytes),
        String::from_utf8_lossy(&new_bytes),
    );
    let diff = TextDiff::from_lines(old_text.as_ref(), new_text.as_ref());
    for hunk in diff.unified_diff().iter_hunks() {
        let _ = write!(text, "\n{}", hunk.header());
        let changes = hunk
            .ops()
            .iter()
            .flat_map(|op| diff.iter_inline_changes(op));
        for change in changes {
            text.push('\n');
            text.push_str(&line(&change));
            if change.missing_newline() {
                text.push_str("\n\\ no newline at the end");
            }
        }
    }
    text
}

/// One line with its sign; what changed within it stands out where there is colour.
fn line(change: &InlineChange<'_, str>) -> String {
    let style = match change.tag() {
        ChangeTag::Delete => Style::new().red(),
        ChangeTag::Insert => Style::new().green(),
        ChangeTag::Equal => Style::new(),
    };
    let mut text = style.apply_to(change.tag()).to_string();
    for (changed, part) in change.iter_strings_lossy() {
        let part = visible(part.trim_end_matches(['\n', '\r']));
        if part.is_empty() {
            continue;
        }
        let style = if changed {
            style.clone().reverse()
        } else {
            style.clone()
        };
        text.push_str(&style.apply_to(part).to_string());
    }
    text
}

fn words(file: &File) -> &'static str {
    match file.kind() {
        'l' => "link",
        'x' => "executable",
        _ => "not executable",
    }
}
