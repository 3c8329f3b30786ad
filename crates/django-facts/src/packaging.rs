//! Which packages the project asks for: requirements files, lock files, packaging metadata.

use std::collections::{BTreeMap, BTreeSet};

use super::developers::doubt_without_django;
use super::examples::is_example;
use super::finding::{Confidence, Fact, Finding, at};
use super::form::{form, form_of_list, form_of_metadata, is_deployed};
use super::formats::ini::Ini;
use super::formats::pyproject::Pyproject;
use super::formats::setup_py::SetupPy;
use super::formats::toml::Broken;
use super::forms::RequirementsForm;
use super::including::{constraints, included, is_constraints, is_requirements, read_with};
use super::installs::Installs;
use super::locks::locked;
use super::manifests::{conda, pipfile, pyproject, requirement_lines, setup_cfg, setup_py};
use super::requirement::Requirement;
use super::sources::{ReadToml, Sources, join, name, parent};

/// All that the project asks for, and the files that say so.
#[derive(Clone, Debug)]
pub(super) struct Packaging {
    pub(super) form: Finding<RequirementsForm>,
    pub(super) main: Finding<String>,
    pub(super) others: Finding<Vec<String>>,
    /// The files that other tools than pip install from, each with its kind.
    pub(super) managers: Vec<(RequirementsForm, String)>,
    pub(super) wanted: Vec<Requirement>,
    /// What is read where a person says what the project is installed from.
    given: BTreeSet<String>,
    /// The files that are no TOML or JSON though they should be.
    unreadable: Vec<Unreadable>,
    /// Whether the root is a package that others install.
    pub(super) is_distribution: bool,
}

/// A file that is not what its name says.
#[derive(Clone, Debug)]
struct Unreadable {
    path: String,
    line: usize,
}

impl Unreadable {
    fn place(&self) -> String {
        at(&self.path, self.line)
    }
}

const LOCKS: [&str; 5] = [
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile.lock",
    "conda-lock.yml",
];

impl Packaging {
    /// Finds all that the project asks for; `own` is the folder of manage.py, `given` what a person says it is installed from.
    #[must_use]
    pub(super) fn find(sources: &Sources, own: &str, given: Option<&str>) -> Self {
        let given = given
            .filter(|path| sources.survey.has(path))
            .map(str::to_owned);
        let installs = Installs::find(sources);
        let near = |path: &&String| {
            let folder = parent(path);
            !is_example(path)
                && (path.matches('/').count() <= 2 || folder == own || parent(&folder) == own)
        };
        let mut files: Vec<&String> = sources.survey.files().iter().filter(near).collect();
        files.extend(
            given
                .iter()
                .filter(|path| !sources.survey.files().contains(path)),
        );
        let (bounds, mut requirements): (Vec<String>, Vec<String>) = files
            .iter()
            .filter(|path| is_requirements(path))
            .map(|path| (*path).clone())
            .partition(|path| is_constraints(path));
        // A file of any name is one where somebody installs it, or says so.
        for path in installs.lists.iter().chain(&given) {
            let is_list = form_of_metadata(sources, path).is_none() && !is_constraints(path);
            if is_list && !requirements.contains(path) && !LOCKS.contains(&name(path)) {
                requirements.push(path.clone());
            }
        }
        // Files of any name count where these include them.
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
        let mut unreadable = Vec::new();
        for path in files.iter().filter(|path| {
            path.matches('/').count() <= 1 || parent(path) == own || Some(**path) == given.as_ref()
        }) {
            let found = match metadata_of(sources, path) {
                Some(Ok(found)) => found,
                Some(Err(Broken { line })) => {
                    unreadable.push(Unreadable {
                        path: (*path).clone(),
                        line,
                    });
                    Vec::new()
                }
                None => continue,
            };
            metadata.insert((*path).clone(), found.clone());
            wanted.extend(found);
        }
        let is_distribution = is_distribution(sources);
        let (form, main) = if let Some(path) = &given {
            as_given(sources, own, path)
        } else {
            let (form, mut main) = form(sources, own, &requirements, &metadata, &installs);
            doubt_without_django(sources, &mut main, &wanted);
            (form, main)
        };
        let managers = managers(sources, &metadata);
        let is_built =
            given.is_some() || main.text().is_some_and(|path| is_deployed(sources, path));
        let doubtful = manifests_of(&unreadable, own);
        let (form, main) = (
            doubted(form, is_built, &doubtful),
            doubted(main, is_built, &doubtful),
        );
        let lists = requirements.iter().chain(&of_any_name).chain(&bounds);
        let others = others(lists, &metadata, &main);
        let others = Finding::new(others, Confidence::High, Vec::new());
        Self {
            form,
            main,
            others,
            managers,
            wanted,
            given: given
                .map(|path| installed_with(sources, &path))
                .unwrap_or_default(),
            unreadable,
            is_distribution,
        }
    }

