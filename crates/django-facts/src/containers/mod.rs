//! What a project's own Docker files are, and what of them will not do for a site on several nodes.

mod composes;
mod dockerfiles;
mod own_services;
mod scripts;

use serde::Serialize;

use super::docker::{is_compose, is_dockerfile};
use super::engine::{Database, Engine};
use super::examples::is_example;
use super::finding::{Finding, at, without_passwords};
use super::manifests::is_dev;
use super::sources::{Sources, parent};
use scripts::Copied;

pub use own_services::OwnService;

/// The Docker files of a project, as far as somebody runs its site with them.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Containers {
    /// The scripts that its containers start with.
    pub entrypoints: Vec<String>,
    pub weaknesses: Vec<Weakness>,
    /// The services of its compose files that are none of the site's own, and none that the template has.
    pub services: Vec<OwnService>,
}

/// Something that will not do for a site on several nodes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Weakness {
    /// `path:line`.
    pub place: String,
    pub kind: WeaknessKind,
    /// What it is about: a variable, an image, a volume. Never a value.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WeaknessKind {
    /// Nothing tells a site that hangs from one that works.
    NoHealthCheck,
    Root,
    DevelopmentServer,
    /// The value of a variable is written into the image or the compose file.
    Secret,
    /// A dotenv file is copied into the image.
    DotenvFile,
    /// An image without a version, or with `latest`.
    NoVersion,
    NoStaticFiles,
    /// A volume of one machine.
    LocalVolume,
    /// The sources of the machine stand in the place of the image's.
    MountedSources,
    /// The database is a file.
    FileDatabase,
}

/// What the judgement of one file adds to.
#[derive(Default)]
struct Judged(Vec<Weakness>);

impl Judged {
    fn add(&mut self, kind: WeaknessKind, path: &str, line: usize, name: &str) {
        self.0.push(Weakness {
            place: at(path, line),
            kind,
            name: name.to_owned(),
        });
    }
}

/// Judges the files that `existing` names; `static_files` is what serves them.
pub(super) fn find(
    sources: &Sources,
    existing: &Finding<Vec<String>>,
    static_files: &Finding<String>,
    database: &Finding<Database>,
) -> Containers {
    let files: Vec<&str> = existing
        .list()
        .iter()
        .map(String::as_str)
        .filter(|path| !is_example(path) && !path.starts_with(".devcontainer"))
        .collect();
    let images = of_servers(&files, &|path| {
        is_dockerfile(path) && dockerfiles::is_of_site(sources, path)
    });
    let composes = of_servers(&files, &is_compose);
    let mut judged = Judged::default();
    let mut entrypoints: Vec<String> = Vec::new();
    let mut copied = Copied::new();
    let mut collects = false;
    for path in files.iter().copied().filter(|path| is_dockerfile(path)) {
        dockerfiles::judge_any(sources, path, &mut judged);
        if !images.contains(&path) {
            continue;
        }
        let own = scripts::copied(sources, path);
        let scripts = scripts::of_image(sources, path, &own);
        dockerfiles::judge_site(sources, path, &scripts, &mut judged);
        collects |= dockerfiles::collects(sources, path);
        entrypoints.extend(scripts);
        copied.extend(own);
    }
    for path in files.iter().copied().filter(|path| is_compose(path)) {
        composes::judge_any(sources, path, &mut judged);
        if composes.contains(&path) {
            let (scripts, is_collecting) =
                composes::judge_site(sources, path, &copied, &mut judged);
            collects |= is_collecting;
            entrypoints.extend(scripts);
        }
    }
    entrypoints.sort();
    entrypoints.dedup();
    for script in &entrypoints {
        dockerfiles::judge_start(sources, script, &mut judged);
        collects |= dockerfiles::collects(sources, script);
    }
    if let Some(path) = images
        .first()
        .filter(|_| static_files.value.is_some() && !collects)
    {
        let line = dockerfiles::last_stage(sources, path);
        judged.add(WeaknessKind::NoStaticFiles, path, line, "");
    }
    if let Some(place) = database.evidence.first()
        && database.value == Some(Database::Engine(Engine::Sqlite))
        && !files.is_empty()
    {
        judged.0.push(Weakness {
            place: place.clone(),
            kind: WeaknessKind::FileDatabase,
            name: String::new(),
        });
    }
    let mut weaknesses = judged.0;
    weaknesses.sort();
    weaknesses.dedup();
    let composes: Vec<&str> = files
        .iter()
        .copied()
        .filter(|path| is_compose(path))
        .collect();
    Containers {
        entrypoints,
        weaknesses,
        services: own_services::find(sources, &composes),
    }
}

/// The files that servers use: those that say so by their names, else those that are not for developers, else all.
fn of_servers<'f>(files: &[&'f str], is_kind: &dyn Fn(&str) -> bool) -> Vec<&'f str> {
    let mut all: Vec<&str> = files.iter().copied().filter(|path| is_kind(path)).collect();
    for is_wanted in [is_of_servers, |path: &str| !is_of_developers(path)] {
        if all.iter().any(|path| is_wanted(path)) {
            all.retain(|path| is_wanted(path));
            break;
        }
    }
    all
}

fn is_of_servers(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    path.split(|letter: char| !letter.is_alphanumeric())
        .any(|part| matches!(part, "prod" | "production" | "live" | "deploy" | "staging"))
}

fn is_of_developers(path: &str) -> bool {
    path.split('/').any(is_dev) || path.contains("override") || is_dev(&parent(path))
}

/// Whether `NAME=value` writes a secret down: by its name, or by a password in an address.
fn is_secret(name: &str, value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    let is_told_elsewhere = value.is_empty()
        || value.starts_with('$')
        || value.eq_ignore_ascii_case("true")
        || value.eq_ignore_ascii_case("false")
        || name.ends_with("_FILE");
    if is_told_elsewhere {
        return false;
    }
    if value.contains("://") {
        let shown = without_passwords(value);
        let login = value
            .split("://")
            .nth(1)
            .and_then(|rest| rest.rsplit_once('@'));
        return shown != value
            && login.is_some_and(|(login, _)| {
                let password = login
                    .split_once(':')
                    .map_or(login, |(_, password)| password);
                !password.starts_with('$')
            });
    }
    super::addresses::is_secret_name(name)
}
