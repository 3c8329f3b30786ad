//! Makes an address in the code the default of a variable: `"x"` → `os.environ.get("NAME", "x")`.

use std::ops::Range;

use super::super::syntax::{self, StatementKind};
use super::super::text::decode;
use super::lexer::{self, Kind, Token};
use super::model::Literal;
use super::words;

/// A line before and after the edit, with its passwords masked. An inserted line has no text before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub line: usize,
    pub before: Option<String>,
    pub after: String,
}

/// A file with the edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    pub bytes: Vec<u8>,
    /// The changed lines, to show to a person.
    pub changes: Vec<Change>,
}

/// Puts a variable in front of each address. All of them stand in the file of these bytes, which keeps its encoding and its
/// line ends.
///
/// The result is `None` where an address is not found as it was read, or is a part of a larger expression.
#[must_use]
pub fn edited(bytes: &[u8], literals: &[&Literal]) -> Option<Edited> {
    if bytes.contains(&0) {
        return None;
    }
    let tokens = lexer::tokens(bytes);
    let mut edits: Vec<(Range<usize>, Vec<u8>)> = Vec::new();
    for literal in literals {
        let name = literal.variable.as_deref()?;
        let token = find(bytes, &tokens, literal)?;
        let quote = match &token.kind {
            Kind::Text(content) => &bytes[content.end..=content.end],
            _ => b"\"",
        };
        let mut made = b"os.environ.get(".to_vec();
        made.extend_from_slice(quote);
        made.extend_from_slice(name.as_bytes());
        made.extend_from_slice(quote);
        made.extend_from_slice(b", ");
        made.extend_from_slice(&bytes[token.at.clone()]);
        made.push(b')');
        if !edits.iter().any(|(at, _)| *at == token.at) {
            edits.push((token.at.clone(), made));
        }
    }
    let import = import(bytes, &tokens)?;
    edits.extend(import.clone());
    edits.sort_by_key(|(at, _)| at.start);
    let mut made = bytes.to_vec();
    for (at, text) in edits.iter().rev() {
        made.splice(at.clone(), text.iter().copied());
    }
    let changes = changes(bytes, &made, import.as_ref().map(|(at, _)| at.start));
    Some(Edited {
        bytes: made,
        changes,
    })
}

/// The token of a literal. It is `None` where several tokens could be meant.
fn find<'t>(bytes: &[u8], tokens: &'t [Token], literal: &Literal) -> Option<&'t Token> {
    let is_it = |token: &Token| {
        let content = match &token.kind {
            Kind::Text(content) => content,
            Kind::Word => &token.at,
            _ => return false,
        };
        token.line == literal.line && bytes[content.clone()] == *literal.text.as_bytes()
    };
    let found: Vec<usize> = (0..tokens.len())
        .filter(|index| is_it(&tokens[*index]))
        .collect();
    let keyed: Vec<usize> = found
        .iter()
        .copied()
        .filter(|index| {
            literal
                .key
                .as_deref()
                .is_some_and(|key| has_key(bytes, tokens, *index, key))
        })
        .collect();
    let index = match (&keyed[..], &found[..]) {
        ([one], _) | ([], [one]) => *one,
        _ => return None,
    };
    let is_text = |index: Option<usize>| {
        let token = index.and_then(|index| tokens.get(index));
        token.is_some_and(|token| matches!(token.kind, Kind::Text(_) | Kind::OtherText))
    };
    // Python joins neighbouring strings, and an operator behind the string may put something into it.
    let after = tokens
        .get(index + 1)
        .filter(|after| after.line == tokens[index].line || after.depth > 0);
    let is_used =
        after.is_some_and(|after| matches!(&bytes[after.at.clone()], b"%" | b"." | b"+" | b"["));
    let is_alone = !is_text(index.checked_sub(1)) && !is_text(after.map(|_| index + 1)) && !is_used;
    is_alone.then(|| &tokens[index])
}

/// Whether `key: value`, `key = value` or `…[key] = value` ends with this token.
fn has_key(bytes: &[u8], tokens: &[Token], index: usize, key: &str) -> bool {
    let back = |steps: usize| index.checked_sub(steps).map(|at| &tokens[at]);
    let (Some(sign), Some(name)) = (back(1), back(2)) else {
        return false;
    };
    let is_name = |token: &Token| match &token.kind {
        Kind::Text(content) => bytes[content.clone()] == *key.as_bytes(),
        _ => bytes[token.at.clone()] == *key.as_bytes(),
    };
    match &bytes[sign.at.clone()] {
        b"=" if bytes[name.at.clone()] == *b"]" => back(3).is_some_and(is_name),
        b":" | b"=" => is_name(name),
        _ => false,
    }
}

