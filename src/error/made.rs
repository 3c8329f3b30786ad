//! Errors made from others, and what follows from each for the process.

use std::io;
use std::path::PathBuf;

use super::Error;

impl Error {
    /// Whether something is not there that was to be read or written to.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// Whether the command line is what is wrong.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Usage(_) | Self::NoQuestion { .. } | Self::Answer { .. }
        )
    }

    /// 1 refused or failed with nothing written, 2 usage, 4 failed after writing; see `--help` for the whole list.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::AfterWriting(_) => 4,
            _ if self.is_usage() => 2,
            _ => 1,
        }
    }

    /// For [`Result::map_err`] on disk operations: names the action and the path.
    pub fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }

    /// An error in a template's file whose position is not known.
    pub fn template(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Template {
            file: file.into(),
            line: 0,
            column: 0,
            message: message.into(),
        }
    }
}

impl From<git2::Error> for Error {
    fn from(error: git2::Error) -> Self {
        Self::Git(error.message().to_owned())
    }
}

/// The candidate that a misspelt `name` most likely meant.
#[must_use]
pub fn did_you_mean<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    similar::get_close_matches(name, &candidates.collect::<Vec<_>>(), 1, 0.6)
        .first()
        .map(|found| (*found).to_owned())
}
