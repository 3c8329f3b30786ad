//! Line provenance: which lines of a project's files an older template once had, of which there are no releases.
//!
//! Such lines are the base; all others are the team's own. So a three-way merge is possible without the old template: its
//! base is each file without its team's lines.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::files::Files;
use crate::error::{Error, Result};
use crate::tree::{self, File, Tree, TreePath};

/// Where the facts and the moves lie in a catalogue.
pub(super) const LINES: &str = "legacy/lines.txt";
pub(super) const MOVES: &str = "legacy/moves.txt";

/// A line with fewer letters and digits than this says nothing about where it comes from.
const STRONG: usize = 7;
/// A project with fewer telling lines, or with such lines in fewer files, is not made from the older template.
const TELLING_LINES: usize = 12;
const TELLING_FILES: usize = 2;
/// The part of its lines that a telling file has from the older template.
const TELLING_SHARE: f64 = 0.25;

/// What is known of an older template's history.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// How that template wrote the project's name.
    name: String,
    files: HashMap<String, PathFacts>,
    moves: Vec<Moved>,
}

#[derive(Debug, Default)]
struct PathFacts {
    /// The hashes of whole versions of the file.
    blobs: HashSet<String>,
    /// The hashes of its lines, each with how often one version had it at the most.
    lines: HashMap<String, usize>,
}

/// What has become of a path.
#[derive(Debug)]
enum Place {
    At(TreePath),
    GivenUp,
    Stays,
}

#[derive(Debug)]
struct Moved {
    from: TreePath,
    to: Place,
    tells: bool,
}

/// A project of an older template.
#[derive(Debug, Default)]
pub(super) struct Legacy {
    /// The files without the team's lines, at their old paths.
    pub(super) base: Tree,
    /// Pairs of an old path and the new one.
    pub(super) renames: Vec<(String, String)>,
    /// Files of the older template that stay as they are: nothing has come in their place.
    pub(super) left: Vec<String>,
    pub(super) files: usize,
    pub(super) untouched: usize,
    /// Lines of the older template, and all lines, in its files.
    pub(super) known: usize,
    pub(super) lines: usize,
}

impl Facts {
    /// Reads the two files; see `snapshots/legacy/README.md`.
    pub(super) fn parse(lines: &str, moves: &str) -> Result<Self> {
        let mut facts = Self::default();
        let mut path = String::new();
        for line in lines.lines().map(str::trim_end) {
            let line = line.strip_prefix("name ").map_or(line, |name| {
                name.clone_into(&mut facts.name);
                ""
            });
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(next) = line.strip_prefix("> ") {
                next.clone_into(&mut path);
                continue;
            }
            let of_path = facts.files.entry(path.clone()).or_default();
            if let Some(blob) = line.strip_prefix('=') {
                of_path.blobs.insert(blob.to_owned());
            } else {
                let (hash, count) = line.split_once('*').unwrap_or((line, "1"));
                let count = count.parse().map_err(|_| wrong(LINES, line))?;
                of_path.lines.insert(hash.to_owned(), count);
            }
        }
        for line in moves.lines().map(str::trim) {
            if !line.is_empty() && !line.starts_with('#') {
                facts
                    .moves
                    .push(moved(line).ok_or_else(|| wrong(MOVES, line))?);
            }
        }
        Ok(facts)
    }

    /// What of the project comes from the older template; `None` when too little does. `theirs` is what it shall become.
    pub(super) fn look(
        &self,
        files: &Files,
        names: &[String],
        theirs: &Tree,
    ) -> Result<Option<Legacy>> {
        let mut legacy = Legacy::default();
        let (mut telling_lines, mut telling_files) = (0, 0);
        let mut taken: BTreeSet<&TreePath> = BTreeSet::new();
        for moved in &self.moves {
            let Some(facts) = self.files.get(moved.from.as_str()) else {
                continue;
            };
            let Some((file, _)) = files.get(&moved.from)? else {
                continue;
            };
            let Some(restricted) = self.restrict(&file, facts, names) else {
                continue;
            };
            if moved.tells && float(restricted.strong) >= TELLING_SHARE * float(restricted.all) {
                telling_lines += restricted.strong;
                telling_files += usize::from(restricted.strong > 1);
            }
            legacy.files += 1;
            legacy.known += restricted.strong;
            legacy.lines += restricted.all;
            let is_untouched = restricted.base.content == file.content;
            legacy.untouched += usize::from(is_untouched);
            let has_place = match &moved.to {
                Place::At(to) if *to == moved.from => theirs.contains_key(to),
                Place::At(to) => {
                    theirs.contains_key(to)
                        && !theirs.contains_key(&moved.from)
                        && files.get(to)?.is_none()
                        && taken.insert(to)
                }
                Place::GivenUp => is_untouched && !theirs.contains_key(&moved.from),
                Place::Stays => false,
            };
            if !has_place {
                legacy.left.push(moved.from.to_string());
                continue;
            }
            if let Place::At(to) = &moved.to
                && *to != moved.from
            {
                legacy
                    .renames
                    .push((moved.from.to_string(), to.to_string()));
            }
            legacy.base.insert(moved.from.clone(), restricted.base);
        }
        let is_recognised = telling_lines >= TELLING_LINES && telling_files >= TELLING_FILES;
        Ok(is_recognised.then_some(legacy))
    }

