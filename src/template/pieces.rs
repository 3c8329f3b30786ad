//! The texts and paths of a release's files, worked out from values that another process can be given.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use tera::{Context, Tera};

use super::answers::Answers;
use super::engine::{self, Fault};
use super::glob::Glob;

/// The end of the names of files that are rendered.
pub(super) const TEMPLATE: &str = ".tera";

/// What a release's files are made from, as values that another process can be given.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Job<'a> {
    /// The label of the release.
    pub(super) label: Cow<'a, str>,
    pub(super) context: Answers,
    /// Globs, and the expressions that files with such a path depend on.
    pub(super) conditions: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Paths below `project/`, with the texts of those that are rendered.
    pub(super) sources: Vec<(Cow<'a, str>, Option<Cow<'a, str>>)>,
}

impl Job<'_> {
    /// Whether anything is to be worked out.
    pub(super) fn is_dynamic(&self) -> bool {
        let mut sources = self.sources.iter();
        !self.conditions.is_empty()
            || sources.any(|(path, text)| text.is_some() || engine::is_dynamic(path))
    }
}

/// One file of a project.
#[derive(Serialize, Deserialize)]
pub(super) struct Piece {
    /// The number of the source that it comes from.
    pub(super) source: usize,
    pub(super) path: String,
    /// What that was rendered to; else the file is a copy.
    pub(super) text: Option<String>,
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
            if is_wanted(&conditions, &mut tera, plain, &path, &context)? {
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
    plain: &str,
    path: &str,
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
