//! Environment files: `NAME=value`. A quoted value may span lines; it is one entry, and its lines are merged as lines.

use super::scan;
use crate::entry::{Block, Shape};

/// The assignments of a text; `None` when a line is none or a quote does not close.
pub(super) fn parse(text: &str) -> Option<Block<'_>> {
    let mut entries = Vec::new();
    let (mut lead, mut at) = (0, 0);
    while at < text.len() {
        let line_end = end_of_line(text, at);
        let line = &text[at..line_end];
        if scan::is_trivia(line) {
            at = line_end;
            continue;
        }
        let (name, value) = line.split_once('=')?;
        let key = name.trim().strip_prefix("export ").unwrap_or(name).trim();
        if key.is_empty() || key.contains(char::is_whitespace) {
            return None;
        }
        let end = value_end(text, at + name.len() + 1, value)?;
        entries.push(scan::line_entry(text, key, lead, at, end));
        (lead, at) = (end, end);
    }
    Some(Block::root(entries, &text[lead..], Shape::Map))
}

fn end_of_line(text: &str, from: usize) -> usize {
    text[from..]
        .find('\n')
        .map_or(text.len(), |end| from + end + 1)
}

/// The end of the line on which a value ends.
fn value_end(text: &str, from: usize, line: &str) -> Option<usize> {
    let blank = line.len() - line.trim_start().len();
    let Some(quote) = line
        .trim_start()
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''))
    else {
        return Some(end_of_line(text, from));
    };
    let mut at = from + blank + 1;
    loop {
        match text[at..].chars().next()? {
            '\\' if quote == '"' => at += 1 + text[at + 1..].chars().next()?.len_utf8(),
            next if next == quote => return Some(end_of_line(text, at)),
            next => at += next.len_utf8(),
        }
    }
}
