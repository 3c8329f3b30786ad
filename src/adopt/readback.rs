//! Texts read back through the templates: a line that holds an answer, and the project's line in its place.

use std::collections::BTreeMap;

use super::files::Files;
use crate::error::Result;
use crate::fs;
use crate::template::{Answer, Answers, Kind, Question, Release, render};
use crate::tree::TreePath;

/// More candidates than these are noise.
const CANDIDATES: usize = 3;
/// A pattern with fewer letters and digits than this fits anything.
const LITERAL: usize = 2;

/// What the project seems to have answered to each of the text questions, the most frequent first.
///
/// `place` tells where the project has a file of the template.
pub(super) fn texts(
    release: &Release,
    answers: &Answers,
    files: &Files,
    place: &dyn Fn(&TreePath) -> TreePath,
) -> Result<BTreeMap<String, Vec<String>>> {
    let questions = &release.manifest.questions;
    let asked = |question: &&Question| !question.hidden && answers.get(&question.name).is_some();
    let mut found = marked(
        release,
        answers,
        questions.iter().filter(asked),
        files,
        place,
    )?;
    // Hidden questions are marked by themselves, since a release may look quite different with an answer to them.
    let hidden = questions.iter().filter(|question| question.hidden);
    found.extend(marked(release, answers, hidden, files, place)?);
    Ok(found)
}

/// What is read back of the texts among `questions`, with a mark as the answer to each of them.
fn marked<'a>(
    release: &'a Release,
    answers: &Answers,
    questions: impl Iterator<Item = &'a Question>,
    files: &Files,
    place: &dyn Fn(&TreePath) -> TreePath,
) -> Result<BTreeMap<String, Vec<String>>> {
    let mut marked = answers.clone();
    let mut marks: Vec<(String, &Question)> = Vec::new();
    for question in questions.filter(|question| question.kind == Kind::Text) {
        // Letters alone pass every filter unchanged.
        let letter = char::from(b'a' + u8::try_from(marks.len() % 26).unwrap_or(0));
        let mark = format!("zqxj{letter}jxqz");
        marked.set(&question.name, Answer::Text(mark.clone()));
        marks.push((mark, question));
    }
    if marks.is_empty() {
        return Ok(BTreeMap::new());
    }
    // A template may refuse what is no real answer; then nothing is read back.
    let Ok(rendered) = render(release, &marked) else {
        return Ok(BTreeMap::new());
    };
    let mut found: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    let all: Vec<&str> = marks.iter().map(|(mark, _)| mark.as_str()).collect();
    for (mark, question) in &marks {
        let votes = found.entry(question.name.clone()).or_default();
        for (path, file) in &rendered.tree {
            if path.as_str().contains(mark.as_str()) {
                for value in from_path(path.as_str(), mark, files)? {
                    *votes.entry(value).or_default() += 3.0;
                }
                continue;
            }
            let Some(template) = file
                .bytes()
                .and_then(|bytes| String::from_utf8(bytes.into_owned()).ok())
            else {
                continue;
            };
            if !template.contains(mark.as_str()) {
                continue;
            }
            let Some((ours, _)) = files.get(&place(path))? else {
                continue;
            };
            let ours = String::from_utf8_lossy(&ours.raw()).into_owned();
            for (index, line) in template.lines().enumerate() {
                if line.contains(mark.as_str()) {
                    vote(index, line, mark, &all, &ours, question, votes);
                }
            }
        }
    }
    Ok(found
        .into_iter()
        .map(|(name, votes)| (name, best(votes)))
        .filter(|(_, values)| !values.is_empty())
        .collect())
}

fn best(votes: BTreeMap<String, f64>) -> Vec<String> {
    let mut values: Vec<(String, f64)> = votes.into_iter().collect();
    values.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    values
        .into_iter()
        .take(CANDIDATES)
        .map(|(value, _)| value)
        .collect()
}

