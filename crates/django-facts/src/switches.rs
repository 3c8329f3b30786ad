//! Variables that tell a project which of its own environments it is: `DJANGO_CONFIGURATION` of django-configurations, the
//! switcher of dynaconf, and whatever name settings compare with `"production"`.

use super::addresses::{examples, reading};
use super::configuration::server_entries;
use super::declared::delegates;
use super::dynaconf;
use super::entrance::Entrance;
use super::expression::{Expr, ExprKind as E};
use super::finding::at;
use super::findings::Switch;
use super::purposes::Purpose;
use super::settings::Settings;
use super::sources::Sources;
use super::syntax::{Block, Statement, StatementKind};

const CONFIGURATION: &str = "DJANGO_CONFIGURATION";
/// So deep a name stands for a name for a name.
const DEEPEST: usize = 4;
/// Words of names that say that a variable is about the whole project, and not about one of its parts.
const OF_ALL: [&str; 22] = [
    "DJANGO",
    "APP",
    "APPLICATION",
    "PROJECT",
    "SITE",
    "SERVER",
    "DEPLOY",
    "DEPLOYMENT",
    "RUN",
    "RUNTIME",
    "CURRENT",
    "STAGE",
    "MODE",
    "SETTINGS",
    "CONFIG",
    "CONFIGURATION",
    "PROFILE",
    "TIER",
    "TYPE",
    "NAME",
    "ENV",
    "ENVIRONMENT",
];

/// A word that a variable is compared with.
struct Compared {
    name: String,
    /// What the variable is where nothing sets it.
    default: Option<String>,
    word: String,
    place: String,
}

