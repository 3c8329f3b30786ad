//! Bracketed literals with commas: arrays, objects, tables in a line, lists and dictionaries.

use std::borrow::Cow;

use super::scan;
use super::syntax::{Syntax, next_mark};
use crate::entry::{Block, Body, Entry, Shape};
use crate::profile::{self, At, Key, List, Mappings};
use crate::weave::unquoted;

/// The body of `prefix` and a value: a block when the value is one bracketed literal, otherwise a leaf.
///
/// `text` is both; `value` is where the value starts, and `at` says which names lead to it.
pub(super) fn body<'a>(text: &'a str, value: usize, syntax: Syntax, at: At) -> Body<'a> {
    nested(text, value, syntax, at, 0)
}

/// Brackets deeper than this are text: no settings file has them, and each level is read again.
const DEEPEST: usize = 24;

fn nested<'a>(text: &'a str, value: usize, syntax: Syntax, at: At, depth: usize) -> Body<'a> {
    let block = if depth < DEEPEST {
        block(text, value, syntax, at, depth)
    } else {
        None
    };
    block.map_or(Body::Leaf(text), Body::block)
}

fn block<'a>(
    text: &'a str,
    value: usize,
    syntax: Syntax,
    place: At,
    level: usize,
) -> Option<Block<'a>> {
    let opening = *text.as_bytes().get(value)?;
    let closing = match opening {
        b'[' => b']',
        b'{' => b'}',
        b'(' => b')',
        _ => return None,
    };
    if !text.ends_with(closing as char) {
        return None;
    }
    let inner_end = text.len() - 1;
    let open_end = line_rest(text, value + 1, inner_end, syntax).unwrap_or(value + 1);
    let list = if opening == b'{' { None } else { place.list() };
    let elements = Elements {
        syntax,
        place,
        key: list.unwrap_or(List::UNKNOWN).key,
        level,
    };
    let mut entries = Vec::new();
    let (mut from, mut at, mut depth) = (open_end, open_end, 0_usize);
    loop {
        at = next_mark(text, at.min(inner_end), inner_end);
        if at == inner_end {
            break;
        }
        let end = syntax.skip(text, at)?;
        if end > at {
            at = end;
            continue;
        }
        match text.as_bytes()[at] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 => {
                let end = line_rest(text, at + 1, inner_end, syntax).unwrap_or(at + 1);
                let entry = elements.element(text, from, at)?;
                if !entry.trail.is_empty() {
                    return None;
                }
                entries.push(Entry {
                    comma: true,
                    trail: &text[at + 1..end],
                    ..entry
                });
                (from, at) = (end, end);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    if depth > 0 {
        return None;
    }
    if has_content(&text[from..inner_end], syntax) {
        let entry = elements.element(text, from, inner_end)?;
        let start = inner_end - entry.trail.len();
        // The rest of the line is the element's, what follows belongs to the closing bracket.
        let end = line_rest(text, start, inner_end, syntax).unwrap_or(start);
        from = end;
        entries.push(Entry {
            trail: &text[start..end],
            ..entry
        });
    }
    // Only the value of a pair is looked into.
    let paired = |entry: &Entry| match &entry.body {
        Body::Leaf(own) => pair(own, syntax).is_some(),
        Body::Block(_) => true,
    };
    let shape = if opening != b'{' {
        profile::shape(list, &entries, Mappings::None)
    } else if !entries.is_empty() && entries.iter().all(paired) {
        Shape::Map
    } else {
        // The braces hold a set of names.
        Shape::Bag
    };
    Some(Block {
        open: &text[..open_end],
        entries,
        close: &text[from..],
        shape,
    })
}

fn has_content(text: &str, syntax: Syntax) -> bool {
    syntax.content(text, 0) != Some(text.len())
}

/// The end of the line, if nothing but white space and a comment is left on it.
fn line_rest(text: &str, from: usize, to: usize, syntax: Syntax) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = &text[at..to];
        at += rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        if text[at..to].starts_with('\n') {
            return Some(at + 1);
        }
        let end = syntax.skip(text, at)?;
        let is_comment = syntax.is_comment(text, at) && end <= to;
        if !is_comment || text[at..end].contains('\n') {
            return None;
        }
        at = end;
    }
}

/// How the elements of one literal are read.
struct Elements<'p> {
    syntax: Syntax,
    place: At<'p>,
    key: Key,
    level: usize,
}

impl Elements<'_> {
    /// The element between two commas; its trail is what follows its text.
    fn element<'a>(&self, text: &'a str, from: usize, to: usize) -> Option<Entry<'a>> {
        let syntax = self.syntax;
        let mut start = from;
        loop {
            start += text[start..to].len() - text[start..to].trim_start().len();
            let end = syntax.skip(text, start)?;
            if end > start && syntax.is_comment(text, start) {
                start = end;
            } else {
                break;
            }
        }
        // The last comment on the line after a last element without a comma.
        let (mut at, mut end) = (start, start);
        if start <= to && !syntax.may_comment(&text[start..to]) {
            end += text[start..to].trim_end().len();
            at = to;
        }
        while at < to {
            let next = syntax.skip(text, at)?;
            let comment = next > at && syntax.is_comment(text, at);
            let length = text[at..].chars().next().map_or(1, char::len_utf8);
            let blank = text[at..].starts_with(char::is_whitespace);
            at = if next > at { next } else { at + length };
            if !comment && !blank {
                end = at;
            }
        }
        let own = text.get(start..end.min(to))?;
        if own.is_empty() {
            return None;
        }
        let (key, body): (Cow<str>, _) = if let Some((name, value)) = pair(own, syntax) {
            let under = self.place.under(name);
            let body = nested(own, value, syntax, under, self.level + 1);
            (name.into(), body)
        } else {
            (self.name(own), Body::Leaf(own))
        };
        Some(Entry {
            key,
            lead: &text[from..start],
            body,
            comma: false,
            trail: &text[end..to],
        })
    }

    /// What names an element that is no pair.
    fn name<'a>(&self, own: &'a str) -> Cow<'a, str> {
        let plain = scan::plain(unquoted(own));
        if self.key == Key::Itself {
            return plain;
        }
        if plain.starts_with(['"', '\'']) {
            // A marker in it has quotes of its own.
            return self.key.of(bare(&plain)).into_owned().into();
        }
        match plain {
            Cow::Borrowed(plain) => self.key.of(plain),
            Cow::Owned(plain) => self.key.of(&plain).into_owned().into(),
        }
    }
}

/// A text without the quotes around it, if they are not in it, too.
fn bare(text: &str) -> &str {
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    let whole = |quote| inner(quote).filter(|inner| !inner.contains([quote, '\\']));
    whole('"').or_else(|| whole('\'')).unwrap_or(text)
}

/// The name of a pair and where its value starts.
fn pair(own: &str, syntax: Syntax) -> Option<(&str, usize)> {
    if !own.contains(syntax.pair as char) {
        return None;
    }
    let (mut at, mut depth) = (0, 0_usize);
    loop {
        at = next_mark(own, at.min(own.len()), own.len());
        let end = syntax.skip(own, at)?;
        if end > at {
            at = end;
            continue;
        }
        match *own.as_bytes().get(at)? {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
            byte if byte == syntax.pair && depth == 0 => {
                let value = at + 1 + own[at + 1..].len() - own[at + 1..].trim_start().len();
                return Some((unquoted(&own[..at]), value));
            }
            _ => {}
        }
        at += 1;
    }
}
