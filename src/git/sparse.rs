//! Files that git tracks and does not check out: in a sparse checkout, or told one by one.

use std::collections::BTreeMap;

use git2::{Config, ObjectType, Oid};

use super::Git;
use crate::error::Result;
use crate::tree::{Content, File, TreePath};

/// The flag of an entry whose file git does not want on the disk.
const SKIPPED: u16 = 1 << 14;

/// The id of a file's content in a repository with short ids.
pub(super) fn blob_id(file: &File) -> Option<Oid> {
    let id = match &file.content {
        Content::Stored(stored) => Oid::hash_file(ObjectType::Blob, stored.path()?),
        _ => Oid::hash_object(ObjectType::Blob, &file.raw()),
    };
    id.ok()
}

impl Git {
    /// Whether a part of the repository alone is checked out here.
    #[must_use]
    pub fn is_sparse(&self) -> bool {
        let settings = self.settings().ok();
        settings.is_some_and(|config| config.get_bool("core.sparseCheckout").unwrap_or(false))
    }

    /// The files of the project that git keeps off the disk, with the ids of their contents.
    pub fn skipped(&self) -> Result<BTreeMap<TreePath, String>> {
        let prefix = self.prefix.as_bytes();
        let path_of = |path: &[u8]| {
            let path = std::str::from_utf8(path.strip_prefix(prefix)?).ok()?;
            TreePath::new(path).ok()
        };
        let entries = if self.needs_program() {
            Err(self.no_answer())
        } else {
            self.index_entries(|path| path.starts_with(prefix))
        };
        let Ok(entries) = entries else {
            let listed = self.listed().ok_or_else(|| self.no_answer())?;
            let skipped = listed.into_iter().filter(|entry| entry.is_skipped);
            let paths =
                skipped.filter_map(|entry| Some((path_of(entry.path.as_bytes())?, entry.id)));
            return Ok(paths.collect());
        };
        let skipped = entries
            .into_iter()
            .filter(|entry| entry.flags_extended & SKIPPED != 0);
        let paths = skipped.filter_map(|entry| Some((path_of(&entry.path)?, entry.id.to_string())));
        Ok(paths.collect())
    }

    /// The id that the git program answers with.
    pub(super) fn program_id(&self, args: &[&str], input: &[u8]) -> Option<String> {
        let output = self.ask(args, input)?;
        let id = String::from_utf8(output).ok()?;
        Some(id.trim().to_owned())
    }

    /// The id that git gives a file's content.
    #[must_use]
    pub fn id_of(&self, file: &File) -> Option<String> {
        let is_long = |config: Config| {
            let format = config.get_string("extensions.objectFormat");
            format.is_ok_and(|format| !format.eq_ignore_ascii_case("sha1"))
        };
        if self.needs_program() && self.settings().is_ok_and(is_long) {
            return self.program_id(&["hash-object", "--no-filters", "--stdin"], &file.raw());
        }
        Some(blob_id(file)?.to_string())
    }
}