/// The variables, in the order of their names, each with its value in the environments that are no developer's.
pub(super) fn find<'a>(
    sources: &Sources,
    entrance: &Entrance,
    all: impl Iterator<Item = &'a Settings> + Clone,
) -> Vec<Switch> {
    let mut found: Vec<Switch> = Vec::new();
    let files: Vec<&String> = all.clone().flat_map(|settings| &settings.files).collect();
    let more = [
        configurations(sources, entrance, &files),
        of_dynaconf(sources, &files),
    ];
    let compared = of_words(
        all.flat_map(|settings| compared(sources, settings))
            .collect(),
    );
    for switch in more.into_iter().flatten().chain(compared) {
        if !found.iter().any(|known| known.name == switch.name) {
            found.push(switch);
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// What comparisons say of each variable.
fn of_words(all: Vec<Compared>) -> Vec<Switch> {
    let mut names: Vec<&str> = all.iter().map(|compared| compared.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let one = |name: &str| {
        let of_name = || all.iter().filter(|compared| compared.name == name);
        let word = |purpose| {
            let mut words = of_name().filter(|compared| Purpose::of(&compared.word) == purpose);
            words.next().map(|compared| compared.word.clone())
        };
        let first = of_name().next()?;
        let default = first.default.as_deref();
        let usual = default.map_or(Purpose::Unsaid, Purpose::of);
        let production = word(Purpose::Production);
        // Whoever leaves the word of developers is in production.
        let is_left = usual == Purpose::Developers && word(Purpose::Developers).is_some();
        let production = production.or_else(|| is_left.then(|| "production".to_owned()))?;
        let is_production_by_default = default == Some(production.as_str());
        Some(Switch {
            name: name.to_owned(),
            developers: word(Purpose::Developers)
                .filter(|_| usual == Purpose::Production || default.is_none()),
            staging: word(Purpose::Staging),
            test: word(Purpose::Test),
            production: Some(production).filter(|_| !is_production_by_default),
            words: Vec::new(),
            place: first.place.clone(),
        })
    };
    names.into_iter().filter_map(one).collect()
}

/// What the settings compare variables with, in the order of the files.
fn compared(sources: &Sources, settings: &Settings) -> Vec<Compared> {
    let mut found = Vec::new();
    for file in &settings.files {
        for statement in sources.python(file).iter() {
            let conditions = statement.inside.iter().filter_map(|block| match block {
                Block::If(condition) | Block::Else(condition) => Some(condition),
                _ => None,
            });
            let own = match &statement.kind {
                StatementKind::Assign { value, .. } => Some(value),
                StatementKind::Expression(expr) => Some(expr),
                _ => None,
            };
            for expr in conditions.chain(own) {
                comparisons(expr, &mut |side, words| {
                    if let Some((name, default)) = variable(settings, side, file, 0)
                        && is_of_all(&name)
                    {
                        let words = words.iter().map(|word| Compared {
                            name: name.clone(),
                            default: default.clone(),
                            word: (*word).to_owned(),
                            place: at(file, side.line),
                        });
                        found.extend(words);
                    }
                });
            }
        }
    }
    found
}

/// Each side of a comparison that may be a variable, with the words that it is compared with.
fn comparisons<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr, &[&'e str])) {
    let mut conditions = Vec::new();
    expr.walk(&mut |part| match &part.kind {
        E::Binary(op, left, right) if matches!(op.as_str(), "==" | "!=" | "in" | "not in") => {
            for (side, other) in [(left, right), (right, left)] {
                let words = words(other);
                if !words.is_empty() {
                    visit(side, &words);
                }
            }
        }
        E::Index(of, key) => {
            if let E::Dict(items) = &of.kind {
                let words = items.iter().filter_map(|(key, _)| key.as_ref()?.text());
                visit(key, &words.collect::<Vec<_>>());
            }
        }
        E::Choice(_, _, condition) => conditions.push(condition.as_ref()),
        _ => {}
    });
    for condition in conditions {
        comparisons(condition, visit);
    }
}

fn words(expr: &Expr) -> Vec<&str> {
    match &expr.kind {
        E::Text(text) => vec![text],
        E::List(items) => items.iter().filter_map(Expr::text).collect(),
        _ => Vec::new(),
    }
}

/// The variable that an expression reads, whatever is done to its letters, and its default.
fn variable(
    settings: &Settings,
    expr: &Expr,
    file: &str,
    depth: usize,
) -> Option<(String, Option<String>)> {
    if depth > DEEPEST {
        return None;
    }
    if let Some(read) = reading(expr, None) {
        let default = read.default.and_then(Expr::text).map(str::to_owned);
        return Some((read.name, default));
    }
    if let Some(name) = expr.name() {
        let entry = settings.lookup(name, file)?;
        return variable(settings, &entry.value, &entry.file, depth + 1);
    }
    match &expr.kind {
        E::Call(function, _) => {
            let (of, last) = function.attribute()?;
            let keeps = matches!(last, "lower" | "upper" | "strip" | "casefold");
            keeps.then(|| variable(settings, of, file, depth + 1))?
        }
        E::Binary(op, left, right) if op == "or" => {
            let (name, default) = variable(settings, left, file, depth + 1)?;
            Some((name, default.or_else(|| right.text().map(str::to_owned))))
        }
        E::Named(_, inner) => variable(settings, inner, file, depth + 1),
        _ => None,
    }
}

/// Whether a variable's name says that it is about the whole project. Money moves where `PAYPAL_MODE` is `live`.
fn is_of_all(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or(name);
    let is_one = matches!(last, "ENV" | "ENVIRONMENT");
    (is_one || name.split('_').all(|word| OF_ALL.contains(&word)))
        && name != "DJANGO_SETTINGS_MODULE"
}

/// `DJANGO_CONFIGURATION`, which names one of the classes of the settings.
fn configurations(sources: &Sources, entrance: &Entrance, files: &[&String]) -> Option<Switch> {
    let manage = entrance.manage_py.text().map(str::to_owned);
    let delegates = manage.iter().flat_map(|manage| delegates(sources, manage));
    let of_developers: Vec<(String, String)> = manage
        .iter()
        .cloned()
        .chain(delegates)
        .flat_map(|path| named_there(sources, &path))
        .collect();
    let served: Vec<(String, String)> = server_entries(sources)
        .flat_map(|path| named_there(sources, path))
        .collect();
    let (_, place) = of_developers.first().or(served.first())?;
    let classes: Vec<String> = files
        .iter()
        .flat_map(|file| classes(&sources.text(file)))
        .collect();
    let only = |purpose| {
        let mut fitting = classes.iter().filter(|class| Purpose::of(class) == purpose);
        let first = fitting.next()?;
        fitting.all(|class| class == first).then(|| first.clone())
    };
    let mut of_servers = served.iter().map(|(class, _)| class);
    let named = of_servers
        .next()
        .filter(|first| of_servers.all(|class| class == *first));
    let is_developers = named.is_some_and(|class| Purpose::of(class) == Purpose::Developers);
    Some(Switch {
        name: CONFIGURATION.to_owned(),
        developers: match of_developers.first() {
            Some((class, _)) => Some(class.clone()),
            None => only(Purpose::Developers),
        },
        staging: only(Purpose::Staging),
        test: only(Purpose::Test),
        production: named
            .filter(|_| !is_developers)
            .cloned()
            .or_else(|| only(Purpose::Production)),
        words: classes,
        place: place.clone(),
    })
}

/// The values that a file gives to `DJANGO_CONFIGURATION`, with their places.
fn named_there(sources: &Sources, path: &str) -> Vec<(String, String)> {
    let value = |statement: &Statement| match &statement.kind {
        StatementKind::Assign { targets, value, .. } => {
            let is_it = |target: &Expr| matches!(&target.kind, E::Index(_, key) if key.text() == Some(CONFIGURATION));
            targets
                .iter()
                .any(is_it)
                .then(|| value.text().map(str::to_owned))?
        }
        StatementKind::Expression(expr) => {
            let (function, arguments) = expr.call()?;
            let sets = function.ends_with("setdefault") || function.ends_with("putenv");
            let is_it = sets && arguments.first()?.value.text() == Some(CONFIGURATION);
            is_it.then(|| arguments.get(1)?.value.text().map(str::to_owned))?
        }
        _ => None,
    };
    let statements = sources.python(path);
    let found = statements
        .iter()
        .filter_map(|statement| Some((value(statement)?, at(path, statement.line))));
    found.collect()
}

/// The names of the classes of a file, but for those that stand in something else.
fn classes(text: &str) -> Vec<String> {
    let names = text.lines().filter_map(|line| {
        let name = line
            .strip_prefix("class ")?
            .split(['(', ':'])
            .next()?
            .trim();
        Some(name.to_owned())
    });
    names.collect()
}

/// The switcher of dynaconf, whose words are the sections of its files.
fn of_dynaconf(sources: &Sources, files: &[&String]) -> Option<Switch> {
    let (name, place) = files.iter().find_map(|file| {
        let found = dynaconf::of(sources, file)?;
        Some((found.switcher?, at(file, found.line)))
    })?;
    let all = dynaconf::files(sources);
    let words: Vec<String> = all
        .flat_map(|file| dynaconf::sections(&sources.text(file)))
        .collect();
    let word = |purpose| {
        let mut fitting = words.iter().filter(|word| Purpose::of(word) == purpose);
        fitting.next().cloned()
    };
    let mut examples = examples(sources).into_iter();
    let example = examples.find(|(known, _)| *known == name);
    let example = example.map(|(_, value)| value);
    let fits = |value: &String| Purpose::of(value) == Purpose::Developers && words.contains(value);
    Some(Switch {
        developers: example.filter(fits),
        staging: word(Purpose::Staging),
        test: word(Purpose::Test),
        production: word(Purpose::Production),
        name,
        words,
        place,
    })
}
