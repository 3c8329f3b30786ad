//! Renames: which path became which.
//!
//! In the order of their certainty: what a manifest says, what was made from the same file of the template, and what is
//! similar. Similarity is the share of common lines, as in git; below [`THRESHOLD`] two files are two files.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::tree::{File, Tree, TreePath};

/// The least similarity of a renamed file: git's own default is 0.5; we ask for more, since a wrong rename moves edits
/// into a stranger.
const THRESHOLD: f64 = 0.6;
/// Files with less text than this are similar by chance.
const MIN_BYTES: usize = 40;

/// One path that became another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    pub from: TreePath,
    pub to: TreePath,
}

/// The moves that (from, to) pairs of paths or folders make of `base`, oldest pair first: each is applied to what the
/// earlier ones gave.
#[must_use]
pub fn by_manifest(pairs: &[(String, String)], base: &Tree, theirs: &Tree) -> Vec<Move> {
    let mut moves = Vec::new();
    for path in base.keys() {
        let mut now = path.as_str().to_owned();
        for (from, to) in pairs {
            if now == *from {
                now.clone_from(to);
            } else if let Some(inside) =
                now.strip_prefix(&format!("{}/", from.trim_end_matches('/')))
            {
                now = format!("{}/{inside}", to.trim_end_matches('/'));
            }
        }
        if let Ok(to) = TreePath::new(now)
            && to != *path
            && theirs.contains_key(&to)
            && !theirs.contains_key(path)
        {
            moves.push(Move {
                from: path.clone(),
                to,
            });
        }
    }
    moves
}

/// Files made from the same file of the template under another name, as when an answer names a folder.
#[must_use]
pub fn by_origin(
    base: &BTreeMap<TreePath, String>,
    theirs: &BTreeMap<TreePath, String>,
) -> Vec<Move> {
    let by_source: HashMap<&str, &TreePath> = theirs
        .iter()
        .map(|(path, source)| (source.as_str(), path))
        .collect();
    base.iter()
        .filter(|(path, _)| !theirs.contains_key(*path))
        .filter_map(|(path, source)| {
            let to = *by_source.get(source.as_str())?;
            (!base.contains_key(to)).then(|| Move {
                from: path.clone(),
                to: to.clone(),
            })
        })
        .collect()
}

/// Files that base alone has and files that theirs alone has, paired by content; `known` moves are left out.
#[must_use]
pub fn by_similarity(base: &Tree, theirs: &Tree, known: &[Move]) -> Vec<Move> {
    let gone = base.iter().filter(|(path, _)| {
        !theirs.contains_key(*path) && known.iter().all(|known| known.from != **path)
    });
    let come: Vec<(&TreePath, &File)> = theirs
        .iter()
        .filter(|(path, _)| {
            !base.contains_key(*path) && known.iter().all(|known| known.to != **path)
        })
        .collect();
    pair(gone.collect(), come)
}

/// Files of the base that the project has under another path: `missing` from their own, paired with `others`.
#[must_use]
pub fn of_user(missing: &Tree, others: &Tree) -> Vec<Move> {
    pair(missing.iter().collect(), others.iter().collect())
}

/// Pairs the most similar files first; each is in one pair at most.
fn pair(from: Vec<(&TreePath, &File)>, to: Vec<(&TreePath, &File)>) -> Vec<Move> {
    let mut scored: Vec<(f64, bool, &TreePath, &TreePath)> = Vec::new();
    for (old, old_file) in &from {
        for (new, new_file) in &to {
            let score = similarity(old_file, new_file);
            if score >= THRESHOLD {
                scored.push((score, old.name() == new.name(), *old, *new));
            }
        }
    }
    scored.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then(b.1.cmp(&a.1))
            .then(a.2.cmp(b.2))
            .then(a.3.cmp(b.3))
    });
    let mut used: BTreeSet<(bool, &TreePath)> = BTreeSet::new();
    let mut moves = Vec::new();
    for (_, _, from, to) in scored {
        if !used.contains(&(false, from)) && !used.contains(&(true, to)) {
            used.insert((false, from));
            used.insert((true, to));
            moves.push(Move {
                from: from.clone(),
                to: to.clone(),
            });
        }
    }
    moves.sort_by(|a, b| a.from.cmp(&b.from));
    moves
}

/// The share of bytes in common lines, 0 to 1, counted on the larger file.
fn similarity(a: &File, b: &File) -> f64 {
    let (Some(a), Some(b)) = (a.held(), b.held()) else {
        // Long files are similar only where they are the same.
        let is_same = !a.is_link() && a.content == b.content;
        return if is_same { 1.0 } else { 0.0 };
    };
    if a.len().min(b.len()) < MIN_BYTES {
        return 0.0;
    }
    if a == b {
        return 1.0;
    }
    let mut counts: HashMap<&[u8], isize> = HashMap::new();
    for line in a.split_inclusive(|byte| *byte == b'\n') {
        *counts.entry(line).or_default() += 1;
    }
    let mut common = 0;
    for line in b.split_inclusive(|byte| *byte == b'\n') {
        if let Some(count) = counts.get_mut(line).filter(|count| **count > 0) {
            *count -= 1;
            common += line.len();
        }
    }
    #[allow(clippy::cast_precision_loss)]
    let share = common as f64 / a.len().max(b.len()) as f64;
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "one line\nanother line\na third line\na fourth line\n";

    fn tree(files: &[(&str, &str)]) -> Tree {
        files
            .iter()
            .map(|(path, text)| (TreePath::new(*path).unwrap(), File::new(text.as_bytes())))
            .collect()
    }

    fn check(moves: Vec<Move>, expected: &str) {
        let shown: Vec<String> = moves
            .iter()
            .map(|moved| format!("{}>{}", moved.from, moved.to))
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn similar_files_are_paired_once() {
        let edited = TEXT.replace("another", "one more");
        check(
            by_similarity(&tree(&[("a", TEXT)]), &tree(&[("b", &edited)]), &[]),
            "a>b",
        );
        check(
            by_similarity(
                &tree(&[("a", TEXT), ("c", TEXT)]),
                &tree(&[("b", TEXT)]),
                &[],
            ),
            "a>b",
        );
        check(
            by_similarity(
                &tree(&[("x/a", TEXT), ("y/b", TEXT)]),
                &tree(&[("z/b", TEXT)]),
                &[],
            ),
            "y/b>z/b",
        );
        check(
            by_similarity(
                &tree(&[("a", TEXT)]),
                &tree(&[(
                    "b",
                    "something else\nof the same\nlength or so, with text\n",
                )]),
                &[],
            ),
            "",
        );
        check(
            by_similarity(&tree(&[("a", "")]), &tree(&[("b", "")]), &[]),
            "",
        );
    }

    #[test]
    fn manifests_move_files_and_folders_in_steps() {
        let pairs = [
            ("a".to_owned(), "b".to_owned()),
            ("b".to_owned(), "c".to_owned()),
            ("d".to_owned(), "e".to_owned()),
        ];
        check(
            by_manifest(
                &pairs,
                &tree(&[("a", ""), ("d/x/y", "")]),
                &tree(&[("c", ""), ("e/x/y", "")]),
            ),
            "a>c d/x/y>e/x/y",
        );
        check(
            by_manifest(&pairs, &tree(&[("a", "")]), &tree(&[("a", ""), ("c", "")])),
            "",
        );
    }
}
