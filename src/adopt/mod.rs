//! A project without a state file → what it was most likely made from.
//!
//! With releases at hand: the one whose rendering fits the project's files best, with the answers that make it so. Without:
//! which lines of its files an older template once had. Both are guesses with their evidence; a person has the last word.

mod files;
mod inspected;
mod legacy;
mod older;
mod readback;
mod search;
mod shape;
mod votes;

use std::path::Path;
use std::rc::Rc;

pub use older::{Base, Older, older};
pub use shape::plain_answer;

use semver::Version;

use crate::error::Result;
use crate::template::{Answers, Catalogue, Release, Rendered};

use files::Files;
use search::{Fit, Search, TIE, View};
use votes::float;

/// A person is asked unless the best release leads by so many votes.
const MARGIN: f64 = 5.0;
/// A person is asked unless so large a part of the lines that tell the releases apart speaks for the best one.
const SHARE: f64 = 0.6;
/// Where fewer of a release's files are recognised, the project is not made from this template at all.
const RESEMBLANCE: f64 = 0.3;
/// How many releases are looked at closely.
const NEAR: usize = 4;

/// A release that a project may have been made from.
#[derive(Debug)]
pub struct Found {
    pub release: Release,
    pub answers: Answers,
    pub rendered: Rendered,
    /// The questions about which the project's files say nothing: their answers are defaults.
    pub untold: Vec<String>,
    pub evidence: Evidence,
}

/// How sure it is.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Evidence {
    /// Whether nobody need be asked.
    pub confident: bool,
    /// Of the lines that tell the releases apart, the part that speaks for this one.
    pub share: f64,
    /// The other releases, the nearest first, with how many votes they have less.
    pub others: Vec<(Version, f64)>,
    /// The files of the release that the project has as they were, has edited, and lacks.
    pub same: usize,
    pub edited: usize,
    pub gone: usize,
}

/// What `root` was made from; `None` when it resembles no release of the catalogue.
///
/// `only` names the release, so that its answers alone are looked for. `directory` is the project's name where questions
/// have defaults made from it.
pub fn find(
    catalogue: &Catalogue,
    root: &Path,
    directory: &str,
    only: Option<&str>,
) -> Result<Option<Found>> {
    catalogue.search();
    let found = find_unchecked(catalogue, root, directory, only);
    catalogue.check()?;
    found
}

/// As [`find`], also where a release could not be looked at since it is endless.
fn find_unchecked(
    catalogue: &Catalogue,
    root: &Path,
    directory: &str,
    only: Option<&str>,
) -> Result<Option<Found>> {
    let files = Files::new(root);
    let mut search = Search::new(&files, directory);
    let mut fits: Vec<Fit> = Vec::new();
    for version in versions(catalogue, only)? {
        let release = catalogue.release(Some(&version))?;
        fits.extend(search.glance(release, &Answers::default())?);
    }
    rank(&search, &mut fits)?;
    let Some(first) = fits.first() else {
        return Ok(None);
    };
    if only.is_none() && resemblance(&files, &first.view.rendered)? < RESEMBLANCE / 2.0 {
        return Ok(None);
    }
    fits.truncate(NEAR);
    let mut settled: Vec<Fit> = Vec::new();
    for fit in fits {
        // What one release made of the project is where the next one starts.
        let fit = match settled.first() {
            Some(first) => search.glance(fit.release, &first.answers.clone())?,
            None => Some(fit),
        };
        if let Some(fit) = fit {
            settled.push(search.settle(fit)?);
        }
    }
    let scores = rank(&search, &mut settled)?;
    let mut settled = settled.into_iter();
    let Some(best) = settled.next() else {
        return Ok(None);
    };
    if only.is_none() && resemblance(&files, &best.view.rendered)? < RESEMBLANCE {
        return Ok(None);
    }
    let others: Vec<(Fit, f64)> = settled.zip(scores.into_iter().skip(1)).collect();
    found(&files, &search, best, others).map(Some)
}

