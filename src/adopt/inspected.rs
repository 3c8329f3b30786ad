//! What the template's files do not tell of a project that was there before them, and the project itself does.

use std::path::Path;

use crate::template::{Answer, Answers, Release, Rendered, render};
use django_facts::{Findings, Key, Sources, Survey};

use super::shape;

/// The answers with which a release makes `rendered`, and more that make the same: what is certain by the project's own
/// files, such as the database of one that has no files for Docker. Also the names of these.
pub(super) fn completed(
    root: &Path,
    release: &Release,
    answers: &Answers,
    untold: &[String],
    rendered: &Rendered,
) -> (Answers, Vec<String>) {
    let mut completed = answers.clone();
    let mut told = Vec::new();
    let is_older =
        shape::question(&release.manifest).is_some_and(|q| answers.get(&q.name).is_some());
    if !is_older {
        return (completed, told);
    }
    let findings = Findings::of(&Sources::new(Survey::of(root)));
    for (name, answer) in found(&findings) {
        let is_open = answers.get(name).is_none() || untold.iter().any(|other| other == name);
        let question = release.manifest.question(name);
        let Some(question) = question.filter(|question| question.hidden && is_open) else {
            continue;
        };
        let offered: Vec<_> = question.choices.iter().collect();
        let Ok(answer) = question.validate(answer, &offered) else {
            continue;
        };
        let mut more = completed.clone();
        more.set(name, answer);
        if render(release, &more).is_ok_and(|made| made.tree == rendered.tree) {
            completed = more;
            told.push(name.to_owned());
        }
    }
    (completed, told)
}

/// What is certain, as answers.
fn found(findings: &Findings) -> Vec<(&'static str, Answer)> {
    let mut found = Vec::new();
    // The keys bear the names of the questions here.
    for key in [
        Key::ManagePy,
        Key::WsgiModule,
        Key::SettingsModule,
        Key::Database,
    ] {
        let text = findings.get(key).text();
        if let Some(text) = text.filter(|_| !findings.verdict.ask_for.contains(&key)) {
            found.push((key.name(), Answer::Text(text.to_owned())));
        }
    }
    let services = findings.services().into_iter().map(str::to_owned);
    found.push(("services", Answer::List(services.collect())));
    // Where files of developers are named, the template's files have told them.
    found.push(("developer_requirements", Answer::Text(String::new())));
    found
}