    /// Whether a file is among those that a person says the project is installed from.
    pub(super) fn is_given(&self, path: &str) -> bool {
        self.given.contains(path)
    }

    /// The places of the manifests in the root, or in `own`, that could not be read: what they say may overrule the rest.
    pub(super) fn unreadable_manifests(&self, own: &str) -> Vec<String> {
        manifests_of(&self.unreadable, own)
    }

    /// The places of the locks that could not be read.
    pub(super) fn unreadable_locks(&self) -> Vec<String> {
        let is_lock = |file: &&Unreadable| LOCKS.contains(&name(&file.path));
        self.unreadable
            .iter()
            .filter(is_lock)
            .map(Unreadable::place)
            .collect()
    }

    /// The files that could not be read.
    pub(super) fn unreadable(&self) -> Finding<Vec<String>> {
        let paths = self.unreadable.iter().map(|file| file.path.clone());
        let places = self.unreadable.iter().map(Unreadable::place).collect();
        Finding::new(paths.collect::<Vec<_>>(), Confidence::High, places)
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

/// The file that a person says the project is installed from.
fn as_given(
    sources: &Sources,
    own: &str,
    path: &str,
) -> (Finding<RequirementsForm>, Finding<String>) {
    let form = form_of_metadata(sources, path).unwrap_or_else(|| form_of_list(sources, path, own));
    (
        Finding::sure(form, path.to_owned()),
        Finding::sure(path, path.to_owned()),
    )
}

/// All files that ask for packages, or bound or lock them, but `main`.
fn others<'a>(
    lists: impl Iterator<Item = &'a String>,
    metadata: &'a BTreeMap<String, Vec<Requirement>>,
    main: &Finding<String>,
) -> Vec<String> {
    let asking = metadata
        .iter()
        .filter(|(path, found)| !found.is_empty() || LOCKS.contains(&name(path)));
    let all = lists.chain(asking.map(|(path, _)| path));
    let others = all.filter(|path| Some(path.as_str()) != main.text());
    let sorted: BTreeSet<String> = others.cloned().collect();
    sorted.into_iter().collect()
}

/// The files that are read where a project is installed from `path`: what a list includes, and the lock of a tool.
fn installed_with(sources: &Sources, path: &str) -> BTreeSet<String> {
    let mut files = read_with(sources, path);
    if form_of_metadata(sources, path).is_some() {
        files.extend(LOCKS.map(|lock| join(&parent(path), lock)));
    }
    files
}

fn managers(
    sources: &Sources,
    metadata: &BTreeMap<String, Vec<Requirement>>,
) -> Vec<(RequirementsForm, String)> {
    let asking = metadata.iter().filter(|(_, found)| !found.is_empty());
    let found =
        asking.filter_map(|(path, _)| Some((form_of_metadata(sources, path)?, path.clone())));
    found.collect()
}

fn is_distribution(sources: &Sources) -> bool {
    let has_metadata = || Ini::parse(&sources.text("setup.cfg")).has_section("metadata");
    let is_packaged =
        |toml: ReadToml| toml.is_ok_and(|toml| Pyproject::new(&toml).is_distribution());
    SetupPy::new(&sources.python("setup.py")).calls_setup()
        || has_metadata()
        || is_packaged(sources.toml("pyproject.toml"))
}

/// What a file of metadata asks for; `None`: it is no such file.
fn metadata_of(sources: &Sources, path: &str) -> Option<Result<Vec<Requirement>, Broken>> {
    Some(match name(path) {
        "pyproject.toml" => sources
            .toml(path)
            .map(|toml| pyproject(path, Pyproject::new(&toml))),
        "Pipfile" => sources.toml(path).map(|toml| pipfile(path, &toml)),
        "setup.py" => Ok(setup_py(path, SetupPy::new(&sources.python(path)))),
        "setup.cfg" => Ok(setup_cfg(path, &sources.text(path))),
        "environment.yml" | "environment.yaml" | "conda.yml" => {
            Ok(conda(path, &sources.text(path)))
        }
        // This is a format of its own, of which nothing is read.
        "conda-lock.yml" => Ok(Vec::new()),
        lock if LOCKS.contains(&lock) => sources.lock(path).map(|found| locked(path, &found)),
        _ => return None,
    })
}

/// The places of those files that say which packages the project in `own`, or all of it, is installed with.
fn manifests_of(unreadable: &[Unreadable], own: &str) -> Vec<String> {
    let is_manifest = |file: &&Unreadable| {
        let folder = parent(&file.path);
        !LOCKS.contains(&name(&file.path)) && (folder.is_empty() || folder == own)
    };
    let all = unreadable.iter().filter(is_manifest);
    all.map(Unreadable::place).collect()
}

/// What a manifest that cannot be read may overrule is uncertain, but not what an image is built from.
fn doubted<T: Fact>(finding: Finding<T>, is_built: bool, places: &[String]) -> Finding<T> {
    if is_built || places.is_empty() {
        finding
    } else {
        finding.doubted(Confidence::Low, places)
    }
}
