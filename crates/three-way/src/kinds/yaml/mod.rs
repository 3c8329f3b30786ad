//! YAML as a tree by indentation: mappings by key, items by what names them.
//!
//! What it does not know for certain it takes as text (`None` for the file when even that is not safe): tabs, documents
//! that have no name, complex keys. Anchors and aliases are text; a merge that breaks them fails the check of the whole file.

mod documents;

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::literal;
use super::scan;
use super::syntax::YAML;
use crate::entry::{Block, Body, Entry, Shape};
use crate::lines;
use crate::profile::{self, At, Key, List, Lists, Mappings, Path};
use crate::weave::unquoted;

pub(super) fn parse(text: &str, lists: Lists) -> Option<Block<'_>> {
    let mut lines = Vec::with_capacity(lines::count(text.as_bytes()));
    // Where the documents start: at the markers between them.
    let mut starts = vec![0];
    let mut begun = false;
    for (start, line) in scan::lines(text) {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let content = line[indent..].trim_end();
        let marker = indent == 0 && (content == "---" || content.starts_with("--- "));
        if content.starts_with('\t')
            || marker && begun && content != "---"
            || line.starts_with(['%', '\u{feff}'])
            || content == "..."
        {
            return None;
        }
        if marker && begun {
            starts.push(lines.len());
        }
        let trivia = marker && content == "---" || scan::is_trivia(line);
        begun |= !trivia;
        lines.push(Line {
            start,
            indent,
            content,
            trivia,
        });
    }
    let parser = Parser { text, lines };
    let root = At::new(lists, Path::root(""));
    if starts.len() > 1 {
        return documents::parse(&parser, &starts, root);
    }
    let first = parser.lines.iter().find(|line| !line.trivia)?;
    let (entries, shape, lead) = parser.entries(0..parser.lines.len(), first.indent, 0, root)?;
    Some(Block::root(entries, &text[lead..], shape))
}

/// What is indented further than this is text: no settings file goes so deep, and each level is read again.
const DEEPEST: usize = 80;

struct Line<'a> {
    start: usize,
    indent: usize,
    content: &'a str,
    trivia: bool,
}

struct Parser<'a> {
    text: &'a str,
    lines: Vec<Line<'a>>,
}

impl<'a> Parser<'a> {
    fn start(&self, line: usize) -> usize {
        self.lines
            .get(line)
            .map_or(self.text.len(), |line| line.start)
    }

    /// The entries of some lines at one indentation, and where what follows them starts.
    fn entries(
        &self,
        lines: Range<usize>,
        indent: usize,
        mut lead: usize,
        place: At,
    ) -> Option<(Vec<Entry<'a>>, Shape, usize)> {
        let mut entries = Vec::new();
        let mut items = 0;
        let mut mappings = Mappings::None;
        let mut list = None;
        let Range {
            start: mut at,
            end: to,
        } = lines;
        while at < to {
            let line = &self.lines[at];
            if line.trivia {
                at += 1;
                continue;
            }
            if line.indent != indent {
                return None;
            }
            let item = is_item(line.content);
            let end = self.end(at, to, indent, line.content);
            let entry = if item {
                let list = *list.get_or_insert_with(|| place.list());
                let (entry, named) = self.item(lead, at, end, place, list);
                let block = matches!(&entry.body, Body::Block(_));
                mappings = match mappings {
                    _ if block && !named => Mappings::Nameless,
                    Mappings::None if block && items == 0 => Mappings::Named,
                    // Beside mappings there is text, which has no name.
                    Mappings::None if block => Mappings::Nameless,
                    Mappings::Named if !block => Mappings::Nameless,
                    known => known,
                };
                items += 1;
                entry
            } else {
                self.mapping(lead, at, end, line.start + indent, place)?
            };
            entries.push(entry);
            lead = self.start(end);
            at = end;
        }
        let shape = if items == 0 {
            Shape::Map
        } else {
            profile::shape(list.flatten(), &entries, mappings)
        };
        (items == 0 || items == entries.len()).then_some((entries, shape, lead))
    }

