//! Where the blocks of a tree stand in the text.

use std::ops::Range;

use memchr::memchr_iter;

use super::entry::{Block, Body};

/// A block whose entries are whole lines, and where they are.
pub(super) struct Place<'t, 'a> {
    /// The keys that lead to it from the root.
    pub(super) path: Vec<&'t str>,
    pub(super) block: &'t Block<'a>,
    /// The first line of each entry, and the line after the last.
    pub(super) bounds: Vec<usize>,
    /// The line after what closes the block, if that is whole lines.
    pub(super) end: Option<usize>,
}

impl Place<'_, '_> {
    /// The lines of its entries and of what closes it: nothing beyond them can be part of it.
    pub(super) fn reach(&self) -> Range<usize> {
        let [first, last] = [self.bounds.first(), self.bounds.last()];
        let last = last.copied().unwrap_or_default();
        first.copied().unwrap_or_default()..self.end.unwrap_or_default().max(last)
    }
}

/// All blocks that can take part in a merge of lines, the root first.
pub(super) fn places<'t, 'a>(root: &'t Block<'a>, text: &str) -> Vec<Place<'t, 'a>> {
    let mut starts = vec![0];
    starts.extend(memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
    if !text.is_empty() && !text.ends_with('\n') {
        starts.push(text.len());
    }
    let line = |offset: &usize| starts.binary_search(offset).ok();
    let mut places = Vec::new();
    visit(root, |site| {
        if let Some(bounds) = site.offsets.iter().map(line).collect() {
            places.push(Place {
                path: site.path.to_vec(),
                block: site.block,
                bounds,
                end: line(&site.end),
            });
        }
    });
    places.sort_by_key(|place| place.path.len());
    places
}

/// A block, and where it stands in the text; all offsets are bytes.
pub(super) struct BlockSite<'s, 't, 'a> {
    /// The keys that lead to it from the root.
    pub(super) path: &'s [&'t str],
    pub(super) block: &'t Block<'a>,
    /// Where each entry starts, and where the last one ends.
    pub(super) offsets: &'s [usize],
    /// Where what closes it ends.
    pub(super) end: usize,
}

/// Looks at each block of a tree, the inner ones first.
pub(super) fn visit<'t, 'a>(root: &'t Block<'a>, look: impl FnMut(BlockSite<'_, 't, 'a>)) {
    let mut walk = BlockWalk {
        look,
        path: Vec::new(),
        offset: 0,
    };
    walk.block(root);
}

struct BlockWalk<'t, F> {
    look: F,
    path: Vec<&'t str>,
    offset: usize,
}

impl<'t, F> BlockWalk<'t, F> {
    fn block<'a>(&mut self, block: &'t Block<'a>)
    where
        F: FnMut(BlockSite<'_, 't, 'a>),
    {
        self.offset += block.open.len();
        let mut offsets = Vec::with_capacity(block.entries.len() + 1);
        for entry in &block.entries {
            offsets.push(self.offset);
            self.offset += entry.lead.len();
            match &entry.body {
                Body::Leaf(text) => self.offset += text.len(),
                Body::Block(inner) => {
                    self.path.push(&entry.key);
                    self.block(inner);
                    self.path.pop();
                }
            }
            self.offset += usize::from(entry.comma) + entry.trail.len();
        }
        offsets.push(self.offset);
        self.offset += block.close.len();
        (self.look)(BlockSite {
            path: &self.path,
            block,
            offsets: &offsets,
            end: self.offset,
        });
    }
}
