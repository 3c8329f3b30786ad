//! The conversation about a plan: file by file, back and forth, and nothing decided before the last answer.

use std::collections::{BTreeMap, BTreeSet};

use super::decision::{Decision, text_of};
use super::kept::Drafts;
use super::keyboard::{self, Keys};
use super::{Review, by_rule, hunks, show};
use crate::error::{Error, Result};
use crate::plan::{Change, Plan, Verdict};
use crate::ui::{Edited, Ui};

/// A decision for each change of the plan.
pub(super) fn run(plan: &Plan, review: &Review, ui: &mut Ui) -> Result<Vec<Decision>> {
    let default: Vec<Decision> = plan
        .changes
        .iter()
        .map(|change| by_rule(change, review.on_conflict))
        .collect();
    let queue = if review.yes {
        Queue::conflicts(plan)
    } else {
        start(plan, review, ui)?
    };
    let mut session = Session {
        plan,
        review,
        queue,
        decisions: default,
        drafts: BTreeMap::new(),
        made: BTreeSet::new(),
    };
    let first = session.take_up(ui);
    if let Err(error) = session.ask_all(first, ui) {
        session.leave(ui);
        return Err(error);
    }
    Ok(session.decisions)
}

/// How many files that nothing is to be said of are listed one by one.
const MANY: usize = 12;

/// The changes that are asked about, as indices into the plan.
struct Queue(Vec<usize>);

impl Queue {
    fn conflicts(plan: &Plan) -> Self {
        Self::of(plan, |verdict| matches!(verdict, Verdict::Conflict(_)))
    }

    fn all(plan: &Plan) -> Self {
        Self::of(plan, |verdict| !matches!(verdict, Verdict::Keep(_)))
    }

    fn of(plan: &Plan, wanted: impl Fn(&Verdict) -> bool) -> Self {
        let mut indices: Vec<usize> = (0..plan.changes.len())
            .filter(|index| wanted(&plan.changes[*index].verdict))
            .collect();
        indices.sort_by_key(|index| weight(&plan.changes[*index]));
        Self(indices)
    }
}

/// What needs a person most comes first, and what nobody here ever saw comes last.
fn weight(change: &Change) -> usize {
    const ORDER: [&str; 6] = ["conflict", "merged", "removed", "moved", "updated", "new"];
    ORDER
        .iter()
        .position(|class| *class == change.class())
        .unwrap_or(ORDER.len())
}

/// The first question: all at once, or one by one.
fn start(plan: &Plan, review: &Review, ui: &mut Ui) -> Result<Queue> {
    let conflicts = Queue::conflicts(plan);
    let all = match conflicts.0.len() {
        0 => "all".to_owned(),
        1 => "all clean changes, then resolve the conflict".to_owned(),
        count => format!("all clean changes, then resolve the {count} conflicts"),
    };
    let prompt = format!("\nApply?  [a] {all}   [r] review one by one   [d] diff   [q] quit: ");
    loop {
        match ui.prompt.key(&prompt, &['a', 'r', 'd', 'q'])? {
            'a' => return Ok(conflicts),
            'r' => return Ok(Queue::all(plan)),
            'd' => {
                for change in &plan.changes {
                    ui.say(format!("\n{}", show::title(change)));
                    ui.say(show::change(change, &review.of(change)));
                }
            }
            _ => return Err(Error::Cancelled),
        }
    }
}

struct Session<'a> {
    plan: &'a Plan,
    review: &'a Review<'a>,
    queue: Queue,
    decisions: Vec<Decision>,
    /// Texts as an editor saved them last, taken or not.
    drafts: BTreeMap<usize, Drafts>,
    /// The changes that somebody decided.
    made: BTreeSet<usize>,
}

/// Where to go after one question.
enum Next {
    Decided(Decision),
    /// This decision is made for all that are left and can have it.
    Rest(Decision),
    Back,
}

