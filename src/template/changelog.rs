//! The changelog as data: which entry explains a change of which file.
//!
//! A heading `## 0.2.0 (2026-12-01)` opens a release, a line that starts with `- ` an entry, which may go on over
//! indented lines. What an entry names between backquotes and contains a `/` or a `.` is taken for a path.

use semver::Version;

/// One release's part of a changelog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub version: Version,
    /// What stands behind the version, without its parentheses; empty when nothing does.
    pub date: String,
    pub entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// On one line.
    pub text: String,
    pub paths: Vec<String>,
}

/// The releases of a changelog, in its order (newest first).
#[must_use]
pub fn parse(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
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
                section.entries.push(Entry {
                    text: text.trim().to_owned(),
                    paths: Vec::new(),
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

/// The entry that explains `path`, the newest first; one that names a folder explains all below it.
pub fn reason<'a>(sections: impl Iterator<Item = &'a Section>, path: &str) -> Option<&'a str> {
    let explains = |named: &String| {
        named == path || path.starts_with(&format!("{}/", named.trim_end_matches('/')))
    };
    sections
        .flat_map(|section| &section.entries)
        .find(|entry| entry.paths.iter().any(explains))
        .map(|e| e.text.as_str())
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

    const TEXT: &str = "# Changelog\n\n## Unreleased\n\n- not yet\n\n## 0.2.0 (2026-12-01)\n\nWords.\n\n- Health checks no longer\n  hit the cache (`app/health.py`, `etc/`).\n- `run` alone is no path.\n\n## 0.1.0\n\n- First.\n";

    #[test]
    fn entries_explain_paths() {
        let sections = parse(TEXT);
        assert_eq!(sections.len(), 2);
        assert_eq!(
            (sections[0].date.as_str(), sections[0].entries.len()),
            ("2026-12-01", 2)
        );
        let reason = |path| reason(sections.iter(), path);
        assert_eq!(
            reason("app/health.py"),
            Some("Health checks no longer hit the cache (`app/health.py`, `etc/`).")
        );
        assert!(reason("etc/haproxy.cfg").is_some());
        assert_eq!(reason("run"), None);
    }

    #[test]
    fn only_releases_on_the_way_count() {
        let sections = parse(TEXT);
        let (old, new) = (Version::new(0, 1, 0), Version::new(0, 2, 0));
        assert_eq!(between(&sections, &old, &new).count(), 1);
        assert_eq!(between(&sections, &old, &old).count(), 0);
    }
}
