//! A plan and the user's decisions → edits. Only what comes out of here can be applied.

use crate::error::{Error, Result};
use crate::merge::Labels;
use crate::plan::{Change, Conflict, Edit, Plan, Verdict};
use crate::tree::{Content, File};
use crate::ui::{self, Ui};

/// What is done with conflicts that nobody is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum OnConflict {
    /// Write both sides with conflict markers, where the file is text; else keep yours
    Markers,
    /// Keep your file
    Ours,
    /// Take the template's file
    Theirs,
    /// Refuse, and write nothing
    Stop,
}

/// Decisions turned into edits.
#[derive(Debug, Default)]
pub struct Reviewed {
    pub edits: Vec<Edit>,
    /// The paths in which conflict markers are left.
    pub marked: Vec<String>,
    /// The paths that stay as they are although the template has something else, with the reason.
    pub kept: Vec<(String, String)>,
}

/// Goes through the conflicts of `plan`: asks on a terminal, else does as `on_conflict` says.
pub fn review(
    plan: Plan,
    on_conflict: Option<OnConflict>,
    labels: &Labels,
    ui: &mut Ui,
) -> Result<Reviewed> {
    let total = plan.conflicts().count();
    if total > 0
        && on_conflict.unwrap_or(OnConflict::Stop) == OnConflict::Stop
        && !can_ask(on_conflict, ui)
    {
        return Err(Error::Conflicts {
            paths: plan
                .conflicts()
                .map(|(change, _)| change.path.to_string())
                .collect(),
        });
    }
    let mut reviewed = Reviewed::default();
    let mut rest = on_conflict;
    let mut number = 0;
    for change in plan.changes {
        match &change.verdict {
            Verdict::Take => {
                let after = change.theirs.clone();
                reviewed.write(&change, after);
            }
            Verdict::Merged(file, _) => {
                let after = Some(file.clone());
                reviewed.write(&change, after);
            }
            Verdict::Keep(reason) => reviewed.keep(&change, reason),
            Verdict::Conflict(conflict) => {
                number += 1;
                let decision = match rest {
                    Some(decision) => decision,
                    None => ask(&change, conflict, (number, total), &mut rest, labels, ui)?,
                };
                reviewed.settle(&change, conflict, decision, labels);
            }
        }
    }
    Ok(reviewed)
}

fn can_ask(on_conflict: Option<OnConflict>, ui: &Ui) -> bool {
    on_conflict.is_none() && ui.prompt.is_interactive()
}

impl Reviewed {
    fn write(&mut self, change: &Change, after: Option<File>) {
        self.edits.push(Edit {
            path: change.path.clone(),
            before: change.ours.clone(),
            after,
        });
    }

    fn keep(&mut self, change: &Change, reason: &str) {
        self.kept.push((change.path.to_string(), reason.to_owned()));
    }

    fn settle(
        &mut self,
        change: &Change,
        conflict: &Conflict,
        decision: OnConflict,
        labels: &Labels,
    ) {
        match (decision, conflict) {
            (_, Conflict::Blocked(..)) | (OnConflict::Ours | OnConflict::Stop, _) => {
                self.keep(change, &conflict.describe());
            }
            (OnConflict::Theirs, _) => self.write(change, change.theirs.clone()),
            (OnConflict::Markers, Conflict::Text(merged, executable)) => {
                let file = File {
                    content: Content::Bytes(merged.with_markers(labels).into()),
                    executable: *executable,
                };
                self.write(change, Some(file));
                self.marked.push(change.path.to_string());
            }
            (OnConflict::Markers, _) => self.keep(change, &conflict.describe()),
        }
    }
}

/// Asks about one file; a capital letter decides for all that follow.
fn ask(
    change: &Change,
    conflict: &Conflict,
    (number, total): (usize, usize),
    rest: &mut Option<OnConflict>,
    labels: &Labels,
    ui: &mut Ui,
) -> Result<OnConflict> {
    ui.say(format!(
        "\n[{number}/{total}] {}: {}",
        change.path,
        conflict.describe()
    ));
    if matches!(conflict, Conflict::Blocked(..)) {
        ui.say("  it stays; the template's file is left out");
        return Ok(OnConflict::Ours);
    }
    let text = matches!(conflict, Conflict::Text(..));
    let mut keys = vec!['k', 'K', 't', 'T', 'd', 'q', '?'];
    if text {
        keys.extend(['m', 'M']);
    }
    let choices = if text {
        "  [k] keep yours  [t] take the template's  [m] write both, marked  [d] diff  [q] quit  [?] help: "
    } else {
        "  [k] keep yours  [t] take the template's  [d] diff  [q] quit  [?] help: "
    };
    loop {
        let key = ui.prompt.key(choices, &keys)?;
        let decision = match key.to_ascii_lowercase() {
            'k' => OnConflict::Ours,
            't' => OnConflict::Theirs,
            'm' => OnConflict::Markers,
            'd' => {
                let diff = ui::diff(
                    change.path.as_str(),
                    change.ours.as_ref(),
                    change.theirs.as_ref(),
                    &labels.ours,
                    &labels.theirs,
                );
                ui.say(diff);
                continue;
            }
            '?' => {
                ui.say("  A small letter decides for this file, a capital one for all files that are left.");
                ui.say("  Nothing is written before the last answer; q, Esc and Ctrl-C leave everything as it is.");
                continue;
            }
            _ => return Err(Error::Cancelled),
        };
        if key.is_ascii_uppercase() {
            *rest = Some(decision);
        }
        return Ok(decision);
    }
}
