//! From the command line and the findings to a plan, before anything of it is carried out.

use std::path::Path;

use super::addresses::{self, Services};
use super::answers::Asking;
use super::edits::{self, Deciding};
use super::existing;
use super::questions::{
    ADDRESSES, DEVELOPER_REQUIREMENTS, DOCKER_FILES, KEEP, MODE, OWN_SERVICES, REQUIREMENTS_FILE,
};
use super::steps::{self, Step, Steps};
use super::taken::{self, Taken};
use super::{DockerizeArgs, answers, containers, day, files, lists, names, outside, show, unset};
use crate::ask::{self, Given};
use crate::change::{Proposed, Sides};
use crate::command::older;
use crate::error::{Error, Result, shell_word};
use crate::fs;
use crate::git::Git;
use crate::review::OnConflict;
use crate::state;
use crate::template::{Answer, Answers, Catalogue, Release, render};
use crate::tree::TreePath;
use crate::ui::Ui;
use crate::workplace::Workplace;
use django_facts::{Findings, Sources};

/// The release, and what is answered before anybody is asked.
pub(super) struct Chosen {
    pub(super) release: Release,
    pub(super) given: Given,
}

pub(super) fn chosen(args: &DockerizeArgs) -> Result<Chosen> {
    let release = Catalogue::new(args.from.as_deref()).release(args.release.as_deref())?;
    if release.manifest.question(MODE).is_none() {
        return Err(Error::Usage(format!(
            "release {} has no shape for older projects; `--release` names one that has",
            release.manifest.version
        )));
    }
    let file = args.answers.as_deref();
    let given = Given::new(&release.manifest, file, &args.answer, true)?;
    given.check(&release.manifest)?;
    older::refuse(&given, &Answers::default(), &release.manifest)?;
    Ok(Chosen { release, given })
}

/// An error where the project cannot be taken.
pub(super) fn can_take(
    args: &DockerizeArgs,
    place: &Workplace,
    sources: &Sources,
    findings: &Findings,
    ui: &mut Ui,
) -> Result<()> {
    let root = place.root();
    if fs::metadata(&root.join(state::FILE))?.is_some() {
        return Err(Error::IsProject { dir: root.into() });
    }
    let refused = |reason: String| Error::NoDjango {
        dir: root.into(),
        reason,
    };
    refuse_taken(root, django_facts::WRAPPER, findings, sources)?;
    if let Some(reason) = findings.verdict.reason.clone().filter(|_| !args.anyway) {
        let is_answered = args.defaults || args.dry_run || args.yes || !ui.prompt.is_interactive();
        if is_answered {
            return Err(refused(reason));
        }
        ui.say(refused(reason).to_string());
        let items = ["no, leave it", "yes, take it"].map(str::to_owned);
        if ui.prompt.select("Go on all the same?", &items, 0)? == 0 {
            return Err(Error::Cancelled);
        }
    }
    match place.git().and_then(Git::in_the_middle_of) {
        Some(what) => Err(Error::InTheMiddle(what)),
        None => Ok(()),
    }
}

/// An error where the project has a package or module of a name that the template needs.
fn refuse_taken(root: &Path, name: &str, findings: &Findings, sources: &Sources) -> Result<()> {
    match findings.in_use(name, sources) {
        Some(name) => Err(Error::NameTaken {
            dir: root.into(),
            name,
        }),
        None => Ok(()),
    }
}

/// What a run with the same flags, and nobody to ask, would do.
pub(super) struct Planned {
    pub(super) proposal: Proposal,
    /// Why it would not, although all is known.
    pub(super) refused: Option<Error>,
}

pub(super) fn planned(
    args: &DockerizeArgs,
    place: &Workplace,
    sources: &Sources,
    findings: &Findings,
    chosen: Chosen,
    ui: &mut Ui,
) -> Result<Planned> {
    can_take(args, place, sources, findings, ui)?;
    let proposal = propose(args, place, sources, findings.clone(), chosen, ui)?;
    let refused = check(args, place, &proposal).err();
    Ok(Planned { proposal, refused })
}

