//! Whole trees: a random base, random edits on both sides, and the plan's edits applied to a map.

use std::collections::{BTreeMap, BTreeSet};

use ixd_template::fs::Entry;
use ixd_template::plan::{self, Plan, Trees};
use ixd_template::review::{OnConflict, Review, Reviewed, review};
use ixd_template::tree::{Content, File, Tree, TreePath};
use ixd_template::ui::{Refuse, Ui};
use proptest::prelude::*;
use three_way::Labels;

const PATHS: [&str; 14] = [
    "README.md",
    "go.sh",
    "compose.yaml",
    "requirements.in",
    "pyproject.toml",
    ".gitignore",
    "app/settings.py",
    "app/urls.py",
    "app/static/site.css",
    "app/x",
    "app/x/deep.txt",
    "etc/haproxy.cfg",
    "etc",
    "logo.png",
];

/// One edit of a tree: what, where, and a number for the rest.
type Change = (u8, usize, usize);

fn path(text: &str) -> TreePath {
    TreePath::new(text).unwrap()
}

/// A tree has no file where another one has a folder.
fn insert(tree: &mut Tree, at: &TreePath, file: File) {
    let inside = format!("{at}/");
    let is_folder = tree.keys().any(|path| path.as_str().starts_with(&inside));
    let is_below = at.parents().any(|parent| tree.contains_key(parent));
    if !is_folder && !is_below {
        tree.insert(at.clone(), file);
    }
}

fn text(lines: &[String]) -> File {
    File::new(lines.concat().into_bytes())
}

fn grown(files: &[(usize, usize)]) -> Tree {
    let mut tree = Tree::new();
    for (place, count) in files {
        let at = path(PATHS[place % PATHS.len()]);
        let lines: Vec<String> = (0..*count)
            .map(|number| format!("{at} holds its line {number}\n"))
            .collect();
        insert(&mut tree, &at, text(&lines));
    }
    tree
}

/// The tree as `who` leaves it. Each line that they write is theirs alone.
fn edited(base: &Tree, changes: &[Change], who: &str) -> Tree {
    let mut tree = base.clone();
    for (step, (what, place, number)) in changes.iter().enumerate() {
        let own = format!("{who} wrote this in step {step}\n");
        let Some(at) = tree.keys().nth(place % tree.len().max(1)).cloned() else {
            insert(&mut tree, &path(PATHS[*place % PATHS.len()]), text(&[own]));
            continue;
        };
        let file = tree[&at].clone();
        let mut lines: Vec<String> = String::from_utf8_lossy(&file.raw())
            .split_inclusive('\n')
            .map(str::to_owned)
            .collect();
        let line = number % lines.len().max(1);
        let is_text = file.bytes().is_some() && !file.raw().contains(&0);
        match what % 12 {
            0..4 if is_text && !lines.is_empty() => lines[line] = own,
            4 | 5 if is_text => lines.insert(line, own),
            6 if is_text && lines.len() > 1 => drop(lines.remove(line)),
            7 => {
                let new = path(PATHS[*number % PATHS.len()]);
                insert(&mut tree, &new, text(&[own]));
                continue;
            }
            8 => {
                tree.remove(&at);
                continue;
            }
            9 => {
                tree.remove(&at);
                let new = path(&format!("{who}/{}", at.name()));
                let to = if tree.contains_key(&new) { at } else { new };
                insert(&mut tree, &to, file);
                continue;
            }
            10 => {
                let new = match number % 2 {
                    0 => File::link(own.trim()),
                    _ => File::new(format!("\0{own}").into_bytes()),
                };
                tree.insert(at, new);
                continue;
            }
            _ if file.bytes().is_some() => {
                let executable = !file.executable;
                tree.insert(at, File { executable, ..file });
                continue;
            }
            _ => continue,
        }
        let executable = file.executable;
        tree.insert(
            at,
            File {
                executable,
                ..text(&lines)
            },
        );
    }
    tree
}

fn entry(tree: &Tree, at: &TreePath) -> Entry {
    if let Some(file) = tree.get(at) {
        return Entry::File(file.clone());
    }
    if let Some(parent) = at.parents().find(|parent| tree.contains_key(*parent)) {
        return Entry::Blocked(parent.to_owned(), "a file");
    }
    let inside = format!("{at}/");
    if tree.keys().any(|path| path.as_str().starts_with(&inside)) {
        return Entry::Dir;
    }
    Entry::Missing
}

