//! Makes the copies that a proof works in: the project as it was, and as it would be. Their folder goes with the run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Subject;
use crate::environment::variable;
use crate::error::{Error, Result};
use crate::fs::{self, Entry};
use crate::plan::Edit;
use crate::tree::{File, TreePath};

/// The number of the user who owns the files where root runs the proof, because the image's user cannot be root.
const USER: u32 = 1000;

/// A private folder with both copies. It is removed with this value.
pub(super) struct Copies {
    desk: PathBuf,
    /// The number of the user that containers work as.
    pub(super) user: u32,
    is_root: bool,
}

impl Copies {
    /// # Errors
    /// It fails where something cannot be read or copied.
    pub(super) fn of(subject: &Subject, desk: PathBuf) -> Result<Self> {
        fs::create_private_dir(&desk)?;
        let own = fs::owner(&desk)?.map_or(USER, |owner| owner.user);
        let copies = Self {
            desk,
            user: if own == 0 { USER } else { own },
            is_root: own == 0,
        };
        for folder in [copies.before(), copies.after()] {
            fs::create_dir_all(&folder)?;
            let mut made = BTreeSet::new();
            for path in &subject.files {
                copies.copy(subject.root, &folder, path, &mut made)?;
            }
        }
        let mut made = BTreeSet::new();
        for edit in subject.edits {
            copies.apply(edit, &mut made)?;
        }
        copies.give(&copies.before());
        copies.give(&copies.after());
        Ok(copies)
    }

    /// The project as it was.
    pub(super) fn before(&self) -> PathBuf {
        self.desk.join("before")
    }

    /// The project as it would be.
    pub(super) fn after(&self) -> PathBuf {
        self.desk.join("after")
    }

    /// A place beside the copies.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.desk.join(name)
    }

    /// Copies a submodule's files without its repository.
    fn copy(
        &self,
        root: &Path,
        folder: &Path,
        path: &TreePath,
        made: &mut BTreeSet<PathBuf>,
    ) -> Result<()> {
        match fs::entry(root, path)? {
            Entry::File(file) => self.put(folder, path.as_str(), &file, made),
            Entry::Dir => {
                let inner = fs::files_below(root, path.as_str())?;
                let inner = inner
                    .into_iter()
                    .filter(|path| !path.split('/').any(|part| part == ".git"));
                for path in inner.filter_map(|path| TreePath::new(path).ok()) {
                    if let Entry::File(file) = fs::entry(root, &path)? {
                        self.put(folder, path.as_str(), &file, made)?;
                    }
                }
                Ok(())
            }
            Entry::Missing | Entry::Blocked(..) => Ok(()),
        }
    }

    fn apply(&self, edit: &Edit, made: &mut BTreeSet<PathBuf>) -> Result<()> {
        let after = self.after();
        fs::remove(&after.join(edit.path.as_str()))?;
        match &edit.after {
            Some(file) => self.put(&after, edit.path.as_str(), file, made),
            None => Ok(()),
        }
    }

    fn put(
        &self,
        folder: &Path,
        path: &str,
        file: &File,
        made: &mut BTreeSet<PathBuf>,
    ) -> Result<()> {
        let place = folder.join(path);
        if let Some(parent) = place.parent()
            && made.insert(parent.to_owned())
        {
            fs::create_dir_all(parent)?;
        }
        fs::create(&place, file, if file.executable { 0o755 } else { 0o644 })?;
        self.give(&place);
        let parents = Path::new(path).ancestors().skip(1);
        for parent in parents.filter(|parent| !parent.as_os_str().is_empty()) {
            self.give(&folder.join(parent));
        }
        Ok(())
    }

    /// Gives a file to the image's user.
    fn give(&self, path: &Path) {
        fs::keep_owner(path, self.is_root.then_some((self.user, self.user)));
    }
}

impl Drop for Copies {
    fn drop(&mut self) {
        let _ = fs::remove_own_dir(&self.desk);
    }
}

/// The folder of this run in the user's cache, and the place of its log. Engines in a virtual machine see that folder, too.
pub(super) fn places(name: &str) -> Result<(PathBuf, PathBuf)> {
    let cache = variable("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(variable("HOME")?).join(".cache")));
    let folder = cache
        .filter(|folder| folder.is_absolute())
        .unwrap_or_else(std::env::temp_dir)
        .join("ixd-template");
    fs::create_private_dir(&folder)?;
    let log = folder.join(format!("{name}.log"));
    let desk = folder.join(name);
    if fs::metadata(&desk)?.is_some() {
        let error = std::io::ErrorKind::AlreadyExists;
        return Err(Error::io("make the folder", desk)(error.into()));
    }
    Ok((desk, log))
}
