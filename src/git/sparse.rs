//! Files that git tracks and does not check out: in a sparse checkout, or told one by one.

use std::collections::BTreeMap;

use git2::{ObjectType, Oid};

use super::Git;
use crate::error::Result;
use crate::tree::{File, TreePath};

/// The flag of an entry whose file git does not want on the disk.
const SKIPPED: u16 = 1 << 14;

impl Git {
    /// Whether a part of the repository alone is checked out here.
    #[must_use]
    pub fn is_sparse(&self) -> bool {
        let config = self.repository.config();
        config
            .and_then(|config| config.get_bool("core.sparseCheckout"))
            .unwrap_or(false)
    }

    /// The files of the project that git keeps off the disk, with the ids of their contents.
    pub fn skipped(&self) -> Result<BTreeMap<TreePath, String>> {
        let prefix = self.prefix.as_bytes();
        let entries = self.index_entries(|path| path.starts_with(prefix))?;
        let skipped = entries
            .into_iter()
            .filter(|entry| entry.flags_extended & SKIPPED != 0);
        let paths = skipped.filter_map(|entry| {
            let path = std::str::from_utf8(entry.path.strip_prefix(prefix)?).ok()?;
            Some((TreePath::new(path).ok()?, entry.id.to_string()))
        });
        Ok(paths.collect())
    }

    /// The id that git gives a file's content.
    #[must_use]
    pub fn id_of(&self, file: &File) -> Option<String> {
        let id = Oid::hash_object(ObjectType::Blob, file.raw());
        id.ok().map(|id| id.to_string())
    }
}