struct Upgrade {
    after: Tree,
    reviewed: Reviewed,
    /// The paths that the plan speaks of.
    known: BTreeSet<TreePath>,
}

/// The upgrade as the command makes it, but for the disk.
fn upgrade(base: &Tree, ours: &Tree, theirs: &Tree, on_conflict: OnConflict) -> Upgrade {
    upgrade_with(&[], base, ours, theirs, on_conflict)
}

/// As [`upgrade`], with a manifest that tells of `renames`.
fn upgrade_with(
    renames: &[(String, String)],
    base: &Tree,
    ours: &Tree,
    theirs: &Tree,
    on_conflict: OnConflict,
) -> Upgrade {
    let mut by_template = plan::by_manifest(renames, base, theirs);
    by_template.extend(plan::by_similarity(base, theirs, &by_template));
    let missing: Tree = base
        .iter()
        .filter(|(path, file)| {
            entry(ours, path) == Entry::Missing && theirs.get(*path) != Some(file)
        })
        .map(|(path, file)| (path.clone(), file.clone()))
        .collect();
    let others: Tree = ours
        .iter()
        .filter(|(path, _)| !base.contains_key(*path) && !theirs.contains_key(*path))
        .map(|(path, file)| (path.clone(), file.clone()))
        .collect();
    let by_user = plan::of_user(&missing, &others);
    let known: BTreeSet<TreePath> = base
        .keys()
        .chain(theirs.keys())
        .chain(by_user.iter().map(|moved| &moved.to))
        .cloned()
        .collect();
    let entries: BTreeMap<TreePath, Entry> = known
        .iter()
        .map(|path| (path.clone(), entry(ours, path)))
        .collect();
    let below = |dir: &TreePath| {
        let inside = format!("{dir}/");
        let paths = ours.keys().map(TreePath::to_string);
        paths.filter(|path| path.starts_with(&inside)).collect()
    };
    let folders: BTreeMap<TreePath, Vec<String>> = entries
        .iter()
        .filter(|(path, entry)| **entry == Entry::Dir && theirs.contains_key(*path))
        .map(|(path, _)| (path.clone(), below(path)))
        .collect();
    let plan = Plan::new(&Trees {
        base,
        ours: &entries,
        theirs,
        once: &[],
        moved_by_template: &by_template,
        moved_by_user: &by_user,
        untracked: &BTreeSet::new(),
        rules: three_way::Options::default(),
        folders: &folders,
    });
    let mut ui = Ui::of_process();
    ui.prompt = Box::new(Refuse);
    let review_by = Review {
        labels: &Labels::default(),
        on_conflict: Some(on_conflict),
        yes: true,
        base: &semver::Version::new(0, 1, 0),
        older: &BTreeMap::new(),
        news: &[],
        kept: None,
    };
    let reviewed = review(&plan, &review_by, &mut ui).unwrap();
    let mut after = ours.clone();
    let mut edits: Vec<_> = reviewed.edits.iter().collect();
    edits.sort_by_key(|edit| edit.after.is_some());
    for edit in edits {
        assert_eq!(after.get(&edit.path), edit.before.as_ref(), "{}", edit.path);
        match &edit.after {
            None => drop(after.remove(&edit.path)),
            Some(file) => {
                insert(&mut after, &edit.path, file.clone());
                assert_eq!(
                    after.get(&edit.path),
                    Some(file),
                    "{} is in the way",
                    edit.path
                );
            }
        }
    }
    Upgrade {
        after,
        reviewed,
        known,
    }
}

/// Every line and every link's target of a tree.
fn lines(tree: &Tree) -> BTreeSet<String> {
    tree.values()
        .flat_map(|file| match &file.content {
            Content::Link(target) => vec![target.clone()],
            _ => String::from_utf8_lossy(&file.raw())
                .lines()
                .map(|line| line.trim_matches('\0').to_owned())
                .collect(),
        })
        .collect()
}

fn sides() -> impl Strategy<Value = (Tree, Tree, Tree)> {
    let files = prop::collection::vec((0..PATHS.len(), 1..12_usize), 0..9);
    let changes = || prop::collection::vec((any::<u8>(), 0..40_usize, 0..40_usize), 0..8);
    (files, changes(), changes()).prop_map(|(files, by_user, by_template)| {
        let base = grown(&files);
        let ours = edited(&base, &by_user, "the-team");
        let theirs = edited(&base, &by_template, "the-template");
        (base, ours, theirs)
    })
}

