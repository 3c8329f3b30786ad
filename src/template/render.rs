//! A release and answers → the tree of a project.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::answer::Answer;
use super::answers::Answers;
use super::catalogue::Release;
use super::engine;
use super::pieces::{Job, Piece, TEMPLATE};
use super::pins;
use super::question::Kind;
use crate::error::{Error, Result};
use crate::tree::{File, OWN_FOLDER, Tree, TreePath};

/// What a release looks like with given answers.
#[derive(Debug, Default)]
pub struct Rendered {
    pub tree: Tree,
    /// By path, the template's path that a file was made from, which tells a renamed file from two files.
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
    let known = release.without_secrets(answers);
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
    // A template that does not take such an answer cannot be asked.
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
    let job = job(release, engine::context(&manifest.questions, answers))?;
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

/// What the files of `release` are made from.
fn job(release: &Release, context: Answers) -> Result<Job<'_>> {
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
    Ok(Job {
        label: release.label.as_str().into(),
        context,
        conditions: conditions
            .map(|(glob, when)| (glob.pattern().into(), when.into()))
            .collect(),
        sources,
    })
}

fn text(file: &File) -> Option<Cow<'_, str>> {
    Some(match file.bytes()? {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok()?.into(),
        Cow::Owned(bytes) => String::from_utf8(bytes).ok()?.into(),
    })
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
    /// The answers that may be stored and shown.
    #[must_use]
    pub fn without_secrets(&self, answers: &Answers) -> Answers {
        let is_open = |name: &str| {
            let question = self.manifest.question(name);
            question.is_none_or(|question| question.kind != Kind::Secret)
        };
        answers.only(is_open)
    }

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
