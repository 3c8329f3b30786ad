//! Tokens of YAML: what is nested in what, whatever the columns.

use super::scalar::{closes_next, key, plain_in_flow, quoted, said};
use super::token::{Lexed, Role, TokenRow, comment};

/// The tokens of a text; `None` for what cannot be read without a grammar: tabs, keys with a question mark, directives.
pub(super) fn lex(text: &str) -> Option<Lexed<'_>> {
    let mut reader = YamlReader {
        text,
        at: 0,
        row: TokenRow::default(),
        levels: Vec::new(),
        open: false,
    };
    while reader.at < text.len() {
        reader.line()?;
    }
    (reader.row.nest == 0).then_some(Lexed {
        text,
        tokens: reader.row.tokens,
        indented: true,
        movable: true,
    })
}

struct YamlReader<'a> {
    text: &'a str,
    at: usize,
    row: TokenRow,
    /// The mappings and lists around: their column, and whether it is a list.
    levels: Vec<(usize, bool)>,
    /// Whether a value is still to come.
    open: bool,
}

impl<'a> YamlReader<'a> {
    /// Reads what starts in one line.
    fn line(&mut self) -> Option<()> {
        let (content, indent) = self.content()?;
        if content.is_empty() {
            self.at += indent;
            self.at = self.line_end();
            return Some(());
        }
        if content.starts_with('#') {
            self.at += indent;
            let depth = self.levels.iter().filter(|(column, _)| *column <= indent);
            let depth = depth.count().max(1) - 1;
            self.comment(Role::Comment(depth));
            return Some(());
        }
        if content.starts_with(['%', '?', '\u{feff}']) || content.contains('\t') {
            return None;
        }
        let mark = indent == 0 && matches!(content.split_whitespace().next(), Some("---" | "..."));
        self.at += indent;
        if mark {
            self.levels.clear();
            self.row
                .add(self.at, self.at + 3, Role::Starts(0), &content[..3]);
            self.at += 3;
            self.open = false;
            return self.rest_of_mark();
        }
        self.entry(indent)
    }

    /// The rest of this line without its end, and how far it is indented.
    fn content(&self) -> Option<(&'a str, usize)> {
        let line = self.text[self.at..].lines().next().unwrap_or_default();
        let content = line.trim_start_matches(' ');
        (!content.starts_with('\t') || content.trim().is_empty())
            .then(|| (content.trim_end(), line.len() - content.len()))
    }

    fn line_end(&self) -> usize {
        let rest = &self.text[self.at..];
        rest.find('\n')
            .map_or(self.text.len(), |end| self.at + end + 1)
    }

    fn rest_of_mark(&mut self) -> Option<()> {
        let (content, indent) = self.content()?;
        self.at += indent;
        match content.chars().next() {
            None => {
                self.at = self.line_end();
                Some(())
            }
            Some('#') => {
                self.comment(Role::Remark);
                Some(())
            }
            _ => None,
        }
    }

    fn comment(&mut self, role: Role) {
        let rest = &self.text[self.at..];
        let own = rest[..rest.find('\n').unwrap_or(rest.len())].trim_end();
        self.row
            .add(self.at, self.at + own.len(), role, &comment(own));
        self.at = self.line_end();
    }

    /// Reads `- …`, `key: …` or a value of its own, which starts at a column.
    fn entry(&mut self, mut column: usize) -> Option<()> {
        loop {
            let rest = self.rest();
            let list = rest == "-" || rest.starts_with("- ");
            let key = key(rest);
            if !list && key.is_none() {
                break;
            }
            let depth = self.depth(column, list)?;
            if list {
                self.row.add(self.at, self.at + 1, Role::Starts(depth), "-");
                self.at += 1;
                self.open = true;
                let spaces = self.rest().len() - self.rest().trim_start().len();
                self.at += spaces;
                column += 1 + spaces;
                if self.rest().is_empty() {
                    self.at = self.line_end();
                    return Some(());
                }
                if self.rest().starts_with('#') {
                    self.comment(Role::Remark);
                    return Some(());
                }
                continue;
            }
            let (length, colon) = key?;
            let name = self.rest()[..length].trim_end();
            self.scalar(name, Role::Starts(depth));
            self.at += colon - name.len();
            self.row.add(self.at, self.at + 1, Role::Inside, ":");
            self.at += 1;
            self.open = true;
            break;
        }
        if self.levels.is_empty() {
            // The document is one value.
            return None;
        }
        self.value()
    }

