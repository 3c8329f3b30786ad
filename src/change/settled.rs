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

#[cfg(test)]
mod tests {
    use three_way::Labels;

    use super::*;
    use crate::change::{Afterwards, Record, Sides, StateFile};
    use crate::error::Error;
    use crate::review::Review;
    use crate::tree::{File, TreePath};

    const STATE: &str =
        "template: t\nversion: 1.0.0\ndigest: sha256:0\nrendered: sha256:0\nanswers: {}\n";

    /// A run that brings one file to an empty folder: what came of it, and whether the file is there.
    fn run(
        check: impl FnOnce(&Workplace, &Settled, &mut Ui) -> Result<()>,
    ) -> (Result<Written>, bool) {
        let dir = tempfile::tempdir().unwrap();
        let (mut place, mut ui) = (Workplace::at(dir.path()).unwrap(), Ui::of_process());
        let mut theirs = Rendered::default();
        let path = TreePath::new("a").unwrap();
        theirs.tree.insert(path, File::new(&b"a\n"[..]));
        let proposed = Sides::of_nothing(theirs).propose(&place).unwrap();
        let labels = Labels::default();
        let rules = Review::of_nothing(&labels, None, true);
        let reviewed = proposed.review(&rules, &mut ui).unwrap();
        let record = Record {
            title: "a test".into(),
            state: State::parse(STATE).unwrap(),
            former: None,
            state_file: StateFile::Beside,
            labels: &labels,
            afterwards: Afterwards::Conflicts(None),
        };
        let settled = record.settle(&place, proposed, reviewed).unwrap();
        let written = settled.write(&mut place, check, &mut ui, &Interrupt::default());
        (written, dir.path().join("a").exists())
    }

    #[test]
    fn a_check_sees_every_edit_before_it_is_written() {
        let (written, is_there) = run(|place, settled, _| {
            let paths = settled.edits.iter().map(|edit| edit.path.as_str());
            assert_eq!(paths.collect::<Vec<_>>(), ["a", crate::state::FILE]);
            assert!(!place.root().join("a").exists());
            Ok(())
        });
        assert!(written.is_ok() && is_there);
    }

    #[test]
    fn what_a_check_refuses_is_not_written() {
        let (written, is_there) = run(|_, _, _| Err(Error::Usage("it does not hold".into())));
        assert!(written.is_err() && !is_there);
    }
}
