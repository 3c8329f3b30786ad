//! What a project without a state file was made from, as it is shown before it is adopted.

use crate::adopt::{Base, Found, Older};
use crate::report::Report;
use crate::state;
use crate::template::Answers;

/// The release that it was made from, and what tells so.
pub(super) fn of_release(directory: &str, found: &Found, is_named: bool) -> Report {
    let mut report = Report::new();
    let evidence = &found.evidence;
    let verb = if is_named {
        "is taken for one of"
    } else {
        "looks made from"
    };
    report.data(format!(
        "{} has no {}, but it {verb} {} {}:",
        directory,
        state::FILE,
        found.release.manifest.name,
        found.release.manifest.version
    ));
    report.data(format!(
        "  of its files {} are as they were, {} edited, {} gone",
        evidence.same, evidence.edited, evidence.gone
    ));
    if let Some((version, less)) = evidence.others.first() {
        report.data(format!(
            "  next would be {version}, with {less:.0} votes less; {:.0} % of the lines that tell releases apart agree",
            evidence.share * 100.0
        ));
    }
    report.data("");
    answers(&found.answers, &found.untold, &mut report);
    report
}

fn answers(answers: &Answers, defaults: &[String], report: &mut Report) {
    let width = answers.width();
    for (name, answer) in answers.iter() {
        let note = if defaults.iter().any(|other| other == name) {
            "   (its files do not tell: the default)"
        } else {
            ""
        };
        report.data(format!("  {name:width$}  {answer}{note}"));
    }
    report.data("");
}

/// That an older template made it.
pub(super) fn of_older(directory: &str, base: &Base, older: &Older) -> Report {
    let mut report = Report::new();
    report.data(format!(
            "{} has no {}, but an older template made it: of {} files of that template, {} are as they were, and {} of {} \
             lines in them are the template's; all others are yours.\n",
            directory,
            state::FILE,
            base.files,
            base.untouched,
            base.known,
            base.lines
        ));
    answers(&older.answers, &older.untold, &mut report);
    report
}
