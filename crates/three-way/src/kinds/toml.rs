//! TOML: tables by header, settings by key, arrays by element.

use std::borrow::Cow;
use std::ops::Range;

use super::literal;
use super::scan;
use super::syntax::TOML;
use crate::entry::{Block, Body, Entry, Shape};
use crate::profile::{At, Lists, Path};

pub(super) fn parse(text: &str, lists: Lists) -> Option<Block<'_>> {
    let mut root: Vec<Entry> = Vec::new();
    let mut section = String::new();
    let (mut lead, mut at) = (0, 0);
    while at < text.len() {
        let line_end = scan::line_end(text, at);
        let line = &text[at..line_end];
        if scan::is_trivia(line) {
            at = line_end;
            continue;
        }
        if line.trim_start().starts_with('[') {
            section = header(line)?;
            let indent = line.len() - line.trim_start().len();
            let block = Block {
                open: &line[indent..],
                entries: Vec::new(),
                close: "",
                shape: Shape::Map,
            };
            let key = Cow::Owned(section.clone());
            root.push(Entry {
                key,
                lead: &text[lead..at + indent],
                body: Body::block(block),
                comma: false,
                trail: "",
            });
            (lead, at) = (line_end, line_end);
            continue;
        }
        let end = TOML.logical_end(text, at)?;
        let entry = setting(text, lead, at..end, &section, lists)?;
        match root.last_mut() {
            Some(Entry {
                body: Body::Block(block),
                ..
            }) if !section.is_empty() => block.entries.push(entry),
            _ => root.push(entry),
        }
        (lead, at) = (end, end);
    }
    for entry in &mut root {
        // Tables of an array have one header; their first setting tells them apart.
        if let Body::Block(block) = &entry.body
            && entry.key.starts_with("[[")
            && let Some(first) = block.entries.first()
        {
            entry.key.to_mut().push_str(&first.body_text());
        }
    }
    Some(Block::root(root, &text[lead..], Shape::Map))
}

/// The header without white space and quotes.
fn header(line: &str) -> Option<String> {
    let name = line.split('#').next()?.trim();
    name.ends_with(']').then(|| bare(name).into_owned())
}

/// A name without white space and quotes.
fn bare(name: &str) -> Cow<'_, str> {
    let name = name.trim();
    let noise = |char: char| char.is_whitespace() || char == '"' || char == '\'';
    if name.contains(noise) {
        name.chars().filter(|char| !noise(*char)).collect()
    } else {
        name.into()
    }
}

fn setting<'a>(
    text: &'a str,
    lead: usize,
    own: Range<usize>,
    section: &str,
    lists: Lists,
) -> Option<Entry<'a>> {
    let start = own.start;
    let own = &text[own];
    let indent = own.len() - own.trim_start().len();
    let equals = own.find('=')?;
    let key = bare(&own[..equals]);
    let value = equals + 1 + own[equals + 1..].len() - own[equals + 1..].trim_start().len();
    let length = if own.contains('#') || own[..equals].contains(['"', '\'']) {
        value_length(&own[value..])?
    } else {
        own[value..].trim_ascii_end().len()
    };
    let body = &own[indent..value + length];
    let table = Path::root(section);
    let at = At::new(lists, Path::under(&key, Some(&table)));
    let body = literal::body(body, value - indent, TOML, at);
    Some(Entry {
        key,
        lead: &text[lead..start + indent],
        body,
        comma: false,
        trail: &own[value + length..],
    })
}

/// The length of a value without the comment after it.
fn value_length(own: &str) -> Option<usize> {
    let (mut at, mut end) = (0, 0);
    while at < own.len() {
        let next = TOML.skip(own, at)?;
        let comment = own.as_bytes()[at] == b'#';
        let blank = own.as_bytes()[at].is_ascii_whitespace();
        at = next.max(at + 1);
        if !comment && !blank {
            end = at;
        }
    }
    Some(end)
}