proptest! {
    #[test]
    fn an_untouched_project_becomes_the_release((base, _, theirs) in sides()) {
        prop_assert_eq!(upgrade(&base, &base, &theirs, OnConflict::Stop).after, theirs);
    }

    #[test]
    fn a_release_that_changed_nothing_writes_nothing((base, ours, _) in sides()) {
        let upgrade = upgrade(&base, &ours, &base, OnConflict::Stop);
        prop_assert!(upgrade.reviewed.edits.is_empty(), "{:?}", upgrade.reviewed.edits);
    }

    #[test]
    fn a_project_that_has_it_all_stays((base, ours, _) in sides()) {
        let upgrade = upgrade(&base, &ours, &ours, OnConflict::Stop);
        prop_assert!(upgrade.reviewed.edits.is_empty(), "{:?}", upgrade.reviewed.edits);
    }

    #[test]
    fn what_only_the_team_wrote_is_there((base, ours, theirs) in sides()) {
        let after = lines(&upgrade(&base, &ours, &theirs, OnConflict::Markers).after);
        let (old, own) = (lines(&base), lines(&ours));
        for line in own.difference(&old) {
            prop_assert!(after.contains(line), "lost: {line:?}");
        }
    }

    #[test]
    fn kept_conflicts_keep_every_byte((base, ours, theirs) in sides()) {
        let upgrade = upgrade(&base, &ours, &theirs, OnConflict::Ours);
        for open in &upgrade.reviewed.open {
            let at = path(&open.path);
            // What the template changed beside the conflicts is taken; what the team wrote is all there.
            if open.what == "you kept yours in part" {
                let alone = |tree: &Tree| lines(&tree.clone().into_iter().filter(|(path, _)| *path == at).collect());
                let (old, own, new) = (alone(&base), alone(&ours), alone(&upgrade.after));
                let lost: Vec<&String> = own.difference(&old).filter(|line| !new.contains(*line)).collect();
                prop_assert!(lost.is_empty(), "{at}: {lost:?}");
                continue;
            }
            prop_assert!(upgrade.after.get(&at) == ours.get(&at) || !ours.contains_key(&at), "{at}");
        }
    }

    #[test]
    fn nothing_else_is_touched((base, ours, theirs) in sides()) {
        let upgrade = upgrade(&base, &ours, &theirs, OnConflict::Markers);
        let beside: BTreeSet<&TreePath> =
            upgrade.reviewed.unresolved.iter().filter_map(|left| left.beside.as_ref()).collect();
        for at in ours.keys().chain(upgrade.after.keys()) {
            if !upgrade.known.contains(at) && !beside.contains(at) {
                prop_assert_eq!(upgrade.after.get(at), ours.get(at), "{}", at);
            }
        }
    }

    #[test]
    fn the_second_upgrade_has_nothing_to_do((base, ours, theirs) in sides()) {
        let first = upgrade(&base, &ours, &theirs, OnConflict::Markers);
        let second = upgrade(&theirs, &first.after, &theirs, OnConflict::Stop);
        prop_assert!(second.reviewed.edits.is_empty(), "{:?}", second.reviewed.edits);
    }

    #[test]
    fn conflicts_are_all_told((base, ours, theirs) in sides()) {
        let upgrade = upgrade(&base, &ours, &theirs, OnConflict::Markers);
        for left in &upgrade.reviewed.unresolved {
            let is_open = upgrade.reviewed.open.iter().any(|open| open.path == left.open);
            prop_assert!(is_open, "{left:?} is left, and only {:?} are open", upgrade.reviewed.open);
        }
    }

    #[test]
    fn no_renames_lose_a_line_or_edit_a_path_twice(
        (base, ours, theirs) in sides(),
        renames in prop::collection::vec((0..PATHS.len(), 0..PATHS.len()), 1..6),
    ) {
        let renames: Vec<(String, String)> = renames
            .into_iter()
            .map(|(from, to)| (PATHS[from].to_owned(), PATHS[to].to_owned()))
            .collect();
        let upgrade = upgrade_with(&renames, &base, &ours, &theirs, OnConflict::Markers);
        let mut edited = BTreeSet::new();
        for edit in &upgrade.reviewed.edits {
            prop_assert!(edited.insert(&edit.path), "two edits of {}", edit.path);
        }
        let after = lines(&upgrade.after);
        let (old, own) = (lines(&base), lines(&ours));
        for line in own.difference(&old) {
            prop_assert!(after.contains(line), "lost: {line:?}");
        }
    }
}