    /// The line after an entry: trailing comments belong to it as far as they are indented deeper.
    ///
    /// `content` is its first line, without the dash where the entry is the first behind one.
    fn end(&self, at: usize, to: usize, indent: usize, content: &str) -> usize {
        let mut end = at + 1;
        let mut next = at + 1;
        let bare = split_key(content).is_some_and(|(_, value)| is_open(&content[value..]));
        while next < to {
            let line = &self.lines[next];
            if line.trivia {
                if !line.content.is_empty() && line.indent > indent && end == next {
                    end = next + 1;
                }
            } else if line.indent > indent || bare && line.indent == indent && is_item(line.content)
            {
                end = next + 1;
            } else {
                break;
            }
            next += 1;
        }
        end
    }

    /// The entry of `key: value`, from offset `own`, which may be behind a dash.
    fn mapping(
        &self,
        lead: usize,
        at: usize,
        end: usize,
        own: usize,
        place: At,
    ) -> Option<Entry<'a>> {
        let line_end = self.start(at + 1).min(self.text.len());
        let content = &self.text[own..line_end];
        let (key, value) = split_key(content.trim_end())?;
        let place = place.under(key);
        let key = Cow::Borrowed(key);
        let inner = (at + 1..end).find(|line| !self.lines[*line].trivia);
        if inner.is_some()
            && is_open(&content[value..])
            && let Some(block) = self.nested(at + 1..end, own, place)
        {
            let body = Body::block(block);
            return Some(Entry {
                key,
                lead: &self.text[lead..own],
                body,
                comma: false,
                trail: "",
            });
        }
        let whole = &self.text[own..self.start(end)];
        if inner.is_some() || end > at + 1 {
            return Some(Entry {
                key,
                lead: &self.text[lead..own],
                body: Body::Leaf(whole),
                comma: false,
                trail: "",
            });
        }
        let length = plain_length(whole);
        let body = literal::body(&whole[..length], value.min(length), YAML, place);
        Some(Entry {
            key,
            lead: &self.text[lead..own],
            body,
            comma: false,
            trail: &whole[length..],
        })
    }

    /// The entries on some lines, under a key at offset `own`. An anchor may stand on a line before them.
    fn nested(&self, lines: Range<usize>, own: usize, place: At) -> Option<Block<'a>> {
        let Range { start: from, end } = lines;
        let column = own - self.lines[from - 1].start;
        if column > DEEPEST {
            return None;
        }
        let mut from = from;
        let mut inner = (from..end).find(|line| !self.lines[*line].trivia)?;
        if is_open(self.lines[inner].content) {
            from = inner + 1;
            inner = (from..end).find(|line| !self.lines[*line].trivia)?;
        }
        let Line {
            indent, content, ..
        } = self.lines[inner];
        if indent < column || indent == column && !is_item(content) {
            return None;
        }
        let (entries, shape, close) = self.entries(from..end, indent, self.start(from), place)?;
        let open = &self.text[own..self.start(from)];
        Some(Block {
            open,
            entries,
            close: &self.text[close..self.start(end)],
            shape,
        })
    }

    /// The entry of `- value`, or of `- key: value` and the rest of that mapping; and whether the mapping has a name in
    /// it.
    fn item(
        &self,
        lead: usize,
        at: usize,
        end: usize,
        place: At,
        list: Option<List>,
    ) -> (Entry<'a>, bool) {
        let line = &self.lines[at];
        let rest = line.content[1..].len() - line.content[1..].trim_start().len() + 1;
        let (dash, own) = (line.start + line.indent, line.start + line.indent + rest);
        let content = &line.content[rest.min(line.content.len())..];
        let whole = &self.text[dash..self.start(end)];
        if split_key(content).is_some()
            && !content.starts_with(['{', '['])
            && let Some(block) = self.item_mapping(at..end, own, content, place)
        {
            let name = item_key(&block.entries, list.map_or(Key::Itself, |list| list.key));
            let named = name.is_some();
            let entry = Entry {
                key: name.map_or_else(|| scan::plain(whole), Cow::Owned),
                lead: &self.text[lead..dash],
                body: Body::block(block),
                comma: false,
                trail: "",
            };
            return (entry, named);
        }
        let length = if end == at + 1 {
            plain_length(whole)
        } else {
            whole.len()
        };
        let body = &whole[..length];
        let value = unquoted(body.strip_prefix('-').unwrap_or(body));
        let key = match list {
            _ if end > at + 1 => scan::plain(whole),
            None => variable(value).unwrap_or(value).into(),
            Some(list) => list.key.of(value),
        };
        let entry = Entry {
            key,
            lead: &self.text[lead..dash],
            body: Body::Leaf(body),
            comma: false,
            trail: &whole[length..],
        };
        (entry, false)
    }

    /// The mapping that starts behind a dash.
    fn item_mapping(
        &self,
        lines: Range<usize>,
        own: usize,
        content: &str,
        place: At,
    ) -> Option<Block<'a>> {
        let Range { start: at, end } = lines;
        let line = &self.lines[at];
        let column = own - line.start;
        if column > DEEPEST {
            return None;
        }
        let first_end = self.end(at, end, column, content);
        let first = self.mapping(own, at, first_end, own, place)?;
        let (mut entries, shape, close) =
            self.entries(first_end..end, column, self.start(first_end), place)?;
        if shape != Shape::Map {
            return None;
        }
        entries.insert(0, first);
        let open = &self.text[line.start + line.indent..own];
        Some(Block {
            open,
            entries,
            close: &self.text[close..self.start(end)],
            shape,
        })
    }
}

