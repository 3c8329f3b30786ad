//! Tokens of Python, TOML and JSON.

use super::soft::soft;
use super::token::{Lexed, Role, TokenRow, comment, is_word};

/// The three languages, which have strings, brackets and commas in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    Python,
    Toml,
    Json,
}

/// The tokens of a text; `None` where it cannot be read: a string does not close, an indentation fits nowhere.
pub(super) fn lex(code: Code, text: &str) -> Option<Lexed<'_>> {
    let mut reader = CodeReader {
        code,
        text,
        at: 0,
        row: TokenRow::default(),
        levels: vec![0],
        next: Next::Line,
        colon: false,
        lambdas: 0,
    };
    while reader.at < text.len() {
        reader.step()?;
    }
    if reader.row.nest > 0 {
        return None;
    }
    let tokens = reader.row.tokens;
    let soft = soft(code == Code::Python, text, &tokens);
    let mut at = 0;
    let tokens = tokens
        .into_iter()
        .filter(|_| {
            at += 1;
            !soft.contains(&(at - 1))
        })
        .collect();
    Some(Lexed {
        text,
        tokens,
        indented: code == Code::Python,
        movable: false,
    })
}

/// What the next token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The first token of a line that continues no other one.
    Line,
    /// The first token of a statement behind another one in the same line, which is this deep.
    Statement(usize),
    Inside,
}

struct CodeReader<'a> {
    code: Code,
    text: &'a str,
    at: usize,
    row: TokenRow,
    /// The columns of the blocks around.
    levels: Vec<usize>,
    next: Next,
    /// Whether a colon ends the head of the statement.
    colon: bool,
    lambdas: usize,
}

/// Words that start a statement which has a body.
const HEADS: [&str; 14] = [
    "if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def", "class",
    "async", "match", "case",
];