/// The votes of one line of the template: shared among the values that the project's lines give it.
fn vote(
    index: usize,
    line: &str,
    mark: &str,
    marks: &[&str],
    ours: &str,
    question: &Question,
    votes: &mut BTreeMap<String, f64>,
) {
    let pattern = line.trim();
    let letters = marks
        .iter()
        .fold(pattern.to_owned(), |text, mark| text.replace(mark, ""));
    let letters = letters.chars().filter(|letter| letter.is_alphanumeric());
    let says_little = letters.count() < LITERAL;
    // A team's linter may like the other quotes.
    let otherwise = pattern.replace('"', "'");
    let mut values: Vec<String> = Vec::new();
    for (at, line) in ours.lines().enumerate() {
        if says_little && at != index {
            continue;
        }
        for pattern in [pattern, &otherwise] {
            let Some(value) = value_of(mark, marks, pattern, line.trim()) else {
                continue;
            };
            for value in [unescaped(&value), value] {
                let is_valid = question.parse(&value, &[]).is_ok();
                if is_valid && !values.contains(&value) {
                    values.push(value);
                }
            }
        }
    }
    let share = 1.0 / super::votes::float(values.len().max(1));
    for value in values {
        *votes.entry(value).or_default() += share;
    }
}

/// The text that stands in the place of `mark`, where others of `marks` may be in the pattern as well.
fn value_of(mark: &str, marks: &[&str], pattern: &str, line: &str) -> Option<String> {
    let is_alone = !marks
        .iter()
        .any(|other| *other != mark && pattern.contains(other));
    if is_alone {
        let parts: Vec<&str> = pattern.split(mark).collect();
        return between(&parts, line);
    }
    let mut values = BTreeMap::new();
    fits(pattern, marks, line, &mut values)
        .then(|| values.get(mark).map(|value| (*value).to_owned()))
        .flatten()
}

/// Whether the line is the pattern with one text for each of the marks, and which these are: the shortest that will do.
fn fits<'l, 'm>(
    pattern: &str,
    marks: &[&'m str],
    line: &'l str,
    values: &mut BTreeMap<&'m str, &'l str>,
) -> bool {
    let places = marks
        .iter()
        .filter_map(|mark| Some((pattern.find(*mark)?, *mark)));
    let Some((at, mark)) = places.min() else {
        return pattern == line;
    };
    let Some(rest) = line.strip_prefix(&pattern[..at]) else {
        return false;
    };
    let pattern = &pattern[at + mark.len()..];
    if let Some(known) = values.get(mark).copied() {
        let rest = rest.strip_prefix(known);
        return rest.is_some_and(|rest| fits(pattern, marks, rest, values));
    }
    let ends = rest
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8());
    for end in ends {
        values.insert(mark, &rest[..end]);
        if fits(pattern, marks, &rest[end..], values) {
            return true;
        }
    }
    values.remove(mark);
    false
}

/// The text that stands in every gap between `parts`; behind a single one there may be more, such as a comment.
fn between(parts: &[&str], line: &str) -> Option<String> {
    let gaps = parts.len().checked_sub(1).filter(|gaps| *gaps > 0)?;
    let literal: usize = parts.iter().map(|part| part.len()).sum();
    if let Some(room) = line.len().checked_sub(literal)
        && room > 0
        && room % gaps == 0
    {
        let value = line.get(parts[0].len()..parts[0].len() + room / gaps)?;
        if parts.join(value) == line {
            return Some(value.to_owned());
        }
    }
    let [before, after] = parts else {
        return None;
    };
    if after.is_empty() || !before.contains(char::is_alphanumeric) {
        return None;
    }
    let rest = line.strip_prefix(before)?;
    let value = &rest[..rest.find(after)?];
    (!value.is_empty()).then(|| value.to_owned())
}

/// What text between quotes stands for.
fn unescaped(value: &str) -> String {
    let mut text = String::new();
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        text.push(match letter {
            '\\' => letters.next().unwrap_or('\\'),
            letter => letter,
        });
    }
    text
}

/// The names that a folder or file of the project has in the place of the mark.
fn from_path(path: &str, mark: &str, files: &Files) -> Result<Vec<String>> {
    let parts: Vec<&str> = path.split('/').collect();
    let Some(at) = parts.iter().position(|part| part.contains(mark)) else {
        return Ok(Vec::new());
    };
    let gaps: Vec<&str> = parts[at].split(mark).collect();
    let dir = files.root().join(parts[..at].join("/"));
    let mut values = Vec::new();
    for name in fs::list(&dir)?.unwrap_or_default() {
        let Some(value) = name.to_str().and_then(|name| between(&gaps, name)) else {
            continue;
        };
        let Ok(whole) = TreePath::new(path.replace(mark, &value)) else {
            continue;
        };
        if files.get(&whole)?.is_some() {
            values.push(value);
        }
    }
    Ok(values)
}
