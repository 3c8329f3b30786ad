//! What developers and tests of a project need beside the packages that it runs with.

use std::collections::BTreeSet;

use super::examples::is_example;
use super::finding::{Confidence, Finding, at};
use super::findings::Findings;
use super::formats::requirements::{self, PipLine};
use super::including::{included, is_constraints};
use super::manifests::{is_dev, requirement_lines};
use super::pip::version::allows;
use super::requirement::Requirement;
use super::sources::{Sources, name, parent};

/// What those who work on a project call a file or a group of packages for them; others, such as `docs`, are for single tasks.
pub(super) const DEVELOPERS: [&str; 9] = [
    "dev",
    "devel",
    "develop",
    "development",
    "local",
    "test",
    "tests",
    "testing",
    "pytest",
];

impl Findings {
    /// The requirements files that developers install after `main`, none of which another one includes.
    #[must_use]
    pub fn developer_requirements(&self, sources: &Sources, main: &str) -> Vec<String> {
        if is_dev(main) {
            return Vec::new();
        }
        let of_main = included(sources, main);
        let mut folders: BTreeSet<String> = of_main.iter().map(|path| parent(path)).collect();
        folders.insert(parent(main));
        folders.insert(String::new());
        let listed = self.requirements.others.list().iter();
        let others = listed
            .map(String::as_str)
            .chain(self.requirements.main.text());
        let mut found: Vec<&str> = others
            .filter(|path| path.ends_with(".txt") || path.ends_with(".pip"))
            .filter(|path| !is_example(path) && fits_a_list(path))
            .filter(|path| !is_constraints(path))
            .filter(|path| is_for_developers(path, main) && !of_main.contains(*path))
            .filter(|path| folders.contains(&parent(path)))
            .filter(|path| self.other_django(sources, path).is_none())
            .collect();
        found.sort_unstable();
        found.dedup();
        let all = found.clone();
        found.retain(|path| {
            all.iter()
                .all(|other| other == path || !included(sources, other).contains(*path))
        });
        found.into_iter().map(str::to_owned).collect()
    }

    /// The files for developers that go.sh leaves out, since they ask for another Django than the site runs with: the place
    /// and version of each.
    #[must_use]
    pub fn left_to_developers(&self, sources: &Sources, main: &str) -> Vec<(String, String)> {
        let listed = self.requirements.others.list().iter();
        let is_of_developers = |path: &&String| {
            path.as_str() != main && is_for_developers(path, main) && !is_example(path)
        };
        listed
            .filter(is_of_developers)
            .filter_map(|path| self.other_django(sources, path))
            .collect()
    }

    /// Where a requirements file, with what it includes, pins a Django that the site does not run with.
    fn other_django(&self, sources: &Sources, path: &str) -> Option<(String, String)> {
        let site = self.django.spec.text()?;
        let version = |spec: &str| {
            let is_exact = spec.starts_with("==") && !spec.contains(['*', ',']);
            is_exact.then(|| spec.trim_start_matches('=').to_owned())
        };
        let files = included(sources, path);
        let main = self.requirements.main.text().unwrap_or_default();
        let of_main = included(sources, main);
        let mut lines = files
            .iter()
            .filter(|file| !of_main.contains(*file))
            .flat_map(|file| requirement_lines(file, &sources.text(file)))
            .filter(|wanted| wanted.package == "django");
        lines.find_map(|wanted| {
            let pinned = version(&wanted.spec)?;
            let fits = match version(site) {
                Some(site) => site == pinned,
                None => allows(site, &pinned),
            };
            (!fits).then(|| (at(&wanted.file, wanted.line), wanted.spec.clone()))
        })
    }

    /// Whether the requirements `file`, with those that it includes, asks for all packages that `other` asks for.
    #[must_use]
    pub fn asks_for_all(&self, sources: &Sources, file: &str, other: &str) -> bool {
        let asked = &self.details.asked_by;
        let files = included(sources, file);
        let has = |package: &String| {
            files
                .iter()
                .filter_map(|file| asked.get(file))
                .any(|packages| packages.contains(package))
        };
        asked
            .get(other)
            .is_some_and(|packages| packages.iter().all(has))
    }
}

/// Makes `main` uncertain where it and what it includes do not ask for Django, and another file does.
pub(super) fn doubt_without_django(
    sources: &Sources,
    main: &mut Finding<String>,
    wanted: &[Requirement],
) {
    if let Some(other) = other_with_django(sources, main, wanted) {
        main.confidence = Confidence::Low;
        main.evidence.push(other);
    }
}

fn other_with_django(
    sources: &Sources,
    main: &Finding<String>,
    wanted: &[Requirement],
) -> Option<String> {
    let files = included(sources, main.text()?);
    let brings_it = |wanted: &&Requirement| {
        wanted.package.starts_with("django") || wanted.package.starts_with("wagtail")
    };
    // `-e .`: what its own metadata ask for.
    let is_own = |line: PipLine| {
        matches!(
            line,
            PipLine::Package(".") | PipLine::Option("-e ." | "--editable .")
        )
    };
    if files
        .iter()
        .any(|file| requirements::lines(&sources.text(file)).any(|line| is_own(line.value)))
    {
        return None;
    }
    let all = || {
        wanted
            .iter()
            .filter(|wanted| !wanted.is_dev && !wanted.is_locked)
    };
    if all().any(|wanted| files.contains(&wanted.file) && brings_it(&wanted)) {
        return None;
    }
    all()
        .find(|wanted| wanted.package == "django")
        .map(|wanted| wanted.file.clone())
}

/// Whether a path can stand in a list with spaces between its items.
fn fits_a_list(path: &str) -> bool {
    let fits = |letter: char| letter.is_alphanumeric() || "_@+./-".contains(letter);
    path.chars().all(fits)
}

fn words(path: &str) -> Vec<String> {
    let lower = name(path).to_ascii_lowercase();
    let stem = lower
        .rsplit_once('.')
        .map_or(lower.as_str(), |(stem, _)| stem);
    stem.split(|letter: char| !letter.is_alphanumeric())
        .map(str::to_owned)
        .collect()
}

/// Whether a file's name says so, or `main`'s that it is for servers alone.
fn is_for_developers(path: &str, main: &str) -> bool {
    const SERVERS: [&str; 6] = ["prod", "production", "deploy", "live", "heroku", "server"];
    let has = |path: &str, known: &[&str]| {
        words(path)
            .iter()
            .any(|word| known.contains(&word.as_str()))
    };
    has(path, &DEVELOPERS)
        || words(path) == ["requirements"] && parent(path) == parent(main) && has(main, &SERVERS)
}
