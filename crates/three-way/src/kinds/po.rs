//! Catalogues of translations: messages by context and text, the fields of the header by name.
//!
//! One reader gives both the entries and the check of the form.

use std::ops::Range;

use super::scan;
use crate::entry::{Block, Body, Entry, Shape};
use crate::hash::Set;

pub(super) fn parse(text: &str) -> Option<Block<'_>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut lead = 0;
    for message in read(text).ok()? {
        let Range { start, end } = message.bytes;
        let open = &text[start..message.parts.first()?.start];
        let header = match message.parts.as_slice() {
            [value] if message.key.is_empty() => fields(text, start, value.clone()),
            _ => None,
        };
        let (open, values) = header.unwrap_or_else(|| {
            let parts = message.parts.iter();
            (open, parts.map(|part| value(text, part.clone())).collect())
        });
        entries.push(Entry {
            key: message.key.into(),
            lead: &text[lead..start],
            body: Body::block(Block {
                open,
                entries: values,
                close: "",
                shape: Shape::Map,
            }),
            comma: false,
            trail: "",
        });
        lead = end;
    }
    (!entries.is_empty()).then(|| Block::root(entries, &text[lead..], Shape::Map))
}

pub(super) fn valid(text: &str) -> Result<(), String> {
    read(text).map(drop)
}

/// A message: what names it, where it stands, and the lines of each of its translations.
struct Message {
    key: String,
    bytes: Range<usize>,
    parts: Vec<Range<usize>>,
}

/// What the lines of a message are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Word {
    Context,
    Id,
    Plural,
    Translation,
}

fn read(text: &str) -> Result<Vec<Message>, String> {
    let mut messages: Vec<Message> = Vec::new();
    let mut known = Set::default();
    let mut last = None;
    for (at, (start, line)) in scan::lines(text).enumerate() {
        let fault = |what: &str| Err(format!("line {}: {what}", at + 1));
        let own = line.trim();
        if scan::is_trivia(line) {
            if last.is_some_and(|last| last != Word::Translation) {
                return fault("a message has no translation");
            }
            last = last.map(|_| Word::Translation);
            continue;
        }
        let end = start + line.len();
        let (word, rest) = keyword(own);
        let Some(said) = quoted(rest) else {
            return fault("this is neither a keyword nor a string");
        };
        let begins = match (word, last) {
            (None, None) => return fault("a string stands under no keyword"),
            (Some((Word::Context | Word::Id, _)), None | Some(Word::Translation)) => true,
            (None, Some(_))
            | (Some((Word::Id, _)), Some(Word::Context))
            | (Some((Word::Plural, _) | (Word::Translation, None)), Some(Word::Id)) => false,
            (Some((Word::Translation, Some(nth))), Some(before))
                if before == Word::Plural && nth == 0
                    || before == Word::Translation
                        && nth > 0
                        && messages
                            .last()
                            .is_some_and(|message| message.parts.len() == nth) =>
            {
                false
            }
            _ => return fault("this keyword does not belong here"),
        };
        if begins {
            close(&messages, &mut known)?;
            messages.push(Message {
                key: String::new(),
                bytes: start..end,
                parts: Vec::new(),
            });
        }
        let Some(message) = messages.last_mut() else {
            return fault("a string stands under no message");
        };
        if word.is_none() && !text[message.bytes.end..start].is_empty() {
            return fault("a string is apart from its keyword");
        }
        message.bytes.end = end;
        last = word.map_or(last, |(word, _)| Some(word));
        match last {
            Some(Word::Context) => message.key.push_str(said),
            Some(Word::Id) => {
                if word == Some((Word::Id, None)) && !begins {
                    message.key.push('\u{4}');
                }
                message.key.push_str(said);
            }
            Some(Word::Translation) => match (word, message.parts.last_mut()) {
                (None, Some(part)) => part.end = end,
                _ => message.parts.push(start..end),
            },
            _ => {}
        }
    }
    if last.is_some_and(|last| last != Word::Translation) {
        return Err("the last message has no translation".to_owned());
    }
    close(&messages, &mut known)?;
    Ok(messages)
}

/// Whether the last message is the only one of its name so far.
fn close(messages: &[Message], known: &mut Set<String>) -> Result<(), String> {
    match messages.last() {
        Some(last) if !known.insert(last.key.clone()) => Err(format!(
            "`{}` is there twice",
            last.key.replace('\u{4}', ": ")
        )),
        _ => Ok(()),
    }
}

/// The keyword of a line with its number, and what follows it.
fn keyword(line: &str) -> (Option<(Word, Option<usize>)>, &str) {
    let words = [
        ("msgctxt", Word::Context),
        ("msgid_plural", Word::Plural),
        ("msgid", Word::Id),
        ("msgstr", Word::Translation),
    ];
    for (name, word) in words {
        let Some(rest) = line.strip_prefix(name) else {
            continue;
        };
        if let Some((nth, rest)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'))
            && let Ok(nth) = nth.parse()
        {
            return (Some((word, Some(nth))), rest.trim_start());
        }
        if rest.starts_with([' ', '\t', '"']) {
            return (Some((word, None)), rest.trim_start());
        }
    }
    (None, line)
}

/// What stands between the quotes of a whole text.
fn quoted(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut escaped = false;
    for next in inner.chars() {
        match next {
            '"' if !escaped => return None,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    (!escaped && text.len() > 1).then_some(inner)
}

/// A translation, as an entry of whole lines.
fn value(text: &str, lines: Range<usize>) -> Entry<'_> {
    let own = &text[lines.clone()];
    let name = own.split([' ', '\t', '"']).next().unwrap_or_default();
    scan::line_entry(text, name, lines.start, lines.start, lines.end)
}

/// The header's first lines, and its fields: one a line.
fn fields(text: &str, start: usize, value: Range<usize>) -> Option<(&str, Vec<Entry<'_>>)> {
    let first = scan::line_end(text, value.start);
    let mut entries = Vec::new();
    let mut at = first;
    for (offset, line) in scan::lines(&text[first..value.end]) {
        let field = quoted(line.trim())?.strip_suffix("\\n")?;
        let (name, _) = field.split_once(':')?;
        let end = first + offset + line.len();
        entries.push(scan::line_entry(text, name.to_lowercase(), at, at, end));
        at = end;
    }
    (!entries.is_empty()).then_some((&text[start..first], entries))
}
