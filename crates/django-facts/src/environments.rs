//! Which settings module each environment runs: what manage.py names is what developers run, and often not what the site runs.

use std::collections::BTreeSet;

use super::configuration::{named, server_entries};
use super::database::{self, Installed};
use super::debugging;
use super::declared::{declared, settle};
use super::entrance::Entrance;
use super::expression::Expr;
use super::finding::{Confidence, Finding, at};
use super::findings::Environments;
use super::neighbours::Neighbour;
use super::purposes::Purpose;
use super::settings::Settings;
use super::sources::{Sources, below, dotted};
use super::switches;

/// A module, and where it is named.
type Named = (String, String);

/// What is known before anything is decided.
struct Candidates {
    /// What developers run.
    usual: Finding<String>,
    /// What the files name that servers start.
    served: Vec<(String, Finding<String>)>,
    /// What stands beside the settings, or is named by files that start programs.
    others: Vec<Named>,
    /// What a file names that a server starts, and the project does not have.
    absent: Option<Finding<String>>,
}

pub(super) fn find(
    sources: &Sources,
    (entrance, module): (&Entrance, &Finding<String>),
    usual: &Settings,
    variants: &[(String, Settings)],
    (python_path, neighbours): (&str, &[Neighbour]),
    installed: Installed,
) -> Environments {
    let candidates = Candidates::find(
        sources,
        (entrance, module),
        variants,
        (python_path, neighbours),
    );
    let production = candidates.production();
    let staging = candidates
        .beside(Purpose::Staging)
        .unwrap_or_else(|| production.clone());
    let test = candidates
        .beside(Purpose::Test)
        .unwrap_or_else(|| candidates.usual.clone());
    let file = production
        .text()
        .and_then(|module| sources.module(python_path, module));
    let own = file.map(|file| Settings::load(sources, python_path, &file));
    let is_other = production.value != candidates.usual.value;
    let database = own
        .as_ref()
        .filter(|_| is_other)
        .map(|settings| database::find(sources, settings, &[], installed));
    Environments {
        production,
        staging,
        test,
        switches: switches::find(
            sources,
            entrance,
            own.iter()
                .chain(std::iter::once(usual))
                .chain(variants.iter().map(|(_, settings)| settings)),
        ),
        debugging: debugging::find(usual),
        debug_in_production: own.as_ref().and_then(debug),
        database_in_production: database,
    }
}

/// Where the settings turn DEBUG on when nothing is set in the environment.
fn debug(settings: &Settings) -> Option<String> {
    let entry = settings.last("DEBUG")?;
    let is_on = |expr: &Expr| {
        expr.name() == Some("True")
            || matches!(expr.text(), Some("True" | "true" | "1" | "yes" | "on"))
    };
    let by_default = entry.value.call().is_some_and(|(_, arguments)| {
        let mut defaults = arguments.iter().skip(1);
        defaults.any(|argument| is_on(&argument.value))
    });
    (is_on(&entry.value) || by_default).then(|| at(&entry.file, entry.line))
}

impl Candidates {
    fn find(
        sources: &Sources,
        (entrance, module): (&Entrance, &Finding<String>),
        variants: &[(String, Settings)],
        (python_path, neighbours): (&str, &[Neighbour]),
    ) -> Self {
        let is_there = |module: &str| sources.module(python_path, module).is_some();
        let is_neighbour = |module: &str| {
            let file = sources.module(python_path, module);
            file.is_some_and(|file| neighbours.iter().any(|other| other.file == file))
        };
        let mut served: Vec<(String, Finding<String>)> = Vec::new();
        let mut absent = None;
        for path in server_entries(sources) {
            let found = settle(path, &declared(sources, path));
            let Some(module) = found.text().filter(|module| is_there(module)) else {
                absent = absent.or(Some(found).filter(|found| found.text().is_some()));
                continue;
            };
            if is_neighbour(module) {
                continue;
            }
            // One file may have two names, where its folder is a package by itself.
            let file = sources.module(python_path, module);
            let usual = entrance.settings_module.text();
            match usual.filter(|_| file == entrance.settings_file) {
                Some(usual) => {
                    let found = Finding::new(usual, found.confidence, found.evidence);
                    served.push((usual.to_owned(), found));
                }
                None => served.push((module.to_owned(), found.clone())),
            }
        }
        let beside = variants.iter().filter_map(|(path, _)| {
            let module = module_of(path, python_path)?;
            Some((module, path.clone()))
        });
        let others = beside.chain(named(sources, |module| {
            is_there(module) && !is_neighbour(module)
        }));
        Self {
            usual: module.clone(),
            others: others.collect(),
            served,
            absent,
        }
    }

    /// What the site runs: what its server names, unless that is for developers and something better stands beside it.
    fn production(&self) -> Finding<String> {
        let usual = self.usual.text().unwrap_or_default();
        let modules: BTreeSet<&str> = self
            .served
            .iter()
            .map(|(module, _)| module.as_str())
            .collect();
        let fitting: Vec<&(String, Finding<String>)> = self
            .served
            .iter()
            .filter(|(module, _)| Purpose::of(module) == Purpose::Production)
            .collect();
        let beside = self.beside(Purpose::Production);
        if let Some((module, found)) = fitting.first() {
            let is_agreed = fitting.iter().all(|(other, _)| other == module);
            return if is_agreed {
                found.clone()
            } else {
                self.low(found)
            };
        }
        if Purpose::of(usual) == Purpose::Production {
            return self.usual.clone();
        }
        let served = self.served.first().map(|(_, found)| found);
        match (beside, served) {
            // The server names developers' settings, and settings of production stand beside them.
            (Some(beside), Some(served))
                if Purpose::of(usual) == Purpose::Developers || modules.len() > 1 =>
            {
                let mut found = self.low(&beside);
                found.evidence.extend(served.evidence.iter().cloned());
                found
            }
            // The environment overrides what the server's file of a new project names.
            (Some(beside), Some(_)) if modules.contains(usual) => beside,
            (Some(beside), None) => beside,
            (_, Some(served)) if modules.len() == 1 => served.clone(),
            (_, Some(served)) => self.low(served),
            (None, None) => match &self.absent {
                Some(absent) if absent.value != self.usual.value => self.low(absent),
                _ => self.usual.clone(),
            },
        }
    }

    /// The one module of a purpose; not certain where there are several.
    fn beside(&self, purpose: Purpose) -> Option<Finding<String>> {
        let mut found = self
            .others
            .iter()
            .filter(|(module, _)| Purpose::of(module) == purpose);
        let (module, place) = found.next()?;
        let is_only = found.all(|(other, _)| other == module);
        let confidence = if is_only {
            Confidence::Medium
        } else {
            Confidence::Low
        };
        Some(Finding::new(
            module.as_str(),
            confidence,
            vec![place.clone()],
        ))
    }

    fn low(&self, found: &Finding<String>) -> Finding<String> {
        let usual = self.usual.evidence.iter().cloned();
        let mut found = found.clone().with(Confidence::Low);
        found.evidence.extend(usual);
        found
    }
}

/// The module of a file, where it has a name that can be imported.
fn module_of(path: &str, python_path: &str) -> Option<String> {
    let inside = below(path, python_path)?.strip_suffix(".py")?;
    dotted(inside.strip_suffix("/__init__").unwrap_or(inside))
}
