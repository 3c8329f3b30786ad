//! `template.yml`: the questions a template asks and the rules for its files.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::answer::Answer;
use super::apart::Renderer;
use super::engine::{self, Fault};
use super::glob::Glob;
use super::question::{Choice, Kind, Question};
use crate::error::{Error, Result};
use crate::tree::TreePath;
use three_way::nesting::{TOO_DEEP, is_too_deep};

/// The variable that defaults may use beside earlier answers: the name of the target folder.
pub(crate) const DIRECTORY: &str = "directory";

/// A manifest that has been checked: every expression parses and refers to earlier questions only.
#[derive(Debug)]
pub struct Manifest {
    pub name: String,
    pub version: semver::Version,
    pub questions: Vec<Question>,
    pub renames: Vec<Rename>,
    pub(crate) conditions: Vec<(Glob, String)>,
    executable: Vec<Glob>,
    once: Vec<Glob>,
    /// Pinned file → the file with its requirements; both are output paths.
    pub(crate) pins: BTreeMap<String, String>,
    /// What to run in a new project, one command a line; texts with expressions.
    pub(crate) next: Vec<String>,
    /// Where its texts and those of its files are worked out.
    pub(super) place: Renderer,
}

/// A path that a release gave up for another one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    pub from: String,
    pub to: String,
    /// The first release that has the new path.
    #[serde(rename = "in")]
    pub since: semver::Version,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a mapping with `name` and `version`")]
struct Raw {
    name: String,
    version: semver::Version,
    #[serde(default)]
    questions: Vec<Question>,
    #[serde(default)]
    files: BTreeMap<String, FileRule>,
    #[serde(default)]
    executable: Vec<String>,
    #[serde(default)]
    once: Vec<String>,
    #[serde(default)]
    renames: Vec<Rename>,
    #[serde(default)]
    pins: BTreeMap<String, String>,
    #[serde(default)]
    next: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRule {
    when: String,
}

impl Manifest {
    /// Reads and checks the text of a `template.yml`; `file` is how errors call it.
    pub fn parse(file: &str, source: &str) -> Result<Self> {
        Self::read(file, source, true)
    }

    /// Reads the manifest of a release inside this binary. A test has checked it, so that a run need not: that took
    /// two fifths of an upgrade.
    pub(crate) fn own(file: &str, source: &str) -> Result<Self> {
        Self::read(file, source, false)
    }

    fn read(file: &str, source: &str, is_foreign: bool) -> Result<Self> {
        if is_too_deep(source) {
            return Err(Error::template(file, TOO_DEEP));
        }
        let raw: Raw = serde_yaml::from_str(source).map_err(|error| {
            let location = error.location();
            Error::Template {
                file: file.to_owned(),
                line: location.as_ref().map_or(0, serde_yaml::Location::line),
                column: location.as_ref().map_or(0, serde_yaml::Location::column),
                message: without_position(&error.to_string()),
            }
        })?;
        let of_secrets = raw.questions.iter().filter(|q| q.kind == Kind::Secret);
        let checker = Checker {
            file,
            source,
            secrets: of_secrets.map(|question| question.name.as_str()).collect(),
        };
        if is_foreign {
            checker.all(&raw)?;
        }
        let globs = |patterns: &[String]| {
            patterns
                .iter()
                .map(|pattern| checker.glob(pattern))
                .collect::<Result<Vec<_>>>()
        };
        Ok(Self {
            conditions: raw
                .files
                .iter()
                .map(|(pattern, rule)| Ok((checker.glob(pattern)?, rule.when.clone())))
                .collect::<Result<_>>()?,
            executable: globs(&raw.executable)?,
            once: globs(&raw.once)?,
            name: raw.name,
            version: raw.version,
            questions: raw.questions,
            renames: raw.renames,
            pins: raw.pins,
            next: raw.next,
            place: Renderer::default(),
        })
    }

    /// The version alone, without the price of checking the rest: that is paid when the release is used.
    pub(crate) fn version(file: &str, source: &str) -> Result<semver::Version> {
        let line = source
            .lines()
            .find_map(|line| line.strip_prefix("version:"));
        let version = line.and_then(|text| semver::Version::parse(text.trim()).ok());
        version.map_or_else(|| Ok(Self::parse(file, source)?.version), Ok)
    }

    /// The question of that name.
    #[must_use]
    pub fn question(&self, name: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.name == name)
    }

