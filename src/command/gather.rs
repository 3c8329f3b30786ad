//! From the disk to a plan: what the project holds where base and theirs have files, and what moved.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::error::Result;
use crate::fs::{self, Entry};
use crate::git::Git;
use crate::plan::{self, Change, Edit, Move, Plan, Sides};
use crate::template::Rendered;
use crate::tree::{Tree, TreePath};

/// The plan that brings `theirs` into the project in `root`, which was made from `base`.
///
/// `renames` are the manifest's, oldest first. `git` is the repository around `root`: one value for a whole run, since each
/// reads the index anew, and a big project's is long.
pub(crate) fn plan(
    root: &Path,
    git: Option<&Git>,
    base: &Rendered,
    theirs: &Rendered,
    renames: &[(String, String)],
) -> Result<Plan> {
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

    let mut ours = entries(root, git, base.tree.keys().chain(theirs.tree.keys()))?;
    let by_user = moved_by_user(root, base, theirs, &ours, git)?;
    for moved in &by_user {
        ours.insert(moved.to.clone(), fs::entry(root, &moved.to)?);
    }
    let present = ours
        .iter()
        .filter(|(_, entry)| matches!(entry, Entry::File(_)))
        .map(|(path, _)| path);
    let untracked = match git {
        Some(git) => git.untracked(present)?,
        None => BTreeSet::new(),
    };
    let mut plan = Plan::new(&Sides {
        base: &base.tree,
        ours: &ours,
        theirs: &theirs.tree,
        once: &once(base, theirs),
        moved_by_template: &moves,
        moved_by_user: &by_user,
        untracked: &untracked,
        folders: &folders(root, &ours, &theirs.tree)?,
    });
    for change in &mut plan.changes {
        change.beside = beside(root, change, &theirs.tree)?;
    }
    plan.stays = stays(root, &base.tree, &theirs.tree, git)?;
    Ok(plan)
}

/// The files that are written once; also those that the template has no longer, for they are the user's now.
fn once(base: &Rendered, theirs: &Rendered) -> Vec<TreePath> {
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

/// What stands in `root` at each of `paths`.
pub(crate) fn entries<'a>(
    root: &Path,
    git: Option<&Git>,
    paths: impl Iterator<Item = &'a TreePath>,
) -> Result<BTreeMap<TreePath, Entry>> {
    let mut entries = paths
        .map(|path| Ok((path.clone(), fs::entry(root, path)?)))
        .collect::<Result<BTreeMap<TreePath, Entry>>>()?;
    // Where git looks at no modes, its index knows them.
    if let Some(git) = git.filter(|git| git.ignores_modes()) {
        let modes = git.executables()?;
        for (path, entry) in &mut entries {
            if let (Entry::File(file), Some(executable)) = (entry, modes.get(path)) {
                file.executable = *executable && file.bytes().is_some();
            }
        }
    }
    Ok(entries)
}

/// `edits` with the modes before them as they are on the disk, which may be others than git knows.
pub(crate) fn as_on_disk(
    root: &Path,
    git: Option<&Git>,
    mut edits: Vec<Edit>,
) -> Result<Vec<Edit>> {
    if git.is_none_or(|git| !git.ignores_modes()) {
        return Ok(edits);
    }
    for edit in &mut edits {
        if let (Some(before), Entry::File(now)) = (&mut edit.before, fs::entry(root, &edit.path)?)
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
    root: &Path,
    base: &Rendered,
    theirs: &Rendered,
    ours: &BTreeMap<TreePath, Entry>,
    git: Option<&Git>,
) -> Result<Vec<Move>> {
    let missing: Tree = base
        .tree
        .iter()
        .filter(|(path, file)| {
            ours.get(*path) == Some(&Entry::Missing) && theirs.tree.get(*path) != Some(file)
        })
        .map(|(path, file)| (path.clone(), file.clone()))
        .collect();
    let Some(git) = git.filter(|_| !missing.is_empty()) else {
        return Ok(Vec::new());
    };
    let names: BTreeSet<&str> = missing.keys().map(TreePath::name).collect();
    let folders: BTreeSet<Option<&str>> =
        missing.keys().map(|path| path.parents().last()).collect();
    let mut others = Tree::new();
    for path in git.tracked()? {
        let is_template = base.tree.contains_key(&path) || theirs.tree.contains_key(&path);
        let is_near = names.contains(path.name()) || folders.contains(&path.parents().last());
        if !is_template
            && is_near
            && let Entry::File(file) = fs::entry(root, &path)?
        {
            others.insert(path, file);
        }
    }
    Ok(plan::of_user(&missing, &others))
}
