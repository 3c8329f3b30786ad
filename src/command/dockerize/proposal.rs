//! From the command line and the findings to a plan, before anything of it is carried out.

use std::path::Path;

use super::super::upgrade::write::refuse_dirty;
use super::super::{Policy, gather};
use super::steps::{self, Steps};
use super::{Args, answers, files, lists, names, outside, show};
use crate::ask::{self, Given};
use crate::error::{Error, Result};
use crate::fs;
use crate::git::Git;
use crate::plan::{Edit, Plan};
use crate::review::OnConflict;
use crate::state;
use crate::template::{Answer, Answers, Catalogue, Release, Rendered, render};
use crate::tree::TreePath;
use crate::ui::Ui;
use crate::workplace::Workplace;
use django_facts::Findings;
use django_facts::Survey;

/// The release, and what is answered before anybody is asked.
pub(super) fn chosen(args: &Args) -> Result<(Release, Given)> {
    let release = Catalogue::new(args.from.as_deref()).release(args.release.as_deref())?;
    if release.manifest.question("mode").is_none() {
        return Err(Error::Usage(format!(
            "release {} has no shape for older projects; `--release` names one that has",
            release.manifest.version
        )));
    }
    let file = args.answers.as_deref();
    let given = Given::new(&release.manifest, file, &args.answer, true)?;
    given.check(&release.manifest)?;
    Ok((release, given))
}

/// An error where the project cannot be taken.
pub(super) fn can_take(
    args: &Args,
    place: &Workplace,
    survey: &Survey,
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
    refuse_taken(root, django_facts::WRAPPER, findings, survey)?;
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
fn refuse_taken(root: &Path, name: &str, findings: &Findings, survey: &Survey) -> Result<()> {
    match findings.in_use(name, survey) {
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
    pub(super) removed: Vec<Edit>,
    /// Why it would not, although all is known.
    pub(super) refused: Option<Error>,
}

pub(super) fn planned(
    args: &Args,
    place: &Workplace,
    survey: &Survey,
    (findings, chosen): (&Findings, (Release, Given)),
    ui: &mut Ui,
) -> Result<Planned> {
    can_take(args, place, survey, findings, ui)?;
    let known = (findings.clone(), chosen);
    let proposal = propose(args, place, survey, known, ui)?;
    let removed = files::removed(place.root(), &proposal.answers, &proposal.steps)?;
    let refused = check(args, place, &proposal, &removed).err();
    Ok(Planned {
        proposal,
        removed,
        refused,
    })
}

/// What keeps a plan from being carried out, and is known before anybody is asked about files.
pub(super) fn check(
    args: &Args,
    place: &Workplace,
    proposal: &Proposal,
    removed: &[Edit],
) -> Result<()> {
    let todo = (&proposal.answers, &proposal.steps, args.run.as_slice());
    outside::refuse_impossible(place.root(), todo)?;
    let nothing = Rendered::default();
    gather::refuse_skipped(place, &nothing, &proposal.rendered)?;
    if !args.allow_dirty {
        refuse_dirty(place, &proposal.plan, removed)?;
    }
    let paths: Vec<String> = proposal
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
    /// With what follows from answers.
    pub(super) findings: Findings,
    pub(super) release: Release,
    pub(super) answers: Answers,
    pub(super) rendered: Rendered,
    pub(super) plan: Plan,
    pub(super) steps: Steps,
    /// What pip has no notation for.
    pub(super) left: Vec<String>,
    /// What stands for passwords of addresses in requirements that are written.
    pub(super) veiled: Vec<files::Veiled>,
    /// Committed files that are not encrypted although their names call them secret; they stay so.
    pub(super) in_the_clear: Vec<TreePath>,
}

pub(super) fn propose(
    args: &Args,
    place: &Workplace,
    survey: &Survey,
    (findings, (release, mut given)): (Findings, (Release, Given)),
    ui: &mut Ui,
) -> Result<Proposal> {
    let (git, directory) = (place.git(), place.name());
    if !args.json {
        show::findings(&directory, &findings, ui);
    }
    let is_report = args.json && args.dry_run;
    let may_ask = ui.prompt.is_interactive() && !args.defaults && !is_report;
    let (findings, translation) =
        answers::complete(&mut given, findings, survey, (may_ask, args.defaults), ui)?;
    let steps = steps::choose(
        &findings,
        survey,
        &given,
        (&args.skip, &args.run),
        may_ask,
        ui,
    )?;
    answers::of_steps(&mut given, &findings, &steps);
    names::complete(&mut given, &release.manifest, &directory, &findings, ui)?;
    let answers = ask::answers(&release.manifest, &given, &directory, ui)?;
    if answers.get("mode") == Some(&Answer::Text("wrap".into())) {
        refuse_taken(place.root(), django_facts::SETTINGS, &findings, survey)?;
    }
    let rendered = render(&release, &answers)?;
    let named = given.text("developer_requirements").unwrap_or_default();
    let developers = files::of_developers(&findings, survey, &steps.requirements)
        .filter(|(name, _)| named.split(' ').any(|file| file == name));
    let requirements = (translation.as_ref(), developers);
    let wanted = files::extended(&rendered, survey, git, &steps, requirements)?;
    let left = translation
        .filter(|_| !survey.has(&steps.requirements))
        .map_or_else(Vec::new, |translation| translation.left);
    let veiled = files::veiled(&wanted.tree, survey, &steps);
    let nothing = Rendered::default();
    let mut plan = gather::plan(place, &nothing, &wanted, &[], Policy::Suggest)?;
    lists::grow(&mut plan);
    let in_the_clear = match git {
        Some(git) => lists::in_the_clear(&rendered.tree, git)?,
        None => Vec::new(),
    };
    Ok(Proposal {
        findings,
        release,
        answers,
        rendered,
        plan,
        steps,
        left,
        veiled,
        in_the_clear,
    })
}
