//! The white space of entries that are put together.

use super::entry::{Block, Body, Entries, Entry};

/// Blocks that are the same as the given ones, those on one line spread over lines as the first of ours and theirs that is.
///
/// `None` where no side is, or none has to be.
pub(super) fn spread<'a>(blocks: [Option<&Block<'a>>; 3]) -> Option<[Option<Block<'a>>; 3]> {
    let [_, ours, theirs] = blocks;
    let leader = [ours, theirs]
        .into_iter()
        .flatten()
        .find(|block| has_lines(block))?;
    let alone = blocks.map(|block| block.is_some_and(is_one_line));
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    let other = |block: &&Block| {
        plain(block.open) != plain(leader.open) || plain(block.close) != plain(leader.close)
    };
    // Brackets that one side took away are not put back.
    let bare = !alone[0] && blocks.into_iter().flatten().any(|block| other(&block));
    if !alone.contains(&true) || bare {
        return None;
    }
    let mut side = 0;
    Some(blocks.map(|block| {
        side += 1;
        let block = block?;
        Some(if alone[side - 1] {
            like(leader, block)
        } else {
            block.clone()
        })
    }))
}

/// Whether each entry has lines of its own.
fn has_lines(block: &Block) -> bool {
    block.open.ends_with('\n')
        && !block.entries.is_empty()
        && block.entries.iter().all(Entry::ends_line)
}

/// Whether all of it is on one line, with nothing but entries in it.
fn is_one_line(block: &Block) -> bool {
    let blank = |text: &str| text.trim_matches(' ').is_empty();
    let inner = |entry: &Entry| {
        let line = match &entry.body {
            Body::Leaf(text) => !text.contains('\n'),
            Body::Block(block) => is_one_line(block),
        };
        line && blank(entry.lead) && blank(entry.trail)
    };
    !block.open.contains('\n')
        && !block.close.trim_end().contains('\n')
        && block.entries.iter().all(inner)
}

fn like<'a>(leader: &Block<'a>, block: &Block<'a>) -> Block<'a> {
    let same = |one: &'a str, other: &'a str| {
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        if plain(one) == plain(other) {
            one
        } else {
            other
        }
    };
    let lead = leader.entries.first().map_or("", |entry| entry.lead);
    let last_comma = leader.entries.last().is_some_and(|entry| entry.comma);
    let last = block.entries.len().saturating_sub(1);
    let entries = block.entries.iter().enumerate().map(|(at, entry)| Entry {
        lead: indent(lead),
        comma: at < last || last_comma,
        trail: "\n",
        ..entry.clone()
    });
    Block {
        open: same(leader.open, block.open),
        entries: entries.collect(),
        close: same(leader.close, block.close),
        shape: block.shape,
    }
}

/// One entry of the result.
pub(super) struct Woven {
    pub(super) lead: String,
    pub(super) body: String,
    pub(super) trail: String,
}

impl From<&Entry<'_>> for Woven {
    fn from(entry: &Entry) -> Self {
        Self {
            lead: entry.lead.to_string(),
            body: entry.body_text(),
            trail: entry.trail.to_string(),
        }
    }
}

/// What follows the last line feed.
pub(super) fn indent(lead: &str) -> &str {
    &lead[lead.rfind('\n').map_or(0, |at| at + 1)..]
}

/// How the entries of a row are laid out.
pub(super) struct Layout<'a> {
    /// The indentation of an entry that starts a line.
    indent: &'a str,
    /// Whether the first entry starts a line; otherwise it stands behind a dash or a bracket.
    line: bool,
    /// Whether every entry has lines of its own.
    pub(super) own_lines: bool,
}

impl<'a> Layout<'a> {
    pub(super) fn of(rows: [Entries<'_, 'a>; 3], line: bool) -> Self {
        // The indentation is that of the side that changed it; a side without entries has no say.
        let indent = match rows.map(|row| indented(row, line)) {
            [Some(base), Some(ours), Some(theirs)] if base == ours => theirs,
            [_, Some(own), _] | [_, None, Some(own)] | [Some(own), None, None] => own,
            [None, None, None] => "",
        };
        let inner = |row: Entries| row.iter().rev().skip(1).all(Entry::ends_line);
        // Entries at the end of a file may all lack the end of their line.
        let ends = line || rows.into_iter().flatten().any(Entry::ends_line);
        let own_lines = ends && rows.into_iter().all(inner);
        Self {
            indent,
            line,
            own_lines,
        }
    }
}

/// The indentation of the first entry of a row that starts a line.
fn indented<'a>(row: Entries<'_, 'a>, line: bool) -> Option<&'a str> {
    let mut starts = line;
    row.iter().find_map(|entry| {
        let indent = (starts || entry.lead.contains('\n')).then(|| indent(entry.lead));
        starts = entry.ends_line();
        indent
    })
}

impl Woven {
    pub(super) fn own_line(&self) -> bool {
        self.trail.ends_with('\n') || self.trail.is_empty() && self.body.ends_with('\n')
    }

    /// Puts an entry that was not the first behind a bracket, as the first one was.
    pub(super) fn lead_off(&mut self, layout: &Layout, first: &str) {
        let spaces = |text: &str| text.trim_matches(' ').is_empty();
        if !layout.line && !layout.own_lines && spaces(&self.lead) && spaces(first) {
            self.lead = first.to_string();
        }
    }

    /// Gives the entry the white space of its place. `None` when that could change what it means.
    pub(super) fn fit(&mut self, layout: &Layout, first: bool, line: bool) -> Option<()> {
        let behind = first && !layout.line;
        let wanted = if behind {
            ""
        } else if line {
            layout.indent
        } else {
            " "
        };
        let current = indent(&self.lead).to_string();
        let simple = self.lead.trim().is_empty()
            && self.trail.trim().is_empty()
            && !self.body.trim_end().contains('\n');
        if current != wanted && !(behind && current.trim().is_empty() && !layout.own_lines) {
            // Behind a dash an entry stands in the same column as under it.
            let dash = layout.own_lines && !layout.line && (behind || current.is_empty());
            let blank = self.lead.trim().is_empty();
            if !(simple || dash && blank || dash && !behind) {
                return None;
            }
            if !line && !blank {
                return None;
            }
            let comments = if line {
                self.lead.len() - current.len()
            } else {
                0
            };
            self.lead.truncate(comments);
            self.lead.push_str(wanted);
        }
        Some(())
    }

    pub(super) fn render(&self, comma: bool, out: &mut String) {
        out.push_str(&self.lead);
        out.push_str(&self.body);
        if comma {
            out.push(',');
        }
        out.push_str(&self.trail);
    }
}
