//! A text as a row of tokens: what it says, and between them how it is laid out.

use crate::hash;

/// One piece of what a text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    /// A number that is the same for tokens that say the same, however they are written.
    pub(super) said: u64,
    pub(super) role: Role,
    /// In how many brackets it stands; a bracket itself stands outside of its own.
    pub(super) nest: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It starts a statement, a setting, an item: how deep it is belongs to what it says.
    Starts(usize),
    /// A comment on a line of its own.
    Comment(usize),
    /// A comment behind something.
    Remark,
    Inside,
}

impl Role {
    pub(super) fn is_comment(self) -> bool {
        matches!(self, Self::Comment(_) | Self::Remark)
    }
}

/// A text and its tokens. What lies between two of them is white space, and signs that a formatter sets and takes out.
#[derive(Debug, Clone)]
pub(super) struct Lexed<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token>,
    /// Whether the indentation of what starts a line says how deep it is.
    pub(super) indented: bool,
    /// Whether the lines of a token move with the line that it starts in.
    pub(super) movable: bool,
}

impl<'a> Lexed<'a> {
    /// What stands before a token; behind the last one, for the number of tokens.
    pub(super) fn gap(&self, at: usize) -> &'a str {
        let start = at.checked_sub(1).map_or(0, |last| self.tokens[last].end);
        let end = self
            .tokens
            .get(at)
            .map_or(self.text.len(), |token| token.start);
        &self.text[start..end]
    }

    pub(super) fn raw(&self, at: usize) -> &'a str {
        let token = &self.tokens[at];
        &self.text[token.start..token.end]
    }

    /// Whether a token is the first of its line.
    pub(super) fn leads(&self, at: usize) -> bool {
        at == 0 || self.gap(at).contains('\n')
    }

    /// What stands before a token in its line.
    pub(super) fn indent(&self, at: usize) -> &'a str {
        let start = self.tokens[at].start;
        let line = self.text[..start].rfind('\n').map_or(0, |end| end + 1);
        &self.text[line..start]
    }

    pub(super) fn says(&self) -> impl Iterator<Item = u64> {
        self.tokens.iter().map(|token| token.said)
    }
}

/// Tokens as they are found.
#[derive(Debug, Default)]
pub(super) struct TokenRow {
    pub(super) tokens: Vec<Token>,
    pub(super) nest: usize,
}

impl TokenRow {
    /// Adds a token; `what` is all that it says.
    pub(super) fn add(&mut self, start: usize, end: usize, role: Role, what: &str) {
        let said = match role {
            Role::Starts(depth) => hash::of(&("starts", depth, what)),
            Role::Comment(_) => hash::of(&("comment", what)),
            Role::Remark => hash::of(&("remark", what)),
            Role::Inside => hash::of(&("inside", what)),
        };
        self.tokens.push(Token {
            start,
            end,
            said,
            role,
            nest: self.nest,
        });
    }

    /// Adds a sign; brackets count.
    pub(super) fn sign(&mut self, start: usize, end: usize, role: Role, sign: &str) {
        if matches!(sign, ")" | "]" | "}") {
            self.nest = self.nest.saturating_sub(1);
        }
        self.add(start, end, role, sign);
        if matches!(sign, "(" | "[" | "{") {
            self.nest += 1;
        }
    }
}

/// A comment without the white space that formatters set in it.
pub(super) fn comment(text: &str) -> String {
    let signs = text.bytes().take_while(|byte| *byte == b'#').count();
    format!("{}{}", &text[..signs], text[signs..].trim())
}

/// Whether a letter is part of a word.
pub(super) fn is_word(next: char) -> bool {
    next.is_alphanumeric() || next == '_'
}
