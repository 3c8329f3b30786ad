//! The three-way merge of entries by key: the one core that all structured kinds share.
//!
//! A result is given only when nothing had to be guessed: `None` means that a person decides.

use std::collections::BTreeSet;

use memchr::memchr3;

use super::entry::{Block, Body, Entries, Entry, Shape};
use super::hash::{Map, Set};
use super::layout::{self, Layout, Woven, indent};
use super::reason::Reason;
use super::region::Class;
use super::three::trivial;
use super::{order, text, tokens, version};

/// The merge of rows of entries. Remembers what it took to get there.
pub(super) struct Weave {
    pub(super) class: Class,
    pub(super) reasons: BTreeSet<Reason>,
    /// Comments that belong to the last entry of ours, and stand behind it.
    behind: Option<String>,
}

/// What a row is part of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) shape: Shape,
    /// Whether the row starts a line.
    pub(super) line: bool,
    /// Whether the row of ours ends with its block.
    pub(super) last: bool,
    /// Whether the whole block is kept in the order of its keys.
    pub(super) sorted: bool,
    pub(super) between: Between,
}

/// What stands between the entries of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    Nothing,
    Commas,
}

/// Whether both sides keep a block in the order of its keys.
pub(super) fn sorted(ours: &Block, theirs: &Block) -> bool {
    [ours, theirs].into_iter().all(|block| {
        block.entries.len() > 2
            && block
                .entries
                .is_sorted_by(|one, other| one.key <= other.key)
    })
}

/// What stands between the entries of blocks, as far as one of them tells.
pub(super) fn between<'t>(blocks: impl IntoIterator<Item = &'t Block<'t>>) -> Between {
    let mut blocks = blocks.into_iter();
    if blocks.any(|block| block.entries.iter().any(|entry| entry.comma)) {
        Between::Commas
    } else {
        Between::Nothing
    }
}

impl Weave {
    pub(super) fn new() -> Self {
        Self {
            class: Class::Structural,
            reasons: BTreeSet::new(),
            behind: None,
        }
    }

    /// Merges three rows of one block.
    pub(super) fn row(&mut self, rows: [Entries; 3], frame: Frame) -> Option<String> {
        let Frame {
            shape,
            line,
            last,
            sorted,
            between,
        } = frame;
        let commas = between == Between::Commas;
        let behind = self.behind.take();
        let layout = Layout::of(rows, line);
        if shape == Shape::Vector && !one_sided(rows) {
            return None;
        }
        let keys = order::unique_keys(rows)?;
        let index = keys.each_ref().map(|keys| {
            keys.iter()
                .enumerate()
                .map(|(at, key)| (key.as_str(), at))
                .collect::<Map<_, _>>()
        });
        let find = |side: usize, key: &str| index[side].get(key).map(|at| &rows[side][*at]);
        let mut woven = Map::default();
        let mut deleted = [const { Vec::new() }; 2];
        let all: Set<&str> = keys.iter().flatten().map(String::as_str).collect();
        // Whether both sides took an entry out: what both put in under one name may be that entry, renamed.
        let both_took_out = || {
            let mut base = keys[0].iter();
            base.any(|key| find(1, key).is_none() && find(2, key).is_none())
        };
        for key in all {
            let entry = match (find(0, key), find(1, key), find(2, key)) {
                (None, Some(ours), Some(theirs)) if !same(ours, theirs) && both_took_out() => {
                    return None;
                }
                (base, Some(ours), Some(theirs)) => self.entry(base, ours, theirs)?,
                (None, Some(added), None) | (None, None, Some(added)) => Woven::from(added),
                (_, None, None) => continue,
                (Some(base), ours, theirs) => {
                    let kept = ours.or(theirs)?;
                    if !same(base, kept) || respelt(base, kept) {
                        return None;
                    }
                    deleted[usize::from(ours.is_none())].push(key);
                    continue;
                }
            };
            woven.insert(key, entry);
        }
        if order::takes_back(rows) || !order::moved(&keys, &deleted, shape).is_empty() {
            return None;
        }
        let order = order::merged(&keys, shape, sorted)?;
        if order.both_inserted {
            self.reasons.insert(Reason::BothKept);
            match shape {
                Shape::Sequence | Shape::Statements => {
                    if order::both_say(rows) {
                        return None;
                    }
                    self.class = self.class.max(Class::Policy);
                }
                Shape::Steps | Shape::Instructions => return None,
                _ => {}
            }
        }
        let order: Vec<&str> = order
            .keys
            .into_iter()
            .filter(|key| woven.contains_key(key))
            .collect();
        // Whether a comma ends the block is for theirs to tell, too, where ours has nothing in it.
        let last_comma = match rows[1].last().or(rows[2].last()) {
            Some(entry) if last => entry.comma,
            _ => commas,
        };
        let mut out = String::new();
        let new_leads = leads(rows[1], |key| {
            find(0, key).is_none() && find(2, key).is_none()
        });
        for (at, key) in order.iter().enumerate() {
            let mut entry = woven.remove(key)?;
            let comment = entry.lead.trim();
            if find(1, key).is_none() && !comment.is_empty() && new_leads.contains(comment) {
                // Both sides put an entry under the same comment; it is there once.
                entry.lead = indent(&entry.lead).to_string();
            }
            if at == 0 && keys[1].first().is_none_or(|first| first != key) {
                let theirs = keys[2].first().is_some_and(|first| first == key);
                let row = if theirs { rows[2] } else { rows[1] };
                entry.lead_off(&layout, row.first().map_or("", |entry| entry.lead));
            }
            entry.fit(&layout, at == 0, out.is_empty() || out.ends_with('\n'))?;
            let comma = commas && (at + 1 < order.len() || last_comma);
            if layout.own_lines && !entry.own_line() && (at + 1 < order.len() || commas) {
                entry.trail.push('\n');
            }
            entry.render(comma, &mut out);
            if keys[1].last().is_some_and(|last| last == key) {
                out.push_str(behind.as_deref().unwrap_or_default());
            }
        }
        Some(out)
    }

