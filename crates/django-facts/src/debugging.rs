//! The variable that turns DEBUG on for developers, where it is off without.

use super::addresses::reading;
use super::expression::{Expr, ExprKind as E};
use super::finding::at;
use super::settings::Settings;

/// A variable with the value that turns DEBUG on, and where it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Debugging {
    pub name: String,
    pub value: String,
    pub place: String,
}

/// The variable that DEBUG is read from, where nothing turns it on unless that is set.
pub(super) fn find(settings: &Settings) -> Option<Debugging> {
    let entry = settings.last("DEBUG")?;
    let mut found = None;
    entry.value.walk(&mut |part| {
        if found.is_none() {
            found = reading(part, Some("DEBUG"));
        }
    });
    let read = found?;
    let is_on = read.default.is_some_and(|default| {
        default.name() == Some("True")
            || matches!(&default.kind, E::Number(number) if number != "0")
            || default
                .text()
                .is_some_and(|text| matches!(&*text.to_lowercase(), "true" | "1" | "yes" | "on"))
    });
    // Where it is the word of an environment, that is set for itself.
    let is_named = read.name.to_ascii_uppercase().contains("DEBUG");
    (is_named && !is_on).then(|| Debugging {
        name: read.name,
        value: value(&entry.value),
        place: at(&entry.file, entry.line),
    })
}

/// What the expression takes for on.
fn value(expr: &Expr) -> String {
    let mut value = "True".to_owned();
    expr.walk(&mut |part| match &part.kind {
        E::Binary(op, left, right) if op == "==" || op == "in" => {
            let words = |side: &Expr| match &side.kind {
                E::Text(text) => Some(text.clone()),
                E::List(items) => items.first()?.text().map(str::to_owned),
                _ => None,
            };
            if let Some(word) = words(right).or_else(|| words(left)) {
                value = word;
            }
        }
        E::Call(function, _) if function.name() == Some("int") => "1".clone_into(&mut value),
        _ => {}
    });
    value
}
