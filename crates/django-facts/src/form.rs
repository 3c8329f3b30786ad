//! How requirements are kept, and which file the running project is installed from.

use std::collections::BTreeMap;

use super::docker::{builds_image, is_dockerfile};
use super::finding::{Confidence, Finding};
use super::formats::dockerfile::instructions;
use super::formats::pyproject::Pyproject;
use super::formats::requirements::{self as requirements_file, PipLine};
use super::forms::RequirementsForm;
use super::including::only_includes;
use super::installs::Installs;
use super::manifests::{is_dev, requirement_lines};
use super::requirement::Requirement;
use super::sources::{Sources, join, name, parent};

/// How requirements are kept, and the file that the running project is installed from.
pub(super) fn form(
    sources: &Sources,
    own: &str,
    requirements: &[String],
    metadata: &BTreeMap<String, Vec<Requirement>>,
    installs: &Installs,
) -> (Finding<RequirementsForm>, Finding<String>) {
    let places = if own.is_empty() {
        vec![""]
    } else {
        vec![own, ""]
    };
    let has_django = |found: &[Requirement]| {
        found
            .iter()
            .any(|wanted| wanted.package == "django" || wanted.package == "wagtail")
    };
    let lists_have_django = requirements
        .iter()
        .any(|path| has_django(&requirement_lines(path, &sources.text(path))));
    let mut managers: Vec<(RequirementsForm, String)> = Vec::new();
    for place in &places {
        let at = |file: &str| join(place, file);
        let found = |file: &str| metadata.get(&at(file)).filter(|found| !found.is_empty());
        let pyproject = at("pyproject.toml");
        if let Some(found) = found("pyproject.toml") {
            let form = form_of_pyproject(sources, &pyproject);
            if has_django(found) || form != RequirementsForm::Pep621 || requirements.is_empty() {
                managers.push((form, pyproject.clone()));
            }
        }
        // A Pipfile may hold nothing but tools.
        if found("Pipfile").is_some_and(|found| has_django(found) || requirements.is_empty()) {
            managers.push((RequirementsForm::Pipenv, at("Pipfile")));
        }
        // Conda's own, where the lists are of something else.
        for file in CONDA {
            if found(file).is_some_and(|found| has_django(found)) && !lists_have_django {
                managers.push((RequirementsForm::Conda, at(file)));
            }
        }
    }
    let is_packaged = metadata.values().any(|found| has_django(found));
    // What the image or the build server installs with comes first.
    managers.sort_by_key(|(form, _)| !installs.tools.contains(form));
    let main = main_requirements(sources, own, requirements, installs)
        .filter(|path| !is_packaged || !is_dev(path) || is_deployed(sources, path));
    let deployed = main.as_ref().filter(|path| is_deployed(sources, path));
    if let Some((form, path)) = managers.first()
        && deployed.is_none()
    {
        let is_told = installs.tools.contains(form);
        let rival = !is_told && (managers.len() > 1 || main.is_some());
        let confidence = if rival {
            Confidence::Medium
        } else {
            Confidence::High
        };
        return (
            Finding::new(*form, confidence, vec![path.clone()]),
            Finding::new(path.as_str(), confidence, vec![path.clone()]),
        );
    }
    if let Some(path) = main {
        let form = form_of_list(sources, &path, own);
        let confidence = if managers.is_empty() {
            Confidence::High
        } else {
            Confidence::Medium
        };
        return (
            Finding::new(form, confidence, vec![path.clone()]),
            chosen(sources, &path, requirements, confidence),
        );
    }
    for (file, form) in [
        ("setup.py", RequirementsForm::SetupPy),
        ("setup.cfg", RequirementsForm::SetupPy),
        (CONDA[0], RequirementsForm::Conda),
        (CONDA[1], RequirementsForm::Conda),
        (CONDA[2], RequirementsForm::Conda),
    ] {
        for place in &places {
            let path = join(place, file);
            if metadata.get(&path).is_some_and(|found| !found.is_empty()) {
                return (
                    Finding::new(form, Confidence::Medium, vec![path.clone()]),
                    Finding::new(path.as_str(), Confidence::Medium, vec![path.clone()]),
                );
            }
        }
    }
    (
        Finding::new(RequirementsForm::None, Confidence::Medium, Vec::new()),
        Finding::absent().with(Confidence::Medium),
    )
}

/// The names of conda's files.
const CONDA: [&str; 3] = ["environment.yml", "environment.yaml", "conda.yml"];

/// How packages are kept in a file that is no list for pip; `None` for such a list.
pub(super) fn form_of_metadata(sources: &Sources, path: &str) -> Option<RequirementsForm> {
    Some(match name(path) {
        "pyproject.toml" => form_of_pyproject(sources, path),
        "Pipfile" => RequirementsForm::Pipenv,
        "setup.py" | "setup.cfg" => RequirementsForm::SetupPy,
        file if CONDA.contains(&file) => RequirementsForm::Conda,
        _ => return None,
    })
}

/// Since its second release, Poetry reads what everybody else does, and keeps its lock.
fn form_of_pyproject(sources: &Sources, path: &str) -> RequirementsForm {
    let beside = |file: &str| sources.survey.has(&join(&parent(path), file));
    let toml = sources.toml(path);
    let is_poetrys = toml.is_ok_and(|toml| Pyproject::new(&toml).has_poetry_dependencies())
        || beside("poetry.lock");
    if is_poetrys {
        RequirementsForm::Poetry
    } else if beside("uv.lock") {
        RequirementsForm::Uv
    } else if beside("pdm.lock") {
        RequirementsForm::Pdm
    } else {
        RequirementsForm::Pep621
    }
}

