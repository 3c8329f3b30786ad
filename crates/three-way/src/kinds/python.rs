//! Python: top-level statements; the elements of literals, the names of imports. Everything else is text.

use std::ops::Range;

use super::literal;
use super::scan;
use super::syntax::PYTHON;
use crate::entry::{Block, Body, Entry, Shape};
use crate::profile::{At, Lists, Path};

pub(super) fn parse(text: &str, lists: Lists) -> Option<Block<'_>> {
    let mut entries: Vec<Entry> = Vec::new();
    let (mut lead, mut at) = (0, 0);
    while at < text.len() {
        let line_end = scan::line_end(text, at);
        if scan::is_trivia(&text[at..line_end]) {
            at = line_end;
            continue;
        }
        let lines = statement_lines(text, at)?;
        let end = lines.end;
        entries.push(statement(text, lead, at, lines, lists));
        (lead, at) = (end, end);
    }
    Some(Block::root(entries, &text[lead..], Shape::Statements))
}

/// Whether brackets and strings close, and no line is indented without reason. It is no grammar.
pub(super) fn balanced(text: &str) -> bool {
    parse(text, |_| None).is_some()
}

/// The last line of the statement that starts at `from`, with the lines indented under it and its further branches. A line
/// may go on after a line feed in brackets or in a string.
fn statement_lines(text: &str, from: usize) -> Option<Range<usize>> {
    let mut last = from..PYTHON.logical_end(text, from)?;
    let mut decorated = text[from..].starts_with('@');
    let mut at = last.end;
    while at < text.len() {
        let line_end = scan::line_end(text, at);
        let line = &text[at..line_end];
        if scan::is_trivia(line) {
            at = line_end;
            continue;
        }
        let branch = ["else", "elif", "except", "finally"].iter().any(|word| {
            line.strip_prefix(word)
                .is_some_and(|rest| rest.starts_with([' ', ':', '(', '*']))
        });
        if !decorated && !branch && !line.starts_with([' ', '\t']) {
            break;
        }
        decorated = decorated && line.starts_with('@');
        last = at..PYTHON.logical_end(text, at)?;
        at = last.end;
    }
    Some(last)
}

fn statement(text: &str, lead: usize, start: usize, last: Range<usize>, lists: Lists) -> Entry<'_> {
    let under = |name| At::new(lists, Path::root(name));
    let own = &text[start..last.end];
    let length = last.start - start + code_length(&text[last.clone()]);
    let code = &own[..length];
    let entry = |key, body| Entry {
        key,
        lead: &text[lead..start],
        body,
        comma: false,
        trail: &own[length..],
    };
    let one_line = last.start == start;
    if let Some((name, value)) = one_line.then(|| assignment(code)).flatten() {
        let body = literal::body(code, value, PYTHON, under(name.as_str()));
        return entry(name.into(), body);
    }
    if let Some((module, names)) = one_line.then(|| import(code)).flatten() {
        let key = format!("from {module} import");
        // The names may stand in any order, as the names of a module do.
        return entry(key.into(), names_of(code, names, under("__all__")));
    }
    let first = code.lines().next().unwrap_or_default().trim_end();
    let key = match first.split_whitespace().next() {
        Some("def" | "class" | "async") => first.split(['(', ':']).next().unwrap_or(first).into(),
        _ if code.contains('\n') && first.ends_with(':') => first.into(),
        _ => scan::plain(code),
    };
    entry(key, Body::Leaf(code))
}

/// The length of the last line of a statement without the comment and the line feed after it.
fn code_length(own: &str) -> usize {
    if !own.contains('#') {
        return own.trim_ascii_end().len();
    }
    let (mut at, mut end) = (0, 0);
    while at < own.len() {
        let Some(next) = PYTHON.skip(own, at) else {
            return own.trim_end().len();
        };
        let comment = own.as_bytes()[at] == b'#';
        let blank = own.as_bytes()[at].is_ascii_whitespace();
        at = next.max(at + 1);
        if !comment && !blank {
            end = at;
        }
    }
    end
}

/// The name of `NAME = value`, `NAME += value` or `NAME: type = value`, and where the value starts.
fn assignment(code: &str) -> Option<(String, usize)> {
    let name = code
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(byte))
        .count();
    let rest = &code[name..];
    let sign = rest.len() - rest.trim_start().len();
    let after = &rest[sign..];
    let (mark, length) = match after.as_bytes() {
        [b'=', next, ..] if *next != b'=' => ("", 1),
        [b'+', b'=', ..] => ("+=", 2),
        [b':', ..] => ("", after.find('=')? + 1),
        _ => return None,
    };
    if name == 0
        || code.starts_with(|first: char| first.is_ascii_digit())
        || code[..name + sign + length].contains('\n')
    {
        return None;
    }
    let at = name + sign + length;
    let value = at + code[at..].len() - code[at..].trim_start().len();
    Some((format!("{}{mark}", &code[..name]), value))
}

/// The module of `from module import names`, and where the names start.
fn import(code: &str) -> Option<(&str, usize)> {
    let rest = code.strip_prefix("from ")?;
    let (module, _) = rest.split_once(" import ")?;
    let names = "from ".len() + module.len() + " import ".len();
    (!module.contains(char::is_whitespace)).then_some((module, names))
}

/// Imported names: in brackets, or in the line.
fn names_of<'a>(code: &'a str, names: usize, at: At) -> Body<'a> {
    if code[names..].starts_with('(') {
        return literal::body(code, names, PYTHON, at);
    }
    if code.contains(['\n', '#', '*']) {
        return Body::Leaf(code);
    }
    let mut entries = Vec::new();
    let mut at = names;
    for part in code[names..].split_inclusive(',') {
        let own = part.trim_end_matches(',');
        let lead = own.len() - own.trim_start().len();
        entries.push(Entry {
            key: own.trim().into(),
            lead: &code[at..at + lead],
            body: Body::Leaf(&code[at + lead..at + own.len()]),
            comma: part.ends_with(','),
            trail: "",
        });
        at += part.len();
    }
    Body::block(Block {
        open: &code[..names],
        entries,
        close: "",
        shape: Shape::Bag,
    })
}
