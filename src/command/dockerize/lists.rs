//! Files of one rule a line that the user has as well: they grow at their end, and what git makes of them is looked at.

use std::path::Path;

use super::rules::Rule;
use crate::error::{Result, shell_word};
use crate::fs;
use crate::git::Git;
use crate::plan::{Plan, Verdict};
use crate::report::Report;
use crate::tree::{File, Tree, TreePath};
use crate::workplace::Workplace;

/// The files that [`added`](super::rules::added) makes longer.
pub(super) const LISTS: [&str; 3] = [".gitignore", ".dockerignore", ".gitattributes"];

/// The list of an image that stands beside the project's own, which has a list too.
pub(super) const BESIDE_LIST: &str = "Dockerfile.ixc.dockerignore";

/// What must not be committed, or come into an image, unless the user wants it so.
const PRIVATE: [&str; 4] = [
    ".env",
    ".env.local",
    "initial_data.sql",
    "initial_data.sql.gz",
];

/// A list that only grows is no conflict, whatever its encoding and whether or not git has it: nothing of it can be lost.
pub(super) fn grow(plan: &mut Plan) {
    for change in &mut plan.changes {
        let is_list = LISTS.contains(&change.path.as_str());
        let (Some(ours), Some(theirs)) = (&change.ours, &change.theirs) else {
            continue;
        };
        let both = || ours.bytes().zip(theirs.bytes());
        if is_list && both().is_some_and(|(ours, theirs)| theirs.starts_with(&ours)) {
            change.theirs = Some(File {
                executable: ours.executable,
                ..theirs.clone()
            });
            change.verdict = Verdict::Take;
        }
    }
}

/// The committed files that the template's attributes would have git encrypt from the next commit on.
pub(super) fn in_the_clear(tree: &Tree, git: &Git) -> Result<Vec<TreePath>> {
    let attributes = tree.get(".gitattributes").and_then(File::bytes);
    let text = attributes.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let mut lines = text.lines().map(str::trim_start);
    if !lines.any(|line| line.starts_with("*.secret* ")) {
        return Ok(Vec::new());
    }
    let is_secret = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.contains(".secret")
    };
    let mut found = Vec::new();
    for path in git.tracked(is_secret)? {
        if !git.is_crypted(&format!("{}{path}", git.prefix()))? {
            found.push(path);
        }
    }
    Ok(found)
}

/// Lines of `.gitattributes` that leave these files as they are.
pub(super) fn left_in_the_clear(paths: &[TreePath], git: &Git) -> Vec<String> {
    if paths.is_empty() {
        return Vec::new();
    }
    let heading = "# In the clear already, and left so: without its line a file is encrypted from its next commit on";
    let mut lines = vec![String::new(), heading.to_owned()];
    lines.extend(paths.iter().map(|path| {
        let values = ["filter", "diff", "merge"].map(|name| git.attribute(path.as_str(), name));
        // The values are written out, so that `secrets check` knows that they are meant.
        let values = values.map(|value| value.replace("!filter", "-filter"));
        format!("{} {}", pattern(path.as_str()), values.join(" "))
    }));
    lines
}

/// Says which files these are, and how they come to be encrypted.
pub(super) fn tell_in_the_clear(paths: &[TreePath], report: &mut Report) {
    if paths.is_empty() {
        return;
    }
    report.data("  Committed in the clear although their names call them secret, and left so by .gitattributes:");
    for path in paths {
        report.data(format!("    {}", crate::ui::visible(path.as_str())));
    }
    report.data("  To have one encrypted from its next commit on, take its line out there; what is committed stays readable.");
}

/// A path as attributes name it, without the quotes and escapes that not every reader of them knows.
fn pattern(path: &str) -> String {
    let letters = path.chars().map(|letter| match letter {
        '*' | '[' | '\\' => '?',
        letter if letter.is_ascii_whitespace() => '?',
        letter => letter,
    });
    std::iter::once('/').chain(letters).collect()
}

/// Tells what git would commit all the same, such as where it cannot read the list, or an exception of the user's has it.
pub(super) fn tell_exposed(place: &Workplace, report: &mut Report) -> Result<()> {
    let Some(git) = place.git() else {
        return Ok(());
    };
    let tracked = git.tracked(|path| PRIVATE.contains(&path))?;
    let is_tracked = |name: &str| tracked.iter().any(|path| path.as_str() == name);
    let ignored = git.ignored(&PRIVATE);
    let exposed: Vec<&str> = PRIVATE
        .into_iter()
        .filter(|name| !ignored.contains(*name) && !is_tracked(name))
        .collect();
    if exposed.is_empty() {
        return Ok(());
    }
    report.say(format!(
        "\nGit does not ignore these, which hold passwords or data once they are there: {}\n  To keep them out of commits here:",
        exposed.join(", ")
    ));
    for name in exposed {
        let rule = shell_word(&format!("/{}{name}", git.prefix()));
        report.say(format!(
            "  echo {rule} >>\"$(git rev-parse --git-path info/exclude)\""
        ));
    }
    Ok(())
}

/// Where a file of the project's top may go by accident: into a commit, into an image.
pub(super) fn escapes(root: &Path, name: &str) -> Result<Vec<&'static str>> {
    let mut ways = Vec::new();
    if Git::around(root)?.is_some_and(|git| git.ignored(&[name]).is_empty()) {
        ways.push("git does not ignore it: keep it out of commits");
    }
    let beside = fs::read(&root.join(BESIDE_LIST))?;
    if beside.is_some() || fs::metadata(&root.join("Dockerfile"))?.is_some() {
        let list = match beside {
            Some(list) => list,
            None => fs::read(&root.join(".dockerignore"))?.unwrap_or_default(),
        };
        let list = String::from_utf8_lossy(&list).into_owned();
        if !list
            .lines()
            .filter_map(Rule::new)
            .any(|rule| rule.hides(name))
        {
            ways.push(".dockerignore does not name it: it may get into an image");
        }
    }
    Ok(ways)
}
