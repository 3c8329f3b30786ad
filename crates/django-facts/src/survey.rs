//! A bounded walk over a project of unknown size: the names first, the bytes of single files when they are asked for.

#![allow(clippy::disallowed_methods)]

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// How many folders below the root are looked into.
const DEPTH: usize = 6;
/// How many names are remembered; a folder with more files than this is no source code.
const MOST: usize = 250_000;
/// How many bytes of one file are read.
const LONGEST: u64 = 2 << 20;

/// Folders that hold other people's code or what a tool made.
const SKIPPED: [&str; 22] = [
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "bower_components",
    "jspm_packages",
    "venv",
    ".venv",
    "virtualenv",
    "site-packages",
    "dist-packages",
    ".tox",
    ".nox",
    ".eggs",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".cache",
    ".sass-cache",
    ".terraform",
    ".bundle",
];

/// Names that mean other people's code or a tool's work, except where the folder is a Python package.
const UNLESS_PACKAGE: [&str; 4] = ["env", "ENV", "build", "dist"];

/// The files of a folder, by their paths inside it, shallow ones first.
#[derive(Debug)]
pub struct Survey {
    root: PathBuf,
    files: Vec<String>,
    known: BTreeSet<String>,
    folders: BTreeSet<String>,
    links: BTreeMap<String, String>,
    /// The files that a person named, wherever they lie.
    named: RefCell<BTreeSet<String>>,
    /// Whether there was more than the walk takes in.
    pub cut_short: bool,
}

impl Survey {
    /// Walks `root`. What cannot be read is left out; links to folders are not followed, so no loop is entered.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        let mut survey = Self {
            root: root.to_path_buf(),
            files: Vec::new(),
            known: BTreeSet::new(),
            folders: BTreeSet::new(),
            links: BTreeMap::new(),
            named: RefCell::default(),
            cut_short: false,
        };
        let mut waiting = VecDeque::from([(String::new(), 0)]);
        while let Some((folder, depth)) = waiting.pop_front() {
            for inner in survey.look_into(&folder) {
                if depth < DEPTH {
                    waiting.push_back((inner, depth + 1));
                }
            }
            if survey.files.len() > MOST {
                survey.cut_short = true;
                break;
            }
        }
        survey.known = survey.files.iter().cloned().collect();
        survey
    }

    /// Notes the files of one folder and returns those of its folders that are worth a look.
    fn look_into(&mut self, folder: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.root.join(folder)) else {
            return Vec::new();
        };
        let mut folders = Vec::new();
        let mut files = Vec::new();
        for entry in entries.flatten() {
            let name = entry.file_name();
            let (Some(name), Ok(kind)) = (name.to_str(), entry.file_type()) else {
                continue;
            };
            if kind.is_dir() {
                folders.push(name.to_owned());
            } else if kind.is_file() || kind.is_symlink() {
                files.push((name.to_owned(), kind.is_symlink()));
            }
        }
        if !folder.is_empty() && is_foreign(folder, &files, &folders) {
            return Vec::new();
        }
        self.folders.insert(folder.to_owned());
        let join = |name: &str| {
            if folder.is_empty() {
                name.to_owned()
            } else {
                format!("{folder}/{name}")
            }
        };
        files.sort();
        for (name, is_link) in files {
            let path = join(&name);
            if is_link && !self.note_link(&path) {
                continue;
            }
            self.files.push(path);
        }
        folders.sort();
        folders.retain(|name| !is_skipped(name));
        folders.iter().map(|name| join(name)).collect()
    }

    /// Notes a link that leads to a file inside the project, which then counts as one; says whether it does.
    fn note_link(&mut self, path: &str) -> bool {
        let full = self.root.join(path);
        let (Ok(target), Ok(root)) = (fs::canonicalize(&full), fs::canonicalize(&self.root)) else {
            return false;
        };
        let Some(inside) = target.strip_prefix(&root).ok().and_then(Path::to_str) else {
            return false;
        };
        self.links.insert(path.to_owned(), inside.to_owned());
        target.is_file()
    }

    /// The paths of all files, shallow ones first, in one folder by name.
    #[must_use]
    pub fn files(&self) -> &[String] {
        &self.files
    }

    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        self.known.contains(path) || self.named.borrow().contains(path)
    }

    /// Looks for a file that a person names, also where nobody looks for a project's own, such as in `build`. What leads out
    /// of the project is none of its files.
    pub fn look_for(&self, path: &str) {
        let (Ok(target), Ok(root)) = (
            fs::canonicalize(self.root.join(path)),
            fs::canonicalize(&self.root),
        ) else {
            return;
        };
        let is_plain = path
            .split('/')
            .all(|part| !matches!(part, "" | "." | ".." | ".git"));
        if is_plain && target.is_file() && target.starts_with(root) {
            self.named.borrow_mut().insert(path.to_owned());
        }
    }

    #[must_use]
    pub fn has_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }

    /// Where a link inside the project leads.
    #[must_use]
    pub fn link(&self, path: &str) -> Option<&str> {
        self.links.get(path).map(String::as_str)
    }

    /// The first bytes of a file, as many as any source file has; `None` when it cannot be read.
    #[must_use]
    pub fn read(&self, path: &str) -> Option<Vec<u8>> {
        if !self.has(path) {
            return None;
        }
        let full = self.root.join(path);
        if !fs::metadata(&full).ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        let file = fs::File::open(full).ok()?;
        file.take(LONGEST).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }
}

fn is_skipped(name: &str) -> bool {
    SKIPPED.contains(&name)
        || name.starts_with("vendor")
        || name.ends_with("_cache") && name.starts_with('.')
        || name.ends_with(".egg-info")
        || name.contains("{{")
        || name.contains("{%")
}

/// Whether a folder is a virtual environment, whatever its name, or bears a name that says it is not the project's.
fn is_foreign(folder: &str, files: &[(String, bool)], folders: &[String]) -> bool {
    let has = |name: &str| files.iter().any(|(file, _)| file == name);
    let has_folder = |name: &str| folders.iter().any(|folder| folder == name);
    if has("pyvenv.cfg") || has("pip-selfcheck.json") {
        return true;
    }
    let posix = has_folder("bin") && has_folder("lib") && has_folder("include");
    let windows = has_folder("Scripts") && has_folder("Lib");
    if (posix || windows) && !has("manage.py") && !has("__init__.py") {
        return true;
    }
    let name = folder.rsplit('/').next().unwrap_or(folder);
    UNLESS_PACKAGE.contains(&name) && !has("__init__.py") && !has("manage.py")
}
