//! What comes into the image of an older project: all that git has, and nothing that it ignores. The rules of `.gitignore` are
//! written in the notation of `.dockerignore`, where a name means the top alone and a later rule may show what is in a hidden
//! folder.

use std::collections::BTreeMap;

use super::rules;
use crate::error::Result;
use crate::fs;
use crate::git::Git;
use crate::template::Globs;
use crate::tree::{File, Tree};
use crate::workplace::Workplace;
use django_facts::Survey;

/// How many files of one folder are named one by one.
const SINGLE: usize = 12;

/// What a running site has no use for, at the top of a project, by the starts of its names. Git may have it all the same.
const NOT_RUN: [&str; 11] = [
    ".git",
    ".dockerignore",
    ".editorconfig",
    ".ixd-template.yml",
    ".coverage",
    ".DS_Store",
    "Dockerfile",
    "compose.",
    "docker-compose.",
    "stack.",
    "initial_data.sql",
];

/// Whether a site may need a file. No secret comes into an image: a container gets it from its environment.
fn is_run(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_elsewhere = match path.split_once('/') {
        None => NOT_RUN.iter().any(|start| path.starts_with(start)),
        Some((folder, _)) => matches!(folder, ".git" | ".idea" | ".vscode"),
    };
    let is_secret = name.contains(".secret") || matches!(path, ".env" | ".env.local");
    !is_elsewhere && !is_secret && name != ".DS_Store"
}

/// The template's list for this project. `own` is the project's, which stays as it is at the beginning.
pub(super) fn fitted(
    list: &File,
    own: &[u8],
    tree: &Tree,
    survey: &Survey,
    place: &Workplace,
) -> Result<File> {
    let template = String::from_utf8_lossy(&list.raw()).into_owned();
    let known: Vec<&str> = template.lines().collect();
    let mut derived = of_git(&ignore_files(survey, place)?);
    derived.retain(|rule| !known.contains(&rule.as_str()));
    let mut text = String::new();
    if !derived.is_empty() {
        text += "# What .gitignore names: a rule that is new there must stand here too\n";
        text += &derived.join("\n");
        text += "\n\n";
    }
    text += &template;
    let made = rules::added(own, &[], &File::new(text.into_bytes()));
    let mut bytes = made.raw().into_owned();
    let added = String::from_utf8_lossy(bytes.get(own.len()..).unwrap_or_default());
    let whole = String::from_utf8_lossy(&bytes).into_owned();
    let lists = [&*String::from_utf8_lossy(own), &added, &template, &whole].map(List::new);
    let shown = shown(&lists, tree, place)?;
    if shown.is_empty() {
        return Ok(made);
    }
    let end = if whole.contains("\r\n") { "\r\n" } else { "\n" };
    let heading = "# Part of the project, though a rule above would hide it".to_owned();
    for line in [String::new(), heading].iter().chain(&shown) {
        bytes.extend(line.as_bytes());
        bytes.extend(end.as_bytes());
    }
    Ok(File::new(bytes))
}

/// Exceptions for what must be in the image and is hidden: what git has by the rules that are added, unless the project's own
/// hide it; the template's own files by any rule but the template's.
fn shown(
    [own, added, template, all]: &[List; 4],
    tree: &Tree,
    place: &Workplace,
) -> Result<Vec<String>> {
    let mut hidden: Vec<String> = tree
        .keys()
        .map(|path| path.as_str().to_owned())
        .filter(|path| all.hides(path) && !template.hides(path))
        .collect();
    if let Some(git) = place.git() {
        let is_wanted = |path: &str| is_run(path) && added.hides(path) && !own.hides(path);
        let tracked = git.tracked(is_wanted)?;
        hidden.extend(tracked.iter().map(ToString::to_string));
    }
    hidden.sort();
    hidden.dedup();
    Ok(folded(&hidden, all, place)
        .into_iter()
        .map(|path| format!("!/{path}"))
        .collect())
}

