//! The Pythons that build servers test with.

use super::finding::{Confidence, Finding, at};
use super::sources::Sources;
use super::versions::{Version, lowest};

/// The one Python that a build server tests with.
pub(super) fn of_build_servers(sources: &Sources) -> Vec<(String, usize, String)> {
    let mut all = named(sources);
    // A matrix of versions says what is tested, not what runs.
    let mut versions: Vec<&String> = all.iter().map(|(_, _, version)| version).collect();
    versions.sort();
    versions.dedup();
    if versions.len() > 1 {
        return Vec::new();
    }
    all.truncate(1);
    all
}

/// The newest of the Pythons that are tested and that fit, as a guess.
pub(super) fn of_matrix(sources: &Sources, fits: impl Fn((u32, u32)) -> bool) -> Option<Version> {
    let minor = |version: &str| {
        let is_whole = version.contains('.') && !version.contains('*');
        lowest(version).filter(|_| is_whole)
    };
    let (python, (file, line, _)) = named(sources)
        .into_iter()
        .filter_map(|place| Some((minor(&place.2).filter(|python| fits(*python))?, place)))
        .max_by_key(|(python, _)| *python)?;
    let shown = format!("{}.{}", python.0, python.1);
    let evidence = vec![at(&file, line)];
    Some(Version {
        spec: Finding::new(shown, Confidence::Low, evidence.clone()),
        source: Finding::new(file, Confidence::Low, evidence),
        end: None,
    })
}

/// All that they name, each with its file and line.
fn named(sources: &Sources) -> Vec<(String, usize, String)> {
    let mut all = Vec::new();
    for file in sources.survey.files() {
        let is_workflow = file.starts_with(".github/workflows/") || file.starts_with(".circleci/");
        if !is_workflow && file != ".travis.yml" && file != ".gitlab-ci.yml" {
            continue;
        }
        let text = sources.text(file);
        let mut in_python = false;
        for (index, line) in text.lines().enumerate() {
            let trimmed = line.split(" #").next().unwrap_or(line).trim();
            let value = trimmed
                .strip_prefix("python-version:")
                .or_else(|| trimmed.strip_prefix("- python-version:"))
                .or_else(|| {
                    trimmed
                        .strip_prefix("python:")
                        .filter(|_| file == ".travis.yml")
                });
            if let Some(value) = value {
                in_python = value.trim().is_empty() || value.trim() == "[";
                for part in value.trim().trim_matches(['[', ']']).split(',') {
                    all.push((
                        file.clone(),
                        index + 1,
                        part.trim().trim_matches(['"', '\'']).to_owned(),
                    ));
                }
            } else if in_python && trimmed.starts_with("- ") {
                all.push((
                    file.clone(),
                    index + 1,
                    trimmed[2..].trim().trim_matches(['"', '\'']).to_owned(),
                ));
            } else {
                in_python = false;
            }
        }
    }
    all.retain(|(_, _, version)| version.starts_with(|letter: char| letter.is_ascii_digit()));
    all
}
