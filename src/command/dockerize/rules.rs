//! Files of one rule a line, such as .gitignore: what the template's adds to the user's.

use std::collections::BTreeSet;

use crate::git::Git;
use crate::state;
use crate::template::Glob;
use crate::tree::{File, Tree, TreePath};

/// `own`, and after it all of `more`, so that later releases of it merge without a word; what is said twice does no harm.
/// Nothing of `own` changes, and no rule is added that would take back an exception which it makes. `exceptions` come
/// between the two.
pub(super) fn added(own: &[u8], exceptions: &[String], more: &File) -> File {
    if own.contains(&0) {
        return more.clone();
    }
    let text = String::from_utf8_lossy(own);
    let known: Vec<&str> = text.lines().map(str::trim).collect();
    let shown: Vec<&str> = known
        .iter()
        .filter_map(|rule| rule.strip_prefix('!'))
        .map(|path| path.trim_matches('/'))
        .collect();
    let more = more.raw();
    let more = String::from_utf8_lossy(&more);
    let is_rule = |line: &str| !line.is_empty() && !line.starts_with('#');
    let rules: Vec<&str> = more
        .lines()
        .filter(|line| {
            let hides = |rule: &Rule| shown.iter().any(|path| rule.hides(path));
            !Rule::new(line).as_ref().is_some_and(hides)
        })
        .collect();
    let has_all = rules
        .iter()
        .filter(|line| is_rule(line))
        .all(|rule| known.contains(&rule.trim()));
    let mut bytes = own.to_vec();
    if has_all && exceptions.is_empty() {
        return File::new(bytes);
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    if !own.is_empty() {
        let gap = if own.ends_with(b"\n") { 1 } else { 2 };
        bytes.extend(end.repeat(gap).as_bytes());
    }
    let heading = "# Files of the template that a rule above would hide";
    let above = match exceptions {
        [] => Vec::new(),
        _ => vec![heading],
    };
    let gap = (!exceptions.is_empty()).then_some("");
    let exceptions = exceptions.iter().map(String::as_str).chain(gap);
    for line in above.into_iter().chain(exceptions).chain(rules) {
        bytes.extend(line.as_bytes());
        bytes.extend(end.as_bytes());
    }
    File::new(bytes)
}

/// A rule of an ignore file that hides something; not an exception to one.
pub(super) struct Rule {
    glob: Glob,
    /// Whether it is about paths from the top, and not about names in any folder.
    is_anchored: bool,
}

impl Rule {
    /// The rule of a line; `None` for what is no such rule, or none that can be read.
    pub(super) fn new(line: &str) -> Option<Self> {
        let line = line.trim();
        let bare = line.trim_end_matches('/');
        if bare.is_empty() || line.starts_with(['#', '!']) {
            return None;
        }
        Some(Self {
            glob: Glob::new(bare.trim_start_matches('/')).ok()?,
            is_anchored: bare.contains('/'),
        })
    }

    /// Whether it hides a path, itself or by a folder on the way to it.
    pub(super) fn hides(&self, path: &str) -> bool {
        if !self.is_anchored {
            return path.split('/').any(|part| self.glob.matches(part));
        }
        let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
        let mut all = folders.chain(std::iter::once(path));
        all.any(|part| self.glob.matches(part))
    }
}

/// Exceptions for files of the template that rules of the user's hide: they could not be committed.
pub(super) fn hidden(tree: &Tree, git: &Git) -> Vec<String> {
    let mut exceptions = BTreeSet::new();
    let files = tree.keys().map(TreePath::as_str);
    for path in files.chain(std::iter::once(state::FILE)) {
        if git.is_ignored(path) {
            let mut folders = path.match_indices('/').map(|(end, _)| &path[..=end]);
            let folder = folders.find(|folder| git.is_ignored(folder));
            exceptions.insert(format!("!/{}", folder.unwrap_or(path)));
            // A rule for files may hide what is in it all the same.
            exceptions.extend(folder.map(|folder| format!("!/{folder}**")));
        }
    }
    exceptions.into_iter().collect()
}