impl<'a> CodeReader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Reads one token, or white space.
    fn step(&mut self) -> Option<()> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        match first {
            '\n' => {
                self.at += 1;
                if self.row.nest == 0 && self.code != Code::Json {
                    self.next = Next::Line;
                }
            }
            '\\' if self.code == Code::Python && rest.starts_with("\\\n") => self.at += 2,
            _ if first.is_whitespace() => self.at += first.len_utf8(),
            '#' if self.code != Code::Json => self.comment(),
            '/' if self.code == Code::Json => return None,
            _ if is_word(first) => self.word()?,
            '"' | '\'' => self.string("")?,
            ';' if self.code == Code::Python && self.row.nest == 0 => {
                self.at += 1;
                self.next = Next::Statement(self.levels.len() - 1);
            }
            _ => self.sign(first)?,
        }
        Some(())
    }

    fn comment(&mut self) {
        let rest = self.rest();
        let end = rest.find('\n').unwrap_or(rest.len());
        let own = rest[..end].trim_end();
        let column = self.column();
        let role = if self.text[self.at - column.len()..self.at].trim().is_empty() {
            let width = width(column);
            let depth = self.levels.iter().filter(|level| **level <= width).count();
            Role::Comment(depth.max(1) - 1)
        } else {
            Role::Remark
        };
        self.row
            .add(self.at, self.at + own.len(), role, &comment(own));
        self.at += end;
    }

    /// What stands before in the line.
    fn column(&self) -> &'a str {
        let line = self.text[..self.at].rfind('\n').map_or(0, |end| end + 1);
        &self.text[line..self.at]
    }

    /// The role of the token that starts here.
    fn role(&mut self, word: &str) -> Option<Role> {
        let role = match self.next {
            _ if self.row.nest > 0 => Role::Inside,
            Next::Inside => return Some(Role::Inside),
            Next::Statement(depth) => Role::Starts(depth),
            Next::Line if self.code == Code::Python => {
                let width = width(self.column());
                let known = self.levels.len();
                while self.levels.last().is_some_and(|level| *level > width) {
                    self.levels.pop();
                }
                if self.levels.last().is_some_and(|level| *level < width) {
                    if self.levels.len() < known {
                        return None;
                    }
                    self.levels.push(width);
                }
                Role::Starts(self.levels.len() - 1)
            }
            Next::Line => Role::Starts(0),
        };
        if self.row.nest == 0 {
            self.next = Next::Inside;
            self.colon = HEADS.contains(&word);
            self.lambdas = 0;
        }
        Some(role)
    }

    fn word(&mut self) -> Option<()> {
        let rest = self.rest();
        let number = rest.starts_with(|first: char| first.is_ascii_digit());
        let mut end = 0;
        for next in rest.chars() {
            let within = is_word(next)
                || number && next == '.'
                || match self.code {
                    Code::Python => false,
                    Code::Toml => next == '-' || number && matches!(next, '+' | ':'),
                    Code::Json => matches!(next, '-' | '+' | '.'),
                };
            if !within {
                break;
            }
            end += next.len_utf8();
        }
        let word = &rest[..end];
        let quote = rest[end..].starts_with(['"', '\'']);
        let prefix = end <= 2 && word.bytes().all(|byte| b"rbfuRBFU".contains(&byte));
        if self.code == Code::Python && quote && prefix {
            return self.string(word);
        }
        let role = self.role(word)?;
        if word == "lambda" && self.row.nest == 0 {
            self.lambdas += 1;
        }
        let said = if number && self.code == Code::Python {
            word.to_lowercase()
        } else {
            word.to_string()
        };
        self.row.add(self.at, self.at + end, role, &said);
        self.at += end;
        Some(())
    }

    /// A string, with its prefix.
    fn string(&mut self, prefix: &str) -> Option<()> {
        let from = self.at + prefix.len();
        let rest = &self.text[from..];
        let quote = &rest[..1];
        let triple = quote.repeat(3);
        let long = self.code != Code::Json && rest.starts_with(&triple);
        let mark = if long { triple.as_str() } else { quote };
        let escapes = quote == "\"" || self.code == Code::Python;
        let raw = prefix.contains(['r', 'R']);
        let end = closes(&rest[mark.len()..], mark, escapes, long)?;
        let content = &rest[mark.len()..mark.len() + end];
        let role = self.role("")?;
        let said = match self.code {
            // One kind of quotes in TOML knows escapes, the other one does not.
            Code::Toml if content.contains(['\\', '"', '\'']) || long => {
                rest[..mark.len() * 2 + end].to_string()
            }
            Code::Toml | Code::Json => content.to_string(),
            Code::Python if long => {
                let lines = content.trim_end_matches('\\').lines().map(str::trim);
                lines.collect::<Vec<_>>().join("\n").trim().to_string()
            }
            Code::Python if raw => content.to_string(),
            Code::Python => unescaped(content),
        };
        let kind = prefix.to_lowercase().replace('u', "");
        self.row.add(
            self.at,
            from + 2 * mark.len() + end,
            role,
            &format!("{kind}\"{said}"),
        );
        self.at = from + 2 * mark.len() + end;
        Some(())
    }

    fn sign(&mut self, first: char) -> Option<()> {
        let length = first.len_utf8();
        let sign = &self.text[self.at..self.at + length];
        if matches!(first, ')' | ']' | '}') && self.row.nest == 0 {
            return None;
        }
        let role = self.role(sign)?;
        self.row.sign(self.at, self.at + length, role, sign);
        self.at += length;
        if first == ':' && self.row.nest == 0 && self.colon {
            if self.lambdas > 0 {
                self.lambdas -= 1;
            } else {
                self.colon = false;
                self.next = Next::Statement(self.levels.len());
            }
        }
        Some(())
    }
}

/// How wide an indentation is.
fn width(indent: &str) -> usize {
    indent.chars().fold(0, |width, next| match next {
        '\t' => width / 8 * 8 + 8,
        _ => width + 1,
    })
}

/// Where a string closes.
fn closes(text: &str, mark: &str, escapes: bool, long: bool) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let next = rest.chars().next()?;
        if rest.starts_with(mark) {
            return Some(at);
        }
        if next == '\\' && escapes {
            at += 1 + rest[1..].chars().next()?.len_utf8();
        } else if next == '\n' && !long {
            return None;
        } else {
            at += next.len_utf8();
        }
    }
}

/// A string without the backslashes that one kind of quotes needs and the other one does not.
fn unescaped(content: &str) -> String {
    let mut out = String::with_capacity(content.len());
    let mut rest = content.chars().peekable();
    while let Some(next) = rest.next() {
        if next != '\\' {
            out.push(next);
            continue;
        }
        match rest.next() {
            Some(quote @ ('"' | '\'')) => out.push(quote),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}
