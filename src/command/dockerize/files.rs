//! The files beside the template's: copies of the user's own, and what a new ignore rule must not hide.

use std::path::Path;

use super::rules;
use super::steps::{Step, Steps};
use crate::error::Result;
use crate::fs::{self, Entry, Survey};
use crate::git::Git;
use crate::plan::Edit;
use crate::template::{Answer, Answers, Rendered};
use crate::tree::{File, TreePath};

/// The release's files, fitted to this project. The state file describes the release's own, so that the next upgrade
/// takes the difference for the user's edit.
pub(super) fn extended(
    rendered: &Rendered,
    survey: &Survey,
    git: Option<&Git>,
    steps: &Steps,
) -> Rendered {
    let mut wanted = Rendered {
        tree: rendered.tree.clone(),
        origin: rendered.origin.clone(),
        once: rendered.once.clone(),
        secret: rendered.secret.clone(),
    };
    for name in [".gitignore", ".dockerignore", ".gitattributes"] {
        let Some(mut file) = wanted.tree.get(name).cloned() else {
            continue;
        };
        if name == ".gitignore" {
            file = without_hiding(&file, survey, git);
        }
        if let Some(own) = survey.read(name) {
            file = rules::added(&own, &file);
        }
        wanted.tree.insert(path(name), file);
    }
    let input = steps
        .requirements
        .strip_suffix(".txt")
        .map(|stem| format!("{stem}.in"));
    if let Some(input) = input.filter(|input| steps.has(Step::Requirements) && !survey.has(input))
        && let Some(bytes) = survey.read(&steps.requirements)
        && !bytes.windows(7).any(|part| part == b"--hash=")
        && let Ok(input) = TreePath::new(input)
    {
        wanted.tree.insert(input, File::new(bytes));
    }
    wanted
}

fn path(text: &str) -> TreePath {
    TreePath::new(text).unwrap_or_else(|_| unreachable!("a path of ours"))
}

/// `ignore` without the rules that would hide files which are there and which git knows or could know.
fn without_hiding(ignore: &File, survey: &Survey, git: Option<&Git>) -> File {
    let text = String::from_utf8_lossy(ignore.raw()).into_owned();
    let visible: Vec<&String> = survey
        .files()
        .iter()
        .filter(|path| git.is_none_or(|git| !git.is_ignored(path)))
        .collect();
    let mut kept = String::new();
    for line in text.lines() {
        let rule = line.trim();
        let hides = !rule.is_empty()
            && !rule.starts_with(['#', '!'])
            && visible.iter().any(|path| rules::hides(rule, path));
        if !hides {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    File {
        executable: ignore.executable,
        ..File::new(kept.into_bytes())
    }
}

/// The removal of the user's manage.py, where it was asked for and the scripts have one that does the same.
pub(super) fn removed(root: &Path, answers: &Answers, steps: &Steps) -> Result<Vec<Edit>> {
    let is_wrapped = answers.get("mode") == Some(&Answer::Text("wrap".into()));
    let Some(manage) = steps
        .manage_py
        .as_deref()
        .filter(|_| is_wrapped && steps.has(Step::ManagePy))
    else {
        return Ok(Vec::new());
    };
    let Ok(path) = TreePath::new(manage) else {
        return Ok(Vec::new());
    };
    Ok(match fs::entry(root, &path)? {
        Entry::File(file) => vec![Edit {
            path,
            before: Some(file),
            after: None,
            like: None,
        }],
        _ => Vec::new(),
    })
}