impl Session<'_> {
    /// Takes up what was decided in a review that was left, and returns the number of changes that need no question any
    /// more.
    fn take_up(&mut self, ui: &mut Ui) -> usize {
        let Some(kept) = self.review.kept else {
            return 0;
        };
        let kept = kept.borrow();
        for (index, change) in self.plan.changes.iter().enumerate() {
            let Some(work) = kept.of(change) else {
                continue;
            };
            self.drafts.insert(index, work.drafts.clone());
            if let Some(decision) = &work.decision {
                self.decisions[index] = decision.clone();
                self.made.insert(index);
                if !self.queue.0.contains(&index) {
                    self.queue.0.push(index);
                }
            }
        }
        let made = &self.made;
        self.queue.0.sort_by_key(|index| !made.contains(index));
        if !made.is_empty() {
            ui.say(format!(
                "\n{} of your decisions are kept from the last time; [p] goes back to them",
                made.len()
            ));
        }
        made.len()
    }

    /// Asks whether the decisions shall be kept; without an answer they are kept.
    fn leave(&mut self, ui: &mut Ui) {
        let Some(kept) = self.review.kept else {
            return;
        };
        let mut kept = kept.borrow_mut();
        kept.clear();
        for (index, change) in self.plan.changes.iter().enumerate() {
            let drafts = self.drafts.remove(&index).unwrap_or_default();
            let decision = self.made.contains(&index);
            let decision = decision.then(|| self.decisions[index].clone());
            if decision.is_some() || !drafts.is_empty() {
                kept.keep(change, decision, drafts);
            }
        }
        if kept.is_empty() {
            return;
        }
        let prompt = "\nKeep your decisions for the next run?  [k] keep   [t] throw them away: ";
        if let Ok('t') = ui.prompt.key(prompt, &['k', 't']) {
            kept.clear();
        }
    }

    fn ask_all(&mut self, first: usize, ui: &mut Ui) -> Result<()> {
        let mut position = first;
        loop {
            while let Some(index) = self.queue.0.get(position).copied() {
                match self.ask(position, index, ui)? {
                    Next::Decided(decision) => {
                        self.decisions[index] = decision;
                        self.made.insert(index);
                        position += 1;
                    }
                    Next::Rest(decision) => {
                        for index in &self.queue.0[position..] {
                            if keyboard::can(&self.plan.changes[*index], &decision) {
                                self.decisions[*index] = decision.clone();
                                self.made.insert(*index);
                            }
                        }
                        position = self.first_unable(position, &decision);
                    }
                    Next::Back => position = position.saturating_sub(1),
                }
            }
            if self.queue.0.is_empty() || self.confirm(ui)? {
                return Ok(());
            }
            position = self.queue.0.len() - 1;
        }
    }

    /// The next change that cannot have the decision made for all the rest.
    fn first_unable(&self, position: usize, decision: &Decision) -> usize {
        let rest = self.queue.0.iter().skip(position);
        let able = rest
            .take_while(|index| keyboard::can(&self.plan.changes[**index], decision))
            .count();
        position + able
    }

    /// Shows the decisions; false: back to the last question.
    fn confirm(&self, ui: &mut Ui) -> Result<bool> {
        ui.say("\nYour decisions:");
        let is_plain = |index: &&usize| self.decisions[**index] == Decision::Result;
        let plain = self.queue.0.iter().filter(is_plain).count();
        for index in &self.queue.0 {
            if plain > MANY && is_plain(&index) {
                continue;
            }
            let change = &self.plan.changes[*index];
            ui.say(format!(
                "  {:<20} {}",
                self.decisions[*index].describe(),
                change.path
            ));
        }
        if plain > MANY {
            let apply = Decision::Result.describe();
            let others = if plain == self.queue.0.len() {
                "all"
            } else {
                "the other"
            };
            ui.say(format!("  {apply:<20} {others} {plain} files"));
        }
        match ui
            .prompt
            .key("\n[a] apply   [p] back   [q] quit: ", &['a', 'p', 'q'])?
        {
            'a' => Ok(true),
            'p' => Ok(false),
            _ => Err(Error::Cancelled),
        }
    }

    fn ask(&mut self, position: usize, index: usize, ui: &mut Ui) -> Result<Next> {
        let change = &self.plan.changes[index];
        let review = &self.review.of(change);
        ui.say(format!(
            "\n[{}/{}] {}",
            position + 1,
            self.queue.0.len(),
            show::title(change)
        ));
        for reason in show::reasons(change, review) {
            ui.say(reason);
        }
        ui.say(show::change(change, review));
        let keys = Keys::of(change);
        loop {
            let key = ui.prompt.key(&keys.prompt(), &keys.all())?;
            let decision = match key.to_ascii_lowercase() {
                'y' => keyboard::suggested(change).unwrap_or(Decision::Result),
                'o' => Decision::Ours,
                't' => Decision::Theirs,
                'b' => Decision::Both,
                'l' => Decision::Leave,
                's' => Decision::Skip,
                'p' => return Ok(Next::Back),
                'h' => {
                    match hunks::ask(change, review, self.drafts.entry(index).or_default(), ui)? {
                        Some(choices) => Decision::Hunks(choices),
                        None => continue,
                    }
                }
                'e' => match self.edit(index, ui)? {
                    Some(text) => Decision::Text(text),
                    None => continue,
                },
                'm' => match self.merge_tool(index, ui)? {
                    Some(text) => Decision::Text(text),
                    None => continue,
                },
                'd' => {
                    ui.say(show::sides(change, review));
                    continue;
                }
                '?' => {
                    ui.say(keys.help());
                    continue;
                }
                _ => return Err(Error::Cancelled),
            };
            return Ok(
                if key.is_ascii_uppercase() && !matches!(decision, Decision::Hunks(_)) {
                    Next::Rest(decision)
                } else {
                    Next::Decided(decision)
                },
            );
        }
    }

    /// The user's editor on what it saved last, at first on the merge, with markers where it conflicts. `None`: not
    /// usable, ask again.
    fn edit(&mut self, index: usize, ui: &mut Ui) -> Result<Option<Vec<u8>>> {
        let start = self.text_to_edit(index);
        let edited = ui
            .prompt
            .edit(self.plan.changes[index].path.name(), &start)?;
        Ok(self.usable(index, &start, edited, ui))
    }

    fn text_to_edit(&self, index: usize) -> Vec<u8> {
        let drafts = self.drafts.get(&index);
        if let Some(draft) = drafts.and_then(|drafts| drafts.whole.clone()) {
            return draft;
        }
        let change = &self.plan.changes[index];
        match text_of(change) {
            Some((merged, _)) => merged.with_markers(self.review.of(change).labels),
            None => change
                .theirs
                .as_ref()
                .map_or_else(Vec::new, |theirs| theirs.raw().to_vec()),
        }
    }

    fn merge_tool(&mut self, index: usize, ui: &mut Ui) -> Result<Option<Vec<u8>>> {
        let change = &self.plan.changes[index];
        if text_of(change).is_none() {
            return Ok(None);
        }
        let bytes = |side: &Option<crate::tree::File>| {
            side.as_ref()
                .map_or_else(Vec::new, |file| file.raw().to_vec())
        };
        let sides = [
            bytes(&change.base),
            bytes(&change.ours),
            bytes(&change.theirs),
        ];
        let start = self.text_to_edit(index);
        let result = ui.prompt.merge_tool(change.path.name(), &sides, &start)?;
        Ok(self.usable(index, &start, result, ui))
    }

    fn usable(
        &mut self,
        index: usize,
        start: &[u8],
        edited: Edited,
        ui: &mut Ui,
    ) -> Option<Vec<u8>> {
        let is_new = edited.text != start && (edited.is_done || !edited.text.is_empty());
        if is_new {
            self.drafts.entry(index).or_default().whole = Some(edited.text.clone());
        }
        let fault = if edited.is_done {
            {
                let change = &self.plan.changes[index];
                show::left(change, &edited.text, &self.review.of(change))
            }
        } else {
            Some("  it did not end well; nothing is decided".into())
        };
        let Some(fault) = fault else {
            return Some(edited.text);
        };
        ui.say(fault);
        if is_new {
            ui.say("  [e] opens it again as it was saved");
        }
        None
    }
}
