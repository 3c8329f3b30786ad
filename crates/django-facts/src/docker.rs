//! What is there to build and run containers, wherever it lies.

use super::finding::{Confidence, Finding};
use super::formats::compose::has_services;
use super::manifests::is_dev;
use super::sources::{Sources, name, parent};

/// How many files of another kind have their texts looked into.
const MOST: usize = 100;

#[must_use]
pub(super) fn find(sources: &Sources) -> Finding<Vec<String>> {
    let mut looked = 0;
    let mut is_docker = |path: &&String| {
        let by_name = is_dockerfile(path)
            || is_compose(path)
            || name(path).ends_with(".dockerignore")
            || name(path).starts_with("docker-cloud");
        if by_name {
            return true;
        }
        let may_be = is_yaml(path)
            && !name(path).starts_with('.')
            && !path.starts_with('.')
            && path.matches('/').count() <= 3
            && looked < MOST;
        looked += usize::from(may_be);
        may_be && has_services(&sources.text(path))
    };
    let files = sources.survey.files().iter();
    let found: Vec<&str> = files
        .filter(|path| is_docker(path))
        .map(String::as_str)
        .collect();
    let evidence = found.iter().take(6).map(|path| (*path).to_owned());
    let evidence = evidence.collect();
    let found: Vec<String> = found.into_iter().map(str::to_owned).collect();
    Finding::new(found, Confidence::High, evidence)
}

/// Endings of files that are written about Dockerfiles, or that write them.
const OTHERS: [&str; 12] = [
    ".md",
    ".rst",
    ".html",
    ".py",
    ".js",
    ".sh",
    ".vim",
    ".dockerignore",
    ".yml",
    ".yaml",
    ".json",
    ".txt",
];

/// Whether a file builds an image.
#[must_use]
pub(super) fn is_dockerfile(path: &str) -> bool {
    let name = name(path);
    if !name.contains("file") && !name.contains("FILE") {
        return false;
    }
    let name = name.to_ascii_lowercase();
    let is_kind = |word: &str| {
        name == word
            || name.ends_with(&format!(".{word}"))
            || name
                .strip_prefix(word)
                .is_some_and(|rest| rest.starts_with(['.', '-', '_']))
    };
    (is_kind("dockerfile") || is_kind("containerfile"))
        && !OTHERS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a file builds the image that servers run: a plain one, or where there is none, one that is not for developers.
#[must_use]
pub(super) fn builds_image(sources: &Sources, path: &str) -> bool {
    let is_plain = |path: &str| matches!(name(path), "Dockerfile" | "dockerfile" | "Containerfile");
    let folder = parent(path);
    is_plain(path)
        || is_dockerfile(path)
            && !is_dev(path)
            && !sources
                .survey
                .files()
                .iter()
                .any(|other| parent(other) == folder && is_plain(other))
}

fn is_yaml(path: &str) -> bool {
    let name = name(path);
    name.ends_with(".yml") || name.ends_with(".yaml")
}

/// Whether a file is a compose file by its name, of either kind.
#[must_use]
pub(super) fn is_compose(path: &str) -> bool {
    if !is_yaml(path) {
        return false;
    }
    let name = name(path).to_ascii_lowercase();
    let is_named = name.split(['.', '-', '_']).any(|part| part == "compose");
    let is_usual = matches!(name.as_str(), "local.yml" | "production.yml");
    is_named || is_usual && parent(path).is_empty()
}
