//! `upgrade` in a project without a state file: what it was made from, and the offer to go on from there.

use std::path::Path;

use serde::Serialize;

use super::{UpgradeArgs, evidence};
use crate::adopt::{self, Evidence, Found, Older};
use crate::command::project::Project;
use crate::error::{Error, Result};
use crate::report::{Outcome, Report};
use crate::state::{self, State};
use crate::template::changelog;
use crate::template::{Catalogue, Release, render};
use crate::ui::Ui;
use crate::workplace::Workplace;

/// What was found, for the report.
#[derive(Debug, Serialize)]
pub(super) struct Adoption {
    /// The release; none where an older template made the project.
    pub(super) release: Option<semver::Version>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Evidence>,
    answers: crate::template::Answers,
    /// The questions whose answers are defaults, since the project's files say nothing about them.
    pub(super) defaults: Vec<String>,
    /// Whether every question is asked.
    #[serde(skip)]
    pub(super) ask: bool,
}

/// A project, and what it shall become.
pub(super) struct Opened {
    pub(super) project: Project,
    /// The release that it shall have.
    pub(super) target: Release,
    /// How it was adopted, if it was.
    pub(super) adoption: Option<Adoption>,
}

/// The project's folder: one with a state file, or the folder itself, which may be adopted.
pub(super) fn place(args: &UpgradeArgs) -> Result<Workplace> {
    match Workplace::around(&args.dir) {
        Ok(place) if args.adopt.is_some() && place.has_state() => Err(Error::IsProject {
            dir: place.root().to_owned(),
        }),
        Err(Error::NoState { dir }) if !args.go_on && !args.abort => Workplace::at(&dir),
        place => place,
    }
}

/// The project as its state file describes it, or as it is adopted where there is none.
pub(super) fn open(
    args: &UpgradeArgs,
    place: &Workplace,
    catalogue: &Catalogue,
    ui: &mut Ui,
) -> Result<Opened> {
    if place.has_state() {
        return Ok(Opened {
            project: Project::open(place, catalogue)?,
            target: catalogue.release(args.release.as_deref())?,
            adoption: None,
        });
    }
    offer(args, place.root(), catalogue, ui)
}

/// What the project was made from; asks whether it shall be adopted, unless the command line says so.
///
/// # Errors
/// [`Error::NoState`] where nothing of the template is recognised.
fn offer(args: &UpgradeArgs, root: &Path, catalogue: &Catalogue, ui: &mut Ui) -> Result<Opened> {
    let named = args.adopt.as_deref().filter(|named| !named.is_empty());
    let directory = directory(root);
    let found = adopt::find(catalogue, root, &directory, named)?;
    if let Some(found) = found {
        return release(args, root, catalogue, found, ui);
    }
    let target = catalogue.release(args.release.as_deref())?;
    let Some(older) = adopt::older(catalogue, &target, root, &directory)? else {
        let dir = root.into();
        return Err(match args.adopt {
            Some(_) => Error::NotRecognised { dir },
            None => Error::NoState { dir },
        });
    };
    of_older(args, root, catalogue, older, ui)
}

/// Answers `--check` where there is no state file: adopting is an upgrade that is available.
pub(super) fn check(args: &UpgradeArgs, root: &Path, catalogue: &Catalogue) -> Result<Report> {
    #[derive(Serialize)]
    struct AdoptionCheck {
        state_file: bool,
        /// The release, or the words for an older template.
        made_from: String,
        confident: bool,
        available: semver::Version,
        upgrade_available: bool,
    }
    let directory = directory(root);
    let target = catalogue.release(args.release.as_deref())?;
    let (made_from, confident) = match adopt::find(catalogue, root, &directory, None)? {
        Some(found) => (
            found.release.manifest.version.to_string(),
            found.evidence.confident,
        ),
        None if adopt::older(catalogue, &target, root, &directory)?.is_some() => {
            ("an older template".to_owned(), true)
        }
        None => return Err(Error::NoState { dir: root.into() }),
    };
    let mut report = Report::new();
    if args.json {
        report.json(&AdoptionCheck {
            state_file: false,
            made_from,
            confident,
            available: target.manifest.version,
            upgrade_available: true,
        });
        return Ok(report.ended(Outcome::ConflictsLeft));
    }
    report.data(format!(
        "there is no {}, but it looks made from {made_from}: run `ixd-template upgrade --adopt`",
        state::FILE,
    ));
    Ok(report.ended(Outcome::ConflictsLeft))
}

