//! Which database the settings name, or where they hide it.

use std::collections::BTreeSet;

use super::declared::is_test_guard;
use super::engine::{Reader, Seen};
use super::evaluate::{Evaluator, is_environment};
use super::finding::{Confidence, Finding, at};
use super::settings::Settings;
use super::sources::{Sources, name};
use super::syntax::Block;

/// What the settings can come to, with where it was seen.
#[derive(Clone, Debug, Default)]
struct Possible {
    seen: BTreeSet<Seen>,
    evidence: Vec<String>,
}

/// The database of the settings, whose other environments are `variants`.
#[must_use]
pub(super) fn find(
    sources: &Sources,
    settings: &Settings,
    variants: &[(String, Settings)],
) -> Finding {
    let main = possible(sources, settings);
    let mut others = Possible::default();
    for (path, variant) in variants {
        if is_for_tests(path) {
            continue;
        }
        let possible = possible(sources, variant);
        // A variant that does without what the settings module replaces may come to something else.
        if possible.seen != main.seen {
            others.seen.extend(&possible.seen);
            others.evidence.extend(possible.evidence);
        }
    }
    let local = settings.missing.iter().find(|missing| missing.is_local);
    let library = settings.missing.iter().find(|missing| !missing.is_local);
    let mut evidence = main.evidence.clone();
    if main.seen.is_empty() {
        if let Some(missing) = local {
            evidence.push(at(&missing.file, missing.line));
            let confidence = if others.seen.is_empty() {
                Confidence::High
            } else {
                Confidence::Low
            };
            return Finding::new("from-local-settings", confidence, evidence);
        }
        if let Some(missing) = library {
            evidence.push(at(&missing.file, missing.line));
            return Finding::new("from-library", Confidence::Medium, evidence);
        }
        if let Some((path, line)) = settings.is_dynamic.first() {
            return Finding::new("unknown", Confidence::Low, vec![at(path, *line)]);
        }
    }
    if main.seen.is_empty() && others.seen.is_empty() {
        if settings.has_classes {
            return Finding::new("unknown", Confidence::Low, settings.files.clone());
        }
        return match settings.files.first() {
            Some(file) => Finding::new("none", Confidence::Medium, vec![file.clone()]),
            None => Finding::new("unknown", Confidence::Low, evidence),
        };
    }
    let mut all: BTreeSet<Seen> = main.seen.clone();
    all.extend(&others.seen);
    evidence.extend(others.evidence.clone());
    evidence.dedup();
    let word = combined(&main, &all);
    let mut confidence = if main.seen.is_empty() || all.len() > 1 {
        Confidence::Medium
    } else {
        Confidence::High
    };
    if all.contains(&Seen::Unknown) {
        confidence = Confidence::Low;
    }
    if let Some(missing) = settings.missing.iter().find(|missing| missing.is_local) {
        // It may replace what the committed settings say.
        confidence = confidence.min(Confidence::Medium);
        evidence.push(at(&missing.file, missing.line));
    }
    Finding::new(word, confidence, evidence)
}

/// The database to propose where the settings do not say it for certain: a server's rather than a file, if both are named
/// anywhere in what is assigned.
#[must_use]
pub(super) fn guess(settings: &Settings, variants: &[(String, Settings)]) -> Option<&'static str> {
    let mut named = BTreeSet::new();
    let others = variants.iter().filter(|(path, _)| !is_for_tests(path));
    for settings in std::iter::once(settings).chain(others.map(|(_, variant)| variant)) {
        for entry in settings.entries.iter().filter(|entry| {
            entry.name.contains("DATABASE")
                || entry.value.any(&|expr| expr.text() == Some("ENGINE"))
        }) {
            entry
                .value
                .walk(&mut |expr| named.extend(expr.text().and_then(super::engine::named)));
        }
    }
    ["postgis", "postgresql", "mysql", "oracle", "sqlite"]
        .into_iter()
        .find(|engine| named.contains(engine))
}

fn combined(main: &Possible, all: &BTreeSet<Seen>) -> &'static str {
    if all.len() == 1 {
        return all.first().map_or("unknown", |seen| seen.word());
    }
    // One file that takes another's word, with a default for developers.
    let is_hidden = |seen: &&Seen| !matches!(seen, Seen::Engine(_) | Seen::Unknown);
    let mut hidden = main.seen.iter().filter(is_hidden);
    if let (Some(seen), None, true) = (hidden.next(), hidden.next(), main.seen.len() == all.len()) {
        return seen.word();
    }
    if all.contains(&Seen::Unknown) && !all.iter().any(|seen| matches!(seen, Seen::Engine(_))) {
        return "unknown";
    }
    "per-environment"
}

/// Whether a settings file is for tests or a build server.
#[must_use]
pub(super) fn is_for_tests(path: &str) -> bool {
    let name = name(path).trim_end_matches(".py").to_ascii_lowercase();
    name.split(['_', '-', '.']).any(|part| {
        matches!(
            part,
            "test"
                | "unittest"
                | "unittests"
                | "tests"
                | "testing"
                | "ci"
                | "travis"
                | "jenkins"
                | "circleci"
                | "docs"
                | "example"
                | "sample"
                | "template"
                | "gh"
                | "actions"
                | "pytest"
                | "build"
        )
    })
}

/// Whether a variable of the environment that is about databases decides whether a block runs.
fn is_chosen_by_environment(block: &Block) -> bool {
    let (Block::If(condition) | Block::Else(condition)) = block else {
        return false;
    };
    let asks = condition.any(&|expr| {
        let name = expr.call().map(|(name, _)| name).or_else(|| expr.name());
        name.is_some_and(|name| is_environment(name) || name.contains("environ"))
    });
    let is_about = |text: &str| {
        let text = text.to_ascii_uppercase();
        ["DB", "DATABASE", "SQL", "RDS", "POSTGRES"]
            .iter()
            .any(|word| text.contains(word))
    };
    asks && condition.any(&|expr| expr.text().is_some_and(is_about))
}

fn possible(sources: &Sources, settings: &Settings) -> Possible {
    let reader = Reader {
        sources,
        settings,
        evaluator: Evaluator { settings },
    };
    let mut possible = Possible::default();
    for entry in settings.of("DATABASES") {
        if entry.inside.iter().any(is_test_guard) || is_for_tests(&entry.file) {
            continue;
        }
        let Some(seen) = reader.entry(entry) else {
            continue;
        };
        let replaces = entry.op == "=" && entry.is_certain();
        let is_added = seen == Seen::FromEnv && entry.op == "update";
        if replaces && !is_added {
            possible.seen.clear();
            possible.evidence.clear();
        }
        if entry.inside.iter().any(is_chosen_by_environment) {
            possible.seen.insert(Seen::FromEnv);
        }
        possible.seen.insert(seen);
        possible.evidence.push(at(&entry.file, entry.line));
    }
    if possible.seen.is_empty()
        && let Some(entry) = settings.last("DATABASE_ENGINE")
    {
        possible
            .seen
            .insert(reader.engine(&entry.value, &entry.file, 0));
        possible.evidence.push(at(&entry.file, entry.line));
    }
    possible
}
