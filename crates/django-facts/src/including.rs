//! Requirements files, and the files that these include or hold their versions to.

use std::collections::BTreeSet;

use super::manifests::requirement_lines;
use super::requirement::Requirement;
use super::sources::{Sources, join, name, parent};

/// Whether a file is one that pip reads with `-r`.
#[must_use]
pub(super) fn is_requirements(path: &str) -> bool {
    let file = name(path).to_ascii_lowercase();
    let Some((stem, ending)) = file.rsplit_once('.') else {
        return false;
    };
    if !matches!(ending, "txt" | "in" | "pip") {
        return false;
    }
    let folder = name(&parent(path)).to_ascii_lowercase();
    let in_folder = matches!(
        folder.as_str(),
        "requirements" | "reqs" | "requires" | "deps" | "pip" | "requirement"
    );
    stem.contains("requirement")
        || stem == "reqs"
        || stem.starts_with("reqs-")
        || stem.starts_with("reqs_")
        || in_folder
        || ending == "pip"
}

/// The file and all that it names with `-r`.
pub(super) fn included(sources: &Sources, path: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![path.to_owned()];
    while let Some(path) = open.pop() {
        if sources.survey.has(&path) && found.insert(path.clone()) {
            open.extend(named_with(sources, &path, ["--requirement", "-r"]));
        }
    }
    found
}

/// The files that `path` names with one of these options.
fn named_with(sources: &Sources, path: &str, options: [&str; 2]) -> Vec<String> {
    let text = sources.text(path);
    let files = text.lines().filter_map(|line| {
        let line = line.trim();
        let rest = options
            .iter()
            .find_map(|option| line.strip_prefix(option))?;
        let file = rest.trim_start_matches(['=', ' ']);
        let file = file.split(" #").next().unwrap_or(file).trim();
        Some(join(&parent(path), file))
    });
    files.collect()
}

/// Whether a file only bounds the versions of what others ask for, by its name and theirs: one that is named with `-c` may
/// be another's requirements too.
pub(super) fn is_constraints(path: &str) -> bool {
    name(path).to_ascii_lowercase().contains("constraint")
}

/// What the constraints of requirements files say of packages that those ask for.
pub(super) fn constraints(
    sources: &Sources,
    wanted: &[Requirement],
    files: &[&String],
) -> Vec<Requirement> {
    let mut found: Vec<Requirement> = Vec::new();
    for file in files {
        let asking = included(sources, file);
        let bounds: BTreeSet<String> = asking
            .iter()
            .flat_map(|file| named_with(sources, file, ["--constraint", "-c"]))
            .filter(|path| sources.survey.has(path))
            .filter(|path| is_constraints(path) || !files.contains(&path))
            .collect();
        for bound in bounds
            .iter()
            .flat_map(|path| requirement_lines(path, &sources.text(path)))
        {
            let mut asked = wanted
                .iter()
                .filter(|wanted| wanted.package == bound.package && asking.contains(&wanted.file));
            let Some(first) = asked.clone().next() else {
                continue;
            };
            let bound = Requirement {
                is_dev: first.is_dev && asked.all(|wanted| wanted.is_dev),
                ..bound
            };
            if !found.contains(&bound) {
                found.push(bound);
            }
        }
    }
    found
}
