//! JSON: objects by member, arrays by element.

use super::literal::{self, JSON};
use crate::entry::{Block, Body};
use crate::profile::{At, Lists, Path};

pub(super) fn parse(text: &str, lists: Lists) -> Option<Block<'_>> {
    let value = text.len() - text.trim_start().len();
    let body = text.trim_end();
    let at = At::new(lists, Path::root(""));
    match literal::body(body, value, JSON, at) {
        Body::Block(block) => {
            let close = &text[body.len() - block.close.len()..];
            Some(Block { close, ..*block })
        }
        Body::Leaf(_) => None,
    }
}
