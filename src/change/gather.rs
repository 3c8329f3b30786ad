//! From the disk to a plan: what the project holds where base and theirs have files, and what moved.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use super::migrations;
use crate::error::Result;
use crate::fs::{self, Entry};
use crate::git::Git;
use crate::plan::{self, Change, Conflict, Edit, Move, Plan, Trees, Verdict};
use crate::template::Rendered;
use crate::tree::{Tree, TreePath, share};
use crate::workplace::Workplace;
use three_way::Options;

/// The plan that brings `theirs` into the project at `place`, which was made from `base`.
///
/// `renames` are the manifest's, oldest first.
pub(super) fn plan(
    place: &Workplace,
    base: &Rendered,
    theirs: &Rendered,
    renames: &[(String, String)],
    rules: Options,
) -> Result<Plan> {
    let (root, git) = (place.root(), place.git());
    let mut moves = plan::by_manifest(renames, &base.tree, &theirs.tree);
    for moved in plan::by_origin(&base.origin, &theirs.origin) {
        if moves
            .iter()
            .all(|known| known.from != moved.from && known.to != moved.to)
        {
            moves.push(moved);
        }
    }
    moves.extend(plan::by_similarity(&base.tree, &theirs.tree, &moves));

    let paths: BTreeSet<&TreePath> = base.tree.keys().chain(theirs.tree.keys()).collect();
    let mut ours = entries(place, &[&base.tree, &theirs.tree], paths)?;
    let by_user = moved_by_user(place, base, theirs, &ours)?;
    for moved in &by_user {
        ours.insert(moved.to.clone(), fs::entry(root, &moved.to)?);
    }
    // The question matters only for files that both sides added, and a long index takes its time to be read.
    let in_the_way: Vec<&TreePath> = ours
        .iter()
        .filter(|(path, entry)| {
            matches!(entry, Entry::File(_))
                && theirs.tree.contains_key(*path)
                && !base.tree.contains_key(*path)
        })
        .map(|(path, _)| path)
        .collect();
    let untracked = match git.filter(|_| !in_the_way.is_empty()) {
        Some(git) => git.untracked(in_the_way.into_iter())?,
        None => BTreeSet::new(),
    };
    let mut plan = Plan::new(&Trees {
        base: &base.tree,
        ours: &ours,
        theirs: &theirs.tree,
        once: &once(base, theirs),
        moved_by_template: &moves,
        moved_by_user: &by_user,
        untracked: &untracked,
        folders: &folders(root, &ours, &theirs.tree)?,
        rules,
    });
    for change in &mut plan.changes {
        change.beside = beside(root, change, &theirs.tree)?;
    }
    plan.stays = stays(root, &base.tree, &theirs.tree, git)?;
    migrations::note(root, &mut plan)?;
    Ok(plan)
}

/// Leaves both versions of the files at `paths` that both sides made: what was computed from other files is nothing to
/// merge, and yours holds what the template's computation knows nothing of.
pub(crate) fn keep_apart(
    root: &Path,
    plan: &mut Plan,
    theirs: &Tree,
    paths: &[&str],
) -> Result<()> {
    for change in &mut plan.changes {
        let is_both = change.base.is_none() && change.ours.is_some() && change.theirs.is_some();
        if is_both && paths.contains(&change.path.as_str()) {
            change.verdict = Verdict::Conflict(Conflict::BothAdded);
            change.beside = beside(root, change, theirs)?;
        }
    }
    Ok(())
}

/// Lets files that are written once, and that the user deleted, be new ones, if somebody asks for it.
pub(crate) fn offer_deleted(
    asks: bool,
    place: &Workplace,
    base: &mut Rendered,
    theirs: &Rendered,
) -> Result<()> {
    // What is not checked out is not deleted.
    if !asks || place.git().is_some_and(Git::is_sparse) {
        return Ok(());
    }
    for path in &theirs.once {
        if base.tree.contains_key(path) && place.entry(path)? == Entry::Missing {
            base.tree.remove(path);
        }
    }
    Ok(())
}

/// The files that are written once; also those that the template has no longer, for they are the user's now.
pub(super) fn once(base: &Rendered, theirs: &Rendered) -> Vec<TreePath> {
    let dropped = base
        .once
        .iter()
        .filter(|path| !theirs.tree.contains_key(*path));
    theirs.once.iter().chain(dropped).cloned().collect()
}

