//! Settings that dynaconf reads from files of its own, of which the settings module has nothing but a call.

use super::backend;
use super::engine::Database;
use super::expression::Expr;
use super::finding::{Confidence, Finding, at};
use super::sources::{Sources, name};
use super::syntax::StatementKind;

const FILES: [&str; 5] = [
    "settings.yaml",
    "settings.yml",
    "settings.toml",
    "config.yaml",
    "config.toml",
];

/// `DjangoDynaconf(…)` in a settings file.
pub(super) struct Dynaconf {
    /// What stands before the names of all variables that become settings.
    pub(super) prefix: String,
    /// The variable that says which section holds; `None` where there are no sections.
    pub(super) switcher: Option<String>,
    pub(super) line: usize,
}

/// The call in a file, where there is one whose words are known.
pub(super) fn of(sources: &Sources, file: &str) -> Option<Dynaconf> {
    if !sources.text(file).contains("DjangoDynaconf") {
        return None;
    }
    let statements = sources.python(file);
    statements.iter().find_map(|statement| {
        let (StatementKind::Assign { value: expr, .. } | StatementKind::Expression(expr)) =
            &statement.kind
        else {
            return None;
        };
        let (function, arguments) = expr.call()?;
        if function.rsplit('.').next() != Some("DjangoDynaconf") {
            return None;
        }
        let named = |wanted: &str| {
            let mut all = arguments.iter();
            all.find(|argument| argument.name.as_deref() == Some(wanted))
                .map(|argument| &argument.value)
        };
        let prefix = named("envvar_prefix").map_or(Some("DJANGO"), Expr::text)?;
        let has_sections = named("environments").and_then(Expr::name) != Some("False");
        let switcher = match named("env_switcher") {
            Some(name) => name.text()?.to_owned(),
            None => format!("{prefix}_ENV"),
        };
        Some(Dynaconf {
            prefix: prefix.to_owned(),
            switcher: Some(switcher).filter(|_| has_sections),
            line: statement.line,
        })
    })
}

/// The files that dynaconf reads the settings from.
pub(super) fn files(sources: &Sources) -> impl Iterator<Item = &String> {
    let files = sources.survey.files().iter();
    files.filter(|path| path.matches('/').count() <= 3 && FILES.contains(&name(path)))
}

/// The sections of a file, in YAML or TOML.
pub(super) fn sections(text: &str) -> Vec<String> {
    let names = text.lines().filter_map(|line| {
        let line = line.trim_end();
        let name = match line.strip_prefix('[') {
            Some(rest) => rest.strip_suffix(']')?,
            None => line.strip_suffix(':')?,
        };
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let is_one = !name.is_empty() && name.chars().all(fits);
        (is_one && !matches!(name, "default" | "global")).then(|| name.to_owned())
    });
    names.collect()
}

/// The database of the files, where the settings module of a project with such a call names none.
pub(super) fn database(sources: &Sources, settings: &[String]) -> Option<Finding<Database>> {
    settings.iter().find_map(|file| of(sources, file))?;
    let mut found: Vec<(Database, String)> = Vec::new();
    for file in files(sources) {
        for (index, line) in sources.text(file).lines().enumerate() {
            let line = line.trim_start().trim_start_matches(['"', '\'']);
            let Some(rest) = line.strip_prefix("ENGINE") else {
                continue;
            };
            let engine = backend::classify(rest);
            if engine.engine().is_some() {
                found.push((engine, at(file, index + 1)));
            }
        }
    }
    let (first, _) = found.first()?;
    let is_one = found.iter().all(|(engine, _)| engine == first);
    let confidence = if is_one {
        Confidence::Medium
    } else {
        Confidence::Low
    };
    let first = *first;
    let places = found.into_iter().map(|(_, place)| place).collect();
    Some(Finding::new(first, confidence, places))
}
