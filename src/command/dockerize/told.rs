//! What a person is told of addresses before anything is written: what is set, what stands in the way, what is edited.

use super::addresses;
use super::edits::in_the_way;
use super::proposal::Proposal;
use super::questions::database;
use super::steps::Step;
use super::taken::compose_file;
use super::unset;
use crate::report::Report;
use crate::ui::{hang, visible};
use django_facts::{Database, Engine, Literal, Purpose};

pub(super) fn addresses(proposal: &Proposal, report: &mut Report) {
    for said in sentences(proposal) {
        report.data(hang("  ", &visible(&said), "    "));
    }
    let left = left(proposal);
    if !left.is_empty() {
        report.data(format!(
            "  Addresses in the code, which {} cannot set, and the edit to make of each:",
            compose_file(&proposal.answers)
        ));
        for literal in &left {
            let shown = format!("{:<31} {}", literal.place, edit(literal));
            report.data(format!("    {}", visible(&shown)));
        }
        let is_of_use = |literal: &&Literal| addresses::is_of_use(literal, &proposal.services);
        if left.iter().any(is_of_use) && !proposal.settings.is_decided {
            report.data("  `--edit-settings` makes them, line by line before your eyes; `undo` takes them back.");
        }
    }
    if !proposal.settings.shown.is_empty() {
        report.data("  Your settings are edited, as you asked:");
        for line in &proposal.settings.shown {
            report.data(format!("  {line}"));
        }
    }
}

/// Which files of developers are not installed, since they would replace the site's Django.
pub(super) fn other_djangos(proposal: &Proposal, report: &mut Report) {
    for (place, version) in &proposal.other_djangos {
        let said = format!(
            "{place} asks for Django {version}, which is not the site's: go.sh does not install that file. Take the line out \
             there, and name the file in DEVELOPER_REQUIREMENTS of .env.base."
        );
        report.data(hang("  ", &visible(&said), "    "));
    }
}

/// The sentences of the plan about addresses.
pub(super) fn sentences(proposal: &Proposal) -> Vec<String> {
    let mut said = Vec::new();
    let set = addresses::names_set(&proposal.answers);
    let has_docker = proposal.services.has_docker;
    let compose = compose_file(&proposal.answers);
    let found = &proposal.findings.details.addresses;
    let own = |name: &&String| found.variables.iter().any(|known| known.name == **name);
    let own: Vec<&str> = set.iter().filter(own).map(String::as_str).collect();
    if has_docker && !own.is_empty() {
        said.push(format!(
            "{compose} sets what your settings read: {}.",
            own.join(", ")
        ));
    }
    said.extend(file_by_default(proposal, has_docker));
    if proposal.services.lacks_server() {
        let place = proposal.findings.database.evidence.first();
        said.push(format!(
            "No server of MySQL is named in DATABASES ({}): add `\"HOST\": os.environ.get(\"MYSQL_HOST\", \"localhost\")`, and PORT, USER and \
             PASSWORD in the same way.",
            place.map_or("", String::as_str)
        ));
    }
    let open = unset::to_fill_in(&proposal.findings, &proposal.answers);
    if !open.is_empty() {
        let file = if proposal.steps.has(Step::Secrets) {
            ".env.develop.secret"
        } else {
            ".env.local"
        };
        said.push(format!(
            "Your settings do not load without {}: fill {} in, in {file}.",
            open.join(", "),
            if open.len() == 1 { "it" } else { "them" }
        ));
    }
    for (file, why) in &proposal.settings.refused {
        said.push(format!("{file} is not edited: {why}."));
    }
    said
}

/// Whether something of the default database still stands in the code.
pub(super) fn has_database_in_code(proposal: &Proposal) -> bool {
    let mut left = left(proposal).into_iter();
    proposal.services.lacks_server()
        || left.any(|literal| literal.told.purpose == Purpose::Database)
}

/// What is not edited.
pub(super) fn left(proposal: &Proposal) -> Vec<&Literal> {
    let all = in_the_way(&proposal.findings, &proposal.services).into_iter();
    let all = all.filter(|_| proposal.services.has_docker);
    all.filter(|literal| !proposal.settings.literals.contains(literal))
        .collect()
}

/// That a file is used where nothing names the server that is started.
fn file_by_default(proposal: &Proposal, has_docker: bool) -> Option<String> {
    let (name, place) = proposal
        .findings
        .details
        .addresses
        .file_by_default
        .as_ref()?;
    let engine = database(&proposal.answers).and_then(Database::engine)?;
    let server = match engine {
        Engine::Postgresql | Engine::Postgis => "PostgreSQL",
        Engine::Mysql => "MySQL",
        _ => return None,
    };
    let compose = compose_file(&proposal.answers);
    let is_set = has_docker && addresses::names_set(&proposal.answers).contains(name);
    let more = match (has_docker, is_set) {
        (true, true) => format!(
            "{compose} starts {server} and sets {name}; wherever else the site runs, you set it."
        ),
        (true, false) => {
            format!("{compose} starts {server}, and nothing there makes the settings use it.")
        }
        _ => format!("set {name} wherever the site runs on {server}."),
    };
    Some(format!(
        "Without {name} your settings use SQLite, a file ({place}): {more}"
    ))
}

/// The edit that lets the environment name an address.
pub(super) fn edit(literal: &Literal) -> String {
    let value = &literal.value;
    match &literal.variable {
        Some(name) if literal.told.is_secret() => format!("os.environ.get(\"{name}\", …)"),
        Some(name) => format!("os.environ.get(\"{name}\", \"{value}\")"),
        None => format!("`{value}`: let a variable name it, by hand"),
    }
}
