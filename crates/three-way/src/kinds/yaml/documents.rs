//! YAML of several documents: each by what it is of and its name.

use super::Parser;
use crate::entry::{Block, Body, Entry, Shape};
use crate::hash::Set;
use crate::profile::At;
use crate::weave::unquoted;

/// Reads several documents, each of which must say which one it is: where two could be one the file is text.
pub(super) fn parse<'a>(parser: &Parser<'a>, starts: &[usize], root: At) -> Option<Block<'a>> {
    let mut documents = Vec::with_capacity(starts.len());
    let mut known = Set::default();
    for (nth, from) in starts.iter().copied().enumerate() {
        let to = starts.get(nth + 1).copied().unwrap_or(parser.lines.len());
        let first = (from..to).find(|line| !parser.lines[*line].trivia)?;
        // What stands above the first entry: the marker, and the remarks below it.
        let marked = parser.lines[from].content == "---";
        let inner = if marked { from + 1 } else { from };
        let indent = parser.lines[first].indent;
        let (entries, shape, close) =
            parser.entries(inner..to, indent, parser.start(inner), root)?;
        let key = (shape == Shape::Map)
            .then(|| identity(&entries))
            .flatten()?;
        if !known.insert(key.clone()) {
            return None;
        }
        documents.push(Entry {
            key: key.into(),
            lead: "",
            body: Body::block(Block {
                open: &parser.text[parser.start(from)..parser.start(inner)],
                entries,
                close: &parser.text[close..parser.start(to)],
                shape,
            }),
            comma: false,
            trail: "",
        });
    }
    Some(Block::root(documents, "", Shape::Items))
}

/// What names a document among others: what it is of, and its name.
fn identity(entries: &[Entry]) -> Option<String> {
    let text = |entries: &[Entry], name: &str| {
        let entry = entries.iter().find(|entry| entry.key == name)?;
        let Body::Leaf(text) = &entry.body else {
            return None;
        };
        let value = unquoted(text.split_once(':')?.1);
        (!value.is_empty()).then(|| value.to_owned())
    };
    let metadata = entries.iter().find(|entry| entry.key == "metadata");
    let Some(Body::Block(metadata)) = metadata.map(|entry| &entry.body) else {
        let mut names = ["id", "name"].into_iter();
        return names.find_map(|name| text(entries, name));
    };
    let kind = text(entries, "kind")?;
    let name = text(&metadata.entries, "name")?;
    let space = text(&metadata.entries, "namespace").unwrap_or_default();
    Some(format!("{kind} {space}/{name}"))
}
