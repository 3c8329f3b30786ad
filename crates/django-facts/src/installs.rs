//! How a project is installed, by the word of its Dockerfile, its build server and its README.

use std::collections::BTreeSet;

use super::docker::is_dockerfile;
use super::examples::is_example;
use super::formats::dockerfile::instructions;
use super::forms::RequirementsForm;
use super::sources::{Sources, join, name, parent};

/// What is said of how the project is installed.
#[derive(Clone, Debug, Default)]
pub(super) struct Installs {
    /// The files that pip is told to read.
    pub(super) lists: BTreeSet<String>,
    /// The tools that install it.
    pub(super) tools: Vec<RequirementsForm>,
}

/// The words of commands that install with a tool.
const TOOLS: [(&[&str], RequirementsForm); 5] = [
    (
        &["poetry install", "poetry sync", "poetry export"],
        RequirementsForm::Poetry,
    ),
    (&["pipenv install", "pipenv sync"], RequirementsForm::Pipenv),
    (&["uv sync"], RequirementsForm::Uv),
    (&["pdm install", "pdm sync"], RequirementsForm::Pdm),
    (
        &["conda env", "conda install", "mamba env", "mamba install"],
        RequirementsForm::Conda,
    ),
];

impl Installs {
    pub(super) fn find(sources: &Sources) -> Self {
        let mut found = Self::default();
        // The shallow ones come first.
        let files = sources.survey.files().iter();
        let files = files.take_while(|path| path.matches('/').count() <= 2);
        for path in files.filter(|path| is_told_by(path)).take(60) {
            let text = sources.text(path);
            if is_dockerfile(path) {
                for one in instructions(&text) {
                    found.read(sources, path, &one.value.arguments);
                }
                continue;
            }
            for line in text.lines().map(str::trim) {
                let is_comment = line.starts_with('#') && !path.ends_with(".md");
                if !is_comment {
                    found.read(sources, path, line);
                }
            }
        }
        found
    }

    fn read(&mut self, sources: &Sources, path: &str, line: &str) {
        for (words, form) in TOOLS {
            if words.iter().any(|word| line.contains(word)) && !self.tools.contains(&form) {
                self.tools.push(form);
            }
        }
        if !line.contains("pip") || !line.contains("install") {
            return;
        }
        let quotes = |letter: char| matches!(letter, '"' | '\'' | ',' | '`' | '[' | ']');
        let mut words = line
            .split(|letter: char| letter.is_whitespace() || quotes(letter))
            .filter(|word| !word.is_empty());
        while let Some(word) = words.next() {
            let file = match word {
                "-r" | "--requirement" => words.next(),
                _ => word
                    .strip_prefix("--requirement=")
                    .or_else(|| word.strip_prefix("-r")),
            };
            if let Some(file) = file.and_then(|file| resolved(sources, path, file)) {
                self.lists.insert(file);
            }
        }
    }
}

/// Whether a file tells how the project is installed where it runs, or how newcomers do it.
fn is_told_by(path: &str) -> bool {
    let file = name(path);
    let depth = path.matches('/').count();
    let is_near = depth <= 1
        && (is_dockerfile(path)
            || matches!(file, "Procfile" | "app.yaml" | "Makefile")
            || file.starts_with("README"));
    let is_server = path.starts_with(".github/workflows/")
        || path.starts_with(".circleci/")
        || matches!(path, ".travis.yml" | ".gitlab-ci.yml");
    (is_near || is_server) && !is_example(path)
}

/// The file of the project that a command names: seen from the root, from the folder of what names it, or by where it lies
/// in an image.
fn resolved(sources: &Sources, path: &str, file: &str) -> Option<String> {
    let file = file.trim_start_matches("./");
    let has = |path: &String| sources.survey.has(path);
    let near = [join("", file), join(&parent(path), file)];
    near.into_iter().find(has).or_else(|| {
        let parts: Vec<&str> = file.split('/').filter(|part| !part.is_empty()).collect();
        (1..parts.len())
            .map(|from| parts[from..].join("/"))
            .find(has)
    })
}
