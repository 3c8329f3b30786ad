//! Who a file belongs to, and who runs this program.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::metadata;
use crate::environment::variable;
use crate::error::Result;

const STICKY: u32 = 0o1000;
const WRITTEN_BY_ALL: u32 = 0o002;

/// The owner and the permission bits of something, links not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The number of the user.
    pub user: u32,
    mode: u32,
    is_link: bool,
}

/// The owner of what stands at `path`; `None` when nothing does.
pub fn owner(path: &Path) -> Result<Option<Owner>> {
    Ok(metadata(path)?.map(|meta| Owner {
        user: meta.uid(),
        mode: meta.mode(),
        is_link: meta.is_symlink(),
    }))
}

/// The permission bits of what stands at `path`, links not followed; `None` when nothing does, or a link.
pub fn mode(path: &Path) -> Result<Option<u32>> {
    let found = owner(path)?.filter(|found| !found.is_link);
    Ok(found.map(|found| found.mode & 0o7777))
}

impl Owner {
    /// Whether it belongs to the user who runs this program; root's `sudo` runs it for the one who called that.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        let we = rustix::process::geteuid().as_raw();
        let caller = || variable("SUDO_UID")?.parse::<u32>().ok();
        self.user == we || (we == 0 && caller() == Some(self.user))
    }

    /// Whether every user may change it.
    #[must_use]
    pub fn is_open_to_all(&self) -> bool {
        !self.is_link && self.mode & WRITTEN_BY_ALL != 0
    }

    /// Whether another user may put something else in the place of what is in this folder.
    #[must_use]
    pub fn may_be_replaced(&self) -> bool {
        self.is_open_to_all() && (self.mode & STICKY == 0 || !self.is_ours())
    }
}
