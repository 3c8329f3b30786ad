//! The decisions of a review that was left before its end: kept beside the records of the project, for the next run.

use std::cell::RefCell;

use crate::review::Kept;
use crate::template::Rendered;
use crate::ui::Ui;
use crate::workplace::Store;

/// What was kept the last time. A record that cannot be read counts as no decision, and stops nobody.
pub(super) fn load(store: &Store, theirs: &Rendered) -> RefCell<Kept> {
    let text = store.kept_review().ok().flatten().unwrap_or_default();
    let kept: Kept = serde_json::from_slice(&text).unwrap_or_default();
    RefCell::new(kept.without(&theirs.secret))
}

/// Keeps what was decided, and says so.
pub(super) fn save(store: &mut Store, kept: &RefCell<Kept>, ui: &mut Ui) {
    let kept = kept.borrow();
    let text = if kept.is_empty() {
        None
    } else {
        serde_json::to_vec(&*kept).ok()
    };
    match store.keep_review(text.as_deref()) {
        Ok(()) if text.is_some() => {
            ui.say("your decisions are kept: the next `ixd-template upgrade` goes on from them");
        }
        Ok(()) => {}
        Err(error) => ui.say(format!("your decisions could not be kept: {error}")),
    }
}

/// Forgets the decisions once they are carried out.
pub(super) fn forget(store: &mut Store) {
    // Decisions that stay fit no change any more.
    let _ = store.keep_review(None);
}
