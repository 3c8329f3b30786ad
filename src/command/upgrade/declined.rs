//! What the user declined earlier: offered again, or open still.

use std::collections::BTreeMap;

use semver::Version;

use super::Upgrade;
use crate::command::Project;
use crate::error::Result;
use crate::state::{self, Open};
use crate::template::{Catalogue, Rendered, render};
use crate::tree::Tree;

/// Gives files that the user declined to change their older base back, so that the merge offers the change again: when
/// the template touches them again, or when the user asks. Returns the renames that are offered again.
pub(super) fn offer_again(
    project: &mut Project,
    theirs: &Rendered,
    catalogue: &Catalogue,
    ask: bool,
) -> Result<Vec<(String, String)>> {
    let mut renames = Vec::new();
    let mut older_trees: BTreeMap<&Version, Option<Tree>> = BTreeMap::new();
    for open in &project.state.open {
        let path = open.path.as_str();
        if !ask && project.base.tree.get(path) == theirs.tree.get(path) {
            continue;
        }
        if !older_trees.contains_key(&open.base) {
            let tree = if open.base == state::NO_RELEASE {
                Some(Tree::new())
            } else {
                let release = catalogue.release(Some(&open.base.to_string())).ok();
                let rendered = release.map(|release| render(&release, &project.state.answers));
                rendered.transpose()?.map(|rendered| rendered.tree)
            };
            older_trees.insert(&open.base, tree);
        }
        // Without that release the change stays declined.
        let Some(older) = &older_trees[&open.base] else {
            continue;
        };
        let was = open.was.as_deref().unwrap_or(path);
        project.base.tree.remove(path);
        if let Some((was, file)) = older.get_key_value(was) {
            project.base.tree.insert(was.clone(), file.clone());
        }
        if was != path {
            renames.push((was.to_owned(), path.to_owned()));
        }
    }
    Ok(renames)
}

/// What was open before and is not on the table now.
pub(super) fn still_open(upgrade: &Upgrade) -> Vec<Open> {
    let on_the_table = |open: &&Open| {
        upgrade
            .plan
            .changes
            .iter()
            .all(|change| change.in_template().as_str() != open.path)
            && upgrade.theirs.tree.get(open.path.as_str())
                == upgrade.project.base.tree.get(open.path.as_str())
    };
    upgrade
        .project
        .state
        .open
        .iter()
        .filter(on_the_table)
        .cloned()
        .collect()
}
