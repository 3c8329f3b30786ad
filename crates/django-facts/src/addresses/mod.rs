//! Every address that the project reads, and every one that stands in its code: databases, caches, brokers, search, mail.
//!
//! Names tell what an address is for, and so do the places that it is used at and the values that it has. Passwords are
//! neither kept nor shown.

mod choices;
mod code;
mod collect;
mod collected;
mod context;
mod edit;
mod lexer;
mod merge;
mod model;
mod reading;
mod sources;
mod told;
mod walk;
mod words;

pub use edit::{Change, Edited, edited};
pub use model::{Addresses, Literal, Purpose, Role, Server, Told, Variable};
pub(super) use reading::reading;
pub(super) use sources::examples;

use super::dynaconf;
use super::guards::is_for_tests;
use super::settings::Settings;
use super::sources::Sources;
use collected::{Collected, Occurrence};

/// Whether the value of a variable of this name is one that nobody should read.
#[must_use]
pub(super) fn is_secret_name(name: &str) -> bool {
    words::is_secret(name)
}

/// The settings of a project, by who runs them.
pub(super) struct Run<'a> {
    /// The settings that developers run.
    pub(super) usual: &'a Settings,
    /// The settings of other environments, by their files.
    pub(super) variants: &'a [(String, Settings)],
    /// The settings that the production site runs, where these are others.
    pub(super) production: Option<&'a Settings>,
}

impl Run<'_> {
    /// Whether a file is one of the settings, of whatever environment.
    fn has(&self, file: &String) -> bool {
        let variants = self.variants.iter().map(|(_, settings)| settings);
        let all = [Some(self.usual), self.production].into_iter().flatten();
        all.chain(variants)
            .any(|settings| settings.files.contains(file))
    }
}

/// The variables that dynaconf puts over the default database of its files, whatever these say.
fn of_dynaconf(into: &mut Collected, sources: &Sources, file: &str) {
    let Some(found) = dynaconf::of(sources, file) else {
        return;
    };
    let parts = [
        ("NAME", Role::Name),
        ("USER", Role::User),
        ("PASSWORD", Role::Password),
        ("HOST", Role::Host),
        ("PORT", Role::Port),
    ];
    into.reads.extend(parts.map(|(part, role)| Occurrence {
        name: format!("{}_DATABASES__default__{part}", found.prefix),
        told: Told::new(Purpose::Database, None, role),
        alias: None,
        default: None,
        is_required: false,
        file: file.to_owned(),
        line: found.line,
    }));
}

/// All addresses of the settings and of Celery's modules. `has_celery` says that the project uses Celery.
pub(super) fn find(sources: &Sources, run: &Run, python_path: &str, has_celery: bool) -> Addresses {
    let of_settings = |settings: &Settings| {
        let mut found = Collected::default();
        let mut files: Vec<&String> = settings.files.iter().collect();
        files.extend(settings.entries.iter().map(|entry| &entry.file));
        files.sort();
        files.dedup();
        files.retain(|file| !is_for_tests(file) || settings.files.first() == Some(file));
        let statements: Vec<_> = files.iter().map(|file| sources.python(file)).collect();
        found.choices = choices::names(statements.iter().map(|file| file.as_slice()));
        found.settings(settings);
        for file in files {
            of_dynaconf(&mut found, sources, file);
            code::clients(&mut found, settings, &sources.python(file), file);
            found.statements(settings, &sources.python(file), file);
            sources::formatted(&mut found, settings, sources, file);
        }
        found
    };
    let mut code = Collected::default();
    let mut celery = None;
    for file in code::modules(sources, has_celery) {
        if run.has(&file) {
            continue;
        }
        let own = Settings::load(sources, python_path, &file);
        let statements = sources.python(&file);
        code.choices = choices::names(std::iter::once(statements.as_slice()));
        if code::celery(&mut code, &own, &statements, &file) {
            celery.get_or_insert_with(|| file.clone());
        }
        code::clients(&mut code, &own, &statements, &file);
        code.statements(&own, &statements, &file);
        sources::formatted(&mut code, &own, sources, &file);
    }
    // The site does not need the variables that only a script reads.
    code.reads.retain(|read| read.told.is_address());
    let mut all = merge::Merge::new(sources::examples(sources));
    all.add(of_settings(run.usual), true, run.production.is_none());
    if let Some(production) = run.production {
        all.add(of_settings(production), false, true);
    }
    all.add(code, true, true);
    for (path, variant) in run.variants.iter().filter(|(path, _)| !is_for_tests(path)) {
        let is_run = run.usual.files.contains(path)
            || run
                .production
                .is_some_and(|settings| settings.files.contains(path));
        if !is_run {
            // Where the declared settings hold nothing, the environment chooses one of these variants, so that they count.
            all.add(
                of_settings(variant),
                run.usual.is_hollow(),
                run.usual.is_hollow(),
            );
        }
    }
    Addresses {
        celery,
        ..all.addresses()
    }
}