    fn entry(&mut self, base: Option<&Entry>, ours: &Entry, theirs: &Entry) -> Option<Woven> {
        if same(ours, theirs) {
            // How it is quoted and laid out is still somebody's edit.
            let edited = |base: Option<String>, ours: String, theirs: String| {
                let one_line = |text: &String| !text.trim_end().contains('\n');
                // Both edited it alike, and one of them spread it over lines.
                let spread = base.as_ref().is_some_and(one_line) && one_line(&ours);
                if base.as_ref() == Some(&ours) || spread && !one_line(&theirs) {
                    theirs
                } else {
                    ours
                }
            };
            let plain = |text: &str| text.to_string();
            return Some(Woven {
                lead: edited(
                    base.map(|base| plain(base.lead)),
                    plain(ours.lead),
                    plain(theirs.lead),
                ),
                body: edited(
                    base.map(Entry::body_text),
                    ours.body_text(),
                    theirs.body_text(),
                ),
                trail: edited(
                    base.map(|base| plain(base.trail)),
                    plain(ours.trail),
                    plain(theirs.trail),
                ),
            });
        }
        let lead = trivia(base.map(|entry| entry.lead), ours.lead, theirs.lead)?;
        let trail = trivia(base.map(|entry| entry.trail), ours.trail, theirs.trail)?;
        let body = match (base.map(|entry| &entry.body), &ours.body, &theirs.body) {
            (Some(Body::Block(base)), Body::Block(ours), Body::Block(theirs)) => {
                self.block(Some(base), ours, theirs)?
            }
            (None, Body::Block(ours), Body::Block(theirs)) if ours.shape == Shape::Map => {
                self.block(None, ours, theirs)?
            }
            _ => self.leaf(
                base.map(Entry::body_text).as_deref(),
                &ours.body_text(),
                &theirs.body_text(),
            )?,
        };
        Some(Woven { lead, body, trail })
    }

    fn block(&mut self, base: Option<&Block>, ours: &Block, theirs: &Block) -> Option<String> {
        let text = |block: &Block| {
            let mut out = String::new();
            block.render(&mut out);
            Some(out)
        };
        if base == Some(theirs) {
            return text(ours);
        }
        if base == Some(ours) {
            return text(theirs);
        }
        if let Some([base, Some(ours), Some(theirs)]) =
            layout::spread([base, Some(ours), Some(theirs)])
        {
            return self.alike(base.as_ref(), &ours, &theirs);
        }
        self.alike(base, ours, theirs)
    }

    /// Merges blocks that are laid out alike.
    fn alike(&mut self, base: Option<&Block>, ours: &Block, theirs: &Block) -> Option<String> {
        if ours.shape != theirs.shape {
            return None;
        }
        let entries = base.map_or(&[][..], |base| &base.entries);
        let open = trivia(base.map(|block| block.open), ours.open, theirs.open)?;
        let rows = [entries, &ours.entries, &theirs.entries];
        let close = match base {
            Some(base) => self.close(rows, [base.close, ours.close, theirs.close])?,
            None => trivia(None, ours.close, theirs.close)?,
        };
        let frame = Frame {
            shape: ours.shape,
            line: open.is_empty() || open.ends_with('\n'),
            last: true,
            sorted: sorted(ours, theirs),
            between: between(base.into_iter().chain([ours, theirs])),
        };
        let row = self.row(rows, frame)?;
        Some([open, row, close].concat())
    }