/// The import of `os` to insert, if it is missing. The outer `None` says that `os` is the name of something else there.
#[allow(clippy::option_option)]
fn import(bytes: &[u8], tokens: &[Token]) -> Option<Option<(Range<usize>, Vec<u8>)>> {
    let text = decode(bytes);
    for statement in syntax::read(&text) {
        match &statement.kind {
            StatementKind::Import(names)
                if statement.inside.is_empty()
                    && names.iter().any(|(module, here)| {
                        module == "os" && here == "os" || here.starts_with("os.")
                    }) =>
            {
                return Some(None);
            }
            StatementKind::Assign { targets, .. }
                if targets.iter().any(|target| target.name() == Some("os")) =>
            {
                return None;
            }
            StatementKind::From { names, .. } if names.iter().any(|(_, here)| here == "os") => {
                return None;
            }
            _ => {}
        }
    }
    let at = place_of_import(bytes, tokens);
    let is_windows = bytes.windows(2).any(|pair| pair == b"\r\n");
    let end: &[u8] = if is_windows { b"\r\n" } else { b"\n" };
    Some(Some((at..at, [b"import os", end].concat())))
}

/// Where the first statement starts behind the text that describes the file, and behind imports of the future.
fn place_of_import(bytes: &[u8], tokens: &[Token]) -> usize {
    let text = |index: usize| tokens.get(index).map(|token| &bytes[token.at.clone()]);
    let is_start = |index: &usize| {
        let token = &tokens[*index];
        token.column == 0 && token.depth == 0 && token.kind != Kind::Sign
    };
    let is_before = |index: usize| {
        let is_description =
            index == 0 && matches!(tokens[0].kind, Kind::Text(_) | Kind::OtherText);
        is_description || text(index) == Some(b"from") && text(index + 1) == Some(b"__future__")
    };
    let first = (0..tokens.len())
        .filter(is_start)
        .find(|index| !is_before(*index));
    first.map_or(bytes.len(), |index| tokens[index].at.start)
}

/// The lines that differ.
fn changes(before: &[u8], after: &[u8], import: Option<usize>) -> Vec<Change> {
    let (before_text, after_text) = (decode(&masked(before)), decode(&masked(after)));
    let inserted = import.map(|at| decode(&before[..at]).matches('\n').count());
    let mut after = after_text.split('\n');
    let mut found = Vec::new();
    for (index, line) in before_text.split('\n').enumerate() {
        if inserted == Some(index) {
            found.extend(after.next().map(|text| Change {
                line: index + 1,
                before: None,
                after: text.to_owned(),
            }));
        }
        match after.next() {
            Some(text) if text != line => found.push(Change {
                line: index + 1,
                before: Some(line.to_owned()),
                after: text.to_owned(),
            }),
            _ => {}
        }
    }
    found
}

/// The same text with `…` for every string that stands under the name of a secret, or has a password in it.
fn masked(bytes: &[u8]) -> Vec<u8> {
    let tokens = lexer::tokens(bytes);
    let mut made = bytes.to_vec();
    for (index, token) in tokens.iter().enumerate().rev() {
        let Kind::Text(content) = &token.kind else {
            continue;
        };
        let text = String::from_utf8_lossy(&bytes[content.clone()]).into_owned();
        let hidden = if is_secret(bytes, &tokens, index) && !text.is_empty() {
            "…".to_owned()
        } else {
            super::super::finding::without_passwords(&text)
        };
        if hidden != text {
            made.splice(content.clone(), hidden.bytes());
        }
    }
    made
}

/// Whether the name before a string says that it is a secret: `"PASSWORD": "…"`, also as the default of a variable.
fn is_secret(bytes: &[u8], tokens: &[Token], index: usize) -> bool {
    let name = |at: Option<usize>| {
        let token = at.and_then(|at| tokens.get(at))?;
        let content = match &token.kind {
            Kind::Text(content) => content,
            _ => &token.at,
        };
        std::str::from_utf8(&bytes[content.clone()]).ok()
    };
    let is_of_secret = |name: Option<&str>| {
        name.and_then(words::of_name)
            .is_some_and(super::model::Told::is_secret)
    };
    match name(index.checked_sub(1)) {
        Some(":" | "=" | ",") => {
            let at = index.checked_sub(2);
            let at = if name(at) == Some("]") {
                index.checked_sub(3)
            } else {
                at
            };
            is_of_secret(name(at))
        }
        _ => false,
    }
}
