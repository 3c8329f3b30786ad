//! What a file has beside its bytes and its mode: extended attributes, lists of who may do what (ACLs) among them.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use rustix::fs::{XattrFlags, lgetxattr, lgetxattr_query, llistxattr, llistxattr_query, lsetxattr};

use super::{keep_owner, metadata};

/// Extended attributes by name.
pub type Attributes = BTreeMap<String, Vec<u8>>;

const SET_ID: u32 = 0o6000;
/// The system gives every file its own.
const LABEL: &str = "security.selinux";

/// The attributes of the file at `path`; none where there are none, or the system knows none.
#[must_use]
pub fn attributes(path: &Path) -> Attributes {
    let mut found = Attributes::new();
    let Ok(length) = llistxattr_query(path) else {
        return found;
    };
    let mut names = vec![0; length];
    let Ok(length) = llistxattr(path, &mut names[..]) else {
        return found;
    };
    let names = names[..length].split(|byte| *byte == 0);
    for name in names.filter_map(|name| std::str::from_utf8(name).ok()) {
        let mut value = vec![0; lgetxattr_query(path, name).unwrap_or(0)];
        if !name.is_empty() && lgetxattr(path, name, &mut value[..]).is_ok() {
            found.insert(name.to_owned(), value);
        }
    }
    found
}

/// Who a file belongs to, its mode, its attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dress {
    /// User and group; `None`: whoever runs this program.
    pub owner: Option<(u32, u32)>,
    pub mode: u32,
    pub attributes: Attributes,
}

impl Dress {
    /// Gives the file at `path` all of it, as far as we may. Set-id bits are for the owner that had them, and for no other.
    pub fn put_on(&self, path: &Path) {
        keep_owner(path, self.owner);
        let is_ours = self.has_owner(path);
        let mode = if is_ours {
            self.mode
        } else {
            self.mode & !SET_ID
        };
        let now = attributes(path);
        let missing = self.attributes.iter();
        for (name, value) in missing.filter(|(name, value)| now.get(*name) != Some(value)) {
            let _ = lsetxattr(path, name.as_str(), value, XattrFlags::empty());
        }
        // The mode comes last, since a new owner takes bits away.
        let has = metadata(path)
            .ok()
            .flatten()
            .map(|meta| meta.mode() & 0o7777);
        if has != Some(mode) {
            let _ = fs::set_permissions(path, fs::Permissions::from_mode(mode));
        }
    }

    /// What the file at `path` lacks of it that matters, in words.
    #[must_use]
    pub fn lost_at(&self, path: &Path) -> Vec<String> {
        let mut lost = Vec::new();
        if !self.has_owner(path) {
            lost.push("its owner".to_owned());
        }
        let now = metadata(path).ok().flatten();
        let lacks = now.map_or(0, |meta| self.mode & !meta.mode());
        if lacks & SET_ID != 0 {
            lost.push("its set-id bits".into());
        }
        let now = attributes(path);
        let is_lost = |(name, value): &(&String, &Vec<u8>)| {
            name.as_str() != LABEL && now.get(*name) != Some(value)
        };
        let names = self.attributes.iter().filter(is_lost);
        lost.extend(names.map(|(name, _)| match name.as_str() {
            "system.posix_acl_access" => "its ACL".to_owned(),
            name => format!("its attribute {name}"),
        }));
        lost
    }

    fn has_owner(&self, path: &Path) -> bool {
        let now = metadata(path).ok().flatten();
        self.owner
            .is_none_or(|owner| now.is_some_and(|meta| (meta.uid(), meta.gid()) == owner))
    }
}
