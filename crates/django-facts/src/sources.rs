//! The files of a project, read and parsed at most once each.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::syntax::{self, Statement};
use super::text::decode;
use crate::Survey;

/// A project's files.
#[derive(Debug)]
pub(super) struct Sources<'a> {
    pub(super) survey: &'a Survey,
    parsed: RefCell<HashMap<String, Rc<Vec<Statement>>>>,
}

impl<'a> Sources<'a> {
    #[must_use]
    pub(super) fn new(survey: &'a Survey) -> Self {
        Self {
            survey,
            parsed: RefCell::default(),
        }
    }

    /// The statements of a Python file; none when it cannot be read.
    #[must_use]
    pub(super) fn python(&self, path: &str) -> Rc<Vec<Statement>> {
        if let Some(known) = self.parsed.borrow().get(path) {
            return Rc::clone(known);
        }
        let bytes = self.survey.read(path).unwrap_or_default();
        let statements = Rc::new(syntax::read(&bytes));
        self.parsed
            .borrow_mut()
            .insert(path.to_owned(), Rc::clone(&statements));
        statements
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
    pub(super) fn text(&self, path: &str) -> String {
        decode(&self.survey.read(path).unwrap_or_default())
    }

    /// The file of the module `dotted`, looked for below `folder`.
    #[must_use]
    pub(super) fn module(&self, folder: &str, dotted: &str) -> Option<String> {
        if dotted.is_empty() || dotted.split('.').any(str::is_empty) {
            return None;
        }
        let path = join(folder, &dotted.replace('.', "/"));
        let file = format!("{path}.py");
        let package = format!("{path}/__init__.py");
        // Python itself looks for the package first.
        [package, file]
            .into_iter()
            .find(|path| self.survey.has(path))
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

/// The last part of a path.
#[must_use]
pub(super) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// `*` stands for anything but `/`.
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
