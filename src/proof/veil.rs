//! Hides secrets in what other programs print.

use std::cmp::Reverse;

/// The text that stands in the place of a secret.
const VEIL: &str = "***";

/// A variable with such a part in its name holds a secret.
const SECRET_NAMES: [&str; 7] = [
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "TOKEN",
    "API_KEY",
    "APIKEY",
    "PRIVATE_KEY",
];

/// Hides the secrets that are known, and values that look like secrets.
#[derive(Debug, Default)]
pub(super) struct Veil {
    known: Vec<String>,
}

impl Veil {
    /// Makes a value known as a secret. Short values are left out, since hiding them would hide ordinary words.
    pub(super) fn hide(&mut self, value: &str) {
        if value.len() >= 6 {
            self.known.push(value.to_owned());
            // The longest comes first: where a secret begins with another one, its end must not stay.
            self.known.sort_by_key(|known| Reverse(known.len()));
        }
    }

    /// Makes the values known that a dotenv file sets.
    pub(super) fn hide_values(&mut self, dotenv: &str) {
        for line in dotenv
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with('#'))
        {
            if let Some((_, written)) = line.split_once('=') {
                self.hide(value_of(written));
            }
        }
    }

    /// The text without secrets and without what only a terminal understands. Its lines stay lines.
    pub(super) fn over(&self, text: &str) -> String {
        let mut text = plain(text);
        for secret in &self.known {
            text = text.replace(secret.as_str(), VEIL);
        }
        let lines = text
            .lines()
            .map(|line| without_values(&without_credentials(line)));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// The value in `'value'`, `${NAME:-'value'}` or `"${NAME-value}"`.
fn value_of(written: &str) -> &str {
    let is_default = |text: &str| text.trim_start().starts_with("${");
    let whole = if is_default(written) {
        written.trim()
    } else {
        unquoted(written)
    };
    let Some(inner) = whole.strip_prefix("${") else {
        return whole;
    };
    let inner = inner.rsplit_once('}').map_or(inner, |(inner, _)| inner);
    inner
        .split_once('-')
        .map_or(whole, |(_, default)| unquoted(default))
}

/// The text in quotes, or else the text before a comment.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix('\'') {
        return rest.split_once('\'').map_or(rest, |(value, _)| value);
    }
    if let Some(rest) = text.strip_prefix('"') {
        // Other variables may stand in the value.
        return rest.rsplit_once('"').map_or(rest, |(value, _)| value);
    }
    text.split_once(" #")
        .map_or(text, |(value, _)| value.trim_end())
}

/// The text without the sequences that move a cursor or colour what follows.
fn plain(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => {
                // The sequence is `ESC [`, parameters, and a letter.
                if rest.next() == Some('[') {
                    let _ = rest.find(|c| ('@'..='~').contains(c));
                }
            }
            '\r' => {}
            c => made.push(c),
        }
    }
    made
}

/// `scheme://user:password@host` without user and password.
fn without_credentials(line: &str) -> String {
    let mut made = String::new();
    let mut rest = line;
    while let Some(at) = rest.find("://") {
        let (head, tail) = rest.split_at(at + 3);
        made.push_str(head);
        let end =
            tail.find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '<' | '>'));
        let authority = &tail[..end.unwrap_or(tail.len())];
        match authority.rfind('@') {
            Some(sign) => {
                made.push_str(VEIL);
                rest = &tail[sign..];
            }
            None => rest = tail,
        }
    }
    made + rest
}

/// `NAME=value`, `NAME: value` and `'NAME': 'value'` without the value, where the name says that it is a secret.
fn without_values(line: &str) -> String {
    let mut made = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(['=', ':']) {
        let (head, tail) = rest.split_at(at + 1);
        made.push_str(head);
        rest = tail;
        let name: String = head[..at]
            .trim_end_matches(['"', '\'', ' '])
            .chars()
            .rev()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let name: String = name.chars().rev().collect::<String>().to_ascii_uppercase();
        if !SECRET_NAMES.iter().any(|part| name.contains(part)) {
            continue;
        }
        let start = rest
            .find(|c: char| !c.is_whitespace() && !matches!(c, '"' | '\''))
            .unwrap_or(rest.len());
        let before = rest[..start].trim_start();
        if matches!(before, "''" | "\"\"") {
            continue;
        }
        let quote = before.chars().next_back();
        let is_end = |c: char| match quote {
            // Keys that Django makes may have brackets in them.
            Some(quote) => c == quote,
            None => c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ')'),
        };
        let end = rest[start..]
            .find(is_end)
            .map_or(rest.len(), |end| start + end);
        if end > start {
            made.push_str(&rest[..start]);
            made.push_str(VEIL);
            rest = &rest[end..];
        }
    }
    made + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, veiled: &str) {
        let mut veil = Veil::default();
        veil.hide_values("# A='commented'\nB=${B:-'of the file'}\nC=plain-value\nSHORT='abc'\n");
        assert_eq!(veil.over(text), veiled);
    }

    #[test]
    fn secrets_are_hidden_and_the_rest_stays() {
        check("is of the file and plain-value, abc", "is *** and ***, abc");
        check(
            "postgres://shop:hunter2@db:5432/shop at http://a/@b",
            "postgres://***@db:5432/shop at http://a/@b",
        );
        check("SECRET_KEY='abc def' rest", "SECRET_KEY='***' rest");
        check("SECRET_KEY = \"a)b,c'd\")", "SECRET_KEY = \"***\")");
        check(
            "{'password': '', 'host': 'db'}",
            "{'password': '', 'host': 'db'}",
        );
        check("PASSWORD = \"\"\"abc\"\"\"", "PASSWORD = \"\"\"***\"\"\"");
        check(
            "{'password': 'x1', 'host': 'db'}",
            "{'password': '***', 'host': 'db'}",
        );
        check("KeyError: 'SECRET_KEY'", "KeyError: 'SECRET_KEY'");
        check("a = b: c", "a = b: c");
        check("\u{1b}[2K\u{1b}[1;31mred\u{1b}[0m\r\nnext", "red\nnext");
    }
    #[test]
    fn values_of_dotenv_files_are_hidden_however_they_are_written() {
        for written in [
            "'of-the-file'",
            "of-the-file # nobody's",
            "'of-the-file' # nobody's",
            "${A-'of-the-file'}",
            "${A:-of-the-file}",
            "\"${A:-of-the-file}\"",
            "\"${A:-\"of-the-file\"}\"",
            "${A:-'of-the-file'} # nobody's",
        ] {
            let mut veil = Veil::default();
            veil.hide_values(&format!("A={written}\n"));
            assert_eq!(veil.over("is of-the-file"), "is ***", "{written}");
        }
    }

    #[test]
    fn a_secret_that_begins_with_another_is_hidden_whole() {
        let mut veil = Veil::default();
        veil.hide("plain-value");
        veil.hide("plain-value-and-more");
        assert_eq!(veil.over("plain-value-and-more"), "***");
    }
}
