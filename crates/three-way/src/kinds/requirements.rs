//! Requirements and constraints: one requirement a line, named by its project.

use std::borrow::Cow;

use super::scan;
use crate::entry::{Block, Shape};

pub(super) fn parse(text: &str) -> Block<'_> {
    let lines: Vec<_> = scan::lines(text).collect();
    let mut entries = Vec::new();
    let (mut lead, mut at) = (0, 0);
    while let Some((start, line)) = lines.get(at).copied() {
        at += 1;
        if scan::is_trivia(line) {
            continue;
        }
        // Continued lines, and the indented comments with which a lock tool says where a pin comes from.
        let mut continued = line.trim_end().ends_with('\\');
        while let Some((_, next)) = lines.get(at)
            && (continued || next.starts_with(' ') && next.trim_start().starts_with('#'))
        {
            continued = next.trim_end().ends_with('\\');
            at += 1;
        }
        let end = lines.get(at).map_or(text.len(), |(start, _)| *start);
        entries.push(scan::line_entry(text, key(line), lead, start, end));
        lead = end;
    }
    Block::root(entries, &text[lead..], Shape::Pins)
}

fn key(line: &str) -> Cow<'_, str> {
    name(line).unwrap_or_else(|| line.trim().into())
}

/// The project that a requirement names, as package indexes compare it; `None` for an option, a path or an address.
pub(crate) fn name(requirement: &str) -> Option<Cow<'_, str>> {
    let requirement = requirement.trim();
    let length = requirement
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte))
        .count();
    let (name, rest) = requirement.split_at(length);
    let rest = rest.trim_start();
    let ends = rest.is_empty()
        || rest.starts_with(['[', '=', '<', '>', '!', '~', ';', '#', '@', '\\', '(', ',']);
    let named = name.starts_with(|first: char| first.is_ascii_alphanumeric()) && ends;
    let plain = |text: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        text.bytes().all(plain) && !text.contains("--") && !text.ends_with('-')
    };
    if named && plain(name) {
        return Some(name.into());
    }
    named.then(|| {
        let parts: Vec<&str> = name
            .split(['-', '_', '.'])
            .filter(|part| !part.is_empty())
            .collect();
        parts.join("-").to_lowercase().into()
    })
}
