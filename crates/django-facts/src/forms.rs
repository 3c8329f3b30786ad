//! The shapes that settings and requirements come in.

use serde::{Serialize, Serializer};

/// How settings are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsForm {
    Module,
    Package,
    /// Several modules side by side.
    Flat,
    Absent,
}

impl SettingsForm {
    /// Its word in the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Module => "module",
            Self::Package => "package",
            Self::Flat => "flat",
            Self::Absent => "absent",
        }
    }
}

/// How packages are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequirementsForm {
    Poetry,
    Uv,
    Pdm,
    /// `[project]` of `pyproject.toml`, without a lock.
    Pep621,
    Pipenv,
    PipTools,
    RequirementsFolder,
    RequirementsTxt,
    SetupPy,
    Conda,
    None,
}

impl RequirementsForm {
    /// Its word in the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Poetry => "poetry",
            Self::Uv => "uv",
            Self::Pdm => "pdm",
            Self::Pep621 => "pep621",
            Self::Pipenv => "pipenv",
            Self::PipTools => "pip-tools",
            Self::RequirementsFolder => "requirements-folder",
            Self::RequirementsTxt => "requirements.txt",
            Self::SetupPy => "setup.py",
            Self::Conda => "conda",
            Self::None => "none",
        }
    }
}

impl RequirementsForm {
    /// What people call the tool.
    #[must_use]
    pub fn tool(self) -> &'static str {
        match self {
            Self::Poetry => "Poetry",
            Self::Uv => "uv",
            Self::Pdm => "PDM",
            Self::Pep621 => "PEP 621",
            Self::Pipenv => "Pipenv",
            Self::SetupPy => "setuptools",
            Self::Conda => "conda",
            Self::PipTools | Self::RequirementsFolder | Self::RequirementsTxt | Self::None => "pip",
        }
    }
}

impl Serialize for SettingsForm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Serialize for RequirementsForm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
