//! The files of a project, read and parsed at most once each.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::formats::lock::{self, LockedPackage};
use super::formats::placed::Placed;
use super::formats::toml::{Broken, Toml};
use super::syntax::{self, Statement};
use super::text::decode;
use crate::Survey;

/// A project's files, each of which is read and parsed at most once, however often findings are derived from them.
#[derive(Debug)]
pub struct Sources {
    pub(super) survey: Survey,
    texts: RefCell<HashMap<String, Rc<str>>>,
    statements: RefCell<HashMap<String, Rc<Vec<Statement>>>>,
    tables: RefCell<HashMap<String, ReadToml>>,
    locks: RefCell<HashMap<String, ReadLock>>,
    chosen: RefCell<HashMap<String, Rc<Vec<String>>>>,
    /// A package that a folder is by itself: its name, and the folder.
    own_package: RefCell<Option<(String, String)>>,
}

/// A TOML file as it was read, or why it was not.
pub(super) type ReadToml = Result<Rc<Toml>, Broken>;
/// The packages of a lock, or why they were not read.
pub(super) type ReadLock = Result<Rc<Vec<Placed<LockedPackage>>>, Broken>;

impl Sources {
    #[must_use]
    pub fn new(survey: Survey) -> Self {
        Self {
            survey,
            texts: RefCell::default(),
            statements: RefCell::default(),
            tables: RefCell::default(),
            locks: RefCell::default(),
            chosen: RefCell::default(),
            own_package: RefCell::default(),
        }
    }

    /// Lets modules be found below the name of a package that a folder is by itself, by name and folder; none: as Python
    /// finds them.
    pub(super) fn know_package(&self, package: Option<(String, String)>) {
        *self.own_package.borrow_mut() = package;
    }

    /// The names of the files.
    #[must_use]
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// Where one of the folders, of which the root is empty, has a package or module of this name.
    #[must_use]
    pub(super) fn package_in(&self, folders: &[String], name: &str) -> Option<String> {
        let mut paths = folders.iter().flat_map(|folder| {
            let path = join(folder, name);
            [format!("{path}.py"), path]
        });
        paths.find(|path| self.survey.has(path) || self.survey.has_folder(path))
    }

    /// What `cache` knows of a file, or else what `read` makes of it.
    fn once<T: Clone>(
        cache: &RefCell<HashMap<String, T>>,
        path: &str,
        read: impl FnOnce() -> T,
    ) -> T {
        if let Some(known) = cache.borrow().get(path) {
            return known.clone();
        }
        let made = read();
        cache.borrow_mut().insert(path.to_owned(), made.clone());
        made
    }

    /// The files of one `kind`, chosen among all of them the first time that they are asked for.
    pub(super) fn chosen(
        &self,
        kind: &str,
        choose: impl FnOnce(&[String]) -> Vec<String>,
    ) -> Rc<Vec<String>> {
        Self::once(&self.chosen, kind, || Rc::new(choose(self.survey.files())))
    }

    /// The statements of a Python file; none when it cannot be read.
    #[must_use]
    pub(super) fn python(&self, path: &str) -> Rc<Vec<Statement>> {
        Self::once(&self.statements, path, || {
            Rc::new(syntax::read(&self.text(path)))
        })
    }

    /// A TOML file; one that is not there is empty.
    ///
    /// # Errors
    /// Where it is no TOML.
    pub(super) fn toml(&self, path: &str) -> ReadToml {
        Self::once(&self.tables, path, || {
            Toml::parse(self.text(path).to_string()).map(Rc::new)
        })
    }

    /// The packages of a lock file of any kind.
    ///
    /// # Errors
    /// Where it is neither TOML nor JSON.
    pub(super) fn lock(&self, path: &str) -> ReadLock {
        Self::once(&self.locks, path, || {
            let text = self.text(path);
            let found = match name(path) {
                "Pipfile.lock" => lock::of_pipenv(&text)?,
                _ => lock::packages(&Toml::parse(lock::whole(&text).to_owned())?),
            };
            Ok(Rc::new(found))
        })
    }

    /// The file of the module `dotted`, looked for below every folder that leads to `file`.
    #[must_use]
    pub(super) fn anywhere(&self, dotted: &str, file: &str) -> Option<String> {
        let mut folder = parent(file);
        loop {
            if let Some(found) = self.module(&folder, dotted) {
                return Some(found);
            }
            if folder.is_empty() {
                return None;
            }
            folder = parent(&folder);
        }
    }

    /// The text of a file, or none of it.
    #[must_use]
    pub(super) fn text(&self, path: &str) -> Rc<str> {
        Self::once(&self.texts, path, || {
            decode(&self.survey.read(path).unwrap_or_default()).into()
        })
    }

    /// The file of the module `dotted`, looked for below `folder`.
    #[must_use]
    pub(super) fn module(&self, folder: &str, dotted: &str) -> Option<String> {
        if dotted.is_empty() || dotted.split('.').any(str::is_empty) {
            return None;
        }
        self.file_of(folder, dotted)
            .or_else(|| self.in_own_package(dotted))
    }

    /// The file that Python would load: it looks for the package first.
    fn file_of(&self, folder: &str, dotted: &str) -> Option<String> {
        let path = join(folder, &dotted.replace('.', "/"));
        let mut paths = [format!("{path}/__init__.py"), format!("{path}.py")].into_iter();
        paths.find(|path| self.survey.has(path))
    }

    /// The file of a module below the name of the package that a folder is by itself.
    fn in_own_package(&self, dotted: &str) -> Option<String> {
        let known = self.own_package.borrow();
        let (name, folder) = known.as_ref()?;
        self.file_of(folder, dotted.strip_prefix(name)?.strip_prefix('.')?)
    }
}

/// `folder/name`, where the root is the empty folder; `.` and `..` are worked out.
#[must_use]
pub(super) fn join(folder: &str, name: &str) -> String {
    if name.starts_with('/') {
        return name.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    let is_absolute = folder.starts_with('/');
    for part in folder.split('/').chain(name.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    if is_absolute {
        format!("/{path}")
    } else {
        path
    }
}

/// The folder of a path; that of the root is `..`.
#[must_use]
pub(super) fn parent(path: &str) -> String {
    match path.rsplit_once('/') {
        _ if path.is_empty() || path.ends_with("..") => join(path, ".."),
        Some(("", _)) => "/".to_owned(),
        Some((folder, _)) => folder.to_owned(),
        None => String::new(),
    }
}

/// The rest of a path below a folder; the root is the empty folder.
#[must_use]
pub(super) fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    match folder {
        "" => Some(path),
        folder => path.strip_prefix(folder)?.strip_prefix('/'),
    }
}

/// The module of a path without its ending, where it has a name that can be imported: by `importlib`, which takes
/// `simple-blog.settings` too.
#[must_use]
pub(super) fn dotted(path: &str) -> Option<String> {
    let is_name = |part: &str| {
        let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
        !part.starts_with('-') && part.chars().all(fits)
    };
    path.split('/').all(is_name).then(|| path.replace('/', "."))
}

/// The last part of a path.
#[must_use]
pub(super) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a path fits a pattern in which `*` stands for anything but `/`.
pub(super) fn matches_glob(pattern: &str, path: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else {
        return pattern == path;
    };
    let Some(rest) = path.strip_prefix(head) else {
        return false;
    };
    (0..=rest.len())
        .filter(|end| rest.is_char_boundary(*end))
        .take_while(|end| !rest[..*end].contains('/'))
        .any(|end| matches_glob(tail, &rest[end..]))
}
