//! What tells a conflict that a person left in a file from text that looks like one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::region::{Labels, Region};
use super::{lines, markers};

/// The labels of git's own markers, should it make them anew (`git checkout --merge`).
const OF_GIT: [&str; 3] = ["ours", "base", "theirs"];
/// The signs of the lines with labels, in the order of the labels.
const SIGNS: [u8; 3] = *b"<|>";
/// How many signs make a marker, unless content has lines of as many.
const USUAL: usize = 7;

/// How the conflicts of one file are marked.
///
/// A line that stands in the file more often than one of the two sides brought it, and that is a marker of ours or of
/// git's, or a separator of the same length, is a part of a conflict that is left. A heading underlined with `=======` is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// The labels of ours, base and theirs; empty ones are unknown.
    labels: [String; 3],
    /// The lengths of separators.
    sizes: Vec<usize>,
    /// How often each of these lines may stand in a result, since the sides have it.
    had: BTreeMap<String, usize>,
    /// Whether the labels of every release count.
    #[serde(skip)]
    is_of_any: bool,
}

impl Marks {
    /// The marks of a file with these regions.
    pub(super) fn of(regions: &[Region], labels: &Labels) -> Self {
        let labels = [&labels.ours, &labels.base, &labels.theirs];
        let mut marks = Self {
            labels: labels.map(Clone::clone),
            sizes: vec![markers::size(regions), USUAL],
            had: BTreeMap::new(),
            is_of_any: false,
        };
        for region in regions {
            let mut had: BTreeMap<String, usize> = BTreeMap::new();
            marks.count(&region.ours, &mut had);
            if region.ours != region.theirs {
                marks.count(&region.theirs, &mut had);
            }
            let mut base = BTreeMap::new();
            marks.count(&region.base, &mut base);
            for (line, count) in base {
                let most = had.entry(line).or_default();
                *most = count.max(*most);
            }
            for (line, count) in had {
                *marks.had.entry(line).or_default() += count;
            }
        }
        marks
    }

    /// The marks of a text in which nothing conflicts.
    #[must_use]
    pub fn of_text(text: &[u8], labels: &Labels) -> Self {
        Self::of(&[Region::unchanged(text.into())], labels)
    }

    /// Marks of which no more is known than the label of ours.
    #[must_use]
    pub fn labelled(ours: &str) -> Self {
        Self {
            labels: [ours.to_owned(), String::new(), String::new()],
            ..Self::default()
        }
    }

    /// The marks that a run of any release may have left, with separators of the length that it recorded, if it did.
    #[must_use]
    pub fn of_any_release(separator: Option<usize>) -> Self {
        Self {
            sizes: separator.into_iter().collect(),
            is_of_any: true,
            ..Self::default()
        }
    }

    /// The length of the separators.
    #[must_use]
    pub fn separator(&self) -> usize {
        self.sizes.first().copied().unwrap_or(USUAL)
    }

    /// The lines of `text`, counted from 1, that are left of a conflict.
    #[must_use]
    pub fn left_in(&self, text: &[u8]) -> Vec<usize> {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let mut left = Vec::new();
        for (index, line) in lines::split(text).into_iter().enumerate() {
            let Some(line) = self.mark(line) else {
                continue;
            };
            let count = seen.entry(line).or_default();
            *count += 1;
            if *count > self.had.get(line).copied().unwrap_or_default() {
                left.push(index + 1);
            }
        }
        left
    }

    fn count(&self, text: &[u8], counts: &mut BTreeMap<String, usize>) {
        for line in lines::split(text)
            .into_iter()
            .filter_map(|line| self.mark(line))
        {
            *counts.entry(line.to_owned()).or_default() += 1;
        }
    }

    /// The line without its end, if it is a mark.
    fn mark<'a>(&self, line: &'a [u8]) -> Option<&'a str> {
        let sign = *line.first().filter(|sign| b"<|=>".contains(sign))?;
        let length = line.iter().take_while(|byte| **byte == sign).count();
        let line = std::str::from_utf8(line).ok()?;
        let line = line.trim_end_matches(['\r', '\n']);
        let label = &line[length..];
        let is_mark = match SIGNS.iter().position(|of| *of == sign) {
            Some(side) if length >= USUAL => {
                let own = self.labels[side].as_str();
                let label = label.strip_prefix(' ')?;
                let is_own = [own, OF_GIT[side]].contains(&label);
                !label.is_empty() && (is_own || self.is_of_any && is_of_a_release(side, label))
            }
            Some(_) => false,
            None => label.is_empty() && self.sizes.contains(&length),
        };
        is_mark.then_some(line)
    }
}

/// Whether a run that merges a release labels its markers so.
fn is_of_a_release(side: usize, label: &str) -> bool {
    let is_release = || {
        let version = label.strip_prefix("template ").unwrap_or_default();
        semver::Version::parse(version).is_ok()
    };
    match side {
        0 => label == "yours",
        1 => matches!(label, "the older template" | "nothing") || is_release(),
        _ => is_release(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge;

    /// The lines of `text` that are left of the conflicts of base, ours and theirs.
    fn left(base: &str, ours: &str, theirs: &str, text: &str) -> Vec<usize> {
        let merged = merge(
            "README.md",
            base.as_bytes(),
            ours.as_bytes(),
            theirs.as_bytes(),
        );
        merged.marks(&Labels::default()).left_in(text.as_bytes())
    }

    #[test]
    fn each_line_of_a_conflict_is_one() {
        let marked = "<<<<<<< ours\no\n||||||| base\nb\n=======\nt\n>>>>>>> theirs\n";
        assert_eq!(left("b\n", "o\n", "t\n", marked), [1, 3, 5, 7]);
        assert_eq!(left("b\n", "o\n", "t\n", &marked[13..]), [2, 4, 6]);
        assert_eq!(left("b\n", "o\n", "t\n", "o\n=======\r\nt\n"), [2]);
        assert_eq!(left("b\n", "o\n", "t\n", "o\n======\n<<<<<<< x\n"), [0; 0]);
    }

    /// Those of the two sides may all be kept, but one more is a separator.
    #[test]
    fn headings_are_none() {
        let (ours, theirs) = ("Ours\n=======\nx\n", "Theirs\n=======\ny\n");
        let both = format!("{ours}{theirs}");
        assert_eq!(left("b\n", ours, theirs, ours), [0; 0]);
        assert_eq!(left("b\n", ours, theirs, &both), [0; 0]);
        assert_eq!(left("b\n", ours, theirs, &format!("{both}=======\n")), [7]);
        // Ours are longer then.
        assert_eq!(left("b\n", ours, theirs, &format!("{ours}========\n")), [4]);
    }
}
