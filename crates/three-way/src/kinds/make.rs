//! Makefiles: variables by name, rules by target, the lines of a recipe one after the other.
//!
//! One reader gives both the entries and the check of the form. A conditional or a definition is one entry; where one stands
//! within a recipe the file has no entries.

use std::ops::Range;

use super::scan;
use crate::entry::{Block, Body, Entry, Shape};
use crate::hash::Set;

pub(super) fn parse(text: &str) -> Option<Block<'_>> {
    let items = read(text).ok()?;
    let phony = |item: &&Item| matches!(&item.what, What::Rule { targets, .. } if targets == PHONY);
    let one_phony = items.iter().filter(phony).count() == 1;
    let mut entries = Vec::new();
    let mut lead = 0;
    for item in items {
        let Range { start, end } = item.bytes;
        let own = &text[start..end];
        let line = |key: String| scan::line_entry(text, key, lead, start, end);
        let entry = match item.what {
            What::Split => return None,
            What::Variable(name) => line(name),
            What::Rule { targets, head } if !item.recipe.is_empty() => {
                let recipe = recipe(text, head, &item.recipe);
                let body = Body::block(Block {
                    open: &text[start..head],
                    entries: recipe,
                    close: "",
                    shape: Shape::Steps,
                });
                Entry::whole(&text[lead..start], format!("{targets}:"), body, "")
            }
            What::Rule { targets, .. } if targets == PHONY && one_phony => names(own).map_or_else(
                || line(PHONY.to_owned()),
                |(body, rest)| Entry::whole(&text[lead..start], PHONY.to_owned(), body, rest),
            ),
            What::Rule { .. } | What::Other => line(scan::plain(own).into_owned()),
        };
        entries.push(entry);
        lead = end;
    }
    Some(Block::root(entries, &text[lead..], Shape::Map))
}

pub(super) fn valid(text: &str) -> Result<(), String> {
    let mut known = Set::default();
    for item in read(text)? {
        if let What::Rule { targets, .. } = item.what
            && !item.recipe.is_empty()
            && !targets.ends_with(':')
            && !targets.contains('%')
            && !known.insert(targets.clone())
        {
            return Err(format!("`{targets}` has two recipes"));
        }
    }
    Ok(())
}

const PHONY: &str = ".PHONY";

/// What stands in the file by itself.
struct Item {
    what: What,
    bytes: Range<usize>,
    /// The lines of the recipe under a rule.
    recipe: Vec<Range<usize>>,
}

enum What {
    Variable(String),
    /// The targets, with one colon more for a rule that may be there more than once; and where the first line ends.
    Rule {
        targets: String,
        head: usize,
    },
    Other,
    /// A conditional that holds only a part of a recipe.
    Split,
}

fn recipe<'a>(text: &'a str, head: usize, lines: &[Range<usize>]) -> Vec<Entry<'a>> {
    let mut lead = head;
    let entry = |line: &Range<usize>| {
        let key = scan::plain(&text[line.clone()]).into_owned();
        let entry = scan::line_entry(text, key, lead, line.start, line.end);
        lead = line.end;
        entry
    };
    lines.iter().map(entry).collect()
}

/// The names behind a colon, in any order, if they stand on one line; and the rest of that line.
fn names(own: &str) -> Option<(Body<'_>, &str)> {
    let colon = own.find(':')? + 1;
    let line = own.trim_end();
    if line.contains(['\n', '#', '$', '\\', ';']) {
        return None;
    }
    let mut entries = Vec::new();
    let mut at = colon;
    for name in line[colon..].split_whitespace() {
        let start = at + line[at..].find(name)?;
        let lead = &line[at..start];
        at = start + name.len();
        let body = Body::Leaf(&line[start..at]);
        entries.push(Entry::whole(lead, name.to_owned(), body, ""));
    }
    let body = Body::block(Block {
        open: &own[..colon],
        entries,
        close: "",
        shape: Shape::Bag,
    });
    Some((body, &own[line.len()..]))
}

fn read(text: &str) -> Result<Vec<Item>, String> {
    let mut reader = MakeReader {
        items: Vec::new(),
        open: Vec::new(),
        in_rule: false,
    };
    let mut at = 0;
    while at < text.len() {
        let end = logical_end(text, at);
        let line = &text[at..end];
        reader.line(text, line, at..end).map_err(|what| {
            let number = text[..at].lines().count() + 1;
            format!("line {number}: {what}")
        })?;
        at = end;
    }
    match reader.open.pop() {
        Some(open) => Err(format!("`{}` does not close", open.word)),
        None => Ok(reader.items),
    }
}

/// Where the line that starts at `from` ends, with those that continue it.
fn logical_end(text: &str, from: usize) -> usize {
    let mut end = scan::line_end(text, from);
    while end < text.len()
        && text[from..end]
            .trim_end_matches(['\n', '\r'])
            .ends_with('\\')
    {
        end = scan::line_end(text, end);
    }
    end
}

/// A conditional or a definition that is not closed yet.
struct Open {
    word: &'static str,
    start: usize,
    /// How many items there were before it.
    items: usize,
    /// Whether it began under a rule.
    in_rule: bool,
}

struct MakeReader {
    items: Vec<Item>,
    open: Vec<Open>,
    in_rule: bool,
}