    /// Whether the manifest lists `path` (a template's or a project's) as executable.
    #[must_use]
    pub fn is_executable(&self, path: &str) -> bool {
        self.executable.iter().any(|glob| glob.matches(path))
    }

    /// Whether `path` is written only when absent, and then the user's.
    #[must_use]
    pub fn is_once(&self, path: &str) -> bool {
        self.once.iter().any(|glob| glob.matches(path))
    }
}

/// Checks what serde cannot, and finds the place to blame.
struct Checker<'a> {
    file: &'a str,
    source: &'a str,
    /// The names of the secret questions.
    secrets: Vec<&'a str>,
}

impl Checker<'_> {
    fn all(&self, raw: &Raw) -> Result<()> {
        self.words(raw)?;
        self.questions(&raw.questions)?;
        let names: Vec<&str> = raw
            .questions
            .iter()
            .filter(|question| question.kind != Kind::Secret)
            .map(|question| question.name.as_str())
            .collect();
        for rule in raw.files.values() {
            self.expression(&rule.when, &names)?;
        }
        for step in &raw.next {
            self.names(engine::variables(step), step, &names)?;
        }
        self.paths(raw)
    }

    fn questions(&self, questions: &[Question]) -> Result<()> {
        // Secret questions are left out: what is made from a secret answer would be stored or shown.
        let mut earlier: Vec<&str> = Vec::new();
        let mut taken = BTreeSet::new();
        for question in questions {
            let name = question.name.as_str();
            if !is_identifier(name) || name == DIRECTORY {
                return Err(self.error(name, format!("`{name}` cannot be the name of a question")));
            }
            if !taken.insert(name) {
                return Err(self.error(name, format!("there are two questions `{name}`")));
            }
            if matches!(question.kind, Kind::Choice | Kind::Choices) == question.choices.is_empty()
            {
                let message = "`choices` belong to the types choice and choices, and only there";
                return Err(self.error(name, format!("question `{name}`: {message}")));
            }
            for expression in question
                .when
                .iter()
                .chain(question.choices.iter().filter_map(|c| c.when.as_ref()))
            {
                self.expression(expression, &earlier)?;
            }
            let mut values = BTreeSet::new();
            if let Some(choice) = question.choices.iter().find(|c| !values.insert(&c.value)) {
                let message = format!("question `{name}` has the choice `{}` twice", choice.value);
                return Err(self.error(&choice.value, message));
            }
            let check = question.check.iter();
            for pattern in check.filter_map(|check| check.matches.as_ref()) {
                let error = |message| self.error(pattern.as_str(), message);
                pattern.check().map_err(error)?;
            }
            self.default(question, &earlier)?;
            if question.kind != Kind::Secret {
                earlier.push(name);
            }
        }
        Ok(())
    }

    /// A default without expressions must be a valid answer; of one with them the names are checked.
    fn default(&self, question: &Question, earlier: &[&str]) -> Result<()> {
        let Some(default) = &question.default else {
            if question.more {
                let name = &question.name;
                let message = format!("question `{name}` is one of `more`, so it needs a default");
                return Err(self.error(name, message));
            }
            return Ok(());
        };
        let choices: Vec<&Choice> = question.choices.iter().collect();
        let checked = match default {
            Answer::Text(text) if engine::is_dynamic(text) => {
                let mut known = earlier.to_vec();
                known.push(DIRECTORY);
                return self.names(engine::variables(text), text, &known);
            }
            Answer::Text(text) => question.parse(text, &choices),
            default => question.validate(default.clone(), &choices),
        };
        checked.map(|_| ()).map_err(|message| {
            let name = &question.name;
            self.error(name, format!("the default of `{name}` {message}"))
        })
    }

    /// What a manifest puts on the screen is plain text: no escape sequence hides a command that is to be pasted.
    fn words(&self, raw: &Raw) -> Result<()> {
        let questions = raw.questions.iter().flat_map(|question| {
            let choices = question.choices.iter();
            let choices = choices.flat_map(|choice| [choice.label(), choice.value.as_str()]);
            let message = question.check.iter().map(|check| check.message.as_str());
            [question.prompt.as_str(), question.help.as_str()]
                .into_iter()
                .chain(choices)
                .chain(message)
        });
        let mut texts = questions.chain(raw.next.iter().map(String::as_str));
        let is_bad = |letter: char| letter.is_control() && letter != '\n';
        if let Some(text) = texts.find(|text| text.contains(is_bad)) {
            let message = format!("`{}` holds a control character", text.escape_debug());
            return Err(self.error("", message));
        }
        if raw.name.is_empty() || raw.name.contains(char::is_control) {
            return Err(self.error("name:", "`name` must be one line of text".into()));
        }
        Ok(())
    }

    fn paths(&self, raw: &Raw) -> Result<()> {
        let renamed = raw
            .renames
            .iter()
            .flat_map(|rename| [&rename.from, &rename.to]);
        for path in renamed.chain(raw.pins.keys()).chain(raw.pins.values()) {
            TreePath::new(path.as_str()).map_err(|reason| {
                self.error(
                    path,
                    format!("`{path}` cannot be a path in a project: {reason}"),
                )
            })?;
        }
        Ok(())
    }

    fn glob(&self, pattern: &str) -> Result<Glob> {
        Glob::new(pattern).map_err(|message| self.error(pattern, message))
    }

    fn expression(&self, expression: &str, known: &[&str]) -> Result<()> {
        self.names(
            engine::variables(&engine::as_condition(expression)),
            expression,
            known,
        )
    }

    fn names(&self, found: Result<Vec<String>, Fault>, text: &str, known: &[&str]) -> Result<()> {
        let found = found.map_err(|fault| {
            self.error(text, format!("bad expression `{text}`: {}", fault.message))
        })?;
        match found.iter().find(|name| !known.contains(&name.as_str())) {
            Some(name) => {
                let why = if self.secrets.contains(&name.as_str()) {
                    "a secret, of which nothing may be made but files"
                } else {
                    "no earlier question"
                };
                let message = format!("`{text}` refers to `{name}`, which is {why}");
                Err(self.error(text, message))
            }
            None => Ok(()),
        }
    }

    /// Blames the last place in the file that holds `needle` as a value of its own, else the first that holds it at
    /// all, else the whole file.
    fn error(&self, needle: &str, message: String) -> Error {
        let first_line = needle.lines().next().unwrap_or_default();
        let as_value = ["'{}'", "\"{}\"", "when: {}", "name: {}", ": {}"]
            .iter()
            .find_map(|form| {
                Some(self.source.rfind(&form.replace("{}", first_line))? + form.find('{')?)
            });
        let place = as_value
            .or_else(|| self.source.find(first_line))
            .filter(|_| !first_line.is_empty());
        let (line, column) = place.map_or((0, 0), |at| {
            let before = &self.source[..at];
            let start = before.rfind('\n').map_or(0, |newline| newline + 1);
            (
                before.matches('\n').count() + 1,
                before[start..].chars().count() + 1,
            )
        });
        Error::Template {
            file: self.file.to_owned(),
            line,
            column,
            message,
        }
    }
}

