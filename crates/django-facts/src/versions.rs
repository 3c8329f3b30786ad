//! Which Django and which Python the project is for.

use super::examples::is_example;
use super::finding::{Confidence, Finding, at};
use super::packaging::Packaging;
use super::pip::version::allows;
use super::requirement::Requirement;
use super::settings::Settings;
use super::sources::{Sources, name};
use super::text::word_at;
use super::tokens::{self, Token};

/// A finding and the file that it comes from.
#[derive(Clone, Debug)]
pub(super) struct Version {
    pub(super) spec: Finding<String>,
    pub(super) source: Finding<String>,
    /// The first release that the code does not run with, where it says so.
    pub(super) end: Option<(u32, u32)>,
}

impl Version {
    pub(super) fn new(spec: &str, file: &str, line: usize, confidence: Confidence) -> Self {
        let evidence = vec![at(file, line)];
        Self {
            spec: Finding::new(spec, confidence, evidence.clone()),
            source: Finding::new(file, confidence, evidence),
            end: None,
        }
    }

    /// The same version with more places, and at most this certain.
    pub(super) fn doubted(self, most: Confidence, places: &[String]) -> Self {
        Self {
            spec: self.spec.doubted(most, places),
            source: self.source.doubted(most, &[]),
            ..self
        }
    }

    pub(super) fn unknown() -> Self {
        Self {
            spec: Finding::unknown(),
            source: Finding::unknown(),
            end: None,
        }
    }
}

/// The Django that the project in `own` asks for; less certain where a file that could not be read may say another.
#[must_use]
pub(super) fn django(
    sources: &Sources,
    packaging: &Packaging,
    settings: &Settings,
    own: &str,
) -> Version {
    let mut version = likely(sources, packaging, settings);
    if let Some(clue) = narrower(sources, settings, &version) {
        version = version.doubted(Confidence::Medium, &clue.spec.evidence);
        version.end = clue.spec.text().and_then(end);
    }
    let is_in_doubt = packaging.main.confidence == Confidence::Low;
    for (places, most) in [
        (packaging.unreadable_manifests(own), Confidence::Low),
        (packaging.unreadable_locks(), Confidence::Medium),
    ] {
        if !places.is_empty() && (is_in_doubt || most > Confidence::Low) {
            version = version.doubted(most, &places);
        }
    }
    version
}

fn likely(sources: &Sources, packaging: &Packaging, settings: &Settings) -> Version {
    let mut wanted = packaging.of(&["django"]);
    // What a person says that it is installed from is not overruled by what lies beside it.
    if wanted.iter().any(|wanted| packaging.is_given(&wanted.file)) {
        wanted.retain(|wanted| packaging.is_given(&wanted.file));
    }
    let stated = || {
        wanted.iter().filter(|wanted| {
            !wanted.is_locked && !wanted.spec.is_empty() && !wanted.spec.starts_with('@')
        })
    };
    let exact = |spec: &str| spec.starts_with("==") && !spec.contains('*');
    let running: Vec<_> = stated().filter(|wanted| !wanted.is_dev).collect();
    let running = if running.is_empty() {
        stated().collect()
    } else {
        running
    };
    // A lock says more than what it was made from, as does a file that pip-compile made.
    let chosen = wanted
        .iter()
        .find(|wanted| wanted.is_locked && !wanted.is_dev)
        .or_else(|| {
            let running = running.iter().copied();
            running
                .clone()
                .find(|wanted| {
                    Some(wanted.file.as_str()) == packaging.main.text() && exact(&wanted.spec)
                })
                .or_else(|| running.clone().find(|wanted| exact(&wanted.spec)))
                .or_else(|| running.clone().next())
        });
    if let Some(chosen) = chosen {
        let version = chosen.spec.trim_start_matches('=');
        let agrees = |other: &Requirement| {
            other.spec == chosen.spec
                || exact(&chosen.spec) && allows(&other.spec, version)
                || other.file != chosen.file && !exact(&chosen.spec) && !exact(&other.spec)
        };
        // Two of one file are for two environments.
        let locked = wanted
            .iter()
            .filter(|wanted| wanted.is_locked && !wanted.is_dev);
        let agree = running.iter().all(|other| agrees(other))
            && locked.clone().all(|other| other.spec == chosen.spec);
        let is_bounded = chosen.spec.split(',').any(|part| !part.starts_with("!="));
        let confidence = if !agree || !is_bounded {
            Confidence::Low
        } else if chosen.is_dev {
            Confidence::Medium
        } else {
            Confidence::High
        };
        return Version::new(&chosen.spec, &chosen.file, chosen.line, confidence);
    }
    if let Some(git) = wanted.iter().find(|wanted| wanted.spec.starts_with('@')) {
        return Version::new("git", &git.file, git.line, Confidence::Low);
    }
    for file in &settings.files {
        let text = sources.text(file);
        for (index, line) in text.lines().take(40).enumerate() {
            if let Some((_, rest)) = line.split_once("using Django ") {
                let version: String = rest
                    .chars()
                    .take_while(|letter| letter.is_ascii_digit() || *letter == '.')
                    .collect();
                let version = version.trim_end_matches('.');
                if version.contains('.') {
                    return Version::new(&format!(">={version}"), file, index + 1, Confidence::Low);
                }
            }
        }
    }
    clues(sources, settings).unwrap_or_else(Version::unknown)
}

