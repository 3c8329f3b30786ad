//! The changelog as data: which entry explains a change of which file.
//!
//! A heading `## 0.2.0 (2026-12-01)` opens a release, a line that starts with `- ` an entry, which may go on over
//! indented lines. What an entry names between backquotes and contains a `/` or a `.` is taken for a path. Entries below
//! the line `The tool:` are about the program and not about what it brings into a project.

use semver::Version;

/// One release's part of a changelog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub version: Version,
    /// What stands behind the version, without its parentheses; empty when nothing does.
    pub date: String,
    pub entries: Vec<ChangelogEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangelogEntry {
    /// The entry, on one line.
    pub text: String,
    pub paths: Vec<String>,
    /// Whether nothing of it comes into a project.
    pub is_about_tool: bool,
}

impl ChangelogEntry {
    /// The text without its lists of paths in parentheses, for where the files are shown anyway.
    #[must_use]
    pub fn plain(&self) -> String {
        without_paths(&self.text)
    }
}

fn without_paths(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(" (`") {
        let length = rest[at..].find(')').map_or(rest.len() - at, |end| end + 1);
        let group = &rest[at..at + length];
        let is_list = group
            .trim_matches([' ', '(', ')'])
            .split('`')
            .step_by(2)
            .all(|between| matches!(between.trim(), "" | ","));
        plain.push_str(&rest[..at]);
        plain.push_str(if is_list { "" } else { group });
        rest = &rest[at + length..];
    }
    plain + rest
}

const TOOL: &str = "The tool:";

/// The releases of a changelog, in its order (newest first).
#[must_use]
pub fn parse(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut is_about_tool = false;
    for line in text.lines() {
        if line.ends_with(':') && !line.starts_with(['-', ' ']) {
            is_about_tool = line == TOOL;
        }
        if let Some(heading) = line.strip_prefix("## ") {
            is_about_tool = false;
            let (version, date) = heading.split_once(' ').unwrap_or((heading, ""));
            match Version::parse(version.trim_matches(['[', ']', 'v'])) {
                Ok(version) => sections.push(Section {
                    version,
                    date: date.trim_matches(['(', ')', '-', ' ']).to_owned(),
                    entries: Vec::new(),
                }),
                Err(_) => sections.push(Section {
                    version: Version::new(u64::MAX, 0, 0),
                    date: String::new(),
                    entries: Vec::new(),
                }),
            }
        } else if let Some(section) = sections.last_mut() {
            if let Some(text) = line.strip_prefix("- ") {
                section.entries.push(ChangelogEntry {
                    text: text.trim().to_owned(),
                    paths: Vec::new(),
                    is_about_tool,
                });
            } else if let Some(entry) = section.entries.last_mut().filter(|_| line.starts_with(' '))
            {
                entry.text.push(' ');
                entry.text.push_str(line.trim());
            }
        }
    }
    sections.retain(|section| section.version.major != u64::MAX);
    for entry in sections.iter_mut().flat_map(|section| &mut section.entries) {
        entry.paths = paths(&entry.text);
    }
    sections
}

/// The entries that a project gets which goes from one release to another, newest first.
pub fn between<'a>(
    sections: &'a [Section],
    from: &'a Version,
    to: &'a Version,
) -> impl Iterator<Item = &'a Section> {
    sections
        .iter()
        .filter(move |section| section.version > *from && section.version <= *to)
}

/// The entries that explain `path`, the newest first; where none names it, those that name a folder above it.
#[must_use]
pub fn reasons<'a>(sections: &'a [Section], path: &str) -> Vec<&'a ChangelogEntry> {
    let entries = || {
        let all = sections.iter().flat_map(|section| &section.entries);
        all.filter(|entry| !entry.is_about_tool)
    };
    let naming = |entry: &&ChangelogEntry| entry.paths.iter().any(|named| named == path);
    let above = |entry: &&ChangelogEntry| {
        let mut folders = entry.paths.iter().map(|named| named.trim_end_matches('/'));
        folders.any(|named| {
            path.strip_prefix(named)
                .is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let found: Vec<&ChangelogEntry> = entries().filter(naming).collect();
    if found.is_empty() {
        entries().filter(above).collect()
    } else {
        found
    }
}

fn paths(text: &str) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted
        .filter(|word| word.contains(['/', '.']) && !word.contains(' '))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Changelog\n\n## Unreleased\n\n- not yet\n\n## 0.2.0 (2026-12-01)\n\nWords.\n\n- Health checks no longer\n  hit the cache (`app/health.py`, `etc/`).\n- `run` alone is no path.\n\n## 0.1.0\n\n- Health checks (`app/health.py`).\n";

    #[test]
    fn entries_explain_paths() {
        let sections = parse(TEXT);
        assert_eq!(sections.len(), 2);
        assert_eq!(
            (sections[0].date.as_str(), sections[0].entries.len()),
            ("2026-12-01", 2)
        );
        let reasons = |path| -> Vec<&str> {
            let found = reasons(&sections, path).into_iter();
            found.map(|entry| entry.text.as_str()).collect()
        };
        let checks = "Health checks no longer hit the cache (`app/health.py`, `etc/`).";
        assert_eq!(
            reasons("app/health.py"),
            [checks, "Health checks (`app/health.py`)."]
        );
        assert_eq!(reasons("etc/haproxy.cfg"), [checks]);
        assert!(reasons("run").is_empty());
    }

    #[test]
    fn paths_in_parentheses_are_left_out_where_files_are_shown() {
        let check = |text, expected| assert_eq!(without_paths(text), expected);
        check("Faster (`a/b`, `c.py`). More.", "Faster. More.");
        check("Faster (`a.py` alone).", "Faster (`a.py` alone).");
        check("One (`a.py`) and two (`b.py`)", "One and two");
        check("Open (`a.py`", "Open");
        check("(`a.py`)", "(`a.py`)");
    }

    #[test]
    fn entries_about_the_tool_explain_no_file() {
        let text = "## 0.2.0\n\nThe tool:\n\n- `a.py` is read.\n\nThe template:\n\n- Faster (`a.py`).\n\n## 0.1.0\n\n- First.\n";
        let sections = parse(text);
        let about_tool: Vec<bool> = sections
            .iter()
            .flat_map(|section| &section.entries)
            .map(|entry| entry.is_about_tool)
            .collect();
        assert_eq!(about_tool, [true, false, false]);
        let reasons = reasons(&sections, "a.py")
            .into_iter()
            .map(ChangelogEntry::plain);
        assert_eq!(reasons.collect::<Vec<_>>(), ["Faster."]);
    }

    #[test]
    fn only_releases_on_the_way_count() {
        let sections = parse(TEXT);
        let (old, new) = (Version::new(0, 1, 0), Version::new(0, 2, 0));
        assert_eq!(between(&sections, &old, &new).count(), 1);
        assert_eq!(between(&sections, &old, &old).count(), 0);
    }
}