/// The paths, where a folder stands for many files of which there are no others in it.
fn folded(hidden: &[String], all: &List, place: &Workplace) -> Vec<String> {
    let mut folders: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    let mut found = Vec::new();
    for path in hidden {
        let mut parents = path.match_indices('/').map(|(end, _)| &path[..end]);
        match parents.find(|folder| all.hides(folder)) {
            Some(folder) => folders.entry(folder.to_owned()).or_default().push(path),
            None => found.push(path.clone()),
        }
    }
    for (folder, files) in folders {
        let is_whole = files.len() > SINGLE
            && fs::files_below(place.root(), &folder).is_ok_and(|all| all.len() == files.len());
        if is_whole {
            found.push(folder);
        } else {
            found.extend(files.into_iter().cloned());
        }
    }
    found.sort();
    found
}

/// A `.dockerignore`, as Docker reads it: the last rule that fits a path, or a folder on the way to it, decides.
struct List {
    globs: Globs,
    /// Whether the rule with this number shows what it fits.
    shows: Vec<bool>,
}

impl List {
    fn new(text: &str) -> Self {
        let mut patterns = Vec::new();
        let mut shows = Vec::new();
        for line in text.lines().map(str::trim) {
            let (bare, is_shown) = match line.strip_prefix('!') {
                Some(bare) => (bare, true),
                None => (line, false),
            };
            let bare = bare.trim_matches('/');
            if bare.is_empty() || line.starts_with('#') {
                continue;
            }
            for pattern in [bare.to_owned(), format!("{bare}/**")] {
                patterns.push(pattern);
                shows.push(is_shown);
            }
        }
        let (globs, used) = Globs::new(&patterns);
        let shows = used.into_iter().map(|index| shows[index]).collect();
        Self { globs, shows }
    }

    fn hides(&self, path: &str) -> bool {
        self.globs
            .last(path)
            .is_some_and(|index| !self.shows[index])
    }
}

/// An ignore file of git's: the folder that its rules are about, relative to the project, and its text. `above` is the way from
/// its folder down to the project, where it lies outside.
struct IgnoreFile {
    folder: String,
    above: String,
    text: String,
}

