//! The settings as they are loaded: the assignments of the settings module and of all that it includes, in order.

use std::collections::BTreeSet;

use super::expression::Expr;
use super::sources::Sources;
use super::syntax::{Block, DELETED, StatementKind};

/// An assignment of the settings.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The name, also that of `NAME['key'] = …`, whose keys then are in `keys`.
    pub(super) name: String,
    pub(super) keys: Vec<String>,
    pub(super) op: String,
    pub(super) value: Expr,
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) inside: Vec<Block>,
    /// Whether only its own file knows it: it was not imported into the settings.
    pub(super) is_hidden: bool,
}

impl Entry {
    #[must_use]
    pub(super) fn is_in_class(&self) -> bool {
        self.inside
            .iter()
            .any(|block| matches!(block, Block::Class))
    }

    /// Whether nothing is left of what stood there before: `=`, `del`.
    #[must_use]
    pub(super) fn replaces(&self) -> bool {
        self.op == "=" || self.op == DELETED
    }

    /// Whether it replaces all that the name stood for.
    #[must_use]
    pub(super) fn is_whole(&self) -> bool {
        self.keys.is_empty() && self.replaces()
    }

    #[must_use]
    pub(super) fn is_certain(&self) -> bool {
        self.inside
            .iter()
            .all(|block| matches!(block, Block::Other | Block::Class | Block::Match(_)))
    }
}

/// Something that the settings include and that is not in the project.
#[derive(Clone, Debug)]
pub(super) struct Missing {
    pub(super) file: String,
    pub(super) line: usize,
    /// The module's name, where it has one.
    pub(super) module: String,
    /// Whether it would lie in the project: a local file that is not committed.
    pub(super) is_local: bool,
    /// How many of the assignments come before it.
    pub(super) after: usize,
}

/// A place from which on names may be anything, so that only a run can tell: `globals().update(…)`, `f(locals())`.
#[derive(Clone, Debug)]
pub(super) struct Opaque {
    pub(super) file: String,
    pub(super) line: usize,
    /// How many of the assignments come before it.
    pub(super) after: usize,
    /// Whether what sets them is no part of the project.
    pub(super) is_library: bool,
}

/// A settings module with all that it includes.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub(super) entries: Vec<Entry>,
    /// The files, in the order in which they are first loaded.
    pub(super) files: Vec<String>,
    pub(super) missing: Vec<Missing>,
    /// Whether a file has relative imports from its parent folder, which keep it from being included elsewhere.
    pub(super) has_relative_imports: bool,
    /// Whether some of them stand in classes, of which one is chosen when the project runs.
    pub(super) has_classes: bool,
    pub(super) opaque: Vec<Opaque>,
}

impl Settings {
    /// Whether the files say nothing: an `__init__.py` that only makes a package of its folder.
    #[must_use]
    pub(super) fn is_hollow(&self) -> bool {
        !self.files.is_empty()
            && self.entries.is_empty()
            && self.missing.is_empty()
            && self.opaque.is_empty()
    }

    /// The assignments of a setting, in order.
    pub(super) fn of<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a Entry> {
        self.entries
            .iter()
            .filter(move |entry| entry.name == name && !entry.is_hidden)
    }

    /// The last assignment of a setting as a whole, those that always run before others.
    #[must_use]
    pub(super) fn last(&self, name: &str) -> Option<&Entry> {
        let is_whole = |entry: &&Entry| entry.name == name && !entry.is_hidden && entry.is_whole();
        let mut whole = self.entries.iter().filter(is_whole);
        let last = whole.clone().next_back();
        whole.rfind(|entry| entry.is_certain()).or(last)
    }

    /// What a name stands for where it is used in `file`.
    #[must_use]
    pub(super) fn lookup(&self, name: &str, file: &str) -> Option<&Entry> {
        let whole = |entry: &&Entry| entry.name == name && entry.is_whole();
        let own = self
            .entries
            .iter()
            .filter(whole)
            .filter(|entry| entry.file == file);
        own.clone()
            .rfind(|entry| entry.is_certain())
            .or_else(|| own.clone().next_back())
            .or_else(|| self.last(name))
            .or_else(|| self.entries.iter().rfind(whole))
    }
}

/// Whether a name is one of a setting, by Django's own rule.
pub(super) fn is_setting(name: &str) -> bool {
    name.chars().any(char::is_alphabetic) && name == name.to_uppercase()
}

/// Whether a star import from this module brings functions and constants, not settings of the project.
pub(super) fn is_library_of_settings(module: &str) -> bool {
    matches!(
        module,
        "django.conf.global_settings"
            | "django.conf.settings"
            | "django.conf.urls"
            | "django.conf.urls.defaults"
            | "os.path"
            | "os"
            | "datetime"
            | "typing"
            | "pathlib"
            | "decouple"
            | "environ"
            | "celery.schedules"
            | "ldap"
            | "logging"
    )
}

/// Whether a file assigns what only settings do.
#[must_use]
pub(super) fn looks_like_settings(sources: &Sources, path: &str) -> bool {
    const TELLING: [&str; 8] = [
        "INSTALLED_APPS",
        "ROOT_URLCONF",
        "DATABASES",
        "MIDDLEWARE",
        "MIDDLEWARE_CLASSES",
        "DATABASE_ENGINE",
        "TEMPLATES",
        "WSGI_APPLICATION",
    ];
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for statement in sources.python(path).iter() {
        if let StatementKind::Assign { targets, .. } = &statement.kind
            && !statement.is_in_function()
        {
            seen.extend(targets.iter().filter_map(|target| {
                let name = target.name()?;
                TELLING.iter().copied().find(|telling| *telling == name)
            }));
        }
    }
    seen.len() >= 2
}
