//! Lock files → the exact versions in them.

use super::formats::lock::LockedPackage;
use super::formats::placed::Placed;
use super::requirement::Requirement;
use crate::normalised;

/// What a lock has in a known version. A package of Pipenv's without a version comes from a repository.
pub(super) fn locked(path: &str, packages: &[Placed<LockedPackage>]) -> Vec<Requirement> {
    let found = packages.iter().filter_map(|package| {
        let LockedPackage {
            name,
            version,
            is_dev,
            is_of_pipenv,
            ..
        } = &package.value;
        let spec = match version {
            Some(version) if *is_of_pipenv => version.clone(),
            Some(version) => format!("=={version}"),
            None if *is_of_pipenv => "@git".into(),
            None => return None,
        };
        Some(Requirement {
            package: normalised(name),
            extras: Vec::new(),
            spec,
            file: path.to_owned(),
            line: package.line,
            is_locked: true,
            is_dev: *is_dev,
        })
    });
    found.collect()
}
