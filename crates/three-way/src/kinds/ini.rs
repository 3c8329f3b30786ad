//! INI: sections, settings, and the lines of a setting that has one value a line.

use super::scan;
use crate::entry::{Block, Body, Entry, Shape};
use crate::profile::{self, At, List, Lists, Mappings, Path};

pub(super) fn parse(text: &str, lists: Lists) -> Option<Block<'_>> {
    let lines: Vec<_> = scan::lines(text).collect();
    let mut root: Vec<Entry> = Vec::new();
    let mut in_section = false;
    let (mut lead, mut at) = (0, 0);
    while let Some((start, line)) = lines.get(at).copied() {
        at += 1;
        if is_trivia(line) {
            continue;
        }
        if line.starts_with('[') {
            let key = line.trim();
            let block = Block {
                open: line,
                entries: Vec::new(),
                close: "",
                shape: Shape::Map,
            };
            root.push(Entry {
                key: key.into(),
                lead: &text[lead..start],
                body: Body::block(block),
                comma: false,
                trail: "",
            });
            in_section = true;
            lead = start + line.len();
            continue;
        }
        if line.starts_with(char::is_whitespace) {
            return None;
        }
        // The value goes up to the last indented line; blank lines and comments before that are part of it.
        let mut next = at;
        while let Some((_, line)) = lines.get(next) {
            if !is_trivia(line) {
                if !line.starts_with([' ', '\t']) {
                    break;
                }
                at = next + 1;
            }
            next += 1;
        }
        let end = lines.get(at).map_or(text.len(), |(start, _)| *start);
        let (name, value) = line.split_once(['=', ':'])?;
        let key = name.trim().to_lowercase();
        let values = if value.trim().is_empty() {
            let section = root.last().filter(|_| in_section);
            let path = Path::root(section.map_or("", |section| section.key.as_ref()));
            let list = At::new(lists, Path::under(&key, Some(&path))).list();
            listed(&text[start..end], line.len(), list)
        } else {
            None
        };
        let entry = match values {
            Some(body) => Entry {
                key: key.into(),
                lead: &text[lead..start],
                body,
                comma: false,
                trail: "",
            },
            None => scan::line_entry(text, key, lead, start, end),
        };
        match root.last_mut() {
            Some(Entry {
                body: Body::Block(block),
                ..
            }) if in_section => block.entries.push(entry),
            _ => root.push(entry),
        }
        lead = end;
    }
    Some(Block::root(root, &text[lead..], Shape::Map))
}

fn is_trivia(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with(['#', ';'])
}

/// The body of a setting that has one value a line.
fn listed(text: &str, open: usize, list: Option<List>) -> Option<Body<'_>> {
    let mut entries = Vec::new();
    let mut lead = open;
    let mut indent = None;
    for (start, line) in scan::lines(text).skip(1) {
        if is_trivia(line) {
            continue;
        }
        let width = line.len() - line.trim_start().len();
        if *indent.get_or_insert(width) != width {
            return None;
        }
        let own = line.trim();
        let key = list.unwrap_or(List::UNKNOWN).key.of(own);
        entries.push(scan::line_entry(text, key, lead, start, start + line.len()));
        lead = start + line.len();
    }
    if entries.is_empty() {
        return None;
    }
    let shape = profile::shape(list, &entries, Mappings::None);
    Some(Body::block(Block {
        open: &text[..open],
        entries,
        close: &text[lead..],
        shape,
    }))
}
