//! The diff painter: what changed between two files, for people.

use std::fmt::Write as _;

use similar::{ChangeTag, TextDiff};

use crate::tree::File;

/// A unified diff from `old` to `new`; absent is the empty file. Coloured where stdout or stderr may be.
#[must_use]
pub fn diff(path: &str, old: Option<&File>, new: Option<&File>, from: &str, to: &str) -> String {
    let (old_bytes, new_bytes) = (
        old.map_or(&[][..], File::raw),
        new.map_or(&[][..], File::raw),
    );
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
    if [old_bytes, new_bytes]
        .iter()
        .any(|bytes| bytes.contains(&0))
    {
        return format!(
            "{text}\n  not text: {} bytes → {} bytes",
            old_bytes.len(),
            new_bytes.len()
        );
    }
    let (old_text, new_text) = (
        String::from_utf8_lossy(old_bytes),
        String::from_utf8_lossy(new_bytes),
    );
    let diff = TextDiff::from_lines(old_text.as_ref(), new_text.as_ref());
    for hunk in diff.unified_diff().iter_hunks() {
        let _ = write!(text, "\n{}", hunk.header());
        for change in hunk.iter_changes() {
            let line = change.value().trim_end_matches(['\n', '\r']);
            text.push('\n');
            let painted = match change.tag() {
                ChangeTag::Delete => console::style(format!("-{line}")).red().to_string(),
                ChangeTag::Insert => console::style(format!("+{line}")).green().to_string(),
                ChangeTag::Equal => format!(" {line}"),
            };
            text.push_str(&painted);
            if change.missing_newline() {
                text.push_str("\n\\ no newline at the end");
            }
        }
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
