//! What became of a run that had been broken off.

use super::done::tell_lost;
use super::{Outcome, Report, tick};
use crate::apply::{Recovered, TakenBack};
use crate::workplace::Store;

/// The report of a run that is finished now, and how it would have ended.
pub(crate) fn finished(recovered: &Recovered, store: &Store) -> Report {
    let Recovered::Finished { title, left } = recovered;
    let mut report = Report::new();
    report.say(format!(
        "`{title}` had been broken off; it is finished now."
    ));
    for path in left {
        report.say(format!("  conflict: {path}"));
    }
    tell_lost(store, &mut report);
    report.ended(Outcome::with_conflicts(!left.is_empty()))
}

/// The report of a run that is taken back.
pub(crate) fn taken_back(back: &TakenBack) -> Report {
    let mut report = Report::new();
    for (path, aside) in &back.aside {
        report.say(format!(
            "{path} had been edited since; that version is in {aside}"
        ));
    }
    if !back.is_amendment {
        report.say(format!(
            "{} `{}` had been broken off; it is taken back, and the project is as it was",
            tick(),
            back.title.trim_start_matches("undo of ")
        ));
    }
    report
}