/// What later Djangos no longer have: the word, and the first Django without it.
const GONE: [(&str, &str); 17] = [
    ("execute_manager", "1.6"),
    ("DATABASE_ENGINE", "1.4"),
    ("django.conf.urls.defaults", "1.6"),
    ("patterns (", "1.10"),
    ("TEMPLATE_LOADERS", "1.10"),
    ("TEMPLATE_CONTEXT_PROCESSORS", "1.10"),
    ("TEMPLATE_DIRS", "1.10"),
    ("MIDDLEWARE_CLASSES", "2.0"),
    ("django.core.urlresolvers", "2.0"),
    ("django.utils.six", "3.0"),
    ("python_2_unicode_compatible", "3.0"),
    ("ugettext_lazy", "4.0"),
    ("force_text", "4.0"),
    ("USE_L10N", "5.0"),
    ("default_app_config", "4.1"),
    ("DEFAULT_FILE_STORAGE", "5.1"),
    ("STATICFILES_STORAGE", "5.1"),
];

/// The oldest of all upper bounds that the code itself implies.
fn clues(sources: &Sources, settings: &Settings) -> Option<Version> {
    let mut best: Option<(u32, Version)> = None;
    let files = settings.files.iter().chain(
        sources
            .survey
            .files()
            .iter()
            .filter(|path| is_telling(path))
            .take(400),
    );
    for file in files {
        let text = code(&sources.text(file));
        for (word, version) in GONE {
            let Some(line) = word_at(&text, &word.replace('.', " . ")) else {
                continue;
            };
            let weight = order(version);
            if best.as_ref().is_none_or(|(known, _)| weight < *known) {
                best = Some((
                    weight,
                    Version::new(&format!("<{version}"), file, line, Confidence::Low),
                ));
            }
        }
    }
    best.map(|(_, version)| version)
}

/// What the code says of a version without an upper bound: it does not run with all that fit.
fn narrower(sources: &Sources, settings: &Settings, version: &Version) -> Option<Version> {
    let spec = version.spec.text()?;
    if !spec.starts_with('>') || end(spec).is_some() {
        return None;
    }
    let clue = clues(sources, settings)?;
    let bound = clue.spec.text().and_then(end)?;
    // Older code than the oldest version that fits is left over, and says nothing.
    (lowest(spec)? < bound).then_some(clue)
}

/// What of a file is code: its tokens with spaces between them, each on its line, without strings and comments.
fn code(source: &str) -> String {
    let mut text = String::new();
    let mut number = 1;
    for line in tokens::lines(source) {
        for (token, at) in line.tokens {
            while number < at {
                text.push('\n');
                number += 1;
            }
            match token {
                Token::Name(name) => text.push_str(&name),
                Token::Op(op) => text.push_str(op),
                _ => text.push('…'),
            }
            text.push(' ');
        }
    }
    text
}

fn is_telling(path: &str) -> bool {
    matches!(
        name(path),
        "urls.py" | "manage.py" | "models.py" | "views.py" | "apps.py" | "__init__.py"
    ) && !path.contains("/migrations/")
        && !is_example(path)
}

/// `1.10` → 110, so that versions can be compared.
fn order(version: &str) -> u32 {
    let mut parts = version
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    parts.next().unwrap_or(0) * 100 + parts.next().unwrap_or(0)
}

/// The first major and minor version that is newer than all which fit; `None` where nothing bounds them.
#[must_use]
pub(super) fn end(spec: &str) -> Option<(u32, u32)> {
    let bounds = spec.split(',').filter_map(|part| {
        let part = part.trim();
        let digits = part.trim_start_matches(['<', '=', '>', '~', '^', ' ', 'v']);
        let mut numbers = digits
            .split('.')
            .map(|number| number.trim_end_matches('*').parse::<u32>().ok());
        let major = numbers.next()??;
        let minor = numbers.next().flatten();
        let has_patch = numbers.next().is_some();
        let release = (major, minor.unwrap_or(0));
        match &part[..part.len() - digits.len()] {
            "<" if has_patch => Some((release.0, release.1 + 1)),
            "<" => Some(release),
            "~=" | "~" if !has_patch => Some((major + 1, 0)),
            "==" | "<=" | "~=" | "~" | "" | "=" => Some(match minor {
                Some(minor) => (major, minor + 1),
                None => (major + 1, 0),
            }),
            "^" => Some((major + 1, 0)),
            _ => None,
        }
    });
    bounds.min()
}

/// The lowest major and minor version that a specification names.
#[must_use]
pub(super) fn lowest(spec: &str) -> Option<(u32, u32)> {
    let mut best: Option<(u32, u32)> = None;
    for part in spec.split(',') {
        if part.starts_with('<') || part.starts_with('!') {
            continue;
        }
        let digits = part.trim_start_matches(['=', '>', '~', '^', ' ', 'v']);
        let mut numbers = digits
            .split('.')
            .map(|number| number.trim_end_matches('*').parse::<u32>().ok());
        if let Some(Some(major)) = numbers.next() {
            let minor = numbers.next().flatten().unwrap_or(0);
            best = Some(best.map_or((major, minor), |known| known.max((major, minor))));
        }
    }
    best
}
