//! Ignore files: one pattern a line.

use super::scan;
use crate::entry::{Block, Shape};

/// The patterns of a text. One that takes others back is an entry, too; a merge of rows leaves them alone, since their
/// order is what they mean.
pub(super) fn parse(text: &str) -> Block<'_> {
    let mut entries = Vec::new();
    let mut lead = 0;
    for (start, line) in scan::lines(text) {
        if scan::is_trivia(line) {
            continue;
        }
        let end = start + line.len();
        entries.push(scan::line_entry(text, line.trim(), lead, start, end));
        lead = end;
    }
    Block::root(entries, &text[lead..], Shape::Map)
}
