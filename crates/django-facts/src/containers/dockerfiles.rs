//! Dockerfiles, judged instruction by instruction.

use super::super::formats::dockerfile::{Instruction, instructions};
use super::super::formats::placed::Placed;
use super::super::sources::{Sources, name};
use super::WeaknessKind as Kind;
use super::scripts::{line_with, words};
use super::{Judged, is_secret};

const STATIC: &str = "collectstatic";
const DEVELOPMENT: &str = "runserver";

/// One stage: what it is built from, and what it says of its user and health.
#[derive(Clone, Debug, Default)]
struct Stage {
    name: String,
    user: Option<(usize, String)>,
    has_health_check: bool,
}

/// Whether a Dockerfile builds the image of a Python site, and not that of something beside it.
pub(super) fn is_of_site(sources: &Sources, path: &str) -> bool {
    let text = sources.text(path).to_ascii_lowercase();
    ["python", "manage.py", "gunicorn", "django"]
        .iter()
        .any(|word| text.contains(word))
}

/// The line at which the image begins that is built at last.
pub(super) fn last_stage(sources: &Sources, path: &str) -> usize {
    let text = sources.text(path);
    let found = instructions(&text).into_iter().rev();
    let mut stages = found.filter(|one| one.value.keyword == "FROM");
    stages.next().map_or(1, |from| from.line)
}

/// What no image should have, whatever it is for: secrets, and bases without a version.
pub(super) fn judge_any(sources: &Sources, path: &str, judged: &mut Judged) {
    let text = sources.text(path);
    let mut stages: Vec<String> = Vec::new();
    let mut arguments: Vec<(String, String)> = Vec::new();
    for Placed { line, value } in instructions(&text) {
        match value.keyword.as_str() {
            "FROM" => {
                let (image, stage) = from(&value, &arguments);
                let is_stage = stages
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(&image));
                if !is_stage && lacks_version(&image) {
                    judged.add(Kind::NoVersion, path, line, &image);
                }
                stages.extend(stage);
            }
            "ARG" | "ENV" => {
                for (name, value) in assigned(&value) {
                    if is_secret(&name, &value) {
                        judged.add(Kind::Secret, path, line, &name);
                    }
                    arguments.push((name, value));
                }
            }
            "COPY" | "ADD" => {
                let dotenv = words(&value.arguments).find(|word| is_dotenv(name(word)));
                if let Some(word) = dotenv.filter(|_| !value.arguments.contains("--from")) {
                    judged.add(Kind::DotenvFile, path, line, word.trim_start_matches("./"));
                }
            }
            _ => {}
        }
    }
}

/// What the image of a site should have, where `scripts` are what it starts with.
pub(super) fn judge_site(sources: &Sources, path: &str, scripts: &[String], judged: &mut Judged) {
    let text = sources.text(path);
    let stage = built(&text);
    let last = last_stage(sources, path);
    if !stage.has_health_check {
        judged.add(Kind::NoHealthCheck, path, last, "");
    }
    let gives_up_root = scripts.iter().any(|script| {
        let text = sources.text(script);
        ["gosu", "su-exec", "setpriv", "runuser"]
            .iter()
            .any(|word| text.contains(word))
    });
    let is_root = |user: &str| matches!(user.split(':').next(), Some("root" | "0"));
    match stage.user {
        _ if gives_up_root => {}
        None => judged.add(Kind::Root, path, last, ""),
        Some((line, user)) if is_root(&user) => judged.add(Kind::Root, path, line, ""),
        Some(_) => {}
    }
    judge_start(sources, path, judged);
}

/// That a file starts the server of developers.
pub(super) fn judge_start(sources: &Sources, path: &str, judged: &mut Judged) {
    if let Some(line) = line_with(&sources.text(path), DEVELOPMENT) {
        judged.add(Kind::DevelopmentServer, path, line, "");
    }
}

/// Whether a file collects the static files.
pub(super) fn collects(sources: &Sources, path: &str) -> bool {
    sources.text(path).contains(STATIC)
}

/// The stage that is built at last, with what it has from those it is built on.
fn built(text: &str) -> Stage {
    let mut stages: Vec<Stage> = Vec::new();
    for Placed { line, value } in instructions(text) {
        if value.keyword == "FROM" {
            let (image, name) = from(&value, &[]);
            let mut known = stages.iter().rev();
            let below = known.find(|stage| stage.name.eq_ignore_ascii_case(&image));
            stages.push(Stage {
                name: name.unwrap_or_default(),
                ..below.cloned().unwrap_or_default()
            });
            continue;
        }
        let Some(stage) = stages.last_mut() else {
            continue;
        };
        match value.keyword.as_str() {
            "USER" => stage.user = Some((line, value.arguments)),
            "HEALTHCHECK" => stage.has_health_check = !value.arguments.starts_with("NONE"),
            _ => {}
        }
    }
    stages.pop().unwrap_or_default()
}

/// The image of a FROM, and the name of its stage.
fn from(instruction: &Instruction, arguments: &[(String, String)]) -> (String, Option<String>) {
    let mut words = instruction.arguments.split_whitespace();
    let mut image = words
        .find(|word| !word.starts_with("--"))
        .unwrap_or_default()
        .to_owned();
    for (name, value) in arguments {
        let value = value.trim_matches(['"', '\'']);
        image = image
            .replace(&format!("${{{name}}}"), value)
            .replace(&format!("${name}"), value);
    }
    let is_named = words
        .next()
        .is_some_and(|word| word.eq_ignore_ascii_case("as"));
    let name = words.next().filter(|_| is_named);
    (image, name.map(str::to_owned))
}

/// Whether an image may be another one tomorrow: no tag and no digest, or `latest`.
pub(super) fn lacks_version(image: &str) -> bool {
    if image.is_empty() || image == "scratch" || image.contains('@') || image.contains('$') {
        return false;
    }
    match name(image).split_once(':') {
        None => true,
        Some((_, tag)) => tag == "latest",
    }
}

/// `A=b C=d`, or `A b`.
fn assigned(instruction: &Instruction) -> Vec<(String, String)> {
    let arguments = instruction.arguments.as_str();
    let first = arguments.split_whitespace().next().unwrap_or_default();
    if !first.contains('=') {
        let value = arguments.strip_prefix(first).unwrap_or_default().trim();
        return vec![(first.to_owned(), value.to_owned())];
    }
    let words = arguments.split_whitespace();
    let pairs = words.filter_map(|word| word.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// A dotenv file that holds values, by its name.
fn is_dotenv(name: &str) -> bool {
    let is_sample = ["example", "sample", "template", "dist"]
        .iter()
        .any(|word| name.contains(word));
    (name == ".env" || name.starts_with(".env.")) && !is_sample
}
