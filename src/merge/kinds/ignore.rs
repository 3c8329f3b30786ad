//! Ignore files: one pattern a line.

use super::scan;
use crate::merge::entry::{Block, Shape};

/// `None` when a pattern takes another one back: then their order is what they mean.
pub(super) fn parse(text: &str) -> Option<Block<'_>> {
    let mut entries = Vec::new();
    let mut lead = 0;
    for (start, line) in scan::lines(text) {
        if scan::is_trivia(line) {
            continue;
        }
        if line.starts_with('!') {
            return None;
        }
        let end = start + line.len();
        entries.push(scan::line_entry(text, line.trim(), lead, start, end));
        lead = end;
    }
    Some(Block::root(entries, &text[lead..], Shape::Map))
}