    /// What closes a block. What ours put right behind its last entry goes into the row that comes next.
    pub(super) fn close(&mut self, rows: [Entries; 3], closes: [&str; 3]) -> Option<String> {
        let [base, ours, theirs] = closes;
        let behind = order::comments_behind(rows, base, ours);
        self.behind = behind.map(str::to_string);
        let ours = if behind.is_some() { base } else { ours };
        trivia(Some(base), ours, theirs)
    }

    fn leaf(&mut self, base: Option<&str>, ours: &str, theirs: &str) -> Option<String> {
        if let Some(text) = trivial(base, Some(ours), Some(theirs)).flatten() {
            return Some(text.to_string());
        }
        let plain = [base.unwrap_or_default(), ours, theirs].map(unquoted);
        if plain[1] == plain[2] || base.is_some() && plain[0] == plain[2] {
            return Some(ours.to_string());
        }
        if base.is_some() && plain[0] == plain[1] {
            return Some(theirs.to_string());
        }
        if ours.trim_end().contains('\n')
            && let Some(merged) = base.and_then(|base| text::clean(base, ours, theirs))
        {
            return Some(merged);
        }
        if !ours.contains('\n')
            && !theirs.contains('\n')
            && let Some(merged) = base.and_then(|base| tokens::carried(base, ours, theirs))
        {
            self.reasons.insert(Reason::OtherLayout);
            return Some(merged);
        }
        let (newer, class) = version::newer(base, ours, theirs)?;
        self.class = self.class.max(class);
        self.reasons.insert(version::reason(class));
        Some(newer.to_string())
    }
}

/// Whether one side left a row as it was, but for its layout.
pub(super) fn one_sided([base, ours, theirs]: [Entries; 3]) -> bool {
    let alike = |one: Entries, other: Entries| {
        let mut pairs = one.iter().zip(other);
        one.len() == other.len() && pairs.all(|(one, other)| same_body(&one.body, &other.body))
    };
    alike(base, ours) || alike(base, theirs) || alike(ours, theirs)
}

/// What stands above the entries of a row that are `wanted`.
fn leads<'a>(row: Entries<'_, 'a>, wanted: impl Fn(&str) -> bool) -> Set<&'a str> {
    let wanted = row.iter().filter(|entry| wanted(&entry.key));
    wanted.map(|entry| entry.lead.trim()).collect()
}

/// The merge of comments and white space: white space is never worth a conflict.
pub(super) fn trivia(base: Option<&str>, ours: &str, theirs: &str) -> Option<String> {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(text) = trivial(base, Some(ours), Some(theirs)).flatten() {
        return Some(text.to_string());
    }
    let (plain_base, plain_ours, plain_theirs) = (base.map(plain), plain(ours), plain(theirs));
    if plain_ours == plain_theirs || plain_base.as_ref() == Some(&plain_theirs) {
        return Some(ours.to_string());
    }
    if plain_base.as_ref() == Some(&plain_ours) {
        return Some(theirs.to_string());
    }
    match (base, plain_ours.is_empty(), plain_theirs.is_empty()) {
        (Some(base), ..) => text::clean(base, ours, theirs),
        (None, _, true) => Some(ours.to_string()),
        (None, true, _) => Some(theirs.to_string()),
        (None, false, false) => None,
    }
}

/// A text without the quotes around it: how it is quoted is not what it says.
pub(super) fn unquoted(text: &str) -> &str {
    let text = text.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = text
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote))
            && memchr3(b'"', b'\'', b'\\', inner.as_bytes()).is_none()
        {
            return inner;
        }
    }
    text
}

/// Whether two entries say the same, whatever the white space around them.
fn same(one: &Entry, other: &Entry) -> bool {
    one.lead
        .split_whitespace()
        .eq(other.lead.split_whitespace())
        && same_entry(one, other)
}

/// Whether two entries say the same, whatever stands above them.
pub(super) fn same_entry(one: &Entry, other: &Entry) -> bool {
    one.trail
        .split_whitespace()
        .eq(other.trail.split_whitespace())
        && same_body(&one.body, &other.body)
}

/// Whether an entry of one line is written in another way, be it in quotes or spaces.
fn respelt(one: &Entry, other: &Entry) -> bool {
    let [one, other] = [one, other].map(Entry::body_text);
    let (one, other) = (one.trim(), other.trim());
    one != other && !one.contains('\n') && !other.contains('\n')
}

fn same_body(one: &Body, other: &Body) -> bool {
    match (one, other) {
        (Body::Leaf(one), Body::Leaf(other)) => one == other || unquoted(one) == unquoted(other),
        (Body::Block(one), Body::Block(other)) => {
            let plain = |text: &str| text.split_whitespace().collect::<String>();
            plain(one.open) == plain(other.open)
                && plain(one.close) == plain(other.close)
                && one.entries.len() == other.entries.len()
                && one
                    .entries
                    .iter()
                    .zip(&other.entries)
                    .all(|(one, other)| one.key == other.key && same(one, other))
        }
        _ => false,
    }
}
