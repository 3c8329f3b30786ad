//! What one line of a manifest or lock asks for.

/// One line that asks for a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Requirement {
    /// As pip compares names: lower case, hyphens.
    pub(super) package: String,
    pub(super) extras: Vec<String>,
    /// `==1.4`, `>=2,<3`, `^4.2` or empty.
    pub(super) spec: String,
    pub(super) file: String,
    pub(super) line: usize,
    /// Out of a lock file, which knows the exact version.
    pub(super) is_locked: bool,
    /// Asked for by developers only.
    pub(super) is_dev: bool,
}
