//! Git's own locks, held by us.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::fs;
use crate::tree::File;

/// A file whose presence tells every git program to wait.
pub(super) struct GitLock(PathBuf);

impl GitLock {
    /// Takes the lock on `what`. One that a killed run left is known by its content, which names `scratch`, and taken over:
    /// whoever calls this must be the only one that uses that folder.
    pub(super) fn take(lock: &Path, scratch: &Path, what: &str) -> Result<Self> {
        let token = File::new(format!("ixd-template {}\n", scratch.display()).into_bytes());
        let own = scratch.join("token");
        fs::remove(&own)?;
        fs::create(&own, &token, 0o600)?;
        if fs::read(lock)?.as_deref() == token.held() {
            fs::remove(lock)?;
        }
        if !fs::link(&own, lock) {
            if fs::metadata(lock)?.is_some() {
                return Err(Error::Git(format!(
                    "{what} is locked by '{}'",
                    lock.display()
                )));
            }
            fs::create(lock, &token, 0o600)?;
        }
        Ok(Self(lock.to_owned()))
    }
}

impl Drop for GitLock {
    fn drop(&mut self) {
        // The removal is tried twice, since a lock that is left stops every other git command.
        let _ = fs::remove(&self.0).or_else(|_| fs::remove(&self.0));
    }
}
