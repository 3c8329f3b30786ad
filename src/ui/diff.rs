//! The diff painter: what changed between two files, for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::time::{Duration, Instant};

use console::Style;
use similar::algorithms::{Capture, Compact, Replace, myers, patience};
use similar::udiff::UnifiedHunkHeader;
use similar::{Algorithm, ChangeTag, DiffOp, DiffTag, DiffableStr, diff_ratio, group_diff_ops};

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
    for hunk in hunks(&old_text, &new_text) {
        let _ = write!(text, "\n{}", hunk.header);
        for change in hunk.changes {
            text.push('\n');
            text.push_str(&painted(&change));
            if !change.line.ends_with_newline() {
                text.push_str("\n\\ no newline at the end");
            }
        }
    }
    text
}

/// What differs at one place.
struct Hunk<'t> {
    header: String,
    changes: Vec<Change<'t>>,
}

/// What differs between two texts, with [`AROUND`] lines before and behind.
fn hunks<'t>(old: &'t str, new: &'t str) -> Vec<Hunk<'t>> {
    let (old, new) = (old.tokenize_lines(), new.tokenize_lines());
    let groups = group_diff_ops(ops(Algorithm::Myers, &old, &new), AROUND);
    let hunk = |group: Vec<DiffOp>| Hunk {
        header: UnifiedHunkHeader::new(&group).to_string(),
        changes: group
            .iter()
            .flat_map(|op| changes(op, &old, &new))
            .collect(),
    };
    groups
        .into_iter()
        .filter(|group| !group.is_empty())
        .map(hunk)
        .collect()
}

const AROUND: usize = 3;

/// How two rows of lines or words differ.
///
/// The library sees one number for each distinct text. It is compiled anew for each type that it sees and each hook that it calls,
/// so that its own diffs of texts, with all their ways, would be a large part of this program.
fn ops<'t>(way: Algorithm, old: &[&'t str], new: &[&'t str]) -> Vec<DiffOp> {
    let mut known: BTreeMap<&'t str, u32> = BTreeMap::new();
    let mut numbers = |texts: &[&'t str]| -> Vec<u32> {
        let number = |text: &&'t str| {
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            *known.entry(text).or_insert(next)
        };
        texts.iter().map(number).collect()
    };
    let (old, new) = (numbers(old), numbers(new));
    let mut found = Compact::new(Replace::new(Capture::new()), &old[..], &new[..]);
    let (old_range, new_range) = (0..old.len(), 0..new.len());
    let Ok(()) = match way {
        Algorithm::Patience => {
            let end = Instant::now().checked_add(LONGEST_SEARCH);
            patience::diff_deadline(&mut found, &old[..], old_range, &new[..], new_range, end)
        }
        _ => myers::diff(&mut found, &old[..], old_range, &new[..], new_range),
    };
    found.into_inner().into_inner().into_ops()
}

/// How long words are compared. What is not found then counts as changed.
const LONGEST_SEARCH: Duration = Duration::from_millis(500);

/// One line of a diff.
struct Change<'t> {
    tag: ChangeTag,
    line: &'t str,
    /// The line in parts; true for those that changed within it.
    parts: Vec<(bool, String)>,
}

/// The lines of one difference, or of what both have.
fn changes<'t>(op: &DiffOp, old: &[&'t str], new: &[&'t str]) -> Vec<Change<'t>> {
    let (old, new) = (&old[op.old_range()], &new[op.new_range()]);
    let whole = |tag| {
        move |line: &&'t str| Change {
            tag,
            line,
            parts: vec![(false, (*line).to_owned())],
        }
    };
    let deleted = || old.iter().map(whole(ChangeTag::Delete));
    let inserted = || new.iter().map(whole(ChangeTag::Insert));
    match op.tag() {
        DiffTag::Equal => old.iter().map(whole(ChangeTag::Equal)).collect(),
        DiffTag::Delete => deleted().collect(),
        DiffTag::Insert => inserted().collect(),
        DiffTag::Replace => {
            let mut found: Vec<Change> = deleted().chain(inserted()).collect();
            if let Some(parts) = parts(old, new) {
                for (change, parts) in found.iter_mut().zip(parts) {
                    change.parts = parts;
                }
            }
            found
        }
    }
}

/// Half of the words, or of the lines, must be the same, or the lines are no longer shown as versions of one another.
const ALIKE: f32 = 0.5;