/// What keeps a plan from being carried out, and is known before anybody is asked about files.
pub(super) fn check(args: &DockerizeArgs, place: &Workplace, proposal: &Proposal) -> Result<()> {
    outside::refuse_impossible(&outside::ToRun {
        root: place.root(),
        answers: &proposal.answers,
        steps: &proposal.steps,
        run: &args.run,
    })?;
    let proposed = &proposal.proposed;
    proposed.check(place, args.allow_dirty)?;
    let paths: Vec<String> = proposed
        .plan
        .conflicts()
        .map(|(change, _)| change.path.to_string())
        .collect();
    if args.on_conflict == Some(OnConflict::Stop) && !paths.is_empty() {
        return Err(Error::Conflicts { paths });
    }
    Ok(())
}

/// All that is known before anything is asked about files.
pub(super) struct Proposal {
    /// The findings, with what follows from answers.
    pub(super) findings: Findings,
    pub(super) release: Release,
    pub(super) answers: Answers,
    /// What becomes of the release's files, and of those that are fitted to this project.
    pub(super) proposed: Proposed,
    pub(super) steps: Steps,
    /// What pip has no notation for.
    pub(super) left: Vec<String>,
    /// The files of developers that ask for another Django than the site runs with: place and version.
    pub(super) other_djangos: Vec<(String, String)>,
    /// What stands for passwords of addresses in requirements that are written.
    pub(super) veiled: Vec<files::Veiled>,
    /// Committed files that are not encrypted although their names call them secret; they stay so.
    pub(super) in_the_clear: Vec<TreePath>,
    /// The services that compose.yaml starts.
    pub(super) services: Services,
    /// The edits of the project's own code.
    pub(super) settings: edits::Settings,
    /// What is said of packages that nothing pins.
    pub(super) unpinned: Option<String>,
    /// The services of the project that the template's compose file takes over.
    pub(super) taken: Taken,
    /// What a person answered.
    pub(super) said: Vec<(&'static str, String)>,
}

/// Says what Docker files there are, and decides what becomes of them.
fn docker_files(
    args: &DockerizeArgs,
    given: &mut Given,
    findings: &Findings,
    (place, release): (&Workplace, &Release),
    may_ask: bool,
    ui: &mut Ui,
) -> Result<()> {
    if release.manifest.question(DOCKER_FILES).is_none() {
        return Ok(());
    }
    let there = existing::there(findings);
    if !args.json {
        containers::show(findings, &there, ui);
    }
    let asked = existing::Asked {
        is_skipped: args.skip.contains(&Step::Docker),
        on_conflict: args.on_conflict,
        may_ask,
    };
    existing::choose(given, &there, &asked, place, ui)
}

pub(super) fn propose(
    args: &DockerizeArgs,
    place: &Workplace,
    sources: &Sources,
    findings: Findings,
    chosen: Chosen,
    ui: &mut Ui,
) -> Result<Proposal> {
    let Chosen { release, mut given } = chosen;
    let made = made(args, place, (sources, findings), release, &mut given, ui);
    if made.is_err() {
        tell_said(&given.said, ui);
    }
    made
}

/// What a person answered, as flags: nothing of it is lost where a run ends early.
pub(super) fn tell_said(said: &[(&'static str, String)], ui: &mut Ui) {
    if said.is_empty() {
        return;
    }
    ui.say("\nYour answers, for another run:");
    for (name, answer) in said {
        ui.say(format!(
            "  --answer {}",
            shell_word(&format!("{name}={answer}"))
        ));
    }
}

fn made(
    args: &DockerizeArgs,
    place: &Workplace,
    (sources, findings): (&Sources, Findings),
    release: Release,
    given: &mut Given,
    ui: &mut Ui,
) -> Result<Proposal> {
    let (git, directory) = (place.git(), place.name());
    if !args.json {
        show::findings(&directory, &findings, ui);
    }
    let is_report = args.json && args.dry_run;
    let may_ask = ui.prompt.is_interactive() && !args.defaults && !is_report;
    let asking = if may_ask {
        Asking::Person
    } else if args.defaults {
        Asking::Guess
    } else {
        Asking::Nobody
    };
    let (findings, translation) =
        answers::complete(given, findings, sources, &release.manifest, asking, ui)?;
    let main = given.text(REQUIREMENTS_FILE).unwrap_or_default();
    let is_locked = day::is_locked(&main, sources, translation.as_ref());
    let manifest = &release.manifest;
    let unpinned = day::complete(given, manifest, git, is_locked, may_ask, ui)?;
    docker_files(args, given, &findings, (place, &release), may_ask, ui)?;
    let steps = steps::choose(
        &findings,
        sources.survey(),
        given,
        &args.skip,
        &args.run,
        may_ask,
        ui,
    )?;
    let mut taken = match release.manifest.question(OWN_SERVICES) {
        Some(_) => taken::choose(given, &findings, git, may_ask, ui)?,
        None => Taken::default(),
    };
    answers::of_steps(given, &findings, &steps);
    names::complete(given, &release.manifest, &directory, &findings, ui)?;
    let services = Services::of(given, &findings, &directory, steps.has(Step::Docker));
    let deciding = match (may_ask, args.edit_settings) {
        (true, proposed) => Deciding::Person { proposed },
        (false, true) => Deciding::All,
        (false, false) => Deciding::Nobody,
    };
    let settings = edits::choose(deciding, &findings, &services, place, ui)?;
    // Whoever has the template's Docker files later on shall have them complete.
    let later = given.text(DOCKER_FILES).as_deref() == Some(KEEP);
    let later = later.then(|| Services::of(given, &findings, &directory, true));
    let known = later.as_ref().unwrap_or(&services);
    addresses::complete(given, &findings, known, &settings.literals);
    let answers = ask::answers(&release.manifest, given, &directory, ui)?;
    if answers.get(MODE) == Some(&Answer::Text("wrap".into())) {
        refuse_taken(place.root(), django_facts::SETTINGS, &findings, sources)?;
    }
    let rendered = render(&release, &answers)?;
    let named = given.text(DEVELOPER_REQUIREMENTS).unwrap_or_default();
    let developers = files::of_developers(&findings, sources, &steps.requirements)
        .filter(|(name, _)| named.split(' ').any(|file| file == name));
    let mut wanted = files::extended(
        &rendered,
        sources.survey(),
        place,
        &steps,
        translation.as_ref(),
        developers,
    )?;
    taken::add(&mut wanted.tree, &answers, &mut taken);
    if release.manifest.question(ADDRESSES).is_some() {
        unset::add(&mut wanted.tree, &findings, &settings.literals, &answers);
    }
    let left = translation
        .filter(|_| !sources.survey().has(&steps.requirements))
        .map_or_else(Vec::new, |translation| translation.untranslated);
    let other_djangos = findings.left_to_developers(sources, &steps.requirements);
    let veiled = files::veiled(&wanted.tree, sources, &steps);
    let mut proposed = Sides::of_nothing(wanted).propose(place)?;
    lists::grow(&mut proposed.plan);
    proposed.extra = files::removed(place.root(), &answers, &steps)?;
    let replaced = existing::replaced(&mut proposed.plan, &answers, place)?;
    proposed.extra.extend(replaced);
    proposed.extra.extend(settings.edits.iter().cloned());
    let in_the_clear = match git {
        Some(git) => lists::in_the_clear(&rendered.tree, git)?,
        None => Vec::new(),
    };
    Ok(Proposal {
        findings,
        release,
        answers,
        proposed: Proposed {
            theirs: rendered,
            ..proposed
        },
        steps,
        left,
        other_djangos,
        veiled,
        in_the_clear,
        services,
        settings,
        unpinned,
        taken,
        said: given.said.clone(),
    })
}
