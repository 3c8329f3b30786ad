//! `upgrade --dry-run`: the plan, and the end that a run with `--yes` would have.

use super::prepare::Upgrade;
use super::{UpgradeArgs, report};
use crate::error::Result;
use crate::report::Report;
use crate::review::{OnConflict, Review};
use crate::ui::Ui;

/// Shows the plan and the end of the run; `checked` is whether the run would begin to write.
pub(super) fn run(
    args: &UpgradeArgs,
    upgrade: &Upgrade,
    checked: Result<()>,
    ui: &mut Ui,
) -> Report {
    let labels = &upgrade.labels();
    let rules = Review {
        labels,
        on_conflict: args.on_conflict.or(Some(OnConflict::Markers)),
        yes: true,
        base: &upgrade.project.state.version,
        older: &upgrade.again.labels(labels),
        news: &upgrade.news,
        kept: None,
    };
    let rehearsed = upgrade.proposed.rehearse(checked, &rules, ui);
    report::dry_run(upgrade, &rehearsed, args.json)
}
