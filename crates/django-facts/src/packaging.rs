//! Which packages the project asks for: requirements files, lock files, packaging metadata.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::developers::doubt_without_django;
use super::examples::is_example;
use super::finding::{Confidence, Finding};
use super::form::form;
use super::including::{constraints, included, is_constraints, is_requirements};
use super::locks::locked;
use super::manifests::{pipfile, pyproject, requirement_lines};
use super::requirement::Requirement;
use super::setup::{conda, setup_cfg, setup_py};
use super::sources::{Sources, name, parent};

/// All that the project asks for, and the files that say so.
#[derive(Clone, Debug)]
pub(super) struct Packaging {
    pub(super) form: Finding,
    pub(super) main: Finding,
    pub(super) others: Finding,
    pub(super) wanted: Vec<Requirement>,
    /// Whether the root is a package that others install.
    pub(super) is_distribution: bool,
}

const LOCKS: [&str; 5] = [
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile.lock",
    "conda-lock.yml",
];

impl Packaging {
    /// `own` is the folder of manage.py.
    #[must_use]
    pub(super) fn find(sources: &Sources, own: &str) -> Self {
        let near = |path: &&String| {
            let folder = parent(path);
            !is_example(path)
                && (path.matches('/').count() <= 2 || folder == own || parent(&folder) == own)
        };
        let files: Vec<&String> = sources.survey.files().iter().filter(near).collect();
        let (bounds, requirements): (Vec<String>, Vec<String>) = files
            .iter()
            .filter(|path| is_requirements(path))
            .map(|path| (*path).clone())
            .partition(|path| is_constraints(path));
        // Files of any name that these include.
        let of_any_name: BTreeSet<String> = requirements
            .iter()
            .flat_map(|path| included(sources, path))
            .filter(|path| sources.survey.has(path) && !requirements.contains(path))
            .collect();
        let mut wanted = Vec::new();
        for path in requirements.iter().chain(&of_any_name) {
            wanted.extend(requirement_lines(path, &sources.text(path)));
        }
        let all: Vec<&String> = requirements.iter().chain(&of_any_name).collect();
        wanted.extend(constraints(sources, &wanted, &all));
        let mut metadata = BTreeMap::new();
        for path in files
            .iter()
            .filter(|path| path.matches('/').count() <= 1 || parent(path) == own)
        {
            let found = match name(path) {
                "pyproject.toml" => pyproject(path, &sources.text(path)),
                "Pipfile" => pipfile(path, &sources.text(path)),
                "setup.py" => setup_py(sources, path),
                "setup.cfg" => setup_cfg(path, &sources.text(path)),
                "environment.yml" | "environment.yaml" | "conda.yml" => {
                    conda(path, &sources.text(path))
                }
                lock if LOCKS.contains(&lock) => locked(path, &sources.text(path)),
                _ => continue,
            };
            metadata.insert((*path).clone(), found.clone());
            wanted.extend(found);
        }
        let is_distribution = is_distribution(sources);
        let (form, mut main) = form(sources, own, &requirements, &metadata);
        doubt_without_django(sources, &mut main, &wanted);
        let others: Vec<String> = requirements
            .iter()
            .chain(&of_any_name)
            .chain(&bounds)
            .chain(
                metadata
                    .iter()
                    .filter(|(path, found)| !found.is_empty() || LOCKS.contains(&name(path)))
                    .map(|(path, _)| path),
            )
            .filter(|path| Some(path.as_str()) != main.text())
            .cloned()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let others = Finding::new(
            others
                .iter()
                .map(|path| Value::from(path.as_str()))
                .collect::<Vec<_>>(),
            Confidence::High,
            Vec::new(),
        );
        Self {
            form,
            main,
            others,
            wanted,
            is_distribution,
        }
    }

    /// The lines that ask for one of `packages`, those of the running project first.
    #[must_use]
    pub(super) fn of(&self, packages: &[&str]) -> Vec<&Requirement> {
        let mut found: Vec<&Requirement> = self
            .wanted
            .iter()
            .filter(|wanted| packages.contains(&wanted.package.as_str()))
            .collect();
        found.sort_by_key(|wanted| {
            (
                wanted.is_dev,
                Some(wanted.file.as_str()) != self.main.text(),
            )
        });
        found
    }
}

fn is_distribution(sources: &Sources) -> bool {
    let has = |path: &str| sources.survey.has(path);
    let pyproject = sources.text("pyproject.toml");
    has("setup.py") && sources.text("setup.py").contains("setup(")
        || has("setup.cfg") && sources.text("setup.cfg").contains("[metadata]")
        || pyproject
            .lines()
            .any(|line| line.trim() == "[build-system]")
            && pyproject.lines().any(|line| {
                matches!(
                    line.trim(),
                    "[project]" | "[tool.poetry]" | "[tool.flit.metadata]"
                )
            })
}
