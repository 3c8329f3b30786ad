//! A file as a tree of entries: what every structured kind is parsed into, without losing a byte.

use std::borrow::Cow;

/// Entries in a row, with what stands before and after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block<'a> {
    /// What stands before the first entry: a header line, an opening bracket.
    pub(super) open: &'a str,
    pub(super) entries: Vec<Entry<'a>>,
    /// What stands after the last entry: comments, a closing bracket.
    pub(super) close: &'a str,
    pub(super) shape: Shape,
}

/// A line, a setting, an element, a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// What makes it the same entry in another version of the file.
    pub(super) key: Cow<'a, str>,
    /// Blank and comment lines above it, and its indentation.
    pub(super) lead: &'a str,
    pub(super) body: Body<'a>,
    /// Whether a comma follows the body. Commas are set anew when entries are put together.
    pub(super) comma: bool,
    /// The rest of its last line: a comment, the line feed.
    pub(super) trail: &'a str,
}

impl<'a> Entry<'a> {
    /// An entry that no comma follows.
    pub(super) fn whole(lead: &'a str, key: String, body: Body<'a>, trail: &'a str) -> Self {
        Self {
            key: key.into(),
            lead,
            body,
            comma: false,
            trail,
        }
    }
}

/// A row of entries of one version.
pub(super) type Entries<'t, 'a> = &'t [Entry<'a>];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Body<'a> {
    Leaf(&'a str),
    Block(Box<Block<'a>>),
}

/// What the entries of a block are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Each has a name of its own: settings, members, sections, requirements.
    Map,
    /// Requirements by project: each has a name of its own, but may be there once for each marker.
    Pins,
    /// Elements with a name of their own in them.
    Items,
    /// Elements whose order hardly matters; an element is its own name.
    Bag,
    /// Elements whose order matters: middleware, directories that are searched.
    Sequence,
    /// The statements of a program.
    Statements,
    /// What is done one after the other: two insertions at one place are never put together.
    Steps,
    /// Steps of which some have a name that nothing else there has.
    Instructions,
    /// One value: the arguments of a command.
    Vector,
}

impl<'a> Body<'a> {
    pub(super) fn block(block: Block<'a>) -> Self {
        Self::Block(Box::new(block))
    }
}

impl<'a> Block<'a> {
    pub(super) fn root(entries: Vec<Entry<'a>>, close: &'a str, shape: Shape) -> Self {
        Self {
            open: "",
            entries,
            close,
            shape,
        }
    }

    /// A block of one entry, which is this one.
    pub(super) fn wrapped(self) -> Self {
        let body = Body::block(self);
        let entry = Entry {
            key: Cow::Borrowed(""),
            lead: "",
            body,
            comma: false,
            trail: "",
        };
        Self::root(vec![entry], "", Shape::Map)
    }

    pub(super) fn render(&self, out: &mut String) {
        out.push_str(self.open);
        self.entries.iter().for_each(|entry| entry.render(out));
        out.push_str(self.close);
    }

    /// Whether its entries have names of their own.
    pub(super) fn named(&self) -> bool {
        matches!(self.shape, Shape::Map | Shape::Pins | Shape::Items)
    }

    /// The number of its bytes.
    pub(super) fn len(&self) -> usize {
        let entries = self.entries.iter().map(Entry::len);
        self.open.len() + entries.sum::<usize>() + self.close.len()
    }

    /// What is left of a text that starts with the block.
    fn behind<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut rest = after(text, self.open)?;
        for entry in &self.entries {
            rest = after(rest, entry.lead)?;
            rest = match &entry.body {
                Body::Leaf(text) => after(rest, text)?,
                Body::Block(block) => block.behind(rest)?,
            };
            rest = after(rest, if entry.comma { "," } else { "" })?;
            rest = after(rest, entry.trail)?;
        }
        after(rest, self.close)
    }

    /// The tree, if it is the whole of `text`: a parser that lost a byte must not be believed.
    pub(super) fn lossless(self, text: &str) -> Option<Self> {
        (self.behind(text)?.is_empty()).then_some(self)
    }
}

/// What follows `start` in a text. A piece of the text itself needs no comparison.
fn after<'t>(text: &'t str, start: &str) -> Option<&'t str> {
    if start.is_empty() || std::ptr::eq(text.as_ptr(), start.as_ptr()) {
        return text.get(start.len()..);
    }
    text.strip_prefix(start)
}

impl Entry<'_> {
    pub(super) fn render(&self, out: &mut String) {
        out.push_str(self.lead);
        match &self.body {
            Body::Leaf(text) => out.push_str(text),
            Body::Block(block) => block.render(out),
        }
        if self.comma {
            out.push(',');
        }
        out.push_str(self.trail);
    }

    pub(super) fn len(&self) -> usize {
        let body = match &self.body {
            Body::Leaf(text) => text.len(),
            Body::Block(block) => block.len(),
        };
        self.lead.len() + body + usize::from(self.comma) + self.trail.len()
    }

    pub(super) fn body_text(&self) -> String {
        let mut out = String::new();
        match &self.body {
            Body::Leaf(text) => out.push_str(text),
            Body::Block(block) => block.render(&mut out),
        }
        out
    }

    /// Whether the entry ends its line.
    pub(super) fn ends_line(&self) -> bool {
        let body_ends = |body: &Body| match body {
            Body::Leaf(text) => text.ends_with('\n'),
            Body::Block(block) if !block.close.is_empty() => block.close.ends_with('\n'),
            Body::Block(block) => block
                .entries
                .last()
                .map_or(block.open.ends_with('\n'), Entry::ends_line),
        };
        self.trail.ends_with('\n') || self.trail.is_empty() && !self.comma && body_ends(&self.body)
    }
}
