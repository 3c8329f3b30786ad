//! A project of an older template: what today's would have asked, read from its files, and its base.

use std::path::{Path, PathBuf};

use super::files::Files;
use super::legacy::{self, Facts};
use super::{readback, search};
use crate::error::Result;
use crate::template::{Answer, Answers, Catalogue, Kind, Release, Rendered};
use crate::tree::{Tree, TreePath};

/// A project that an older template made, of which there is no release.
#[derive(Debug)]
pub struct Older {
    root: PathBuf,
    facts: Facts,
    /// How the project may call itself.
    names: Vec<String>,
    pub answers: Answers,
    /// The questions about which its files say nothing: their answers are defaults.
    pub untold: Vec<String>,
}

/// What of such a project is the older template's.
#[derive(Debug)]
pub struct Base {
    /// Its files without its team's lines.
    pub rendered: Rendered,
    /// Pairs of an old path and the new one.
    pub renames: Vec<(String, String)>,
    /// The older template's files in whose place nothing has come, and that stay.
    pub left: Vec<String>,
    /// Files of the older template that are here, and those of them that nobody edited.
    pub files: usize,
    pub untouched: usize,
    /// The older template's lines in them, and all lines that say something.
    pub known: usize,
    pub lines: usize,
}

/// The project in `root`, if an older template made it; `target` is the release that it shall have.
pub fn older(
    catalogue: &Catalogue,
    target: &Release,
    root: &Path,
    directory: &str,
) -> Result<Option<Older>> {
    let (Some(lines), Some(moves)) = (
        catalogue.beside(legacy::LINES)?,
        catalogue.beside(legacy::MOVES)?,
    ) else {
        return Ok(None);
    };
    let facts = Facts::parse(&lines, &moves)?;
    let files = Files::new(root);
    let names = names(&files, directory)?;
    if facts.look(&files, &names, &Tree::new())?.is_none() {
        return Ok(None);
    }
    let (answers, untold) = answers(target, &files, &facts, directory)?;
    Ok(Some(Older {
        root: root.to_owned(),
        facts,
        names,
        answers,
        untold,
    }))
}

impl Older {
    /// The base for a merge with `theirs`.
    pub fn base(&self, theirs: &Rendered) -> Result<Base> {
        let files = Files::new(&self.root);
        let found = self.facts.look(&files, &self.names, &theirs.tree)?;
        let found = found.unwrap_or_default();
        let origin = found
            .base
            .keys()
            .map(|path| (path.clone(), format!("older/{path}")));
        Ok(Base {
            rendered: Rendered {
                origin: origin.collect(),
                tree: found.base,
                ..Rendered::default()
            },
            renames: found.renames,
            left: found.left,
            files: found.files,
            untouched: found.untouched,
            known: found.known,
            lines: found.lines,
        })
    }
}

/// The folder's name, and the one that a `package.json` gives.
fn names(files: &Files, directory: &str) -> Result<Vec<String>> {
    let mut names = vec![directory.to_owned()];
    let text = text(files, "package.json")?;
    let written = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("\"name\": \""));
    names.extend(
        written
            .and_then(|rest| rest.split('"').next())
            .map(str::to_owned),
    );
    names.retain(|name| name.len() > 2);
    Ok(names)
}

fn text(files: &Files, path: &str) -> Result<String> {
    let Ok(path) = TreePath::new(path) else {
        return Ok(String::new());
    };
    let file = files.get(&path)?;
    Ok(file.map_or_else(String::new, |(file, _)| {
        String::from_utf8_lossy(&file.raw()).into_owned()
    }))
}