impl MakeReader {
    fn line(&mut self, text: &str, line: &str, bytes: Range<usize>) -> Result<(), String> {
        let word = line.split_whitespace().next().unwrap_or_default();
        let defining = self.open.last().is_some_and(|open| open.word == "define");
        if defining {
            if word == "endef" {
                self.close(bytes.end);
            }
            return Ok(());
        }
        if line.trim().is_empty() || line.trim_start_matches(' ').starts_with('#') {
            return Ok(());
        }
        if line.starts_with('\t') {
            let is_note = word.starts_with('#') && !self.in_rule;
            return if is_note { Ok(()) } else { self.recipe(bytes) };
        }
        match word {
            "ifeq" | "ifneq" | "ifdef" | "ifndef" | "define" => {
                let word = if word == "define" { "define" } else { "if" };
                self.open.push(Open {
                    word,
                    start: bytes.start,
                    items: self.items.len(),
                    in_rule: self.in_rule,
                });
                return Ok(());
            }
            "else" if !self.open.is_empty() => return Ok(()),
            "endif" if !self.open.is_empty() => {
                self.close(bytes.end);
                return Ok(());
            }
            "else" | "endif" | "endef" => return Err(format!("`{word}` closes nothing")),
            _ => {}
        }
        let what = what(line, word, &bytes).ok_or("there is no separator in it")?;
        self.in_rule = matches!(what, What::Rule { .. });
        if text[bytes.clone()].trim_end().ends_with('\\') {
            return Err("the last line is continued".to_owned());
        }
        self.items.push(Item {
            what,
            bytes,
            recipe: Vec::new(),
        });
        Ok(())
    }

    fn recipe(&mut self, bytes: Range<usize>) -> Result<(), String> {
        if !self.in_rule {
            return Err("a line of a recipe stands under no rule".to_owned());
        }
        match self.items.last_mut() {
            Some(item) if matches!(item.what, What::Rule { .. }) => {
                item.bytes.end = bytes.end;
                item.recipe.push(bytes);
            }
            // This line stands behind a conditional.
            _ => self.items.push(Item {
                what: What::Split,
                bytes,
                recipe: Vec::new(),
            }),
        }
        Ok(())
    }

    fn close(&mut self, end: usize) {
        let Some(open) = self.open.pop() else { return };
        let before = open.items;
        // A recipe may go on in it, or behind it.
        let reached = |item: &Item| item.bytes.end > open.start;
        let taken_up = before > 0 && self.items.get(before - 1).is_some_and(reached);
        let split = taken_up
            || self.items[before..]
                .iter()
                .any(|item| matches!(item.what, What::Split));
        let own = self.items.split_off(before);
        let is_rule = |item: &Item| matches!(item.what, What::Rule { .. });
        self.in_rule = open.in_rule || own.iter().any(is_rule);
        self.items.push(Item {
            what: if split { What::Split } else { What::Other },
            bytes: open.start..end,
            recipe: Vec::new(),
        });
    }
}

/// What a line says that is neither of a recipe nor a conditional.
fn what(line: &str, word: &str, bytes: &Range<usize>) -> Option<What> {
    let own = line.trim_start();
    if matches!(
        word,
        "include" | "-include" | "sinclude" | "vpath" | "unexport" | "undefine" | "load" | "-load"
    ) {
        return Some(What::Other);
    }
    let (sign, at) = separator(own)?;
    let before = own[..at].trim();
    match sign {
        Sign::Value => Some(match own[..at].trim_end().strip_suffix('+') {
            // There may be more of these.
            Some(_) => What::Other,
            None => What::Variable(bare(before)),
        }),
        Sign::Colon(double) => {
            let mut targets = scan::plain(before).into_owned();
            if double {
                targets.push(':');
            }
            if separator(own[at..].trim_start_matches(':'))
                .is_some_and(|(sign, _)| sign == Sign::Value)
            {
                // This is a variable of one target.
                return Some(What::Other);
            }
            Some(What::Rule {
                targets,
                head: bytes.end,
            })
        }
        Sign::None => (own.starts_with("$(") || own.starts_with("${") || word == "export")
            .then_some(What::Other),
    }
}

/// The name of a variable without what is said about it.
fn bare(before: &str) -> String {
    let name = before.trim_end_matches(['?', ':', '!']).trim();
    name.split_whitespace().last().unwrap_or(name).to_owned()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Value,
    /// A colon, and whether it is a double one.
    Colon(bool),
    None,
}

/// What divides a line, and where it stands: the first equals sign or colon outside of brackets.
fn separator(own: &str) -> Option<(Sign, usize)> {
    let bytes = own.as_bytes();
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' | b'{' => depth += 1,
            b')' | b'}' => depth = depth.checked_sub(1)?,
            b'#' if depth == 0 => break,
            b'=' if depth == 0 => return Some((Sign::Value, at)),
            b':' if depth == 0 => {
                let rest = own[at..].trim_start_matches(':');
                if rest.starts_with('=') {
                    return Some((Sign::Value, own.len() - rest.len()));
                }
                return Some((Sign::Colon(own[at..].starts_with("::")), at));
            }
            _ => {}
        }
    }
    (depth == 0).then_some((Sign::None, own.len()))
}
