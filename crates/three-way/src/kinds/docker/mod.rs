//! Dockerfiles: stages by name, instructions one after the other, variables and labels by name.
//!
//! A command is one entry, however many lines it has: its lines are merged as lines.

mod read;

use super::scan;
use crate::entry::{Block, Body, Entry, Shape};
use crate::hash::Map;
use read::Instruction;

pub(super) fn parse(text: &str) -> Option<Block<'_>> {
    let instructions = read::instructions(text).ok()?;
    read::whole(&instructions).ok()?;
    let mut root: Vec<Entry> = Vec::new();
    let mut times: Map<String, usize> = Map::default();
    let mut lead = 0;
    for instruction in &instructions {
        let start = instruction.bytes.start;
        let end = instruction.bytes.end;
        if instruction.word == "FROM" {
            let key = stage_key(&instruction.rest);
            let nth = times.entry(key.clone()).or_default();
            *nth += 1;
            let key = if *nth > 1 {
                format!("{key} {nth}")
            } else {
                key
            };
            let first = scan::line_entry(text, "FROM", start, start, end);
            let block = Block {
                open: "",
                entries: vec![first],
                close: "",
                shape: Shape::Instructions,
            };
            root.push(Entry::whole(
                &text[lead..start],
                key,
                Body::block(block),
                "",
            ));
        } else {
            let entry = entry(text, lead, instruction);
            match root.last_mut().map(|stage| &mut stage.body) {
                Some(Body::Block(stage)) => stage.entries.push(entry),
                _ => root.push(entry),
            }
        }
        lead = end;
    }
    Some(Block::root(root, &text[lead..], Shape::Instructions))
}

pub(super) fn valid(text: &str) -> Result<(), String> {
    read::whole(&read::instructions(text)?)
}

/// What names a stage: its name, or else its image whatever the version.
fn stage_key(rest: &str) -> String {
    if let Some(name) = read::stage(rest) {
        return format!("stage {name}");
    }
    let mut words = rest.split_whitespace();
    let image = words.find(|word| !word.starts_with("--")).unwrap_or(rest);
    let image = image.split('@').next().unwrap_or(image);
    let folder = image.rfind('/').map_or(0, |at| at + 1);
    let end = image[folder..]
        .find(':')
        .map_or(image.len(), |at| folder + at);
    format!("FROM {}", &image[..end])
}

fn entry<'a>(text: &'a str, lead: usize, instruction: &Instruction) -> Entry<'a> {
    let start = instruction.bytes.start;
    let end = instruction.bytes.end;
    let line = |key: String| scan::line_entry(text, key, lead, start, end);
    let word = instruction.word;
    if matches!(word, "ENV" | "LABEL")
        && let Some(block) = pairs(text, instruction)
    {
        let first = block.entries.first();
        let key = first.map_or_else(String::new, |first| format!("{word} {}", first.key));
        return Entry::whole(&text[lead..start], key, Body::block(block), "");
    }
    line(key(instruction))
}

/// What makes it the same instruction in another version of the file.
fn key(instruction: &Instruction) -> String {
    let Instruction { word, rest, .. } = instruction;
    let first = || rest.split([' ', '=']).next().unwrap_or_default();
    match *word {
        "ENV" | "LABEL" | "ARG" => format!("{word} {}", first()),
        "CMD" | "ENTRYPOINT" | "HEALTHCHECK" | "STOPSIGNAL" | "USER" | "WORKDIR" => {
            (*word).to_owned()
        }
        "COPY" | "ADD" if !rest.starts_with('[') => {
            let mut words = rest
                .split_whitespace()
                .filter(|word| !word.starts_with("--"));
            let target = words.next_back().unwrap_or_default();
            // A folder takes more than one copy; its first source tells which one.
            if target.ends_with('/') || matches!(target, "." | "..") {
                format!("{word} {} {target}", words.next().unwrap_or_default())
            } else {
                format!("{word} {target}")
            }
        }
        "RUN" => {
            let words = rest.split_whitespace();
            let plain = words.filter(|word| !word.starts_with('-'));
            format!("RUN {}", plain.take(2).collect::<Vec<_>>().join(" "))
        }
        _ => scan::plain(&format!("{word} {rest}")).into_owned(),
    }
}

/// The pairs of an instruction that has more than one of them, each on a line of its own.
fn pairs<'a>(text: &'a str, instruction: &Instruction) -> Option<Block<'a>> {
    let (first, more) = instruction.lines.split_first()?;
    let last = more.last()?;
    let own = &text[first.clone()];
    let indent = own.len() - own.trim_start().len();
    let behind = &own[indent + instruction.word.len()..];
    let gap = behind.len() - behind.trim_start().len();
    let open = indent + instruction.word.len() + gap;
    let mut entries = Vec::new();
    let mut at = first.start + open;
    for line in &instruction.lines {
        let from = line.start.max(first.start + open);
        let own = &text[from..line.end];
        let pair = own.trim().trim_end_matches('\\').trim();
        let name = pair.split_once('=')?.0;
        if pair.is_empty() || read::words(pair)?.len() != 1 {
            return None;
        }
        let start = from + own.find(pair)?;
        entries.push(Entry {
            key: name.into(),
            lead: &text[at..start],
            body: Body::Leaf(pair),
            comma: false,
            trail: &text[start + pair.len()..line.end],
        });
        at = line.end;
    }
    let open = &text[first.start..first.start + open];
    (last.end == instruction.bytes.end).then_some(Block {
        open,
        entries,
        close: "",
        shape: Shape::Map,
    })
}