fn versions(catalogue: &Catalogue, only: Option<&str>) -> Result<Vec<String>> {
    if let Some(only) = only {
        return Ok(vec![only.to_owned()]);
    }
    let versions = catalogue.versions()?;
    Ok(versions.iter().map(ToString::to_string).collect())
}

/// Puts the best fit first, and of those that fit alike the oldest; the scores in that order.
fn rank(search: &Search, fits: &mut Vec<Fit>) -> Result<Vec<f64>> {
    let views: Vec<&Rc<View>> = fits.iter().map(|fit| &fit.view).collect();
    let scores: Vec<f64> = search
        .votes(&views)?
        .iter()
        .map(|votes| votes.score)
        .collect();
    let mut ranked: Vec<(Fit, f64)> = fits.drain(..).zip(scores).collect();
    // Scores are compared in steps, so that the order is one even where they differ by next to nothing.
    #[allow(clippy::cast_possible_truncation)]
    let step = |score: f64| (score / TIE).round() as i64;
    ranked.sort_by(|(a, a_score), (b, b_score)| {
        let by_age = a.release.manifest.version.cmp(&b.release.manifest.version);
        step(*b_score).cmp(&step(*a_score)).then(by_age)
    });
    let scores = ranked.iter().map(|(_, score)| *score).collect();
    fits.extend(ranked.into_iter().map(|(fit, _)| fit));
    Ok(scores)
}

fn found(files: &Files, search: &Search, best: Fit, others: Vec<(Fit, f64)>) -> Result<Found> {
    let views: Vec<&Rc<View>> = std::iter::once(&best.view)
        .chain(others.iter().map(|(fit, _)| &fit.view))
        .collect();
    let votes = search.votes(&views)?;
    let share = votes[0].share();
    // A release that makes the same files is the same base.
    let is_other = |fit: &Fit| fit.view.rendered.tree != best.view.rendered.tree;
    let others: Vec<(Version, f64)> = others
        .iter()
        .zip(&votes[1..])
        .filter(|((fit, _), _)| is_other(fit))
        .map(|((fit, _), other)| {
            let less = votes[0].score - other.score;
            (fit.release.manifest.version.clone(), less)
        })
        .collect();
    let margin = others.first().map_or(f64::INFINITY, |(_, less)| *less);
    let (mut same, mut edited, mut gone) = (0, 0, 0);
    for (path, file) in &best.view.rendered.tree {
        match files.get(path)? {
            None => gone += 1,
            Some((ours, _)) if ours.content == file.content => same += 1,
            Some(_) => edited += 1,
        }
    }
    let told = best.told;
    let untold = best.answers.iter().map(|(name, _)| name.to_owned());
    let mut untold: Vec<String> = untold.filter(|name| !told.contains(name)).collect();
    let rendered = match Rc::try_unwrap(best.view) {
        Ok(view) => view.rendered,
        Err(_) => crate::template::render(&best.release, &best.answers)?,
    };
    let (answers, by_project) = inspected::completed(
        files.root(),
        &best.release,
        &best.answers,
        &untold,
        &rendered,
    );
    untold.retain(|name| !by_project.contains(name));
    Ok(Found {
        evidence: Evidence {
            confident: margin >= MARGIN && share >= SHARE,
            share,
            others,
            same,
            edited,
            gone,
        },
        release: best.release,
        answers,
        rendered,
        untold,
    })
}

/// The part of a rendering's files of which the project has at least half the lines. Files without a line that says anything,
/// such as an empty `__init__.py`, speak for no template.
fn resemblance(files: &Files, rendered: &Rendered) -> Result<f64> {
    let (mut known, mut telling) = (0, 0);
    for (path, file) in &rendered.tree {
        let lines = files::lines(file);
        if lines.is_empty() {
            continue;
        }
        telling += 1;
        let Some((_, ours)) = files.get(path)? else {
            continue;
        };
        let common = lines.iter().filter(|line| ours.contains(line)).count();
        known += usize::from(2 * common >= lines.len());
    }
    Ok(float(known) / float(telling.max(1)))
}
