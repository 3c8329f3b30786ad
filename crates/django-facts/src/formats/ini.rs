//! The sections of an INI file as configparser reads them.

use super::placed::Placed;

/// One value of a section with all its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IniValue<'t> {
    section: &'t str,
    /// Its key in lower case, with `_` for `-`, as setuptools compares keys.
    key: String,
    /// Its lines that are neither empty nor comments; the one behind the `=` is the first.
    lines: Vec<Placed<&'t str>>,
}

/// A file of sections.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ini<'t> {
    sections: Vec<&'t str>,
    values: Vec<IniValue<'t>>,
}

impl<'t> Ini<'t> {
    /// Reads a text; what is no part of any section is left out.
    pub(crate) fn parse(text: &'t str) -> Self {
        let mut ini = Self::default();
        let mut is_open = false;
        for (index, line) in text.lines().enumerate() {
            let bare = line.trim();
            if bare.is_empty() || bare.starts_with(['#', ';']) {
                continue;
            }
            if line.starts_with([' ', '\t']) {
                if let Some(value) = ini.values.last_mut().filter(|_| is_open) {
                    value.lines.push(Placed::new(index + 1, bare));
                }
                continue;
            }
            is_open = false;
            if let Some(section) = bare.strip_prefix('[') {
                let section = section.split(']').next().unwrap_or(section);
                ini.sections.push(section.trim());
            } else if let Some(section) = ini.sections.last() {
                let (key, value) = bare.split_once(['=', ':']).unwrap_or((bare, ""));
                let value = value.trim();
                let first = (!value.is_empty()).then(|| Placed::new(index + 1, value));
                ini.values.push(IniValue {
                    section,
                    key: key.trim().to_ascii_lowercase().replace('-', "_"),
                    lines: first.into_iter().collect(),
                });
                is_open = true;
            }
        }
        ini
    }

    pub(crate) fn has_section(&self, name: &str) -> bool {
        self.sections.contains(&name)
    }

    /// The lines of a value; none where there is no such key.
    pub(crate) fn lines(&self, section: &str, key: &str) -> &[Placed<&'t str>] {
        let mut values = self.values.iter();
        values
            .find(|value| value.section == section && value.key == key)
            .map_or(&[], |value| &value.lines)
    }
}
