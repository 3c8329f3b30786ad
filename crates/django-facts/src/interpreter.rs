//! Which Python the project is for.

use super::build_servers::{of_build_servers, of_matrix};
use super::docker::is_dockerfile;
use super::examples::is_example;
use super::finding::{Confidence, Finding, at};
use super::formats::conda::{self, CondaVersion};
use super::formats::ini::Ini;
use super::formats::placed::Placed;
use super::formats::pyproject::Pyproject;
use super::formats::setup_py::SetupPy;
use super::formats::{pipfile, setup_cfg};
use super::images::of_images;
use super::sources::{Sources, name};
use super::tokens::{self, Token};
use super::versions::{self, Version, lowest};

/// The Python that the project runs on. `unreadable` are places of manifests that may say another one.
#[must_use]
pub(super) fn python(
    sources: &Sources,
    django: &Version,
    own: &str,
    unreadable: &[String],
) -> Version {
    let mut version = likely(sources, django, own);
    if !unreadable.is_empty() {
        let most = if is_of_server(&version) {
            Confidence::Medium
        } else {
            Confidence::Low
        };
        version = version.doubted(most, unreadable);
    }
    version
}

/// Whether a Python is that of an image or of what stands for one, in so many words.
fn is_of_server(version: &Version) -> bool {
    let file = version.source.text().unwrap_or_default();
    let is_of_server =
        is_dockerfile(file) || matches!(name(file), "runtime.txt" | ".python-version");
    is_of_server && version.spec.confidence == Confidence::High
}

