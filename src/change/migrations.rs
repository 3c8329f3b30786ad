//! Names, in a plan, the migrations of the template that do not fit behind those of the project.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::error::Result;
use crate::fs::{self, Entry};
use crate::plan::migrations::{Migrations, clash, parts};
use crate::plan::{Change, Plan};
use crate::tree::{File, TreePath};

pub(super) fn note(root: &Path, plan: &mut Plan) -> Result<()> {
    let touched: BTreeSet<String> = plan
        .changes
        .iter()
        .filter(|change| is_written(change))
        .filter_map(|change| parts(change.path.as_str()))
        .map(|(folder, _)| folder.to_owned())
        .collect();
    for folder in touched {
        let before = on_disk(root, &folder)?;
        let mut after = before.clone();
        let mut last = None;
        for (index, change) in plan.changes.iter().enumerate() {
            if let Some(from) = &change.moved_from {
                put(&mut after, &folder, from, None);
            }
            if put(&mut after, &folder, &change.path, change.outcome()) && is_written(change) {
                last = Some(index);
            }
        }
        let found = clash(&folder, &sources(&before), &sources(&after));
        if let (Some(found), Some(index)) = (found, last) {
            plan.changes[index].effects.push(found);
        }
    }
    Ok(())
}

fn is_written(change: &Change) -> bool {
    change.moved_from.is_some() || change.outcome() != change.ours.as_ref()
}

type Files = BTreeMap<String, File>;

/// Gives the migration at `path` another content; false where it is none of `folder`.
fn put(files: &mut Files, folder: &str, path: &TreePath, file: Option<&File>) -> bool {
    let Some((_, name)) = parts(path.as_str()).filter(|(other, _)| *other == folder) else {
        return false;
    };
    match file {
        Some(file) => files.insert(name.to_owned(), file.clone()),
        None => files.remove(name),
    };
    true
}

fn on_disk(root: &Path, folder: &str) -> Result<Files> {
    let mut found = Files::new();
    for name in fs::list(&root.join(folder))?.unwrap_or_default() {
        let path = format!("{folder}/{}", name.to_string_lossy());
        let (Some((_, name)), Ok(path)) = (parts(&path), TreePath::new(path.as_str())) else {
            continue;
        };
        if let Entry::File(file) = fs::entry(root, &path)? {
            found.insert(name.to_owned(), file);
        }
    }
    Ok(found)
}

fn sources(files: &Files) -> Migrations {
    let text = |file: &File| String::from_utf8_lossy(file.held().unwrap_or_default()).into_owned();
    files
        .iter()
        .map(|(name, file)| (name.clone(), text(file)))
        .collect()
}