/// Those above the project, of which the repository has more, then its own from the top down.
fn ignore_files(survey: &Survey, place: &Workplace) -> Result<Vec<IgnoreFile>> {
    let mut found = Vec::new();
    let prefix = place.git().map_or("", Git::prefix).trim_end_matches('/');
    let parts: Vec<&str> = prefix.split('/').filter(|part| !part.is_empty()).collect();
    for depth in 0..parts.len() {
        let dir = place.root().ancestors().nth(parts.len() - depth);
        let file = dir.map(|dir| dir.join(".gitignore"));
        let bytes = file.map(|file| fs::read(&file)).transpose()?.flatten();
        if let Some(bytes) = bytes {
            found.push(IgnoreFile {
                folder: String::new(),
                above: parts[depth..].join("/"),
                text: String::from_utf8_lossy(&bytes).into_owned(),
            });
        }
    }
    for path in survey.files() {
        if path != ".gitignore" && !path.ends_with("/.gitignore") {
            continue;
        }
        let bytes = survey.read(path).unwrap_or_default();
        found.push(IgnoreFile {
            folder: path.trim_end_matches(".gitignore").to_owned(),
            above: String::new(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        });
    }
    Ok(found)
}

/// One rule of git's.
struct Rule {
    /// It takes something out of what another one ignores.
    is_exception: bool,
    is_for_folders: bool,
    pattern: String,
}

impl Rule {
    fn new(line: &str, file: &IgnoreFile) -> Option<Self> {
        let line = line.trim_end();
        if line.starts_with('#') || line.contains('\0') {
            return None;
        }
        let (line, is_exception) = match line.strip_prefix('!') {
            Some(rest) => (rest, true),
            None => (line.strip_prefix('\\').unwrap_or(line), false),
        };
        let is_for_folders = line.ends_with('/');
        let bare = line.trim_end_matches('/');
        // Docker ends a build at a rule that it cannot read.
        if bare.is_empty()
            || bare.contains('\\')
            || bare.matches('[').count() != bare.matches(']').count()
        {
            return None;
        }
        let is_anchored = bare.contains('/');
        let bare = bare.trim_start_matches('/').replace("[!", "[^");
        let folder = &file.folder;
        let pattern = if !is_anchored || bare.starts_with("**/") {
            format!("{folder}**/{}", bare.trim_start_matches("**/"))
        } else {
            format!("/{folder}{}", below(&bare, &file.above)?)
        };
        Some(Self {
            is_exception,
            is_for_folders,
            pattern,
        })
    }

    /// Whether it names a folder, and with it all that is inside.
    fn names_folder(&self) -> bool {
        let last = self.pattern.rsplit('/').next().unwrap_or_default();
        self.is_for_folders || !last.contains('*')
    }

    /// Whether it fits what another rule names, to go by the text of that.
    fn fits(&self, other: &Self) -> bool {
        let bare = |rule: &Self| rule.pattern.trim_start_matches('/').to_owned();
        let named = bare(other).replace("**/", "");
        Globs::new(&[bare(self)]).0.last(&named).is_some()
    }
}

/// What a rule from above the project is inside of it; `None` where it is about something else.
fn below(pattern: &str, above: &str) -> Option<String> {
    let mut rest = pattern;
    for part in above.split('/').filter(|part| !part.is_empty()) {
        if rest.starts_with("**/") {
            return Some(rest.to_owned());
        }
        let (first, then) = rest.split_once('/')?;
        Globs::new(&[first.to_owned()]).0.last(part)?;
        rest = then;
    }
    Some(rest.to_owned())
}

/// The rules in Docker's notation. Git leaves what is in an ignored folder ignored, whatever an exception says; Docker does
/// not, so the folders come once more after the exceptions.
fn of_git(files: &[IgnoreFile]) -> Vec<String> {
    let rules: Vec<Rule> = files
        .iter()
        .flat_map(|file| file.text.lines().filter_map(|line| Rule::new(line, file)))
        .collect();
    let mut made: Vec<String> = Vec::new();
    let mut exceptions: Vec<&Rule> = Vec::new();
    for rule in &rules {
        let last = rule.pattern.rsplit('/').next().unwrap_or_default();
        if !rule.is_exception {
            if !made.contains(&rule.pattern) || !exceptions.is_empty() {
                made.push(rule.pattern.clone());
            }
        } else if !matches!(last, "*" | "**") {
            // `!*/` lets git look into folders, which Docker does anyway.
            made.push(format!("!{}", rule.pattern));
            exceptions.push(rule);
        }
    }
    if exceptions.is_empty() {
        return made;
    }
    let takes_in_folders = exceptions.iter().any(|rule| rule.is_for_folders);
    for rule in rules.iter().filter(|rule| !rule.is_exception) {
        let is_again = rule.names_folder() || takes_in_folders;
        let is_excepted = exceptions.iter().any(|exception| rule.fits(exception));
        if is_again && !is_excepted && made.last() != Some(&rule.pattern) {
            made.push(rule.pattern.clone());
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::{IgnoreFile, of_git};

    fn check(folder: &str, above: &str, text: &str, expected: &[&str]) {
        let file = IgnoreFile {
            folder: folder.into(),
            above: above.into(),
            text: text.into(),
        };
        assert_eq!(of_git(&[file]), expected, "{text}");
    }

    #[test]
    fn rules_of_git_in_the_notation_of_docker() {
        check(
            "",
            "",
            "# why\n*.log\nvenv/\n/media\na/b\n**/c\nd/**\n",
            &["**/*.log", "**/venv", "/media", "/a/b", "**/c", "/d/**"],
        );
        check("app/", "", "*.log\n/x\n", &["app/**/*.log", "/app/x"]);
        check(
            "",
            "back/end",
            "*.log\n/back/end/x\n/back/*/y\n/front\n",
            &["**/*.log", "/x", "/y"],
        );
        check("", "", "[!a]b\n[x\n\\#c\nd\\ e\n", &["**/[^a]b", "**/#c"]);
    }

    #[test]
    fn an_exception_shows_nothing_of_an_ignored_folder() {
        check(
            "",
            "",
            "venv/\n*.sql\n!first.sql\n",
            &["**/venv", "**/*.sql", "!**/first.sql", "**/venv"],
        );
        check(
            "",
            "",
            "media/*\n!media/.gitkeep\n",
            &["/media/*", "!/media/.gitkeep"],
        );
        check(
            "",
            "",
            "media/\n!media/x\n",
            &["**/media", "!/media/x", "**/media"],
        );
        check("", "", "*\n!*/\n!*.py\n", &["**/*", "!**/*.py"]);
        check(
            "",
            "",
            "*.pyc\n/*\n!/src/\n",
            &["**/*.pyc", "/*", "!/src", "**/*.pyc"],
        );
    }
}