fn likely(sources: &Sources, django: &Version, own: &str) -> Version {
    let mut found = stated(sources, own);
    if let Some(first) = found.first().cloned() {
        let exact = |version: &Version| {
            !version
                .spec
                .text()
                .unwrap_or_default()
                .starts_with(['>', '<', '^', '~'])
        };
        let minor = |version: &Version| {
            let text = version.spec.text().unwrap_or_default().to_owned();
            text.split('.')
                .take(2)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        // `3` says no less than `3.7` where both are named.
        let differs = |other: &Version| {
            let (own, others) = (minor(&first), minor(other));
            !own.starts_with(&others) && !others.starts_with(&own)
        };
        let disagree = found[1..]
            .iter()
            .any(|other| exact(&first) && exact(other) && differs(other));
        // A tool or a build server may have another Python than the site.
        let is_plain = is_of_server;
        let runs_another = found[1..].iter().any(|other| {
            is_plain(&first) && is_plain(other) && exact(&first) && exact(other) && differs(other)
        });
        if disagree {
            let confidence = if runs_another {
                Confidence::Low
            } else {
                Confidence::Medium
            };
            let evidence: Vec<String> = found
                .iter()
                .flat_map(|version| version.spec.evidence.clone())
                .collect();
            found[0].spec.evidence = evidence;
            found[0].spec.confidence = confidence;
            found[0].source.confidence = confidence;
        }
        let mut first = found.swap_remove(0);
        let needed = django.spec.text().and_then(lowest).map(oldest_python);
        let is_too_old = |text: &str| text.contains('.') && lowest(text) < needed;
        let known = django.spec.text().and_then(lowest).and_then(first_without);
        let is_too_new = |text: &str| {
            text.contains('.') && known.is_some_and(|end| lowest(text).is_some_and(|is| is >= end))
        };
        let is_exact_django = django
            .spec
            .text()
            .is_some_and(|spec| !spec.starts_with('>'));
        if exact(&first)
            && (first.spec.text().is_some_and(is_too_old)
                || is_exact_django && first.spec.text().is_some_and(is_too_new))
        {
            first.spec.confidence = Confidence::Low;
        }
        return first;
    }
    let release = django.spec.text().and_then(lowest);
    // Nothing ran on Python 3 with a Django that still had what the code uses.
    let end = django.end.or(django.spec.text().and_then(versions::end));
    let is_old = end.is_some_and(|end| end <= (1, 6));
    if let Some(version) = python2(sources, is_old) {
        return version;
    }
    if let Some(version) = of_matrix(sources, |python| {
        release.is_none_or(|release| {
            python >= oldest_python(release)
                && first_without(release).is_none_or(|end| python < end)
        })
    }) {
        return version;
    }
    match release {
        Some(release @ ((2.., _) | (1, 0..=4))) => {
            let python = if release >= (2, 0) { "3" } else { "2" };
            let confidence = if is_for_python2(django) {
                Confidence::Medium
            } else {
                Confidence::Low
            };
            let evidence = django.spec.evidence.clone();
            Version {
                spec: Finding::new(python, confidence, evidence.clone()),
                source: Finding {
                    evidence,
                    ..django.source.clone().with(confidence)
                },
                end: None,
            }
        }
        _ => Version::unknown(),
    }
}

/// The oldest Python that a Django runs on.
#[must_use]
pub fn oldest_python(django: (u32, u32)) -> (u32, u32) {
    match django {
        (6.., _) => (3, 12),
        (5, _) => (3, 10),
        (4, _) => (3, 8),
        (3, _) => (3, 6),
        (2, _) => (3, 4),
        _ => (2, 0),
    }
}

/// Whether no Django that fits runs on Python 3: the first that does is 1.5.
fn is_for_python2(django: &Version) -> bool {
    let is_certain = django.spec.confidence > Confidence::Low;
    let end = django.spec.text().and_then(versions::end);
    is_certain && end.is_some_and(|end| end <= (1, 5))
}

/// The first Python that lacks what a Django needs.
#[must_use]
pub fn first_without(django: (u32, u32)) -> Option<(u32, u32)> {
    match django {
        (1, 0..=4) => Some((3, 0)),
        (1, _) => Some((3, 10)),
        (2 | 3, _) => Some((3, 12)),
        (4, 0..=1) => Some((3, 13)),
        _ => None,
    }
}

/// Every place that says which Python, the plainest first.
fn stated(sources: &Sources, own: &str) -> Vec<Version> {
    let mut found = Vec::new();
    let places = if own.is_empty() {
        vec![String::new()]
    } else {
        vec![String::new(), format!("{own}/")]
    };
    let mut note = |file: &str, line: usize, version: &str, confidence| {
        let version = version.trim().trim_end_matches(['"', '\'', ',']).trim();
        let version: String = version
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .collect();
        let is_one = !version.contains(',');
        let version = version
            .trim_end_matches(if is_one { ".*" } else { "\0" })
            .trim_end_matches("-dev")
            .trim_start_matches("==")
            .to_owned();
        if version.chars().any(|letter| letter.is_ascii_digit()) && !version.contains(['$', '{']) {
            found.push(Version::new(&version, file, line, confidence));
        }
    };
    for place in &places {
        let file = format!("{place}runtime.txt");
        if let Some(version) = sources.text(&file).trim().strip_prefix("python-") {
            note(&file, 1, version, Confidence::High);
        }
        let file = format!("{place}.python-version");
        let text = sources.text(&file);
        let first = text.lines().next().unwrap_or_default().trim();
        if first.starts_with(|letter: char| letter.is_ascii_digit()) {
            note(&file, 1, first, Confidence::High);
        }
    }
    let (images, guesses): (Vec<_>, Vec<_>) = of_images(sources)
        .into_iter()
        .partition(|(_, _, _, confidence)| *confidence > Confidence::Low);
    for (file, line, version, confidence) in images {
        note(&file, line, &version, confidence);
    }
    for place in &places {
        for said in of_metadata(sources, place) {
            note(&said.file, said.line, &said.version, Confidence::High);
        }
    }
    for (file, line, version) in of_build_servers(sources) {
        note(&file, line, &version, Confidence::Medium);
    }
    for (file, line, version, confidence) in guesses {
        note(&file, line, &version, confidence);
    }
    found
}

/// What a file says of Python.
struct StatedPython {
    file: String,
    line: usize,
    version: String,
}

/// The Pythons that the metadata in a folder name; `folder` ends with `/` or is empty.
fn of_metadata(sources: &Sources, folder: &str) -> Vec<StatedPython> {
    let mut found = Vec::new();
    let mut note = |name: &str, placed: Placed<&str>| {
        found.push(StatedPython {
            file: format!("{folder}{name}"),
            line: placed.line,
            version: placed.value.to_owned(),
        });
    };
    let path = |name: &str| format!("{folder}{name}");
    if let Ok(toml) = sources.toml(&path("Pipfile")) {
        for version in pipfile::pythons(&toml) {
            note("Pipfile", version);
        }
    }
    let toml = sources.toml(&path("pyproject.toml")).ok();
    let pyproject = toml.as_deref().map(Pyproject::new);
    if let Some(version) = pyproject.and_then(Pyproject::requires_python) {
        note("pyproject.toml", version);
    }
    let text = sources.text(&path(".tool-versions"));
    let chosen = text.lines().enumerate().find_map(|(index, line)| {
        let mut words = line.split_whitespace();
        (words.next() == Some("python")).then_some(())?;
        Some(Placed::new(index + 1, words.next()?))
    });
    if let Some(version) = chosen {
        note(".tool-versions", version);
    }
    let statements = sources.python(&path("setup.py"));
    if let Some(version) = SetupPy::new(&statements).python_requires() {
        note("setup.py", version);
    }
    let text = sources.text(&path("setup.cfg"));
    if let Some(version) = setup_cfg::python_requires(&Ini::parse(&text)) {
        note("setup.cfg", version);
    }
    for name in ["environment.yml", "environment.yaml", "conda.yml"] {
        for version in of_conda(&sources.text(&path(name))) {
            note(name, Placed::new(version.line, &version.value));
        }
    }
    if let Some(version) = pyproject.and_then(Pyproject::poetry_python) {
        note("pyproject.toml", version);
    }
    found
}

/// The Python of conda's `- python=3.8`, without the build behind it.
fn of_conda(text: &str) -> Vec<Placed<String>> {
    let items = conda::items(text).into_iter().filter_map(|item| {
        let (name, _) = item.value.parts();
        if item.value.is_pip || name != "python" {
            return None;
        }
        let version = match item.value.version() {
            CondaVersion::Series(version) | CondaVersion::Exact(version) => version,
            CondaVersion::Range(range) if range.starts_with(['<', '>', '~']) => range,
            CondaVersion::Range(_) => return None,
        };
        Some(Placed::new(item.line, version.to_owned()))
    });
    items.collect()
}

/// Where the code is such that only Python 2 can read it.
/// `is_expected`: its Django runs on nothing else.
fn python2(sources: &Sources, is_expected: bool) -> Option<Version> {
    let mut evidence = Vec::new();
    let is_code = |path: &&String| {
        path.ends_with(".py") && !is_example(path) && !path.contains("/migrations/")
    };
    for file in sources.survey.files().iter().filter(is_code).take(800) {
        for line in tokens::lines(&sources.text(file)) {
            if is_python2(&line.tokens) {
                evidence.push(at(file, line.number));
                break;
            }
        }
        if evidence.len() >= 3 {
            break;
        }
    }
    if evidence.is_empty() {
        return None;
    }
    let confidence = if evidence.len() > 1 || is_expected {
        Confidence::Medium
    } else {
        Confidence::Low
    };
    let file = evidence[0].split(':').next().unwrap_or_default().to_owned();
    Some(Version {
        spec: Finding::new("2", confidence, evidence.clone()),
        source: Finding::new(file, confidence, evidence),
        end: None,
    })
}

/// Statements that Python 3 refuses: `print "…"`, `except A, b:`, `raise A, "…"`, `exec "…"`.
fn is_python2(tokens: &[(Token, usize)]) -> bool {
    let kind = |index: usize| tokens.get(index).map(|(token, _)| token);
    match kind(0) {
        Some(Token::Name(word)) if word == "print" || word == "exec" => {
            matches!(
                kind(1),
                Some(Token::Text(..) | Token::Name(_) | Token::Number(_) | Token::Op(">>"))
            ) && !matches!(kind(1), Some(Token::Name(name)) if matches!(name.as_str(), "if" | "for" | "in" | "is" | "and" | "or" | "not"))
        }
        Some(Token::Name(word)) if word == "except" => {
            matches!((kind(1), kind(2), kind(3), kind(4)), (
                Some(Token::Name(_)),
                Some(Token::Op(",")),
                Some(Token::Name(name)),
                Some(Token::Op(":")),
            ) if name.chars().all(|letter| letter.is_lowercase() || letter == '_'))
        }
        Some(Token::Name(word)) if word == "raise" => {
            matches!(
                (kind(1), kind(2), kind(3)),
                (
                    Some(Token::Name(_)),
                    Some(Token::Op(",")),
                    Some(Token::Text(..))
                )
            )
        }
        _ => false,
    }
}