/// How the lists for pip are kept of which `path` is one.
pub(super) fn form_of_list(sources: &Sources, path: &str, own: &str) -> RequirementsForm {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    if path.ends_with(".in") || sources.survey.has(&format!("{stem}.in")) {
        RequirementsForm::PipTools
    } else if !parent(path).is_empty() && parent(path) != own || only_includes(&sources.text(path))
    {
        RequirementsForm::RequirementsFolder
    } else {
        RequirementsForm::RequirementsTxt
    }
}

/// The file `path` of all, with those that have as good a claim.
fn chosen(
    sources: &Sources,
    path: &String,
    requirements: &[String],
    confidence: Confidence,
) -> Finding<String> {
    let mut rivals = deployed_beside(sources, path, requirements);
    // What is installed for tests and tools is more than the running project needs.
    let is_more = is_dev(path);
    if is_more {
        rivals.extend(requirements.iter().find(|other| !is_dev(other)));
    }
    let confidence = if rivals.is_empty() && !is_more {
        confidence
    } else {
        Confidence::Low
    };
    let places = std::iter::once(path).chain(rivals).cloned().collect();
    Finding::new(path.as_str(), confidence, places)
}

/// The requirements file of the running project.
fn main_requirements(
    sources: &Sources,
    own: &str,
    requirements: &[String],
    installs: &Installs,
) -> Option<String> {
    let rank = |path: &&String| {
        let file = name(path).to_ascii_lowercase();
        let stem = file.split('.').next().unwrap_or(&file).to_owned();
        let is_named = |words: &[&str]| {
            words.iter().any(|word| {
                stem == *word
                    || stem.ends_with(&format!("-{word}"))
                    || stem.ends_with(&format!("_{word}"))
                    || stem.starts_with(&format!("{word}-"))
                    || stem.starts_with(&format!("{word}_"))
            })
        };
        let folder = parent(path);
        let is_top = folder == own || folder.is_empty();
        // A file that lies deeper may be for a part of its own.
        let kind = if stem == "requirements" {
            if is_top { 1 } else { 4 }
        } else if is_named(&["prod", "production", "deploy", "live", "heroku", "server"]) {
            2
        } else if is_named(&[
            "base", "common", "default", "main", "core", "project", "compiled", "app", "runtime",
        ]) {
            3
        } else if is_dev(path) {
            9
        } else {
            5
        };
        let place = usize::from(folder != own) + usize::from(folder != own && !folder.is_empty());
        let plain = usize::from(!(is_top && stem == "requirements"));
        let deployed = usize::from(!is_deployed(sources, path));
        (
            deployed,
            !installs.lists.contains(path.as_str()),
            plain,
            kind,
            place,
            usize::from(file.ends_with(".in")),
            (*path).clone(),
        )
    };
    let runs = |path: &&String| !is_dev(path) || is_deployed(sources, path);
    // A file in which nothing stands is no choice where another one asks for something.
    let asks = |path: &&String| {
        let text = sources.text(path);
        requirements_file::lines(&text).next().is_some()
    };
    requirements
        .iter()
        .filter(asks)
        .filter(runs)
        .min_by_key(rank)
        .or_else(|| requirements.iter().filter(asks).min_by_key(rank))
        .or_else(|| requirements.iter().min_by_key(rank))
        .cloned()
}

/// Other files of the running project that are installed beside `path`, and that neither name it nor are named by it.
fn deployed_beside<'a>(
    sources: &Sources,
    path: &str,
    requirements: &'a [String],
) -> Vec<&'a String> {
    let names = |one: &str, other: &str| {
        let text = sources.text(one);
        requirements_file::lines(&text)
            .filter_map(|line| match line.value {
                PipLine::Include(file) | PipLine::Constraint(file) => Some(file),
                PipLine::Option(text) => Some(text),
                PipLine::Package(_) => None,
            })
            .any(|text| text.split([' ', '/', '=']).any(|word| word == name(other)))
    };
    let is_rival = |other: &&String| {
        *other != path
            && !is_dev(other)
            && is_deployed(sources, other)
            && !names(path, other)
            && !names(other, path)
    };
    if is_deployed(sources, path) {
        requirements.iter().filter(is_rival).collect()
    } else {
        Vec::new()
    }
}

/// Whether a file that builds the running project names it.
pub(super) fn is_deployed(sources: &Sources, path: &str) -> bool {
    let is_build = |file: &&String| {
        let name = name(file);
        file.matches('/').count() <= 1
            && (name == "Procfile" || name == "app.yaml" || builds_image(sources, file))
    };
    let folder = name(&parent(path)).to_owned();
    let tail = if folder.is_empty() {
        name(path).to_owned()
    } else {
        format!("{folder}/{}", name(path))
    };
    let installs = |line: &str| {
        line.contains("pip")
            && line
                .split([' ', '=', '"', '\'', ','])
                .any(|word| word == tail || word.ends_with(&format!("/{tail}")))
    };
    let builders = sources.chosen("builders", |files| {
        files.iter().filter(is_build).cloned().collect()
    });
    builders.iter().any(|file| {
        let text = sources.text(file);
        if is_dockerfile(file) {
            let mut all = instructions(&text).into_iter();
            return all.any(|one| installs(&one.value.arguments));
        }
        let mut lines = text.lines().map(str::trim_start);
        lines.any(|line| !line.starts_with('#') && installs(line))
    })
}
