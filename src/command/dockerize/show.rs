//! What `dockerize` says: what it found, what it proposes, what it did.

use super::answers;
use super::files::Veiled;
use super::planned;
use super::questions::{ASGI_MODULE, CELERY_APP, DOCKER, IMAGE_PYTHON, MODE, SERVICES, database};
use super::serving;
use super::steps::{Step, Steps};
use super::uncovered::not_covered;
use crate::change::Written;
use crate::plan::Plan;
use crate::report::{self, Report, kept_and_conflicts, tick};
use crate::review::Reviewed;
use crate::template::{Answer, Answers};
use crate::ui::{Ui, hang};
use django_facts::{Confidence, Database, Engine, Findings, ShownValue};

/// Every finding with its evidence; a `?` stands beside what is not certain.
pub(super) fn findings(directory: &str, findings: &Findings, ui: &mut Ui) {
    ui.data(format!("What {directory} is:\n"));
    for (key, finding) in findings.all() {
        let value = match finding.value {
            ShownValue::Nothing | ShownValue::Flag(false) | ShownValue::List([]) => continue,
            ShownValue::Flag(true) => "yes".to_owned(),
            ShownValue::Text(text) => text.to_owned(),
            ShownValue::List(items) => {
                let texts: Vec<&str> = items.iter().map(String::as_str).take(4).collect();
                let more = items.len().saturating_sub(4);
                let more = if more > 0 {
                    format!(" and {more} more")
                } else {
                    String::new()
                };
                texts.join(", ") + &more
            }
        };
        let is_asked = findings.verdict.ask_for.contains(&key);
        let mark = if is_asked || finding.confidence == Confidence::Low {
            '?'
        } else {
            ' '
        };
        let places = finding.evidence.iter().take(2).cloned();
        let places: Vec<String> = places.collect();
        line(
            &format!("{mark} {:<22} ", key.label()),
            &crate::ui::visible(&value),
            &format!(
                "({})",
                [&[key.name().to_owned()], places.as_slice()]
                    .concat()
                    .join(", ")
            ),
            ui,
        );
    }
    ui.data("\n  ? is a guess, or must be confirmed. In brackets: the name in the JSON, and");
    ui.data("  where it was seen.");
    ui.data("");
}

/// A name, what is found, and where: on one line where it fits.
fn line(head: &str, value: &str, place: &str, ui: &mut Ui) {
    const WIDTH: usize = 79;
    const INDENT: &str = "                         ";
    let length = |text: &str| text.chars().count();
    if length(head) + length(value) + 2 + length(place) <= WIDTH {
        ui.data(format!("{head}{value}  {place}"));
    } else {
        ui.data(hang(head, value, INDENT));
        ui.data(hang(INDENT, place, INDENT));
    }
}

/// The way it is going to be, and the files.
pub(super) fn plan(
    version: &semver::Version,
    answers: &Answers,
    findings: &Findings,
    plan: &Plan,
    steps: &Steps,
    report: &mut Report,
) {
    let text = |name: &str| match answers.get(name) {
        Some(Answer::Text(text)) => text.clone(),
        _ => String::new(),
    };
    let how = if text(MODE) == "wrap" {
        "the wrapper's settings include the project's"
    } else {
        "the project's own settings stay in charge"
    };
    report.data(format!("Template {version}, mode {}: {how}", text(MODE)));
    if text(MODE) == "bypass"
        && let Some(reason) = answers::why_bypass(findings, &text(IMAGE_PYTHON))
    {
        report.data(format!("  because {reason}"));
    }
    planned::tell(answers, findings, report);
    report.data("");
    report::show(plan, report);
    if let Some(manage) = steps
        .manage_py
        .as_deref()
        .filter(|_| steps.has(Step::ManagePy) && text(MODE) == "wrap")
    {
        report.data(format!("  {:<9} {:>4}   {manage}", "removed", 1));
    }
    match database(answers) {
        Some(Database::Engine(Engine::Oracle)) => report
            .data("  The template has no service for Oracle: name your server in the environment."),
        Some(Database::None) => {
            report.data("  No database was found, so there is no service for one.");
        }
        _ => {}
    }
    let services = match answers.get(SERVICES) {
        Some(Answer::List(services)) => services.as_slice(),
        _ => &[],
    };
    for what in serving::production(findings, answers) {
        report.data(hang("  ", &what, "    "));
    }
    for what in not_covered(findings, answers, steps) {
        report.data(hang("  ", &what, "    "));
    }
    if findings.celery.is_true() {
        if text(CELERY_APP).is_empty() {
            report.data(
                "  Celery's application was not found, so there is no worker: name its module with `--answer celery_app=…`.",
            );
        }
        if !findings.details.has_broker && !services.iter().any(|name| name == "rabbitmq") {
            report.data(
                "  No broker is named for Celery, which then looks for RabbitMQ: `--answer services=rabbitmq` adds that.",
            );
        }
    }
}

