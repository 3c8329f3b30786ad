//! A project's folder as one run works in it: the folder, the repository around it and its records, opened once and handed on.

mod store;
mod trust;

use std::path::{Path, PathBuf};

pub use store::Store;

use crate::error::{Error, Result};
use crate::fs::{self, Entry};
use crate::git::Git;
use crate::state::{self, State};
use crate::tree::{File, TreePath};

/// Where a run works.
pub struct Workplace {
    root: PathBuf,
    git: Option<Git>,
    store: Store,
}

impl Workplace {
    /// The folder `root`, which need not exist yet.
    ///
    /// # Errors
    /// Where the repository around it cannot be used, or its records are somebody else's.
    pub fn at(root: &Path) -> Result<Self> {
        let git = Git::around(root)?;
        Ok(Self {
            store: Store::of(root, git.as_ref())?,
            root: root.to_owned(),
            git,
        })
    }

    /// The project's folder: `dir` or the nearest one above it that has a state file. A run that was broken off may have left
    /// `dir`, or the top of its repository, without one.
    ///
    /// # Errors
    /// [`Error::NoState`], and [`Error::NewerState`] before anything else is looked at.
    pub fn around(dir: &Path) -> Result<Self> {
        let dir = fs::absolute(dir)?;
        let is_project = |dir: &&Path| dir.join(state::FILE).is_file();
        // The search ends at the top of the repository that `dir` lies in: what is around it is another project.
        let top = dir.ancestors().find(|dir| dir.join(".git").exists());
        let near = |place: &&Path| top.is_none_or(|top| place.starts_with(top));
        if let Some(found) = dir.ancestors().filter(near).find(is_project) {
            refuse_newer(found)?;
            return Self::at(found);
        }
        // No other folder above counts: whoever may make a folder there could have us carry out what they write into
        // it.
        for root in [Some(dir.as_path()), top].into_iter().flatten() {
            let place = Self::at(root)?;
            if place.store.is_broken_off() {
                refuse_newer(root)?;
                return Ok(place);
            }
        }
        Err(Error::NoState { dir })
    }

    /// The project's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The name of the project's folder.
    #[must_use]
    pub fn name(&self) -> String {
        let name = self.root.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// The repository around it; one value for a whole run, since each reads the index anew, and a big project's is long.
    #[must_use]
    pub fn git(&self) -> Option<&Git> {
        self.git.as_ref()
    }

    /// Looks for the repository again, where the run may have made one or changed what it ignores.
    pub fn look_again(&mut self) -> Result<()> {
        self.git = Git::around(&self.root)?;
        Ok(())
    }

    /// The records.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn store_mut(&mut self) -> &mut Store {
        &mut self.store
    }

    /// What stands at a path of the project.
    pub fn entry(&self, path: &TreePath) -> Result<Entry> {
        fs::entry(&self.root, path)
    }

    /// Whether the project has a state file.
    #[must_use]
    pub fn has_state(&self) -> bool {
        self.root.join(state::FILE).is_file()
    }

    /// The state file as it stands there.
    pub fn state_file(&self) -> Result<Option<File>> {
        Ok(match self.entry(&state::path()?)? {
            Entry::File(file) => Some(file),
            _ => None,
        })
    }

    /// What the state file says.
    pub fn state(&self) -> Result<State> {
        let text = fs::read_text(&self.root.join(state::FILE))?.unwrap_or_default();
        State::read(&text)
    }
}

/// An error where a newer program made the project in `root`: what it left, a run that was broken off included, is
/// nothing that this one may touch.
pub fn refuse_newer(root: &Path) -> Result<()> {
    let path = root.join(state::FILE);
    if !path.is_file() {
        return Ok(());
    }
    let bytes = fs::read(&path)?.unwrap_or_default();
    state::refuse_newer(&String::from_utf8_lossy(&bytes))
}