fn is_item(content: &str) -> bool {
    content == "-" || content.starts_with("- ")
}

/// Whether a value is still to come on the next lines: nothing here but an anchor, a tag or a comment.
fn is_open(value: &str) -> bool {
    let mut words = value
        .split_whitespace()
        .take_while(|word| !word.starts_with('#'));
    words.all(|word| word.starts_with(['&', '!']))
}

/// The length of a line's content without the comment and the white space after it.
fn plain_length(line: &str) -> usize {
    let bytes = line.as_bytes();
    if memchr(b'#', bytes).is_none() {
        return line.trim_end().len();
    }
    let (mut at, mut quote) = (0, None);
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (None, byte @ (b'"' | b'\'')) if at == 0 || b" [{,:(".contains(&bytes[at - 1]) => {
                quote = Some(byte);
            }
            (Some(open), byte) if open == byte => quote = None,
            (None, b'#') if at > 0 && bytes[at - 1].is_ascii_whitespace() => break,
            _ => {}
        }
        at += 1;
    }
    line[..at].trim_end().len()
}

/// The key of `key: value` and where the value starts.
fn split_key(content: &str) -> Option<(&str, usize)> {
    let value = |at: usize| at + content[at..].len() - content[at..].trim_start().len();
    let first = content.bytes().next()?;
    if matches!(first, b'"' | b'\'') {
        let end = 1 + memchr(first, &content.as_bytes()[1..])?;
        let rest = content[end + 1..].trim_start();
        let colon = content.len() - rest.len();
        return (rest == ":" || rest.starts_with(": "))
            .then(|| (&content[1..end], value(colon + 1)));
    }
    if b"?#{[|>@`*&!,".contains(&first) || is_item(content) {
        return None;
    }
    let before = |text: &str, sign: u8, next: u8| {
        let bytes = text.as_bytes();
        memchr_iter(sign, bytes).find(|at| bytes.get(at + 1) == Some(&next))
    };
    let colon = before(content, b':', b' ').or_else(|| content.strip_suffix(':').map(str::len))?;
    let comment = before(&content[..colon], b' ', b'#').is_some();
    (!comment && !content[..colon].is_empty())
        .then(|| (content[..colon].trim_end(), value(colon + 1)))
}

/// What names a mapping in a list: its `id`, its `name`, the repository or action that it uses.
fn item_key(entries: &[Entry], key: Key) -> Option<String> {
    key.settings().iter().copied().find_map(|name| {
        let entry = entries.iter().find(|entry| entry.key == name)?;
        let Body::Leaf(text) = &entry.body else {
            return None;
        };
        let value = unquoted(text.split_once(':')?.1);
        let value = if name == "uses" {
            value.split('@').next().unwrap_or(value)
        } else {
            value
        };
        (!value.is_empty()).then(|| format!("{name}: {value}"))
    })
}

/// The name in an item such as `NAME=value`.
fn variable(value: &str) -> Option<&str> {
    let (name, _) = value.split_once('=')?;
    let variable = name
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    (variable && !name.is_empty()).then_some(name)
}
