//! Edits of the project's own code that a person asks for: an address that stands there becomes the default of a variable.

use std::collections::{BTreeMap, BTreeSet};

use super::addresses::{self, Services};
use crate::error::Result;
use crate::fs::Entry;
use crate::plan::Edit;
use crate::tree::{File, TreePath};
use crate::ui::{Ui, visible};
use crate::workplace::Workplace;
use django_facts::{Edited, Findings, Literal, edited};

/// What is edited, and what a person has to see to.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) edits: Vec<Edit>,
    /// The addresses that become variables.
    pub(super) literals: Vec<Literal>,
    /// What was shown of each file.
    pub(super) shown: Vec<String>,
    /// Somebody was asked, or asked for all.
    pub(super) is_decided: bool,
    /// The files that are left alone though edits were asked for, and why.
    pub(super) refused: Vec<(String, &'static str)>,
}

/// Who decides about each edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deciding {
    /// A person, edit by edit; `proposed`: they asked for all.
    Person {
        proposed: bool,
    },
    /// All that can be made are wanted.
    All,
    Nobody,
}

/// One edit: what belongs together, such as the server, user and password of a database.
struct Group<'a> {
    file: &'a str,
    literals: Vec<&'a Literal>,
}

/// The addresses that keep containers from their services.
pub(super) fn in_the_way<'a>(findings: &'a Findings, services: &Services) -> Vec<&'a Literal> {
    let all = findings.details.addresses.literals.iter();
    all.filter(|literal| literal.for_developers || literal.in_production)
        .filter(|literal| !addresses::is_overruled(literal, services))
        .collect()
}

/// Decides about each edit that can be made.
pub(super) fn choose(
    deciding: Deciding,
    findings: &Findings,
    services: &Services,
    place: &Workplace,
    ui: &mut Ui,
) -> Result<Settings> {
    let mut settings = Settings::default();
    if deciding == Deciding::Nobody {
        return Ok(settings);
    }
    settings.is_decided = true;
    let mut files: BTreeMap<&str, Vec<&Literal>> = BTreeMap::new();
    let mut kept: BTreeMap<&str, File> = BTreeMap::new();
    for group in groups(&in_the_way(findings, services), services) {
        if !kept.contains_key(group.file) {
            match clean(place, group.file)? {
                Ok(file) => {
                    kept.insert(group.file, file);
                }
                Err(why) => {
                    let refusal = (group.file.to_owned(), why);
                    if !settings.refused.contains(&refusal) {
                        settings.refused.push(refusal);
                    }
                    continue;
                }
            }
        }
        let Some(bytes) = kept.get(group.file).and_then(File::bytes) else {
            continue;
        };
        let Some(made) = edited(&bytes, &group.literals) else {
            continue;
        };
        let wanted = match deciding {
            Deciding::Person { proposed } => ask(&group, &made, proposed, ui)?,
            _ => true,
        };
        if wanted {
            files.entry(group.file).or_default().extend(group.literals);
        }
    }
    for (file, literals) in files {
        let Some(before) = kept.remove(file) else {
            continue;
        };
        let made = before.bytes().and_then(|bytes| edited(&bytes, &literals));
        let (Some(made), Ok(path)) = (made, TreePath::new(file)) else {
            continue;
        };
        settings.shown.extend(lines(file, &made));
        settings.literals.extend(literals.into_iter().cloned());
        settings.edits.push(Edit {
            path,
            after: Some(File {
                executable: before.executable,
                ..File::new(made.bytes)
            }),
            before: Some(before),
            like: None,
        });
    }
    Ok(settings)
}

/// What can be edited, group by group; what no service stands for stays.
fn groups<'a>(all: &[&'a Literal], services: &Services) -> Vec<Group<'a>> {
    let mut groups: Vec<Group> = Vec::new();
    let mut seen: BTreeSet<(usize, &str)> = BTreeSet::new();
    for first in all {
        if !seen.insert((first.group, &first.file)) {
            continue;
        }
        let is_of_it = |other: &&&Literal| other.group == first.group && other.file == first.file;
        let literals: Vec<&Literal> = all.iter().filter(is_of_it).copied().collect();
        let is_served = |literal: &&Literal| addresses::is_of_use(literal, services);
        if literals.iter().all(is_served) {
            groups.push(Group {
                file: &first.file,
                literals,
            });
        }
    }
    groups
}

/// The file as it is, where git has it so; else why it is not edited.
pub(super) fn clean(
    place: &Workplace,
    file: &str,
) -> Result<std::result::Result<File, &'static str>> {
    const UNCOMMITTED: &str = "git does not have it as it is: commit it first";
    let (Some(git), Ok(path)) = (place.git(), TreePath::new(file)) else {
        return Ok(Err("it is not in git"));
    };
    let Entry::File(found) = place.entry(&path)? else {
        return Ok(Err("it is no plain file"));
    };
    if found.is_link() {
        return Ok(Err("it is a link"));
    }
    let is_known = git.untracked(std::iter::once(&path))?.is_empty();
    let is_clean = is_known && git.dirty(&[(&path, &found)])?.is_empty();
    Ok(if is_clean {
        Ok(found)
    } else {
        Err(UNCOMMITTED)
    })
}

fn ask(group: &Group, made: &Edited, proposed: bool, ui: &mut Ui) -> Result<bool> {
    let names: Vec<&str> = group
        .literals
        .iter()
        .filter_map(|literal| literal.variable.as_deref())
        .collect();
    ui.say("");
    for line in lines(group.file, made) {
        ui.say(line);
    }
    let items = [
        "no, I see to it myself".to_owned(),
        format!("yes, let {} name it", names.join(", ")),
    ];
    let prompt = format!("Edit {}, which containers need?", group.file);
    let index = ui.prompt.select(&prompt, &items, usize::from(proposed))?;
    let answer = if index == 1 { "yes" } else { "no" };
    ui.say(format!("  edit of {}: {answer}", group.literals[0].place));
    Ok(index == 1)
}

/// The lines that change, as people see them.
fn lines(file: &str, made: &Edited) -> Vec<String> {
    let mut shown = vec![format!("  {file}")];
    for change in &made.changes {
        if let Some(before) = &change.before {
            shown.push(format!("  {:>4} - {}", change.line, visible(before)));
        }
        shown.push(format!("  {:>4} + {}", change.line, visible(&change.after)));
    }
    shown
}
