//! What kind an error is of, how it ends the process, and short ways to make one.

use std::io;
use std::path::PathBuf;

use super::Error;

impl Error {
    /// Whether what was to be read, or written to, is not there.
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

    /// 1 refused or failed with nothing written, 2 usage, 4 failed after writing, 5 a proof failed; see `--help` for the whole list.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::AfterWriting(_) => 4,
            Self::Unproven { .. } => 5,
            _ if self.is_usage() => 2,
            _ => 1,
        }
    }

    /// The error of a run that has written.
    #[must_use]
    pub fn after_writing(self) -> Self {
        match self {
            Self::AfterWriting(_) => self,
            error => Self::AfterWriting(Box::new(error)),
        }
    }

    /// Makes the error of an operation on the disk, for [`Result::map_err`]: it names the action and the path.
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
