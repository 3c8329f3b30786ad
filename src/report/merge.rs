//! What has to be known of the merge of one file, wherever it is merged: the words stand in [`plan::notes`].

use super::Report;
use crate::plan;
use three_way::Merged;

/// Says the notes of a merge of the file at `path`; of one that is secret, no more than that there are some.
pub(crate) fn merge_notes(path: &str, merged: &Merged, is_secret: bool, report: &mut Report) {
    let notes = if is_secret {
        plan::hidden_notes(merged)
    } else {
        plan::notes(path, merged)
    };
    for note in notes {
        report.say(format!("{path}: {note}"));
    }
}
