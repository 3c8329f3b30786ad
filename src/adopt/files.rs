//! What the project has at a path, read once: its lines as hashes, so that many renderings can be held against it.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::sync::Arc;

use crate::error::Result;
use crate::fs::{self, Entry};
use crate::tree::{Content, File, Tree, TreePath};

/// The hashes of a file's lines, without the spaces around them.
pub(super) type Lines = Arc<HashSet<u64>>;

/// The files of a project, read when they are asked for.
pub(super) struct Files<'a> {
    root: &'a Path,
    read: RefCell<HashMap<TreePath, Option<(File, Lines)>>>,
}

impl<'a> Files<'a> {
    pub(super) fn new(root: &'a Path) -> Self {
        Self {
            root,
            read: RefCell::default(),
        }
    }

    pub(super) fn root(&self) -> &'a Path {
        self.root
    }

    /// The file and its lines; `None` where there is no file.
    pub(super) fn get(&self, path: &TreePath) -> Result<Option<(File, Lines)>> {
        if let Some(known) = self.read.borrow().get(path) {
            return Ok(known.clone());
        }
        let found = match fs::entry(self.root, path)? {
            Entry::File(file) => {
                let lines = lines(&file);
                Some((file, lines))
            }
            _ => None,
        };
        self.read.borrow_mut().insert(path.clone(), found.clone());
        Ok(found)
    }
}

/// The lines of every file of a rendering.
#[derive(Clone, Debug)]
pub(super) struct Sketch(pub(super) BTreeMap<TreePath, Lines>);

/// Makes sketches; a file that many renderings share is read once.
#[derive(Default)]
pub(super) struct Sketcher(HashMap<usize, (File, Lines)>);

impl Sketcher {
    /// The sketch of `tree`; the paths of `without` are left out.
    pub(super) fn sketch(&mut self, tree: &Tree, without: &[&str]) -> Sketch {
        let files = tree
            .iter()
            .filter(|(path, _)| !without.contains(&path.as_str()));
        Sketch(
            files
                .map(|(path, file)| (path.clone(), self.lines(file)))
                .collect(),
        )
    }

    fn lines(&mut self, file: &File) -> Lines {
        // The address stands for the content only while somebody holds it, so the file is kept beside its lines.
        let key = file.held().unwrap_or_default().as_ptr() as usize;
        let known = self.0.get(&key).filter(|(known, _)| known == file);
        if let Some((_, lines)) = known {
            return lines.clone();
        }
        let lines = lines(file);
        self.0.insert(key, (file.clone(), lines.clone()));
        lines
    }
}

/// The hashes of a file's lines. Empty lines are left out; a link or a binary file is one line.
pub(super) fn lines(file: &File) -> Lines {
    if file.is_link() || file.starts_binary() {
        let whole = match &file.content {
            Content::Stored(stored) => hash(stored.place().as_bytes()),
            _ => hash(&file.raw()),
        };
        return Arc::new(HashSet::from([whole]));
    }
    let bytes = file.raw();
    let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    Arc::new(lines.filter(|line| !line.is_empty()).map(hash).collect())
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
