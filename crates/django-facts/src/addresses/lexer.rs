//! Finds the strings, words and signs of Python source with their places in its bytes. Any encoding will do that writes ASCII
//! as ASCII.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A plain string, with the place of its content. No letter stands before its quotes, except for `u`.
    Text(Range<usize>),
    /// Any other string, such as one of bytes or one that is formatted.
    OtherText,
    Word,
    Sign,
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: Range<usize>,
    /// The number of the line that the token starts in; the first is 1.
    pub(super) line: usize,
    /// The number of bytes between the start of that line and the token.
    pub(super) column: usize,
    /// The number of brackets that are open at the token.
    pub(super) depth: usize,
}

struct Lexer<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
    start: usize,
    depth: usize,
    tokens: Vec<Token>,
}

pub(super) fn tokens(bytes: &[u8]) -> Vec<Token> {
    let start = if bytes.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    let mut lexer = Lexer {
        bytes,
        at: start,
        line: 1,
        start,
        depth: 0,
        tokens: Vec::new(),
    };
    lexer.run();
    lexer.tokens
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

impl Lexer<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\n' | b'\r' => self.end_line(),
                b' ' | b'\t' | 0x0c => self.at += 1,
                b'#' => {
                    while self
                        .peek(0)
                        .is_some_and(|byte| byte != b'\n' && byte != b'\r')
                    {
                        self.at += 1;
                    }
                }
                b'"' | b'\'' => self.text(self.at, true),
                byte if is_word(byte) => self.word(),
                byte => {
                    match byte {
                        b'(' | b'[' | b'{' => self.depth += 1,
                        b')' | b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                        _ => {}
                    }
                    self.at += 1;
                    self.push(Kind::Sign, self.at - 1, self.line, self.at - 1 - self.start);
                }
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn end_line(&mut self) {
        self.at += if self.bytes[self.at..].starts_with(b"\r\n") {
            2
        } else {
            1
        };
        self.line += 1;
        self.start = self.at;
    }

    fn push(&mut self, kind: Kind, from: usize, line: usize, column: usize) {
        self.tokens.push(Token {
            kind,
            at: from..self.at,
            line,
            column,
            depth: self.depth,
        });
    }

    fn word(&mut self) {
        let from = self.at;
        while self.peek(0).is_some_and(is_word) {
            self.at += 1;
        }
        let word = self.bytes[from..self.at].to_ascii_lowercase();
        let is_prefix = word.len() <= 2 && word.iter().all(|byte| b"rbuft".contains(byte));
        if is_prefix && matches!(self.peek(0), Some(b'"' | b'\'')) {
            return self.text(from, word == b"u");
        }
        self.push(Kind::Word, from, self.line, from - self.start);
    }

    fn text(&mut self, from: usize, is_plain: bool) {
        let (line, column) = (self.line, from - self.start);
        let quote = self.bytes[self.at];
        let is_triple = self.bytes[self.at..].starts_with(&[quote; 3]);
        let width = if is_triple { 3 } else { 1 };
        self.at += width;
        let content = self.at;
        while let Some(byte) = self.peek(0) {
            if self.bytes[self.at..].starts_with(&[quote; 3][..width]) {
                break;
            }
            match byte {
                b'\\' if !matches!(self.peek(1), Some(b'\n' | b'\r')) => self.at += 2,
                b'\\' => {
                    self.at += 1;
                    self.end_line();
                }
                b'\n' | b'\r' if is_triple => self.end_line(),
                b'\n' | b'\r' => break,
                _ => self.at += 1,
            }
        }
        self.at = self.at.min(self.bytes.len());
        let end = self.at;
        self.at = (self.at + width).min(self.bytes.len());
        let kind = if is_plain && !is_triple {
            Kind::Text(content..end)
        } else {
            Kind::OtherText
        };
        self.push(kind, from, line, column);
    }
}