fn directory(root: &Path) -> String {
    root.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn release(
    args: &UpgradeArgs,
    root: &Path,
    catalogue: &Catalogue,
    found: Found,
    ui: &mut Ui,
) -> Result<Opened> {
    let mut found = found;
    let mut is_named = args.adopt.as_deref().is_some_and(|named| !named.is_empty());
    let can_ask = ui.prompt.is_interactive() && args.adopt.is_none();
    if !can_ask && args.adopt.is_none() {
        return Err(Error::Adoptable {
            dir: root.into(),
            from: format!("release {}", found.release.manifest.version),
        });
    }
    let mut stay = false;
    loop {
        let version = found.release.manifest.version.clone();
        if !found.evidence.confident && !is_named {
            if !ui.prompt.is_interactive() {
                return Err(unsure(&found));
            }
            found = choose(root, catalogue, found, ui)?;
            is_named = true;
            continue;
        }
        if args.adopt.is_some() && is_named {
            refuse_foreign(root, &found)?;
        }
        if !args.json {
            evidence::of_release(&directory(root), &found, is_named).show(ui);
        }
        if !can_ask {
            break;
        }
        let newest = newest(args, catalogue, &found)?.manifest.version;
        let on = if newest == version {
            format!("[a] adopt it at {version}")
        } else {
            format!("[a] adopt it and go on to {newest}   [o] only adopt it, at {version}")
        };
        let prompt = format!("\n{on}   [r] another release   [q] quit: ");
        match ui.prompt.key(&prompt, &['a', 'o', 'r', 'q'])? {
            'a' => break,
            'o' => {
                stay = true;
                break;
            }
            'r' => found = choose(root, catalogue, found, ui)?,
            _ => return Err(Error::Cancelled),
        }
    }
    let target = if stay {
        catalogue.release(Some(&found.release.manifest.version.to_string()))?
    } else {
        newest(args, catalogue, &found)?
    };
    let adoption = Adoption {
        release: Some(found.release.manifest.version.clone()),
        evidence: Some(found.evidence),
        answers: found.answers.clone(),
        defaults: found.untold,
        ask: false,
    };
    let project = Project {
        state_file: None,
        state: State::new(&found.release, &found.answers, &found.rendered.tree)?,
        release: found.release,
        base: found.rendered,
        older: None,
    };
    Ok(Opened {
        project,
        target,
        adoption: Some(adoption),
    })
}

/// The release that the project shall have: never an older one than it was made from, unless that is asked for.
fn newest(args: &UpgradeArgs, catalogue: &Catalogue, found: &Found) -> Result<Release> {
    let target = catalogue.release(args.release.as_deref())?;
    let own = &found.release.manifest.version;
    if args.release.is_none() && target.manifest.version < *own {
        return catalogue.release(Some(&own.to_string()));
    }
    Ok(target)
}

fn unsure(found: &Found) -> Error {
    let others = found.evidence.others.iter().map(|(version, _)| version);
    let releases = std::iter::once(&found.release.manifest.version).chain(others);
    Error::Unsure {
        releases: releases.map(ToString::to_string).collect(),
    }
}

/// Lets the user say which release it was; the one found stands first.
fn choose(root: &Path, catalogue: &Catalogue, found: Found, ui: &mut Ui) -> Result<Found> {
    let dates = changelog::parse(&catalogue.changelog()?);
    let own = found.release.manifest.version.clone();
    let less = |version: &semver::Version| {
        let others = &found.evidence.others;
        others
            .iter()
            .find(|(other, _)| other == version)
            .map(|(_, less)| *less)
    };
    let mut versions = catalogue.versions()?;
    versions.sort_by(|a, b| {
        let key = |version: &semver::Version| {
            if *version == own {
                -1.0
            } else {
                less(version).unwrap_or(1e9)
            }
        };
        key(a).total_cmp(&key(b))
    });
    let items: Vec<String> = versions
        .iter()
        .map(|version| {
            let date = dates.iter().find(|section| section.version == *version);
            let date = date.map_or("", |section| section.date.as_str());
            let votes =
                less(version).map_or(String::new(), |less| format!("  {less:.0} votes less"));
            format!("{version}  {date}{votes}").trim_end().to_owned()
        })
        .collect();
    ui.say(format!(
        "\nWhich release was {} made from? Its files do not tell for sure; of two that fit alike, the older one is the safer.",
        directory(root)
    ));
    let index = ui.prompt.select("Release", &items, 0)?;
    let version = versions.get(index).unwrap_or(&own).to_string();
    let found = adopt::find(catalogue, root, &directory(root), Some(&version))?;
    found.ok_or_else(|| Error::NoState { dir: root.into() })
}

/// An error where a release was named that the project has next to nothing of.
fn refuse_foreign(root: &Path, found: &Found) -> Result<()> {
    let Evidence {
        same, edited, gone, ..
    } = found.evidence;
    if same == 0 && edited * 3 <= edited + gone {
        return Err(Error::Foreign {
            dir: root.into(),
            version: found.release.manifest.version.to_string(),
            edited,
            gone,
        });
    }
    Ok(())
}

fn of_older(
    args: &UpgradeArgs,
    root: &Path,
    catalogue: &Catalogue,
    older: Older,
    ui: &mut Ui,
) -> Result<Opened> {
    if !ui.prompt.is_interactive() && args.adopt.is_none() {
        return Err(Error::Adoptable {
            dir: root.into(),
            from: "an older template".into(),
        });
    }
    let target = catalogue.release(args.release.as_deref())?;
    let rendered = render(&target, &older.answers)?;
    let base = older.base(&rendered)?;
    if !args.json {
        evidence::of_older(&directory(root), &base, &older).show(ui);
    }
    let mut ask = false;
    if ui.prompt.is_interactive() && args.adopt.is_none() {
        let prompt = format!(
            "[a] show what release {} would change   [c] change the answers first   [q] quit: ",
            target.manifest.version
        );
        match ui.prompt.key(&prompt, &['a', 'c', 'q'])? {
            'a' => {}
            'c' => ask = true,
            _ => return Err(Error::Cancelled),
        }
    }
    let mut state = State::new(&target, &older.answers, &rendered.tree)?;
    // No file that this project has comes from a release.
    state.version = state::NO_RELEASE;
    let adoption = Adoption {
        release: None,
        evidence: None,
        answers: older.answers.clone(),
        defaults: older.untold.clone(),
        ask,
    };
    let project = Project {
        state_file: None,
        state,
        release: catalogue.release(args.release.as_deref())?,
        base: base.rendered,
        older: Some(older),
    };
    Ok(Opened {
        project,
        target,
        adoption: Some(adoption),
    })
}
