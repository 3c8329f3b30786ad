//! One file, hunk by hunk.

use std::fmt::Write as _;

use super::decision::text_of;
use super::kept::Drafts;
use super::reason::reason;
use super::{Review, show};
use crate::error::{Error, Result};
use crate::plan::Change;
use crate::ui::Ui;
use three_way::{Choice, Merged, Verdict};

/// A choice for each region of the change's text; `None`: back to the file.
pub(super) fn ask(
    change: &Change,
    review: &Review,
    drafts: &mut Drafts,
    ui: &mut Ui,
) -> Result<Option<Vec<Choice>>> {
    let Some((merged, _)) = text_of(change) else {
        return Ok(None);
    };
    let asked: Vec<usize> = (0..merged.regions().len())
        .filter(|index| merged.regions()[*index].is_offered())
        .collect();
    let mut choices = vec![Choice::Merged; merged.regions().len()];
    let mut position = 0;
    while let Some(index) = asked.get(position).copied() {
        ui.say(format!(
            "\n  {}, hunk {} of {}",
            change.path,
            position + 1,
            asked.len()
        ));
        ui.say(show::hunk(merged, index, review));
        match one(merged, index, change, review, drafts, ui)? {
            Some(choice) => {
                choices[index] = choice;
                position += 1;
            }
            None if position == 0 => return Ok(None),
            None => position -= 1,
        }
    }
    Ok(Some(choices))
}

/// The choice for one hunk; `None`: back to the one before.
fn one(
    merged: &Merged,
    index: usize,
    change: &Change,
    review: &Review,
    drafts: &mut Drafts,
    ui: &mut Ui,
) -> Result<Option<Choice>> {
    let region = &merged.regions()[index];
    let mut keys = vec!['o', 't', 'e', 'p', 'q'];
    let mut prompt = String::from("  ");
    match &region.verdict {
        Verdict::Conflict(None) => {}
        Verdict::Conflict(Some(suggestion)) => {
            keys.push('y');
            let _ = write!(prompt, "[y] {}  ", reason(suggestion));
        }
        _ => {
            keys.push('y');
            prompt.push_str("[y] as merged  ");
        }
    }
    prompt.push_str("[o] yours  [t] template's  ");
    if region.is_conflict() {
        keys.extend(['b', 'B', 'l']);
        prompt.push_str("[b] both, yours first  [B] both, template's first  [l] leave markers\n  ");
    }
    prompt.push_str("[e] edit  [p] back  [q] quit: ");
    loop {
        let choice = match ui.prompt.key(&prompt, &keys)? {
            'y' if region.is_conflict() => Choice::Suggestion,
            'y' | 'l' => Choice::Merged,
            'o' => Choice::Ours,
            't' => Choice::Theirs,
            'b' => Choice::OursThenTheirs,
            'B' => Choice::TheirsThenOurs,
            'e' => {
                let lead = merged.lead(index);
                let both = [&lead, &*region.ours, &lead, &*region.theirs].concat();
                let whole = region.merged().map(|text| [&lead, text].concat());
                let proposed = whole.unwrap_or(both);
                let start = drafts.hunks.get(&index).unwrap_or(&proposed).clone();
                let edited = ui.prompt.edit(change.path.name(), &start)?;
                if edited.text != start && (edited.is_done || !edited.text.is_empty()) {
                    drafts.hunks.insert(index, edited.text.clone());
                }
                let left = show::left(change, &edited.text, review);
                match left.filter(|_| edited.is_done) {
                    None if edited.is_done => Choice::Bytes(edited.text),
                    left => {
                        let failed = "  it did not end well; nothing is decided";
                        ui.say(left.unwrap_or_else(|| failed.into()));
                        continue;
                    }
                }
            }
            'p' => return Ok(None),
            _ => return Err(Error::Cancelled),
        };
        return Ok(Some(choice));
    }
}
