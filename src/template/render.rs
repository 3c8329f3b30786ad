//! A release and answers → the tree of a project.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tera::{Context, Tera};

use super::answers::{Answer, Answers};
use super::catalogue::Release;
use super::engine::{self, Fault};
use super::glob::Glob;
use super::pins;
use super::question::Kind;
use crate::error::{Error, Result};
use crate::tree::{File, OWN_FOLDER, Tree, TreePath};

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
    let job = Job::of(release, engine::context(&manifest.questions, answers))?;
    let pieces = manifest.place.pieces(&job).map_err(|fault| {
        if fault.is_endless {
            return fault.within(&release.label);
        }
        let file = format!("{}/{}", release.label, fault.template);
        fault.named(&file).within(&file)
    })?;
    drop(job);
    let mut rendered = Rendered::default();
    for piece in pieces {
        add(release, piece, &mut rendered)?;
    }
    pins::fill(release, &mut rendered.tree)?;
    check_nesting(release, &rendered.tree)?;
    Ok(rendered)
}

/// What a release's files are made from, as values that another process can be given.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Job<'a> {
    /// Of the release.
    label: Cow<'a, str>,
    context: Answers,
    /// Globs, and the expressions that files with such a path depend on.
    conditions: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Paths below `project/`, with the texts of those that are rendered.
    sources: Vec<(Cow<'a, str>, Option<Cow<'a, str>>)>,
}

impl<'a> Job<'a> {
    fn of(release: &'a Release, context: Answers) -> Result<Self> {
        let mut sources = Vec::new();
        for (source, file) in &release.sources {
            let is_rendered = source.ends_with(TEMPLATE) && !file.is_link();
            let text = if is_rendered {
                let text = text(file).ok_or_else(|| {
                    let file = format!("{}/project/{source}", release.label);
                    Error::template(file, "it is to be rendered but is not UTF-8 text")
                });
                Some(text?)
            } else {
                None
            };
            sources.push((source.into(), text));
        }
        let conditions = release.manifest.conditions.iter();
        Ok(Self {
            label: release.label.as_str().into(),
            context,
            conditions: conditions
                .map(|(glob, when)| (glob.pattern().into(), when.into()))
                .collect(),
            sources,
        })
    }

    /// Whether anything is to be worked out.
    pub(super) fn is_dynamic(&self) -> bool {
        let mut sources = self.sources.iter();
        !self.conditions.is_empty()
            || sources.any(|(path, text)| text.is_some() || engine::is_dynamic(path))
    }
}

fn text(file: &File) -> Option<Cow<'_, str>> {
    Some(match file.bytes()? {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok()?.into(),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok()?.into(),
    })
}

/// One file of a project.
#[derive(Serialize, Deserialize)]
pub(super) struct Piece {
    /// The number of the source that it comes from.
    source: usize,
    path: String,
    /// What that was rendered to; else the file is a copy.
    text: Option<String>,
}

/// The files that a project has. `at` is called with each that is worked on; a fault's file is one below the release.
pub(super) fn pieces(job: &Job, at: &mut dyn FnMut(&str)) -> Result<Vec<Piece>, Fault> {
    let context = engine::variables_of(&job.context);
    let mut conditions = Vec::new();
    for (pattern, when) in &job.conditions {
        conditions.push((Glob::new(pattern).map_err(Fault::nowhere)?, when.as_ref()));
    }
    let mut pieces = Vec::new();
    let mut number = 0;
    for sources in portions(&job.sources) {
        let mut tera = engine::engine();
        let texts = sources
            .iter()
            .filter_map(|(source, text)| Some((source.as_ref(), text.as_deref()?)));
        tera.add_raw_templates(texts)
            .map_err(|error| in_project(error.into(), ""))?;
        for (source, text) in sources {
            let shown = format!("project/{source}");
            at(&format!("{}/{shown}", job.label));
            let plain = source.strip_suffix(TEMPLATE).unwrap_or(source);
            let path = output_path(&mut tera, plain, &context).map_err(|f| f.named(&shown))?;
            if is_wanted(&conditions, &mut tera, (plain, &path), &context)? {
                let text = text.as_ref().map(|_| {
                    tera.render(source, &context)
                        .map_err(|error| in_project(error.into(), source))
                });
                pieces.push(Piece {
                    source: number,
                    path,
                    text: text.transpose()?,
                });
            }
            number += 1;
        }
    }
    Ok(pieces)
}

/// Sources that are read together. Only templates that name each other must be; all others are read in portions, since
/// what is read takes several times the room of its text.
fn portions<'a, 'b>(
    sources: &'b [(Cow<'a, str>, Option<Cow<'a, str>>)],
) -> impl Iterator<Item = &'b [(Cow<'a, str>, Option<Cow<'a, str>>)]> {
    const PORTION: usize = 256;
    let together = sources.iter().any(|(_, text)| {
        let text = text.as_deref();
        text.is_some_and(|text| engine::names_others(text.as_bytes()))
    });
    let size = if together { sources.len() } else { PORTION };
    sources.chunks(size.max(1))
}

/// Adds a file to the tree of a project.
fn add(release: &Release, piece: Piece, rendered: &mut Rendered) -> Result<()> {
    let Some((source, file)) = release.sources.get(piece.source) else {
        return Ok(());
    };
    let shown = format!("{}/project/{source}", release.label);
    let plain = source.strip_suffix(TEMPLATE).unwrap_or(source);
    let path = piece.path;
    let path = TreePath::new(path.clone()).map_err(|reason| {
        Error::template(&shown, format!("its path becomes `{path}`: {reason}"))
    })?;
    if path.as_str().strip_prefix(OWN_FOLDER) == Some(".yml") {
        let reason = format!("its path becomes `{path}`, which is ixd-template's own record");
        return Err(Error::template(&shown, reason));
    }
    let file = match piece.text {
        Some(text) => File {
            executable: file.executable,
            ..File::new(text.into_bytes())
        },
        None => file.clone(),
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
        let file = format!("{}/template.yml", self.label);
        let mut steps = Vec::new();
        for step in &self.manifest.next {
            let step = self.manifest.place.text(step, &context);
            let step = step.map_err(|fault| fault.without_place().within(&file))?;
            steps.extend(
                step.lines()
                    .filter(|line| !line.trim().is_empty())
                    .map(str::to_owned),
            );
        }
        Ok(steps)
    }
}

/// The fault in the template that it names, or else in `source`.
fn in_project(fault: Fault, source: &str) -> Fault {
    let template = if fault.template.is_empty() {
        source
    } else {
        &fault.template
    };
    let file = format!("project/{template}");
    fault.named(&file)
}

fn output_path(tera: &mut Tera, plain: &str, context: &Context) -> Result<String, Fault> {
    let parts: Result<Vec<String>, Fault> = plain
        .split('/')
        .map(|part| {
            let rendered = engine::text(tera, part, context)?;
            if rendered.contains('/') {
                return Err(Fault::nowhere(format!(
                    "the part `{part}` of its path becomes `{rendered}`, which is more than one"
                )));
            }
            Ok(rendered)
        })
        .collect();
    Ok(parts?.join("/"))
}

fn is_wanted(
    conditions: &[(Glob, &str)],
    tera: &mut Tera,
    (plain, path): (&str, &str),
    context: &Context,
) -> Result<bool, Fault> {
    for (glob, when) in conditions {
        if !glob.matches(plain) && !glob.matches(path) {
            continue;
        }
        let holds = engine::condition(tera, when, context);
        if !holds.map_err(|fault| fault.without_place().named("template.yml"))? {
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
