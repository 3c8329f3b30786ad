//! Environment files: `NAME=value`, one a line.

use super::scan;
use crate::merge::entry::{Block, Shape};

/// `None` when a value spans lines or a line is no assignment.
pub(super) fn parse(text: &str) -> Option<Block<'_>> {
    let mut entries = Vec::new();
    let mut lead = 0;
    for (start, line) in scan::lines(text) {
        if scan::is_trivia(line) {
            continue;
        }
        let (name, value) = line.split_once('=')?;
        let name = name.trim().strip_prefix("export ").unwrap_or(name).trim();
        let open = |quote: char| value.matches(quote).count() % 2 == 1;
        if name.contains(char::is_whitespace)
            || value.trim_start().starts_with(['"', '\'']) && (open('"') || open('\''))
        {
            return None;
        }
        let end = start + line.len();
        entries.push(scan::line_entry(text, name.to_string(), lead, start, end));
        lead = end;
    }
    Some(Block::root(entries, &text[lead..], Shape::Map))
}