/// A free name beside ours for a version of the template's that cannot go into the same file.
fn beside(root: &Path, change: &Change, theirs: &Tree) -> Result<Option<TreePath>> {
    for name in change.names_beside() {
        let Ok(path) = TreePath::new(name) else {
            continue;
        };
        let is_free = !theirs.contains_key(&path) && fs::entry(root, &path)? == Entry::Missing;
        if is_free {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// The user's own files in folders that base has and theirs has not; git's ignored ones are left out.
fn stays(root: &Path, base: &Tree, theirs: &Tree, git: Option<&Git>) -> Result<Vec<String>> {
    let folders = |tree: &Tree| -> BTreeSet<String> {
        tree.keys()
            .flat_map(TreePath::parents)
            .map(str::to_owned)
            .collect()
    };
    let kept = folders(theirs);
    let given_up: Vec<String> = folders(base).difference(&kept).cloned().collect();
    let is_outermost = |folder: &&String| {
        given_up
            .iter()
            .all(|other| !folder.starts_with(&format!("{other}/")))
    };
    let mut stays = Vec::new();
    for folder in given_up.iter().filter(is_outermost) {
        if fs::metadata(&root.join(folder))?.is_some_and(|meta| meta.is_dir()) {
            stays.extend(fs::files_below(root, folder)?);
        }
    }
    stays.retain(|path| {
        !base.contains_key(path.as_str()) && git.is_none_or(|git| !git.is_ignored(path))
    });
    Ok(stays)
}

/// What stands in the project at each of `paths`; what is as in the first of the `known` trees, the base, shares its memory.
pub(crate) fn entries<'a>(
    place: &Workplace,
    known: &[&Tree],
    paths: impl IntoIterator<Item = &'a TreePath>,
) -> Result<BTreeMap<TreePath, Entry>> {
    let mut entries = BTreeMap::new();
    for (path, mut entry) in fs::entries(place.root(), paths)? {
        let base = known.first().and_then(|base| base.get(path));
        if let (Entry::File(ours), Some(base)) = (&mut entry, base) {
            share(ours, base);
        }
        entries.insert(path.clone(), entry);
    }
    with_skipped(&mut entries, place.git(), known);
    // Where git looks at no modes, its index knows them.
    if let Some(git) = place.git().filter(|git| git.ignores_modes()) {
        let modes = git.executables(entries.keys())?;
        for (path, entry) in &mut entries {
            if let (Entry::File(file), Some(executable)) = (entry, modes.get(path)) {
                file.executable = *executable && !file.is_link();
            }
        }
    }
    Ok(entries)
}

/// What git keeps off the disk is not gone: it is as in a known tree, or in the way.
fn with_skipped(entries: &mut BTreeMap<TreePath, Entry>, git: Option<&Git>, known: &[&Tree]) {
    let base = known.first();
    let is_doubtful = |(path, entry): (&TreePath, &Entry), git: &Git| {
        *entry == Entry::Missing
            && (git.is_sparse() || base.is_some_and(|base| base.contains_key(path)))
    };
    let Some(git) = git.filter(|git| entries.iter().any(|entry| is_doubtful(entry, git))) else {
        return;
    };
    // A plan is refused later where nobody can tell.
    for (path, id) in git.skipped().unwrap_or_default() {
        if let Some(entry) = entries
            .get_mut(&path)
            .filter(|entry| **entry == Entry::Missing)
        {
            let mut same = known.iter().filter_map(|tree| tree.get(&path));
            *entry = match same.find(|file| git.id_of(file).as_ref() == Some(&id)) {
                Some(file) => Entry::File(file.clone()),
                None => Entry::Blocked(path.to_string(), "not checked out"),
            };
        }
    }
}

/// `edits` with the modes before them as they are on the disk, which may be others than git knows.
pub(super) fn as_on_disk(place: &Workplace, mut edits: Vec<Edit>) -> Result<Vec<Edit>> {
    if place.git().is_none_or(|git| !git.ignores_modes()) {
        return Ok(edits);
    }
    for edit in &mut edits {
        if let (Some(before), Entry::File(now)) = (&mut edit.before, place.entry(&edit.path)?)
            && now.content == before.content
        {
            before.executable = now.executable;
        }
    }
    Ok(edits)
}

/// The files below each folder that stands where the template has a file.
fn folders(
    root: &Path,
    ours: &BTreeMap<TreePath, Entry>,
    theirs: &Tree,
) -> Result<BTreeMap<TreePath, Vec<String>>> {
    ours.iter()
        .filter(|(path, entry)| **entry == Entry::Dir && theirs.contains_key(*path))
        .map(|(path, _)| Ok((path.clone(), fs::files_below(root, path.as_str())?)))
        .collect()
}

/// Where the user moved files of the base that the template changed since. Looked for among tracked files only, and only
/// when a file is missing: the price of an upgrade follows the template's files, not the project's.
fn moved_by_user(
    place: &Workplace,
    base: &Rendered,
    theirs: &Rendered,
    ours: &BTreeMap<TreePath, Entry>,
) -> Result<Vec<Move>> {
    let missing: Tree = base
        .tree
        .iter()
        .filter(|(path, file)| {
            ours.get(*path) == Some(&Entry::Missing) && theirs.tree.get(*path) != Some(file)
        })
        .map(|(path, file)| (path.clone(), file.clone()))
        .collect();
    let Some(git) = place.git().filter(|_| !missing.is_empty()) else {
        return Ok(Vec::new());
    };
    let (folders, names): (HashSet<&str>, HashSet<&str>) = missing
        .keys()
        .map(|path| folder_and_name(path.as_str()))
        .unzip();
    let is_near = |path: &str| {
        let (folder, name) = folder_and_name(path);
        (names.contains(name) || folders.contains(folder))
            && !base.tree.contains_key(path)
            && !theirs.tree.contains_key(path)
    };
    let mut others = Tree::new();
    for path in git.tracked(is_near)? {
        if let Entry::File(file) = place.entry(&path)? {
            others.insert(path, file);
        }
    }
    Ok(plan::of_user(&missing, &others))
}

fn folder_and_name(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}