    /// What is left of the line.
    fn rest(&self) -> &'a str {
        let rest = &self.text[self.at..];
        rest[..rest.find('\n').unwrap_or(rest.len())].trim_end()
    }

    /// How deep an entry at a column is.
    fn depth(&mut self, column: usize, list: bool) -> Option<usize> {
        while let Some((level, of_list)) = self.levels.last() {
            // A list may stand in the column of the key that it belongs to.
            let leaves = *level > column || *level == column && *of_list && !list;
            if !leaves {
                break;
            }
            self.levels.pop();
        }
        let new = match self.levels.last() {
            None => true,
            Some((level, of_list)) => *level < column || *level == column && list && !*of_list,
        };
        if new {
            if !self.levels.is_empty() && !self.open {
                return None;
            }
            self.levels.push((column, list));
        }
        self.open = false;
        Some(self.levels.len() - 1)
    }

    /// Adds a scalar of one line: quotes are layout.
    fn scalar(&mut self, text: &str, role: Role) {
        let said = said(text);
        self.row.add(self.at, self.at + text.len(), role, &said);
        self.at += text.len();
    }

    /// What stands behind a colon or a dash, or alone in its line.
    fn value(&mut self) -> Option<()> {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            let rest = self.rest();
            let Some(first) = rest.chars().next() else {
                self.at = self.line_end();
                return Some(());
            };
            match first {
                '#' => {
                    self.comment(Role::Remark);
                    return Some(());
                }
                '&' | '!' => {
                    let end = rest.find(' ').unwrap_or(rest.len());
                    self.row
                        .add(self.at, self.at + end, Role::Inside, &rest[..end]);
                    self.at += end;
                }
                '|' | '>' => return self.block(),
                '[' | '{' => {
                    self.open = false;
                    self.flow()?;
                }
                '"' | '\'' => {
                    self.open = false;
                    self.quoted()?;
                }
                _ => {
                    self.open = false;
                    self.plain();
                }
            }
        }
    }

    /// Reads a quoted scalar, which may go over lines.
    fn quoted(&mut self) -> Option<()> {
        let text = &self.text[self.at..];
        let length = quoted(text)?;
        let own = &text[..length];
        self.row
            .add(self.at, self.at + length, Role::Inside, &said(own));
        self.at += length;
        Some(())
    }

    /// Reads a plain scalar: one word after the other, with the lines that go on with it.
    fn plain(&mut self) {
        let column = self.levels.last().map_or(0, |(column, _)| *column);
        loop {
            let rest = self.rest();
            let end = rest.find(" #").unwrap_or(rest.len());
            let mut from = 0;
            for word in rest[..end].split(' ') {
                if !word.is_empty() {
                    let start = self.at + from;
                    self.row.add(start, start + word.len(), Role::Inside, word);
                }
                from += word.len() + 1;
            }
            self.at += end;
            if end < rest.len() {
                return;
            }
            let next = self.line_end();
            let Some(more) = self.continuation(next, column) else {
                return;
            };
            self.at = more;
        }
    }

    /// Where the next line goes on with a plain scalar.
    fn continuation(&self, next: usize, column: usize) -> Option<usize> {
        let line = self.text[next..].lines().next()?;
        let content = line.trim_start();
        let indent = line.len() - content.len();
        (indent > column && !content.is_empty() && !content.starts_with('#'))
            .then_some(next + indent)
    }

    /// Reads a block scalar: its header, and its lines without their indentation.
    fn block(&mut self) -> Option<()> {
        let rest = self.rest();
        let end = rest.find(' ').unwrap_or(rest.len());
        let header = &rest[..end];
        if header.len() > 2
            || header.contains(|next: char| next.is_ascii_digit())
            || header.contains('+')
        {
            return None;
        }
        self.row.add(self.at, self.at + end, Role::Inside, header);
        self.at += end;
        let behind = self.rest().trim_start();
        if behind.starts_with('#') {
            self.at = self.text[..self.at + self.rest().len()].len() - behind.len();
            self.comment(Role::Remark);
        } else if behind.is_empty() {
            self.at = self.line_end();
        } else {
            return None;
        }
        self.open = false;
        let column = self.levels.last().map_or(0, |(column, _)| *column);
        let mut indent = None;
        let mut said = String::new();
        let (mut start, mut last) = (None, self.at);
        while self.at < self.text.len() {
            let (end, line) = (self.line_end(), self.rest());
            let content = line.trim_start_matches(' ');
            let own = line.len() - content.len();
            if content.is_empty() {
                said.push('\n');
                self.at = end;
                continue;
            }
            if own <= column && !self.levels.is_empty() || indent.is_some_and(|indent| own < indent)
            {
                if indent.is_some_and(|indent| own < indent) && own > column {
                    return None;
                }
                break;
            }
            let indent = *indent.get_or_insert(own);
            start.get_or_insert(self.at + indent);
            said.push_str(&self.text[self.at + indent..self.at + line.len()]);
            said.push('\n');
            last = self.at + line.len();
            self.at = end;
        }
        if let Some(start) = start {
            self.row
                .add(start, last, Role::Inside, &format!("|{}", said.trim_end()));
        }
        Some(())
    }

    /// Reads a list or mapping in brackets.
    fn flow(&mut self) -> Option<()> {
        let outside = self.row.nest;
        loop {
            let text = &self.text[self.at..];
            let first = text.chars().next()?;
            match first {
                '\t' => return None,
                _ if first.is_whitespace() => self.at += first.len_utf8(),
                '#' => self.comment(Role::Remark),
                '"' | '\'' => self.quoted()?,
                '[' | '{' | ']' | '}' | ',' | ':' => {
                    if first == ',' && closes_next(&text[1..]) {
                        // A comma with nothing behind it says nothing.
                        self.at += 1;
                        continue;
                    }
                    self.row
                        .sign(self.at, self.at + 1, Role::Inside, &text[..1]);
                    self.at += 1;
                    if self.row.nest == outside {
                        return Some(());
                    }
                }
                _ => {
                    let end = plain_in_flow(text);
                    self.row
                        .add(self.at, self.at + end, Role::Inside, &text[..end]);
                    self.at += end;
                }
            }
        }
    }
}
