//! `diff`: a project against the release it was made from.

use std::path::{Path, PathBuf};

use super::Project;
use crate::error::{Error, Result, shell_word};
use crate::fs::{self, Entry};
use crate::git::is_called_secret;
use crate::report::Report;
use crate::state;
use crate::template::Catalogue;
use crate::tree::TreePath;
use crate::ui::{self, Ui};

/// Show what you changed since the project was made or last upgraded
#[derive(Debug, clap::Args)]
pub struct DiffArgs {
    /// The project, if not this one, and the files or folders to show, if not all
    #[arg(value_name = "DIR|PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Use the template in this directory instead of the built-in one
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
}

pub(crate) fn run(args: DiffArgs, ui: &mut Ui) -> Result<Report> {
    let is_project = |path: &PathBuf| path.join(state::FILE).is_file();
    let (dir, paths) = match args.paths.split_first() {
        Some((first, rest)) if is_project(first) => (first.clone(), rest),
        _ => (PathBuf::from("."), &args.paths[..]),
    };
    let place = super::recover_at(&dir, ui)?;
    let project = Project::open(&place, &Catalogue::new(args.from.as_deref()))?;
    let mut report = Report::new();
    super::upgrade::open::tell_both(&project.state, &mut report);
    let wanted = paths
        .iter()
        .map(|path| below(place.root(), path))
        .collect::<Result<Vec<_>>>()?;
    let version = project.state.version.to_string();
    let is_known = |wanted: &Path| {
        (project.base.tree.keys()).any(|path| Path::new(path.as_str()).starts_with(wanted))
    };
    if let Some(path) = wanted.iter().find(|wanted| !is_known(wanted)) {
        return Err(Error::NotInRelease {
            path: path.clone(),
            version,
        });
    }
    let release = format!("template {version}");
    for (path, entry) in project.ours(&place)? {
        let shown = wanted.is_empty()
            || wanted
                .iter()
                .any(|wanted| Path::new(path.as_str()).starts_with(wanted));
        // What is secret is printed only for those who name it.
        let is_named = wanted
            .iter()
            .any(|wanted| wanted == Path::new(path.as_str()));
        let secret = match place.git() {
            _ if is_named => None,
            Some(git) if git.is_crypted(&format!("{}{path}", git.prefix()))? => {
                Some("git encrypts it")
            }
            _ if is_called_secret(path.as_str()) => Some("its name calls it secret"),
            _ if project.base.secret.contains(&path) => Some("a secret answer has a part in it"),
            _ => None,
        };
        if let Some(why) = secret.filter(|_| shown) {
            let base = project.base.tree.get(&path);
            if !matches!(&entry, Entry::File(file) if base == Some(file)) {
                let name = shell_word(path.as_str());
                report.data(format!(
                    "{path}: changed, and not shown because {why}; `ixd-template diff -- {name}` shows it"
                ));
            }
        } else if shown {
            show(&project, &path, &entry, &release, &mut report);
        }
    }
    Ok(report)
}

/// `path`, typed relative to the current folder or to the project, as a path inside the project.
fn below(root: &Path, path: &Path) -> Result<PathBuf> {
    let absolute = fs::absolute(path)?;
    Ok(absolute
        .strip_prefix(root)
        .map_or_else(|_| path.to_path_buf(), Path::to_path_buf))
}

fn show(project: &Project, path: &TreePath, entry: &Entry, release: &str, report: &mut Report) {
    let base = project.base.tree.get(path);
    match entry {
        Entry::File(file) if base == Some(file) => {}
        Entry::File(file) => {
            report.data(ui::diff(path.as_str(), base, Some(file), release, "yours"));
        }
        Entry::Missing => report.data(ui::diff(path.as_str(), base, None, release, "yours")),
        Entry::Dir => report.data(format!("{path}: now a folder")),
        Entry::Blocked(at, what) => report.data(format!("{path}: `{at}` is {what}")),
    }
}
