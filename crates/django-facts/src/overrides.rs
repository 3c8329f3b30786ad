//! What a person says of a project, which is true whatever its files say.

use super::key::Key;

/// The findings that others follow from, as a person gave them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The manage.py; it is empty where there is none.
    pub manage_py: Option<String>,
    pub settings_module: Option<String>,
    pub python_path: Option<String>,
    /// The file that packages are installed from, of whatever kind; one that is not there yet says nothing.
    pub requirements: Option<String>,
}

impl Overrides {
    /// The answer under a key.
    #[must_use]
    pub fn get(&self, key: Key) -> Option<&str> {
        match key {
            Key::ManagePy => self.manage_py.as_deref(),
            Key::SettingsModule => self.settings_module.as_deref(),
            Key::PythonPath => self.python_path.as_deref(),
            Key::RequirementsMain => self.requirements.as_deref(),
            _ => None,
        }
    }

    /// Notes an answer; nothing follows from other keys.
    pub fn set(&mut self, key: Key, answer: &str) {
        let place = match key {
            Key::ManagePy => &mut self.manage_py,
            Key::SettingsModule => &mut self.settings_module,
            Key::PythonPath => &mut self.python_path,
            Key::RequirementsMain => &mut self.requirements,
            _ => return,
        };
        *place = Some(answer.to_owned());
    }
}
