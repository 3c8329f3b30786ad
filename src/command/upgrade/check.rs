//! `upgrade --check`: whether there is a newer release, or an upgrade that is not finished.

use super::prepare::check_target;
use super::{UpgradeArgs, adopting, open, report};
use crate::error::Result;
use crate::report::Report;
use crate::template::Catalogue;
use crate::ui::Ui;
use crate::workplace::Workplace;

pub(super) fn run(
    args: &UpgradeArgs,
    place: &Workplace,
    catalogue: &Catalogue,
    ui: &mut Ui,
) -> Result<Report> {
    if !place.has_state() {
        return adopting::check(args, place.root(), catalogue);
    }
    let opened = adopting::open(args, place, catalogue, ui)?;
    let (project, target) = (opened.project, opened.target);
    check_target(&project.state, &target, catalogue)?;
    let pending = open::pending(place.store(), &project.state)?;
    let left = open::unfinished(place, &project.state, pending.as_ref())?.left;
    let mut report = Report::new();
    open::tell_both(&project.state, &mut report);
    Ok(report::check(
        &project.state,
        &target,
        &left,
        args.json,
        report,
    ))
}