    /// Where the project has a file of today's template: at its old path, when that moves.
    pub(super) fn place(&self, files: &Files, path: &TreePath) -> TreePath {
        let is_old = |moved: &&Moved| {
            matches!(&moved.to, Place::At(to) if to == path)
                && files.get(&moved.from).is_ok_and(|file| file.is_some())
        };
        let old = self.moves.iter().find(is_old);
        old.map_or_else(|| path.clone(), |moved| moved.from.clone())
    }

    /// The file without its team's lines; `None` when no line tells that it is the older template's.
    fn restrict(&self, file: &File, facts: &PathFacts, names: &[String]) -> Option<Restricted> {
        let bytes = file.bytes().filter(|bytes| !bytes.contains(&0))?;
        let is_whole = facts.blobs.contains(&hash(&bytes));
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        let mut marks: Vec<Mark> = lines
            .iter()
            .map(|line| self.mark(line, facts, names))
            .collect();
        drop_extra(&lines, &mut marks, facts, |line| {
            self.known_as(line, facts, names)
        });
        let strong = marks.iter().filter(|mark| **mark == Mark::Base).count();
        let all = marks.iter().filter(|mark| **mark != Mark::Weak).count();
        if strong == 0 && !is_whole {
            return None;
        }
        let kept = lines
            .iter()
            .enumerate()
            .filter(|(at, _)| is_whole || is_base(&marks, *at));
        let base: Vec<u8> = kept.flat_map(|(_, line)| line.iter().copied()).collect();
        Some(Restricted {
            base: File {
                executable: file.executable,
                ..File::new(base)
            },
            strong,
            all,
        })
    }

    fn mark(&self, line: &[u8], facts: &PathFacts, names: &[String]) -> Mark {
        let letters = line
            .iter()
            .filter(|byte| byte.is_ascii_alphanumeric() || **byte > 127);
        match self.known_as(line, facts, names) {
            _ if line.trim_ascii().is_empty() => Mark::Weak,
            Some(_) if letters.count() < STRONG => Mark::Weak,
            Some(_) => Mark::Base,
            None => Mark::Own,
        }
    }

    /// The hash under which the older template had this line, also with the project's name in it.
    fn known_as(&self, line: &[u8], facts: &PathFacts, names: &[String]) -> Option<String> {
        let line = line.trim_ascii_end();
        let plain = hash(line);
        if facts.lines.contains_key(&plain) {
            return Some(plain);
        }
        let text = std::str::from_utf8(line).ok()?;
        let inside = names.iter().filter(|name| text.contains(name.as_str()));
        let mut hashes =
            inside.map(|name| hash(text.replace(name.as_str(), &self.name).as_bytes()));
        hashes.find(|hash| facts.lines.contains_key(hash))
    }
}

struct Restricted {
    base: File,
    /// Telling lines of the older template, and all lines that say something.
    strong: usize,
    all: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Base,
    Own,
    /// Empty, or a line that anybody writes: it belongs to its neighbours.
    Weak,
}

/// A weak line is the older template's when the lines that say something are so on both sides of it.
fn is_base(marks: &[Mark], at: usize) -> bool {
    let is_own = |mark: Option<&Mark>| mark == Some(&Mark::Own);
    match marks[at] {
        Mark::Base => true,
        Mark::Own => false,
        Mark::Weak => {
            let before = marks[..at].iter().rfind(|mark| **mark != Mark::Weak);
            let after = marks[at..].iter().find(|mark| **mark != Mark::Weak);
            !is_own(before) && !is_own(after)
        }
    }
}