/// The parts of the old lines and of the new ones. It is `None` where they are too different.
#[allow(clippy::cast_precision_loss)] // A share of the lines need not be exact.
fn parts(old: &[&str], new: &[&str]) -> Option<Vec<Vec<(bool, String)>>> {
    let lines = (old.len() + new.len()) as f32;
    if 2.0 * old.len().min(new.len()) as f32 / lines < ALIKE {
        return None;
    }
    let [old, new] = [old, new].map(words_of);
    let [old_words, new_words] =
        [&old, &new].map(|words| words.iter().map(|(_, word)| *word).collect::<Vec<_>>());
    let ops = ops(Algorithm::Patience, &old_words, &new_words);
    if diff_ratio(&ops, old_words.len(), new_words.len()) < ALIKE {
        return None;
    }
    let mut found = joined(&old, ops.iter().map(|op| (op.tag(), op.old_range())));
    found.append(&mut joined(
        &new,
        ops.iter().map(|op| (op.tag(), op.new_range())),
    ));
    Some(found)
}

/// The words of some lines, each with the number of its line.
fn words_of<'t>(lines: &[&'t str]) -> Vec<(usize, &'t str)> {
    let mut words = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        words.extend(line.tokenize_words().into_iter().map(|word| (number, word)));
    }
    words
}

/// The words of each line, joined where one operation has them.
fn joined(
    words: &[(usize, &str)],
    ranges: impl Iterator<Item = (DiffTag, Range<usize>)>,
) -> Vec<Vec<(bool, String)>> {
    let mut found = vec![Vec::new(); words.last().map_or(0, |(number, _)| number + 1)];
    for (tag, range) in ranges {
        for part in words[range].chunk_by(|(one, _), (other, _)| one == other) {
            let text = part.iter().map(|(_, word)| *word).collect();
            found[part[0].0].push((tag != DiffTag::Equal, text));
        }
    }
    found
}

/// One line with its sign; what changed within it stands out where there is colour.
fn painted(change: &Change) -> String {
    let style = match change.tag {
        ChangeTag::Delete => Style::new().red(),
        ChangeTag::Insert => Style::new().green(),
        ChangeTag::Equal => Style::new(),
    };
    let mut text = style.apply_to(change.tag).to_string();
    for (is_changed, part) in &change.parts {
        let part = visible(part.trim_end_matches(['\n', '\r']));
        if part.is_empty() {
            continue;
        }
        let style = if *is_changed {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use similar::TextDiff;

    use super::*;

    /// The library's own diff, with what changed in a line in brackets.
    fn known(old: &str, new: &str) -> String {
        let diff = TextDiff::from_lines(old, new);
        let mut text = String::new();
        for hunk in diff.unified_diff().iter_hunks() {
            let _ = writeln!(text, "{}", hunk.header());
            for change in hunk
                .ops()
                .iter()
                .flat_map(|op| diff.iter_inline_changes(op))
            {
                let parts = change
                    .iter_strings_lossy()
                    .map(|(is_changed, part)| (is_changed, part.into_owned()));
                let missing = change.missing_newline();
                let _ = writeln!(text, "{}{}{missing}", change.tag(), marked(parts));
            }
        }
        text
    }

    fn ours(old: &str, new: &str) -> String {
        let mut text = String::new();
        for hunk in hunks(old, new) {
            let _ = writeln!(text, "{}", hunk.header);
            for change in hunk.changes {
                let missing = !change.line.ends_with_newline();
                let parts = marked(change.parts.into_iter());
                let _ = writeln!(text, "{}{parts}{missing}", change.tag);
            }
        }
        text
    }

    fn marked(parts: impl Iterator<Item = (bool, String)>) -> String {
        let parts = parts
            .map(|(is_changed, part)| (is_changed, part.trim_end_matches(['\n', '\r']).to_owned()));
        let shown = parts.filter(|(_, part)| !part.is_empty());
        shown
            .map(|(is_changed, part)| {
                if is_changed {
                    format!("[{part}]")
                } else {
                    format!("({part})")
                }
            })
            .collect()
    }

    proptest! {
        #[test]
        fn a_diff_is_what_the_library_makes_of_the_texts(
            old in prop::collection::vec("[ab]( [abc]){0,4}(\n|\r\n|\r| \n)", 0..16),
            new in prop::collection::vec("[ab]( [abc]){0,4}(\n|\r\n|\r| \n)", 0..16),
            edits in prop::collection::vec((0_usize..16, "[ab] [abc]( [abc])?\n?"), 0..4),
            is_edited in any::<bool>(),
        ) {
            let new = if is_edited {
                let mut new = old.clone();
                for (at, line) in edits {
                    let at = at.min(new.len());
                    new.splice(at..(at + at % 2).min(new.len()), [line]);
                }
                new
            } else {
                new
            };
            let (old, new) = (old.concat(), new.concat());
            prop_assert_eq!(ours(&old, &new), known(&old, &new));
        }
    }
}
