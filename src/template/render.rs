//! A release and answers → the tree of a project.

use std::collections::BTreeMap;

use tera::{Context, Tera};

use super::answers::{Answer, Answers};
use super::catalogue::Release;
use super::engine::{self, Fault};
use super::pins;
use super::question::Kind;
use crate::error::{Error, Result};
use crate::tree::{File, Tree, TreePath};

/// The end of the names of files that are rendered.
const TEMPLATE: &str = ".tera";

/// What a release looks like with given answers.
#[derive(Debug, Default)]
pub struct Rendered {
    pub tree: Tree,
    /// Path → the template's path that it was made from, which tells a renamed file from two files.
    pub origin: BTreeMap<TreePath, String>,
    /// The paths that are written only when absent.
    pub once: Vec<TreePath>,
    /// The paths whose content a secret answer has a part in, however a template changed it: never to be committed in
    /// the clear.
    pub secret: Vec<TreePath>,
}

/// Renders `release` with `answers`, which must be complete and valid.
///
/// Equal arguments give equal bytes on every machine, for ever: every later merge rests on it.
pub fn render(release: &Release, answers: &Answers) -> Result<Rendered> {
    debug_assert!(!release.sources.is_empty(), "its sources are forgotten");
    let known = answers.without_secrets(&release.manifest);
    let public = render_all(release, &known)?;
    if known == *answers {
        return Ok(public);
    }
    let mut rendered = render_all(release, answers)?;
    if !rendered.tree.keys().eq(public.tree.keys()) {
        let message =
            "a secret answer is part of a path, and paths are neither hidden nor encrypted";
        return Err(Error::template(
            format!("{}/project", release.label),
            message,
        ));
    }
    rendered.secret = rendered
        .tree
        .iter()
        .filter(|(path, file)| public.tree.get(*path) != Some(file))
        .map(|(path, _)| path.clone())
        .collect();
    Ok(rendered)
}

/// As [`render`], where secret answers may be missing since nothing records them: `secret` has the paths, too, whose content
/// such an answer would have a part in.
pub fn render_recorded(release: &Release, answers: &Answers) -> Result<Rendered> {
    let mut rendered = render(release, answers)?;
    let mut probed = answers.clone();
    for question in &release.manifest.questions {
        if question.kind == Kind::Secret && answers.get(&question.name).is_none() {
            probed.set(
                &question.name,
                Answer::Text("a secret of somebody's".into()),
            );
        }
    }
    if probed == *answers {
        return Ok(rendered);
    }
    let probed = render_all(release, &probed).map(|probed| probed.tree);
    // A template that takes no such answer cannot be asked.
    let is_touched = |path: &TreePath, file: &File| {
        (probed.as_ref()).map_or(true, |probed| probed.get(path) != Some(file))
    };
    let touched = (rendered.tree.iter()).filter(|(path, file)| is_touched(path, file));
    let touched: Vec<TreePath> = touched.map(|(path, _)| path.clone()).collect();
    rendered.secret.extend(touched);
    Ok(rendered)
}

fn render_all(release: &Release, answers: &Answers) -> Result<Rendered> {
    let manifest = &release.manifest;
    let context = engine::context(&manifest.questions, answers);
    let mut rendered = Rendered::default();
    for sources in portions(&release.sources) {
        let mut tera = templates(release, sources)?;
        for (source, file) in sources {
            render_one(release, &mut tera, &context, source, file, &mut rendered)?;
        }
    }
    pins::fill(release, &mut rendered.tree)?;
    check_nesting(release, &rendered.tree)?;
    Ok(rendered)
}

/// Sources that are read together. Only templates that name each other must be; all others are read in portions, since
/// what is read takes several times the room of its text.
fn portions(sources: &[(String, File)]) -> impl Iterator<Item = &[(String, File)]> {
    const PORTION: usize = 256;
    let together = sources.iter().any(|(source, file)| {
        source.ends_with(TEMPLATE) && file.bytes().is_some_and(engine::names_others)
    });
    let size = if together { sources.len() } else { PORTION };
    sources.chunks(size.max(1))
}

