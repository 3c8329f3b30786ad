//! All that a run writes, the place where it may still be refused, and the writing.

use super::encryption::{self, Encryption};
use crate::apply::{self, Follow, Interrupt, Transaction};
use crate::error::Result;
use crate::fs;
use crate::git::{Git, Started};
use crate::plan::Edit;
use crate::review::Reviewed;
use crate::state::State;
use crate::template::Rendered;
use crate::ui::Ui;
use crate::workplace::Workplace;

/// What was decided, whole enough to be written; nothing of it is yet.
pub(crate) struct Settled {
    pub(crate) title: String,
    /// Every write, the state file's among them.
    pub(crate) edits: Vec<Edit>,
    pub(crate) reviewed: Reviewed,
    /// What the state file will say.
    pub(crate) state: State,
    /// Paths with what has to be known of their merges.
    pub(crate) notes: Vec<(String, String)>,
    pub(super) base: Rendered,
    pub(super) theirs: Rendered,
    pub(super) follow: Follow,
}

/// What was written, for reports. What fails from here on fails after the writing.
pub(crate) struct Written {
    pub(crate) title: String,
    pub(crate) edits: Vec<Edit>,
    pub(crate) reviewed: Reviewed,
    pub(crate) state: State,
    pub(crate) notes: Vec<(String, String)>,
    /// What became of the encryption that theirs brings.
    pub(crate) encryption: Encryption,
    /// The repository that was made.
    pub(crate) started: Option<Started>,
}

/// The check of a command that has none.
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn no_check(_: &Workplace, _: &Settled, _: &mut Ui) -> Result<()> {
    Ok(())
}

impl Settled {
    /// Writes it, or nothing.
    ///
    /// `check` is the one place between what is decided and what is written: it sees every edit, and its error is the end.
    pub(crate) fn write(
        self,
        place: &mut Workplace,
        check: impl FnOnce(&Workplace, &Self, &mut Ui) -> Result<()>,
        ui: &mut Ui,
        interrupt: &Interrupt,
    ) -> Result<Written> {
        check(place, &self, ui)?;
        interrupt.check()?;
        ui.check()?;
        let writing = interrupt.writing();
        let is_new = fs::metadata(place.root())?.is_none();
        if !is_new {
            place.store_mut().lock()?;
        }
        let wants_git = self.follow.start.is_some();
        let prepared = encryption::prepare(place.git(), wants_git, &self.base, &self.theirs);
        let prepared = prepared.inspect_err(|_| place.store_mut().discard_if_unused())?;
        let done = if is_new {
            self.build(place, interrupt)
        } else {
            let transaction = Transaction::new(&self.title, &self.edits, self.follow.clone());
            apply::transact(place, &transaction, interrupt)
        };
        let (encryption, mut started) = prepared.with(done)?;
        writing.done();
        if let Some(started) = &mut started {
            let paths = self.edits.iter().map(|edit| &edit.path);
            let secret = paths.filter(|path| self.theirs.secret.contains(path));
            started.left_out.extend(secret.cloned());
        }
        Ok(Written {
            title: self.title,
            edits: self.edits,
            reviewed: self.reviewed,
            state: self.state,
            notes: self.notes,
            encryption: encryption.or_of(started.as_ref()),
            started,
        })
    }

    /// A project where nothing is: made beside its place, with its repository, and renamed into it.
    fn build(&self, place: &Workplace, interrupt: &Interrupt) -> Result<Option<Started>> {
        let files = self.edits.iter();
        let files = files.filter_map(|edit| Some((edit.path.clone(), edit.after.clone()?)));
        apply::create(place.root(), &files.collect(), interrupt, |site| {
            let Some(start) = &self.follow.start else {
                return Ok(None);
            };
            let git = site.join(".ixd-template-git");
            let started = Git::start(site, &git, &start.paths, &start.message, &apply::cipher)?;
            Workplace::at(site)?.store_mut().set_new()?;
            Ok(Some(started))
        })
    }
}
