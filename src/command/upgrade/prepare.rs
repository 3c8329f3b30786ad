//! What an upgrade brings: the release to come, its answers, what is offered again; and what that comes to in the project.

use super::adopting::{self, Adoption, Opened};
use super::declined::{Again, offer_again, still_open};
use super::open::{self, Unfinished};
use super::{UpgradeArgs, refuse_in_the_middle};
use crate::apply::Pending;
use crate::ask::{self, Carried, Given};
use crate::change::{Proposed, Sides, keep_apart, offer_deleted};
use crate::command::older;
use crate::command::project::{Project, refuse_other_template};
use crate::error::{Error, Result};
use crate::plan::Edit;
use crate::state::State;
use crate::template::changelog::{self, Section};
use crate::template::{Catalogue, Release, render_recorded};
use crate::tree;
use crate::ui::Ui;
use crate::workplace::Workplace;
use three_way::Labels;

/// All that is known before anything is asked about files.
pub(super) struct Upgrade {
    /// The project; its base is in what is proposed.
    pub(super) project: Project,
    /// The release to come, without its sources.
    pub(super) target: Release,
    pub(super) carried: Carried,
    /// The state to come, but for what is open.
    pub(super) state: State,
    /// What it comes to in the project.
    pub(super) proposed: Proposed,
    pub(super) news: Vec<Section>,
    /// How a project without a state file came to have a base.
    pub(super) adoption: Option<Adoption>,
    /// Files of an older template that stay as they are.
    pub(super) left: Vec<String>,
    /// What was declined, or not decided, and is offered again.
    pub(super) again: Again,
    /// The conflicts that are resolved since, and the record of the run that left them, where it ran here.
    pub(super) settled: Vec<String>,
    pub(super) pending: Option<Pending>,
}

/// Finds out all of it, and asks for what is not known.
pub(super) fn upgrade(
    args: &UpgradeArgs,
    place: &Workplace,
    catalogue: &Catalogue,
    ui: &mut Ui,
) -> Result<Upgrade> {
    let Opened {
        mut project,
        target,
        adoption,
    } = adopting::open(args, place, catalogue, ui)?;
    check_target(&project.state, &target, catalogue)?;
    let pending = open::pending(place.store(), &project.state)?;
    refuse_in_the_middle(place, project.state.both)?;
    let unfinished = Unfinished::here(place, &project.state, pending.as_ref())?;
    let settled = unfinished.go_on(&project.state, pending, ui)?;
    project.state.forget_conflicts();
    let adopted = adoption.as_ref();
    let mut upgrade = prepare(args, place, project, target, adopted, catalogue, ui)?;
    upgrade.adoption = adoption;
    (upgrade.settled, upgrade.pending) = (settled, place.store().pending()?);
    Ok(upgrade)
}

pub(super) fn check_target(state: &State, target: &Release, catalogue: &Catalogue) -> Result<()> {
    refuse_other_template(state, &target.manifest.name, catalogue)?;
    if target.manifest.version < state.version {
        return Err(Error::Downgrade {
            installed: state.version.to_string(),
            wanted: target.manifest.version.to_string(),
        });
    }
    Ok(())
}

fn prepare(
    args: &UpgradeArgs,
    place: &Workplace,
    mut project: Project,
    mut target: Release,
    adoption: Option<&Adoption>,
    catalogue: &Catalogue,
    ui: &mut Ui,
) -> Result<Upgrade> {
    let mut given = Given::new(
        &target.manifest,
        args.answers.as_deref(),
        &args.answer,
        args.defaults || args.yes,
    )?;
    let recorded = &project.state.answers;
    if older::is_older(recorded) {
        older::refuse(&given, recorded, &target.manifest)?;
        older::refuse_two(&given, recorded, place)?;
        older::complete(&mut given);
    }
    let carried = ask::carry(
        &project.release.manifest,
        recorded,
        &target.manifest,
        &given,
        &place.name(),
        args.ask || adoption.is_some_and(|adoption| adoption.ask),
        ui,
    )?;
    let mut theirs = render_recorded(&target, &carried.answers)?;
    let state = State::new(&target, &carried.answers, &theirs.tree)?.instead_of(&project.state);
    target.forget_sources();
    for (path, file) in &mut theirs.tree {
        if let Some(base) = project.base.tree.get(path) {
            tree::share(file, base);
        }
    }
    let mut renames: Vec<(String, String)> = target
        .manifest
        .renames
        .iter()
        .filter(|rename| {
            rename.since > project.state.version && rename.since <= target.manifest.version
        })
        .map(|rename| (rename.from.clone(), rename.to.clone()))
        .collect();
    let mut again = offer_again(place, &mut project, &theirs, catalogue, args.ask)?;
    renames.append(&mut again.renames);
    let mut left = Vec::new();
    if let Some(older) = &project.older {
        let base = older.base(&theirs)?;
        project.base = base.rendered;
        renames.extend(base.renames);
        left = base.left;
    }
    let mut base = std::mem::take(&mut project.base);
    offer_deleted(args.ask, place, &mut base, &theirs)?;
    let sides = Sides {
        base,
        theirs,
        renames,
        rules: args.policy.rules(),
    };
    let mut proposed = sides.propose(place)?;
    if project.older.is_some() {
        let pinned = target.manifest.pins.keys().map(String::as_str);
        let locks: Vec<&str> = pinned.chain(["package-lock.json"]).collect();
        keep_apart(
            place.root(),
            &mut proposed.plan,
            &proposed.theirs.tree,
            &locks,
        )?;
    }
    again.keep_declined(&mut proposed.plan, &project.state.declined);
    again.follow(&proposed.plan);
    let sections = changelog::parse(&catalogue.changelog()?);
    let news = if project.older.is_some() {
        Vec::new()
    } else {
        let (from, to) = (&project.state.version, &target.manifest.version);
        changelog::between(&sections, from, to).cloned().collect()
    };
    Ok(Upgrade {
        project,
        target,
        carried,
        state,
        proposed,
        news,
        adoption: None,
        left,
        again,
        settled: Vec::new(),
        pending: None,
    })
}

impl Upgrade {
    /// The state to come with what is still open once `edits` are written.
    pub(super) fn still_open(&self, place: &Workplace, edits: &[Edit]) -> Result<State> {
        let theirs = &self.proposed.theirs;
        let state = self.state.clone();
        still_open(place, &self.project, theirs, &self.again, edits, state)
    }

    /// Whether there is nothing to write down but what is open.
    pub(super) fn is_nothing(&self) -> bool {
        let (now, then) = (&self.state, &self.project.state);
        self.proposed.plan.changes.is_empty() && self.adoption.is_none() && now.is_like(then)
    }

    /// The names of the sides in conflicts.
    pub(super) fn labels(&self) -> Labels {
        let base = if self.project.older.is_some() {
            "the older template".into()
        } else {
            format!("template {}", self.project.state.version)
        };
        Labels {
            base,
            ours: "yours".into(),
            theirs: format!("template {}", self.target.manifest.version),
        }
    }

    /// What the run is called, in reports and in records.
    pub(super) fn title(&self) -> String {
        let verb = if self.adoption.is_some() {
            "adopt"
        } else {
            "upgrade"
        };
        let to = &self.target.manifest.version;
        if self.project.older.is_some() {
            return format!("{verb} → {to}");
        }
        format!("{verb} {} → {to}", self.project.state.version)
    }
}
