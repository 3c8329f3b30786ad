//! JSON: objects by member, arrays by element. With or without comments, and commas behind the last element.

use super::literal;
use super::syntax::JSON;
use crate::entry::{Block, Body};
use crate::profile::{At, Lists, Path};

pub(super) fn parse(text: &str, lists: Lists) -> Option<Block<'_>> {
    let value = JSON.content(text, 0)?;
    let end = value_end(text, value)?;
    if JSON.content(text, end)? != text.len() {
        return None;
    }
    let at = At::new(lists, Path::root(""));
    match literal::body(&text[..end], value, JSON, at) {
        Body::Block(block) => {
            let close = &text[end - block.close.len()..];
            Some(Block { close, ..*block })
        }
        Body::Leaf(_) => None,
    }
}

/// Where the bracket that opens at `from` is closed.
fn value_end(text: &str, from: usize) -> Option<usize> {
    let (mut at, mut depth) = (from, 0_usize);
    if !text[from..].starts_with(['[', '{']) {
        return None;
    }
    while let Some(byte) = text.as_bytes().get(at) {
        let end = JSON.skip(text, at)?;
        if end > at {
            at = end;
            continue;
        }
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// The same text without comments, and if asked without commas behind last elements: each of their bytes is a space.
pub(super) fn strict(text: &str, without_commas: bool) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let (mut at, mut comma) = (0, None);
    while let Some(next) = text[at..].chars().next() {
        let end = JSON.skip(text, at)?;
        if end > at {
            let own = &text[at..end];
            if JSON.is_comment(text, at) {
                out.extend(
                    own.bytes()
                        .map(|byte| if byte == b'\n' { '\n' } else { ' ' }),
                );
            } else {
                out.push_str(own);
                comma = None;
            }
            at = end;
            continue;
        }
        match next {
            ',' if without_commas => comma = Some(out.len()),
            ']' | '}' => {
                if let Some(comma) = comma.take() {
                    out.replace_range(comma..=comma, " ");
                }
            }
            _ if next.is_whitespace() => {}
            _ => comma = None,
        }
        out.push(next);
        at += next.len_utf8();
    }
    Some(out)
}
