//! What no merge of files can bring together: Django migrations that both sides made of one state of the models.
//!
//! Django refuses to migrate an app whose migrations have two leaves, and asks for `makemigrations --merge`
//! (`NodeNotFoundError` and "Conflicting migrations detected" of `django.core.management.commands.migrate`).

use std::collections::{BTreeMap, BTreeSet};

/// The migrations of one app: name without `.py` → source.
pub type Migrations = BTreeMap<String, String>;

/// The folder and the name of a migration at `path`; none where it is something else.
#[must_use]
pub fn parts(path: &str) -> Option<(&str, &str)> {
    let (folder, file) = path.rsplit_once('/')?;
    let name = file.strip_suffix(".py")?;
    let is_package = folder == "migrations" || folder.ends_with("/migrations");
    (is_package && !name.starts_with(['_', '~'])).then_some((folder, name))
}

/// What is wrong with `after` and was not with `before`, both the migrations in `folder`; one sentence, or none.
#[must_use]
pub fn clash(folder: &str, before: &Migrations, after: &Migrations) -> Option<String> {
    let app = folder.rsplit('/').nth(1).unwrap_or_default();
    let ends = leaves(app, after);
    if ends.len() > leaves(app, before).len().max(1) {
        return Some(format!(
            "{folder} then ends in {}: run `./go.sh manage.py makemigrations --merge` before you migrate",
            listed(&ends)
        ));
    }
    let twins = same_number(after);
    (!twins.is_empty() && twins != same_number(before)).then(|| {
        format!(
            "{folder} then has two migrations of one number: {}",
            listed(&twins)
        )
    })
}

fn listed(names: &BTreeSet<&str>) -> String {
    names.iter().copied().collect::<Vec<_>>().join(" and ")
}

/// The migrations that no other one of the app depends on.
fn leaves<'a>(app: &str, migrations: &'a Migrations) -> BTreeSet<&'a str> {
    let mut needed: Vec<(&str, &str, &str)> = Vec::new();
    let mut replaced = BTreeMap::new();
    for (name, source) in migrations {
        let depends = pairs(source, "dependencies").into_iter();
        needed.extend(depends.map(|(label, other)| (name.as_str(), label, other)));
        for (_, other) in pairs(source, "replaces") {
            replaced.insert(other, name.as_str());
        }
    }
    // The label of an app is its folder's name, unless its configuration gives it another.
    let is_labelled = needed.iter().any(|(_, label, _)| *label == app);
    let needed: BTreeSet<&str> = needed
        .iter()
        .filter(|(_, label, _)| !is_labelled || *label == app)
        .flat_map(|(by, _, other)| {
            let squashed = replaced.get(other).copied().filter(|name| name != by);
            [Some(*other), squashed]
        })
        .flatten()
        .collect();
    migrations
        .keys()
        .map(String::as_str)
        .filter(|name| !needed.contains(name) && !replaced.contains_key(name))
        .collect()
}

/// All migrations whose number another one has too; a squashed one stands beside what it replaces.
fn same_number(migrations: &Migrations) -> BTreeSet<&str> {
    let replaced: BTreeSet<&str> = migrations
        .values()
        .flat_map(|source| pairs(source, "replaces"))
        .map(|(_, name)| name)
        .collect();
    let mut by_number: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, source) in migrations {
        let digits = name.len() - name.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let is_squash = !pairs(source, "replaces").is_empty();
        if digits > 0 && !is_squash && !replaced.contains(name.as_str()) {
            by_number.entry(&name[..digits]).or_default().push(name);
        }
    }
    by_number
        .into_values()
        .filter(|names| names.len() > 1)
        .flatten()
        .collect()
}

/// The pairs of strings in the list that `name` is bound to in a migration's class, as `makemigrations` writes them.
fn pairs<'a>(source: &'a str, name: &str) -> Vec<(&'a str, &'a str)> {
    let Some(list) = source.lines().find_map(|line| {
        let value = line.trim_start().strip_prefix(name)?.trim_start();
        let value = value.strip_prefix('=')?.trim_start();
        value.starts_with('[').then_some(value)
    }) else {
        return Vec::new();
    };
    let start = list.as_ptr() as usize - source.as_ptr() as usize;
    let list = &source[start..];
    let list = &list[..list.find(']').unwrap_or(list.len())];
    let tuples = list.split('(').skip(1);
    tuples
        .filter_map(|tuple| {
            let mut strings = tuple.split(')').next()?.split(',').map(str::trim);
            Some((unquoted(strings.next()?)?, unquoted(strings.next()?)?))
        })
        .collect()
}

fn unquoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    text.strip_prefix(quote)?.strip_suffix(quote)
}
