//! Tokens of a text of which nothing is known: its words and signs, line by line.

use super::token::{Lexed, Role, TokenRow};

pub(super) fn lex(text: &str) -> Lexed<'_> {
    let mut row = TokenRow::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let mut role = Role::Starts(0);
        let mut own = 0;
        while let Some((start, end)) = word(line, own) {
            row.add(at + start, at + end, role, &line[start..end]);
            role = Role::Inside;
            own = end;
        }
        at += line.len();
    }
    Lexed {
        text,
        tokens: row.tokens,
        indented: false,
        movable: false,
    }
}

/// The next word or sign of a line.
fn word(line: &str, from: usize) -> Option<(usize, usize)> {
    let rest = &line[from..];
    let start = from + rest.len() - rest.trim_start().len();
    let rest = &line[start..];
    let first = rest.chars().next()?;
    let within = |next: char| next.is_alphanumeric() || next == '_';
    let length = if within(first) {
        rest.find(|next| !within(next)).unwrap_or(rest.len())
    } else {
        first.len_utf8()
    };
    Some((start, start + length))
}