/// A line that stands more often than any version had it was copied by the team: those among its own lines are its own.
fn drop_extra(
    lines: &[&[u8]],
    marks: &mut [Mark],
    facts: &PathFacts,
    known_as: impl Fn(&[u8]) -> Option<String>,
) {
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        if marks[at] == Mark::Base
            && let Some(hash) = known_as(line)
        {
            places.entry(hash).or_default().push(at);
        }
    }
    let before = marks.to_vec();
    for (hash, mut places) in places {
        let most = facts.lines.get(&hash).copied().unwrap_or(1);
        if places.len() <= most {
            continue;
        }
        places.sort_by_key(|at| (own_neighbours(&before, *at), *at));
        for at in places.split_off(most) {
            marks[at] = Mark::Own;
        }
    }
}

fn own_neighbours(marks: &[Mark], at: usize) -> usize {
    let near = marks[at.saturating_sub(2)..marks.len().min(at + 3)].iter();
    near.filter(|mark| **mark == Mark::Own).count()
}

fn moved(line: &str) -> Option<Moved> {
    let (path, tells) = match line.strip_prefix('~') {
        Some(path) => (path, false),
        None => (line, true),
    };
    let (from, to) = match path.split_once(" -> ") {
        Some((from, "-")) => (from, Place::GivenUp),
        Some((from, "?")) => (from, Place::Stays),
        Some((from, to)) => (from, Place::At(TreePath::new(to.trim()).ok()?)),
        None => (path, Place::At(TreePath::new(path).ok()?)),
    };
    let from = TreePath::new(from.trim()).ok()?;
    Some(Moved { from, to, tells })
}

/// The hash of these bytes, as `tests/tools/legacy_lines.py` writes it.
fn hash(bytes: &[u8]) -> String {
    tree::hex(bytes, 12)
}

fn wrong(file: &str, line: &str) -> Error {
    Error::template(
        format!("snapshots/{file}"),
        format!("`{line}` is not understood"),
    )
}

fn float(count: usize) -> f64 {
    super::votes::float(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The base of `ours`, given the versions that an older template had.
    fn check(versions: &[&str], ours: &str, expected: &str) {
        let mut facts = PathFacts::default();
        for version in versions {
            facts.blobs.insert(hash(version.as_bytes()));
            let lines: Vec<&str> = version.lines().filter(|line| !line.is_empty()).collect();
            for line in &lines {
                let count = lines.iter().filter(|other| *other == line).count();
                let most = facts.lines.entry(hash(line.as_bytes())).or_default();
                *most = count.max(*most);
            }
        }
        let all = Facts {
            name: "project_template".into(),
            ..Facts::default()
        };
        let names = ["museum".to_owned()];
        let base = all.restrict(&File::new(ours.as_bytes()), &facts, &names);
        let base = base.map_or("none".into(), |base| {
            String::from_utf8_lossy(&base.base.raw()).into_owned()
        });
        assert_eq!(base, expected, "{ours:?}");
    }

    const TEXT: &str = "first line\n\nsecond line\n}\n";

    #[test]
    fn the_team_s_lines_are_left_out() {
        check(&[TEXT], TEXT, TEXT);
        check(
            &[TEXT],
            "first line\nown\nsecond line\n",
            "first line\nsecond line\n",
        );
        check(
            &[TEXT, "third line\n"],
            "third line\r\nown\r\n",
            "third line\r\n",
        );
        check(&[TEXT], "own\n\n}\n", "none");
        check(
            &["run project_template\n"],
            "run museum\nown",
            "run museum\n",
        );
    }

    #[test]
    fn lines_that_say_nothing_belong_to_their_neighbours() {
        check(
            &[TEXT],
            "first line\n\nown\n}\n\nsecond line\n}\n",
            "first line\nsecond line\n}\n",
        );
    }

    #[test]
    fn a_line_that_was_copied_is_the_team_s() {
        check(
            &[TEXT],
            "own\nfirst line\nown\nfirst line\n\nsecond line\n}\n",
            "first line\n\nsecond line\n}\n",
        );
        check(
            &["same line\nsame line\n"],
            "same line\nsame line\n",
            "same line\nsame line\n",
        );
    }
}
