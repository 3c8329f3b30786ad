//! Signs that a formatter sets and takes out: commas with nothing behind them, brackets around all that there is.

use super::token::{Role, Token, is_word};
use crate::hash::Set;

/// The places of tokens that a formatter may set or take out.
pub(super) fn soft(python: bool, text: &str, tokens: &[Token]) -> Set<usize> {
    let raw = |at: usize| {
        tokens
            .get(at)
            .map_or("", |token| &text[token.start..token.end])
    };
    let mut soft = Set::default();
    let mut open: Vec<Group> = Vec::new();
    for at in 0..tokens.len() {
        let role = tokens[at].role;
        if role.is_comment() {
            continue;
        }
        if matches!(role, Role::Starts(_)) {
            open.clear();
        }
        match raw(at) {
            "(" | "[" | "{" => open.push(Group {
                at,
                commas: 0,
                last: None,
                kind: before(&raw, tokens, at),
            }),
            sign @ (")" | "]" | "}") => {
                let Some(group) = open.pop() else { continue };
                let alone = group.commas == 1 && python;
                let tuple = match (sign, group.kind) {
                    ("}", _) | ("]", Before::Nothing) => false,
                    (_, Before::Nothing) | ("]", _) => true,
                    _ => false,
                };
                if let Some(comma) = group.last
                    && !(alone && tuple)
                {
                    soft.insert(comma);
                }
                if python && sign == ")" && optional(&raw, tokens, &group, at) {
                    soft.extend([group.at, at]);
                }
            }
            "," => {
                if let Some(group) = open.last_mut() {
                    group.commas += 1;
                    group.last = Some(at);
                }
                continue;
            }
            _ => {}
        }
        if !matches!(raw(at), "(" | "[" | "{")
            && let Some(group) = open.last_mut()
        {
            group.last = None;
        }
    }
    soft
}

/// An open bracket.
struct Group {
    at: usize,
    commas: usize,
    /// The comma with nothing behind it yet.
    last: Option<usize>,
    kind: Before,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// A name or a bracket, which is called, or looked into.
    Value,
    Nothing,
    Import,
}

fn before<'t>(raw: &impl Fn(usize) -> &'t str, tokens: &[Token], at: usize) -> Before {
    const WORDS: [&str; 23] = [
        "return", "in", "and", "or", "not", "if", "elif", "else", "while", "for", "yield", "await",
        "assert", "del", "is", "lambda", "from", "raise", "with", "as", "except", "case", "match",
    ];
    if at == 0 || matches!(tokens[at].role, Role::Starts(_)) {
        return Before::Nothing;
    }
    match raw(at - 1) {
        "import" => Before::Import,
        ")" | "]" | "}" => Before::Value,
        word if word.starts_with(is_word) && !WORDS.contains(&word) => Before::Value,
        _ => Before::Nothing,
    }
}

/// Whether round brackets could as well not be there: they hold all that is assigned, returned, asked or gone through.
fn optional<'t>(
    raw: &impl Fn(usize) -> &'t str,
    tokens: &[Token],
    group: &Group,
    close: usize,
) -> bool {
    let open = group.at;
    if open == 0 || close == open + 1 || tokens[open].nest > 0 {
        return close == open + 1 && open >= 2 && raw(open - 2) == "class" && raw(close + 1) == ":";
    }
    let next = (close + 1..tokens.len()).find(|at| tokens[*at].role != Role::Remark);
    let ends = next.is_none_or(|at| matches!(tokens[at].role, Role::Starts(_) | Role::Comment(_)));
    let behind = next.map_or("", raw);
    let generates = (open + 1..close).any(|at| {
        tokens[at].nest == tokens[open].nest + 1
            && matches!(raw(at), "for" | "yield" | "await" | "*")
    });
    if generates {
        return false;
    }
    match raw(open - 1) {
        "=" => ends && !matches!(raw(open.saturating_sub(2)), "=" | "!" | "<" | ">"),
        "return" | "import" => ends,
        "in" if group.commas > 0 => {
            behind == ":"
                && (0..open)
                    .rev()
                    .find(|at| matches!(tokens[*at].role, Role::Starts(_)))
                    .map(raw)
                    == Some("for")
        }
        "if" | "elif" | "while" | "in" | "assert" | "with" => {
            group.commas == 0 && (ends || behind == ":")
        }
        "for" => behind == "in",
        _ => false,
    }
}