fn is_identifier(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_lowercase())
        && letters
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

/// `serde_yaml` ends its messages with the position that we show in front.
fn without_position(message: &str) -> String {
    match message.rfind(" at line ") {
        Some(end) => message[..end].to_owned(),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &str) {
        let source = format!("name: t\nversion: 0.1.0\n{body}");
        let actual = Manifest::parse("template.yml", &source).map(|_| "fine".to_owned());
        assert_eq!(actual.unwrap_or_else(|error| error.to_string()), expected);
    }

    #[test]
    fn good_manifests_pass() {
        check("", "fine");
        check(
            "questions:\n- {name: a, prompt: A, type: text, default: '{{ directory | slug }}'}\n",
            "fine",
        );
        check(
            "files:\n  'x/*': {when: 'true'}\nonce: [README.md]\n",
            "fine",
        );
    }

    #[test]
    fn bad_manifests_name_the_place() {
        check(
            "question: []\n",
            "template.yml:3:1: unknown field `question`, expected one of `name`, `version`, `questions`, `files`, \
             `executable`, `once`, `renames`, `pins`, `next`",
        );
        check(
            "questions:\n- {name: a, prompt: A, type: text, when: 'b'}\n- {name: b, prompt: B, type: bool}\n",
            "template.yml:4:43: `b` refers to `b`, which is no earlier question",
        );
        check(
            "files:\n  x: {when: 'a ='}\n",
            "template.yml:4:14: bad expression `a =`: Found `=` but expected %}.",
        );
        check(
            "questions:\n- {name: a, prompt: A, type: text, more: true}\n",
            "template.yml:4:10: question `a` is one of `more`, so it needs a default",
        );
        check(
            "renames: [{from: a, to: ../b, in: 0.2.0}]\n",
            "template.yml:3:25: `../b` cannot be a path in a project: it leads outside the project",
        );
    }
}
