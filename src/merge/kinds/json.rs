//! JSON: objects by member, arrays by element.

use super::literal::{self, Elements, JSON};
use crate::merge::entry::{Block, Body, Shape};

pub(super) fn parse(text: &str) -> Option<Block<'_>> {
    let value = text.len() - text.trim_start().len();
    let body = text.trim_end();
    match literal::body(body, value, JSON, Elements::Themselves(Shape::Bag)) {
        Body::Block(block) => {
            let close = &text[body.len() - block.close.len()..];
            Some(Block { close, ..*block })
        }
        Body::Leaf(_) => None,
    }
}