/// Answers to the questions of `target`, and the names of those that are defaults.
fn answers(
    target: &Release,
    files: &Files,
    facts: &Facts,
    directory: &str,
) -> Result<(Answers, Vec<String>)> {
    let mut told = Answers::default();
    let stack = has(files, "docker-cloud.yml")? || has(files, "docker-swarm.yml")?;
    for question in &target.manifest.questions {
        let values: Vec<&str> = question
            .choices
            .iter()
            .map(|choice| choice.value.as_str())
            .collect();
        let answer = match (question.name.as_str(), question.kind) {
            ("docker", Kind::Bool) => Some(Answer::Bool(has(files, "Dockerfile")?)),
            ("node", Kind::Choice) => Some(Answer::Text(node(files)?.into())),
            ("ci", Kind::Choice) => Some(Answer::Text(ci(files)?.into())),
            ("python_version", Kind::Choice) => image(files, "python:", &values)?,
            ("postgres_version", Kind::Choice) => image(files, "postgres:", &values)?,
            ("features", Kind::Choices) => features(files, &values)?,
            ("deployment", Kind::Choices) if stack => Some(Answer::List(vec!["swarm".into()])),
            (name, Kind::Text) => variable(files, &name.to_uppercase())?
                .filter(|value| question.parse(value, &[]).is_ok())
                .map(Answer::Text),
            _ => None,
        };
        if let Some(answer) = answer {
            told.set(&question.name, answer);
        }
    }
    let complete = search::complete(target, &told, directory)?;
    for (name, values) in
        readback::texts(target, &complete, files, &|path| facts.place(files, path))?
    {
        if let Some(value) = values.into_iter().next()
            && told.get(&name).is_none()
        {
            told.set(&name, Answer::Text(value));
        }
    }
    let answers = search::complete(target, &told, directory)?;
    let is_told = |(name, answer): &(&str, &Answer)| told.get(name) == Some(*answer);
    let untold = answers.iter().filter(|pair| !is_told(pair));
    let untold = untold.map(|(name, _)| name.to_owned()).collect();
    Ok((answers, untold))
}

fn has(files: &Files, path: &str) -> Result<bool> {
    Ok(!text(files, path)?.is_empty())
}

fn node(files: &Files) -> Result<&'static str> {
    Ok(
        match (has(files, "yarn.lock")?, has(files, "package.json")?) {
            (true, _) => "yarn",
            (_, true) => "npm",
            _ => "none",
        },
    )
}

/// Nobody who has another service wants a second one unasked.
fn ci(files: &Files) -> Result<&'static str> {
    Ok(if has(files, ".gitlab-ci.yml")? {
        "gitlab"
    } else {
        "none"
    })
}

/// The version of an image that the project's Docker files name, if it is on offer.
fn image(files: &Files, image: &str, offered: &[&str]) -> Result<Option<Answer>> {
    for path in ["Dockerfile", "docker-compose.yml", "compose.yaml"] {
        let text = text(files, path)?;
        for (at, _) in text.match_indices(image) {
            let version = &text[at + image.len()..];
            let end = version.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
            let version = &version[..end.unwrap_or(version.len())];
            let is_it =
                |value: &&&str| version == **value || version.starts_with(&format!("{value}."));
            if let Some(value) = offered.iter().find(is_it) {
                return Ok(Some(Answer::Text((*value).into())));
            }
        }
    }
    Ok(None)
}

/// What the project's environment sets a variable to, where it is a plain text.
fn variable(files: &Files, name: &str) -> Result<Option<String>> {
    for path in [".env.base", ".env.production", ".env.staging", ".env"] {
        for line in text(files, path)?.lines() {
            let line = line.trim().trim_start_matches("export ");
            let value = line
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('='));
            let value = value.map(|value| value.trim_matches(['"', '\'']));
            if let Some(value) = value.filter(|value| !value.is_empty() && !value.contains('$')) {
                return Ok(Some(value.to_owned()));
            }
        }
    }
    Ok(None)
}

/// The settings modules that the project switched on, of those that there still are.
fn features(files: &Files, offered: &[&str]) -> Result<Option<Answer>> {
    let mut on: Vec<String> = Vec::new();
    for path in [
        ".env.base",
        ".env",
        "go.sh",
        "Dockerfile",
        "docker-compose.yml",
    ] {
        let text = text(files, path)?;
        let is_set = |(at, name): &(usize, &str)| text[at + name.len()..].starts_with(['=', ':']);
        let Some((at, _)) = text.match_indices("BASE_SETTINGS").find(is_set) else {
            continue;
        };
        // The list may go on over lines, up to its closing quote.
        let list = &text[at..];
        let line = list.find('\n').unwrap_or(list.len());
        let mut quotes = list.match_indices(['"', '\'']).map(|(at, _)| at);
        let opened = quotes.next().is_some_and(|at| at < line);
        let closed = quotes.next().filter(|_| opened);
        let list = &list[..line.max(closed.unwrap_or(0))];
        let words: Vec<&str> = list
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .collect();
        on.extend(
            offered
                .iter()
                .filter(|value| words.contains(value))
                .map(|value| (*value).to_owned()),
        );
        break;
    }
    Ok((!on.is_empty()).then_some(Answer::List(on)))
}
