//! Runs that had been broken off, found by the next one.

use std::path::Path;

use crate::apply::{self, Interrupt};
use crate::error::Result;
use crate::report::{self, Outcome};
use crate::ui::Ui;
use crate::workplace::Workplace;

/// Finishes what a killed run left behind, says so, and returns how that run would have ended.
pub(super) fn recover(place: &mut Workplace, ui: &mut Ui) -> Result<Option<Outcome>> {
    let Some(recovered) = apply::recover(place)? else {
        return Ok(None);
    };
    let report = report::finished(&recovered, place.store());
    let outcome = report.outcome();
    report.show(ui);
    Ok(Some(outcome))
}

/// As [`recover`], for commands that otherwise only look.
pub(super) fn recover_at(dir: &Path, ui: &mut Ui) -> Result<Workplace> {
    let mut place = Workplace::around(dir)?;
    recover(&mut place, ui)?;
    Ok(place)
}

/// What [`take_back`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// No run had been broken off.
    Nothing,
    TakenBack,
    /// The end of an upgrade, which is finished now: the upgrade as a whole is still there.
    Ended,
}

/// Takes back what a killed run left behind, and says so.
pub(super) fn take_back(
    place: &mut Workplace,
    ui: &mut Ui,
    interrupt: &Interrupt,
) -> Result<Broken> {
    let Some(back) = apply::take_back(place, interrupt)? else {
        return Ok(Broken::Nothing);
    };
    report::taken_back(&back).show(ui);
    Ok(if back.is_amendment {
        Broken::Ended
    } else {
        Broken::TakenBack
    })
}