fn render_one(
    release: &Release,
    tera: &mut Tera,
    context: &Context,
    source: &str,
    file: &File,
    rendered: &mut Rendered,
) -> Result<()> {
    let shown = format!("{}/project/{source}", release.label);
    let plain = source.strip_suffix(TEMPLATE).unwrap_or(source);
    let path = output_path(tera, plain, context).map_err(|fault| fault.within(&shown))?;
    if !is_wanted(release, tera, plain, &path, context)? {
        return Ok(());
    }
    let path = TreePath::new(path.clone()).map_err(|reason| {
        Error::template(&shown, format!("its path becomes `{path}`: {reason}"))
    })?;
    let file = match file.bytes() {
        Some(_) if plain.len() < source.len() => {
            let text = tera
                .render(source, context)
                .map_err(|error| in_project(Fault::from(error), release, source))?;
            File {
                executable: file.executable,
                ..File::new(text.into_bytes())
            }
        }
        _ => file.clone(),
    };
    let manifest = &release.manifest;
    if manifest.is_once(plain) || manifest.is_once(path.as_str()) {
        rendered.once.push(path.clone());
    }
    if let Some(other) = rendered.origin.insert(path.clone(), plain.to_owned()) {
        return Err(Error::template(
            &shown,
            format!("its path becomes `{path}`, as that of `{other}` does"),
        ));
    }
    rendered.tree.insert(path, file);
    Ok(())
}

impl Release {
    /// The commands that a manifest names under `next`, for a project with these answers; lines that come out empty are
    /// left out.
    pub fn next_steps(&self, answers: &Answers) -> Result<Vec<String>> {
        let context = engine::context(&self.manifest.questions, answers);
        let mut tera = engine::engine();
        let mut steps = Vec::new();
        for step in &self.manifest.next {
            let step = engine::text(&mut tera, step, &context).map_err(|fault| {
                Error::template(format!("{}/template.yml", self.label), fault.message)
            })?;
            steps.extend(
                step.lines()
                    .filter(|line| !line.trim().is_empty())
                    .map(str::to_owned),
            );
        }
        Ok(steps)
    }
}

/// A tera that knows every `.tera` file of `sources` by its path, so that they can include each other.
fn templates(release: &Release, sources: &[(String, File)]) -> Result<Tera> {
    let mut tera = engine::engine();
    let mut texts = Vec::new();
    for (source, file) in sources {
        let Some(bytes) = file.bytes().filter(|_| source.ends_with(TEMPLATE)) else {
            continue;
        };
        let shown = || format!("{}/project/{source}", release.label);
        let text = std::str::from_utf8(bytes)
            .map_err(|_| Error::template(shown(), "it is to be rendered but is not UTF-8 text"))?;
        texts.push((source.as_str(), text));
    }
    tera.add_raw_templates(texts)
        .map_err(|error| in_project(Fault::from(error), release, ""))?;
    Ok(tera)
}

/// The error of the template that `fault` names, or else of `source`.
fn in_project(fault: Fault, release: &Release, source: &str) -> Error {
    let template = if fault.template.is_empty() {
        source
    } else {
        &fault.template
    };
    let file = format!("{}/project/{template}", release.label);
    fault.within(&file)
}

fn output_path(tera: &mut Tera, plain: &str, context: &Context) -> Result<String, Fault> {
    let parts: Result<Vec<String>, Fault> = plain
        .split('/')
        .map(|part| {
            let rendered = engine::text(tera, part, context)?;
            if rendered.contains('/') {
                return Err(Fault {
                    template: String::new(),
                    line: 0,
                    column: 0,
                    message: format!(
                        "the part `{part}` of its path becomes `{rendered}`, which is more than one"
                    ),
                });
            }
            Ok(rendered)
        })
        .collect();
    Ok(parts?.join("/"))
}

fn is_wanted(
    release: &Release,
    tera: &mut Tera,
    plain: &str,
    path: &str,
    context: &Context,
) -> Result<bool> {
    for (glob, when) in &release.manifest.conditions {
        if !glob.matches(plain) && !glob.matches(path) {
            continue;
        }
        let file = format!("{}/template.yml", release.label);
        if !engine::condition(tera, when, context)
            .map_err(|fault| Error::template(file, fault.message))?
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// No file may stand where another one needs a directory.
fn check_nesting(release: &Release, tree: &Tree) -> Result<()> {
    for path in tree.keys() {
        if let Some(parent) = path.parents().find(|parent| tree.contains_key(*parent)) {
            let message = format!("`{parent}` is both a file and the folder of `{path}`");
            return Err(Error::template(
                format!("{}/project", release.label),
                message,
            ));
        }
    }
    Ok(())
}