/// What is not in the requirements that pip reads.
pub(super) fn left(left: &[String], steps: &Steps, report: &mut Report) {
    if steps.asks.is_empty() && !steps.requirements.is_empty() {
        report.data(hang(
            "  ",
            &format!(
                "Nothing lists the packages: {} is written from what the code imports, with versions that fit its Django. Look it through.",
                steps.requirements.replace(".txt", ".in")
            ),
            "    ",
        ));
    }
    if left.is_empty() {
        return;
    }
    let asks = Some(steps.asks.as_str()).filter(|asks| !asks.is_empty());
    report.data(format!(
        "  What {} asks for and {} does not have:",
        asks.unwrap_or("the code"),
        steps.requirements.replace(".txt", ".in")
    ));
    for what in left {
        report.data(format!("    {}", crate::ui::visible(what)));
    }
}

/// The variables that stand for secrets of addresses, and what to do about them.
pub(super) fn veiled(veiled: &[Veiled], report: &mut Report) {
    if veiled.is_empty() {
        return;
    }
    report.data("  Passwords and tokens of addresses are not copied; variables stand for them.");
    report.data("  Set them wherever packages are locked or installed, images included:");
    for one in veiled {
        let (file, place) = (&one.file, &one.place);
        report.data(format!(
            "    {} in {file}: what stands at {place}",
            one.variable
        ));
    }
}

/// Says that nothing here serves what only ASGI does, where an ASGI application is not what is served.
pub(super) fn asgi(findings: &Findings, answers: &Answers, report: &mut Report) {
    let is_served = |answer: &Answer| !answer.to_string().is_empty();
    if answers.get(ASGI_MODULE).is_some_and(is_served) {
        return;
    }
    let packages = &findings.details.packages;
    if let Some(name) = ["channels", "daphne"]
        .into_iter()
        .find(|name| packages.iter().any(|package| package == name))
    {
        report.data(format!(
            "  The project asks for {name}: gunicorn.sh serves its WSGI application, so websockets need a server of their own."
        ));
    }
}

/// What was done with files.
pub(super) fn written(written: &Written, report: &mut Report) {
    report.say(format!(
        "\n{} {} files written",
        tick(),
        written.edits.len()
    ));
    kept_and_conflicts(&written.reviewed, false, report);
}

/// What comes next, when all else is said.
pub(super) fn next(
    reviewed: &Reviewed,
    answers: &Answers,
    has_database_in_code: bool,
    report: &mut Report,
) {
    let is = |name: &str, value: &str| answers.get(name) == Some(&Answer::Text(value.into()));
    let variable = match database(answers).and_then(Database::engine) {
        Some(Engine::Postgresql | Engine::Postgis) => Some("PGHOST"),
        Some(Engine::Mysql) => Some("MYSQL_HOST"),
        _ => None,
    };
    report.say("\nNext:");
    if let Some(variable) = variable
        && has_database_in_code
        && is(MODE, "bypass")
        && answers.get(DOCKER) == Some(&Answer::Bool(true))
    {
        report.say(format!(
            "  let DATABASES take its server from {variable} and so on, as the plan says, for containers"
        ));
    }
    if !reviewed.unresolved.is_empty() {
        report.say("  edit the files with conflicts, then   ixd-template upgrade --continue");
    }
    if reviewed.kept.iter().any(|(path, _)| path == "go.sh") {
        report.say("  ixd-template upgrade --ask            # offers go.sh again, without which no script of the template starts");
    } else {
        report.say(
            "  ./go.sh manage.py check               # the project as it was, with the scripts",
        );
    }
    if reviewed.unresolved.is_empty() {
        report.say("  ixd-template undo                     # takes it all back");
    } else {
        report.say("  ixd-template upgrade --abort          # takes it all back");
    }
}
