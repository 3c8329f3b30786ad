//! Tokens of style sheets, with nested rules and comments of one line.

use super::token::{Lexed, Role, TokenRow};

/// The tokens of a text; `None` where something does not close.
pub(super) fn lex(text: &str) -> Option<Lexed<'_>> {
    let mut row = TokenRow::default();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let first = rest.chars().next()?;
        let before = text[..at].trim_end();
        // Behind these signs white space says nothing.
        let open = before.is_empty() || before.ends_with(OPEN);
        let spaced = before.len() < at && !open;
        if first.is_whitespace() || first == ';' && rest[1..].trim_start().starts_with('}') {
            // The last declaration of a rule needs no semicolon.
            at += first.len_utf8();
            continue;
        }
        let end = at + length(rest, text[..at].ends_with("url("))?;
        let own = &text[at..end];
        if own.starts_with("/*") || own.starts_with("//") {
            let line = &text[..at][text[..at].rfind('\n').map_or(0, |end| end + 1)..];
            let role = if line.trim().is_empty() {
                Role::Comment(0)
            } else {
                Role::Remark
            };
            let said: Vec<&str> = own.split_whitespace().collect();
            row.add(at, at + own.trim_end().len(), role, &said.join(" "));
        } else if own.len() == 1 {
            // A space before these signs makes another selector.
            let behind = rest[1..].starts_with(char::is_whitespace);
            let tells = matches!(first, '.' | '[' | '&' | '*' | '+' | '>' | '~')
                && !(matches!(first, '+' | '>' | '~' | '*') && behind);
            let tells = tells || first == ':' && !behind;
            let said = if tells && spaced {
                format!(" {own}")
            } else {
                own.to_string()
            };
            let nest = row.nest;
            row.sign(at, end, Role::Inside, own);
            if said != own {
                row.nest = nest;
                row.tokens.pop();
                row.add(at, end, Role::Inside, &said);
                row.nest += usize::from(first == '[');
            }
        } else {
            let within = row.nest > 0;
            row.add(at, end, Role::Inside, &said(own, spaced, within));
        }
        at = end;
    }
    (row.nest == 0).then_some(Lexed {
        text,
        tokens: row.tokens,
        indented: false,
        movable: false,
    })
}

const OPEN: [char; 11] = ['{', '}', ';', ',', '(', '>', '+', '~', ':', '/', '='];

/// How long the token is that a text starts with.
fn length(rest: &str, address: bool) -> Option<usize> {
    let first = rest.chars().next()?;
    if rest.starts_with("/*") {
        return Some(rest.find("*/")? + 2);
    }
    if matches!(first, '"' | '\'') {
        let mut at = 1;
        loop {
            let next = rest[at..].chars().next()?;
            at += next.len_utf8();
            match next {
                '\\' => at += rest[at..].chars().next()?.len_utf8(),
                '\n' => return None,
                _ if next == first => return Some(at),
                _ => {}
            }
        }
    }
    if address {
        return rest.find(')');
    }
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    let number = first.is_ascii_digit();
    let within = |next: char| {
        next.is_alphanumeric()
            || matches!(next, '_' | '-' | '%' | '$' | '@' | '!' | '\\' | '#')
            || number && next == '.'
    };
    let end = rest.find(|next| !within(next)).unwrap_or(rest.len());
    Some(if end == 0 { first.len_utf8() } else { end })
}

/// What a word or a text in quotes says: a colour is the same in any case.
fn said(own: &str, spaced: bool, within: bool) -> String {
    let quoted = |quote: char| own.strip_prefix(quote)?.strip_suffix(quote);
    if let Some(inner) = quoted('"').or_else(|| quoted('\'')) {
        return if inner.contains(['"', '\'', '\\']) {
            own.to_string()
        } else {
            format!("\"{inner}")
        };
    }
    let hex = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    match own.strip_prefix('#') {
        Some(digits) if within && hex(digits) => own.to_lowercase(),
        Some(_) if spaced => format!(" {own}"),
        _ => own.to_string(),
    }
}
