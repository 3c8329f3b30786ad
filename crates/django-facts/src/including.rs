//! Requirements files, and the files that these include or hold their versions to.

use std::collections::BTreeSet;

use super::formats::requirements::{self, PipLine};
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
            open.extend(named(sources, &path, |line| match line {
                PipLine::Include(file) => Some(file),
                _ => None,
            }));
        }
    }
    found
}

/// Whether a requirements file names the files of its packages, so that it leaves no version open.
#[must_use]
pub fn has_hashes(sources: &Sources, path: &str) -> bool {
    sources.text(path).contains("--hash=")
}

/// The file and all that it names with `-r`, and the bounds that these name with `-c`.
pub(super) fn read_with(sources: &Sources, path: &str) -> BTreeSet<String> {
    let mut files = included(sources, path);
    let bounds: Vec<String> = files
        .iter()
        .flat_map(|file| {
            named(sources, file, |line| match line {
                PipLine::Constraint(file) => Some(file),
                _ => None,
            })
        })
        .collect();
    files.extend(bounds);
    files
}

/// The file and all that it names with `-r` and `-c`; `None` where pip reads more of the project than these.
#[must_use]
pub fn read_alone(sources: &Sources, path: &str) -> Option<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    let mut open = vec![path.to_owned()];
    while let Some(path) = open.pop() {
        if found.contains(&path) {
            continue;
        }
        let text = sources.survey.has(&path).then(|| sources.text(&path))?;
        if !needs_no_folder(&text) {
            return None;
        }
        open.extend(named(sources, &path, |line| match line {
            PipLine::Include(file) | PipLine::Constraint(file) => {
                (!file.contains("://")).then_some(file)
            }
            _ => None,
        }));
        found.push(path);
    }
    Some(found)
}

/// Whether pip finds what these lines ask for without a folder or file of the project, but for lists that they name.
#[must_use]
pub fn needs_no_folder(text: &str) -> bool {
    let is_local =
        |line: &str| line.starts_with(['.', '/']) || line.contains("file:") || line.contains("@ .");
    requirements::lines(text).all(|line| match line.value {
        PipLine::Include(_) | PipLine::Constraint(_) => true,
        PipLine::Package(line) => !is_local(line),
        PipLine::Option(line) => {
            let takes_place = ["-e", "--editable", "-f", "--find-links"]
                .iter()
                .any(|option| line.starts_with(option));
            !line.contains("file:") && (!takes_place || line.contains("://"))
        }
    })
}

/// The files that `path` names in the lines that are `wanted`.
fn named(sources: &Sources, path: &str, wanted: fn(PipLine<'_>) -> Option<&str>) -> Vec<String> {
    let text = sources.text(path);
    let files = requirements::lines(&text).filter_map(|line| wanted(line.value));
    files.map(|file| join(&parent(path), file)).collect()
}

/// Whether a requirements file does nothing but name others.
pub(super) fn only_includes(text: &str) -> bool {
    let mut lines = requirements::lines(text).peekable();
    lines.peek().is_some() && lines.all(|line| matches!(line.value, PipLine::Include(_)))
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
            .flat_map(|file| {
                named(sources, file, |line| match line {
                    PipLine::Constraint(file) => Some(file),
                    _ => None,
                })
            })
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
