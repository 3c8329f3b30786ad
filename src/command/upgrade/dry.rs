//! `upgrade --dry-run`: the plan, and the end that a run with `--yes` would have.

use super::{Args, Upgrade, report};
use crate::command::{Outcome, outcome_of_dry};
use crate::error::Result;
use crate::merge::Labels;
use crate::review::{OnConflict, Review, review};
use crate::ui::Ui;

/// `checked` is whether the run would begin to write.
pub(super) fn run(
    args: &Args,
    upgrade: &Upgrade,
    checked: Result<()>,
    labels: &Labels,
    ui: &mut Ui,
) -> Outcome {
    let decided = checked.and_then(|()| {
        let rules = Review {
            labels,
            on_conflict: args.on_conflict.or(Some(OnConflict::Markers)),
            yes: true,
            base: &upgrade.project.state.version,
            older: &upgrade.again.labels(labels),
            news: &upgrade.news,
            kept: None,
        };
        review(&upgrade.plan, &rules, ui)
    });
    let (refused, left) = match decided {
        Ok(reviewed) => (None, !reviewed.left.is_empty()),
        Err(error) => (Some(error), false),
    };
    let outcome = outcome_of_dry(refused.is_some(), left);
    report::dry_run(upgrade, refused, args.json, ui);
    outcome
}
