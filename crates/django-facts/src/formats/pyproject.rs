//! `pyproject.toml`: what PEP 621, PEP 735, Poetry, uv, PDM and Flit say in it.

use toml_edit::Item;

use super::placed::Placed;
use super::toml::{Toml, TomlEntry};

/// Groups of the running project; the others are for those who work on it.
pub(crate) const RUNNING: [&str; 7] = [
    "main",
    "default",
    "prod",
    "production",
    "runtime",
    "deploy",
    "server",
];

/// Whether a group of packages is one of the running project.
pub(crate) fn is_running(group: &str) -> bool {
    RUNNING.contains(&group)
}

/// The metadata of a project.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pyproject<'t> {
    pub(crate) toml: &'t Toml,
}

/// Packages that are asked for under one name, in pip's own notation.
#[derive(Clone, Debug)]
pub(crate) struct Group<'t> {
    pub(crate) name: &'t str,
    pub(crate) requirements: Vec<Placed<String>>,
    /// Other groups that it takes in.
    pub(crate) included: Vec<String>,
}

/// Packages that are asked for under one name, in Poetry's notation.
#[derive(Clone, Debug)]
pub(crate) struct PoetryGroup<'t> {
    pub(crate) name: &'t str,
    pub(crate) packages: Vec<TomlEntry<'t>>,
}

impl<'t> Pyproject<'t> {
    pub(crate) fn new(toml: &'t Toml) -> Self {
        Self { toml }
    }

    /// The Pythons that it may be installed with, by the standard and by Flit's older notation.
    pub(crate) fn requires_python(self) -> Option<Placed<&'t str>> {
        [
            ["project", "requires-python"].as_slice(),
            &["tool", "flit", "metadata", "requires-python"],
        ]
        .into_iter()
        .find_map(|keys| self.toml.text(keys))
    }

    /// The Pythons that Poetry resolves for.
    pub(crate) fn poetry_python(self) -> Option<Placed<&'t str>> {
        let keys = ["tool", "poetry", "dependencies", "python"];
        self.toml
            .text(&keys)
            .or_else(|| self.toml.text(&[&keys[..], &["version"]].concat()))
    }

    pub(crate) fn has_poetry_dependencies(self) -> bool {
        self.toml.at(&["tool", "poetry", "dependencies"]).is_some()
    }

    pub(crate) fn dependencies(self) -> Vec<Placed<String>> {
        let list = self.toml.at(&["project", "dependencies"]);
        self.toml.texts(list)
    }

    /// `[dependency-groups]`.
    pub(crate) fn groups(self) -> Vec<Group<'t>> {
        self.lists(&["dependency-groups"])
    }

    pub(crate) fn group(self, name: &str) -> Option<Group<'t>> {
        self.groups().into_iter().find(|group| group.name == name)
    }

    /// `[project.optional-dependencies]`.
    pub(crate) fn extras(self) -> Vec<Group<'t>> {
        self.lists(&["project", "optional-dependencies"])
    }

    pub(crate) fn extra(self, name: &str) -> Option<Group<'t>> {
        self.extras().into_iter().find(|group| group.name == name)
    }

    /// PDM's own groups, all of which are for developers.
    pub(crate) fn pdm_groups(self) -> Vec<Group<'t>> {
        self.lists(&["tool", "pdm", "dev-dependencies"])
    }

    pub(crate) fn pdm_group(self, name: &str) -> Option<Group<'t>> {
        let mut groups = self.pdm_groups().into_iter();
        groups.find(|group| group.name == name)
    }

    /// uv's own list for developers.
    pub(crate) fn uv_developers(self) -> Vec<Placed<String>> {
        let list = self.toml.at(&["tool", "uv", "dev-dependencies"]);
        self.toml.texts(list)
    }

    fn lists(self, keys: &[&str]) -> Vec<Group<'t>> {
        let entries = self.toml.entries(keys).into_iter();
        entries
            .filter(|entry| entry.item.is_array())
            .map(|entry| self.listed(entry.name, entry.item))
            .collect()
    }

    fn listed(self, name: &'t str, list: &'t Item) -> Group<'t> {
        let items = list.as_array().into_iter().flatten();
        let included = items.filter_map(|item| {
            let table = item.as_inline_table()?;
            Some(table.get("include-group")?.as_str()?.to_owned())
        });
        Group {
            name,
            requirements: self.toml.texts(Some(list)),
            included: included.collect(),
        }
    }

    /// `[tool.poetry.dependencies]`, Python itself among them.
    pub(crate) fn poetry_dependencies(self) -> Vec<TomlEntry<'t>> {
        self.toml.entries(&["tool", "poetry", "dependencies"])
    }

    /// Poetry's groups.
    pub(crate) fn poetry_groups(self) -> Vec<PoetryGroup<'t>> {
        let groups = self.toml.entries(&["tool", "poetry", "group"]);
        let groups = groups.into_iter().map(|entry| PoetryGroup {
            name: entry.name,
            packages: self.poetry_group(entry.name),
        });
        groups.collect()
    }

    pub(crate) fn poetry_group(self, name: &str) -> Vec<TomlEntry<'t>> {
        self.toml
            .entries(&["tool", "poetry", "group", name, "dependencies"])
    }

    /// Poetry's older list for developers.
    pub(crate) fn poetry_older_developers(self) -> Vec<TomlEntry<'t>> {
        self.toml.entries(&["tool", "poetry", "dev-dependencies"])
    }

    /// The files that setuptools reads the dependencies from, and the line that says they are not told here; `None`: they are.
    pub(crate) fn dynamic_dependencies(self) -> Option<Placed<Vec<String>>> {
        let dynamic = self.toml.texts(self.toml.at(&["project", "dynamic"]));
        let said = dynamic
            .into_iter()
            .find(|text| text.value == "dependencies")?;
        let file = self
            .toml
            .at(&["tool", "setuptools", "dynamic", "dependencies", "file"]);
        let files = match file.and_then(Item::as_str) {
            Some(file) => vec![file.to_owned()],
            None => self
                .toml
                .texts(file)
                .into_iter()
                .map(|text| text.value)
                .collect(),
        };
        Some(Placed::new(said.line, files))
    }

    /// Whether it says how to make a package of the project.
    pub(crate) fn is_distribution(self) -> bool {
        const METADATA: [&[&str]; 3] = [
            &["project"],
            &["tool", "poetry"],
            &["tool", "flit", "metadata"],
        ];
        self.toml.at(&["build-system"]).is_some()
            && METADATA.iter().any(|keys| self.toml.at(keys).is_some())
    }

    pub(crate) fn names(self) -> Vec<&'t str> {
        const NAMES: [&[&str]; 4] = [
            &["project", "name"],
            &["tool", "poetry", "name"],
            &["tool", "flit", "metadata", "module"],
            &["tool", "flit", "metadata", "dist-name"],
        ];
        let names = NAMES.iter().filter_map(|keys| self.toml.text(keys));
        names.map(|name| name.value).collect()
    }

    pub(crate) fn classifiers(self) -> Vec<String> {
        const LISTS: [&[&str]; 3] = [
            &["project", "classifiers"],
            &["tool", "poetry", "classifiers"],
            &["tool", "flit", "metadata", "classifiers"],
        ];
        let texts = LISTS
            .iter()
            .flat_map(|keys| self.toml.texts(self.toml.at(keys)));
        texts.map(|text| text.value).collect()
    }
}
