//! What may reach a terminal: no file, answer or name moves its cursor, hides a word or turns one around.

use std::borrow::Cow;
use std::fmt::Write as _;

/// What styles of our own are made of (ECMA-48, SGR): off, bold, dim, underlined, reversed, the colours of letters. What
/// hides letters, such as 8, is not among them.
const COLOURS: [&str; 14] = [
    "0", "1", "2", "4", "7", "30", "31", "32", "33", "34", "35", "36", "37", "39",
];

/// Control characters of all kinds, those that change the direction of a text (UAX #9), and separators that a terminal
/// may take for an end of line.
fn is_unsafe(letter: char) -> bool {
    let turns = matches!(
        letter,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    turns || (letter.is_control() && !matches!(letter, '\t' | '\n'))
}

/// `text` with what a terminal would obey shown as an escape.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        push(&mut shown, letter);
    }
    Cow::Owned(shown)
}

/// As [`visible`], for lines that hold styles of ours: colours stay, nothing else does.
#[must_use]
pub(super) fn styled(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let length = colour(rest).unwrap_or(0);
        if length > 0 {
            shown.push_str(&rest[..length]);
            rest = &rest[length..];
        } else {
            push(&mut shown, letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    Cow::Owned(shown)
}

/// As [`visible`], for JSON, which has escapes of its own.
#[must_use]
pub(super) fn json(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_unsafe(letter) {
            // All of them are in the first plane, so each is one unit.
            let _ = write!(shown, "\\u{:04x}", u32::from(letter));
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

fn push(shown: &mut String, letter: char) {
    if is_unsafe(letter) {
        shown.extend(letter.escape_default());
    } else {
        shown.push(letter);
    }
}

/// The length of the colour that `text` starts with.
fn colour(text: &str) -> Option<usize> {
    let (code, _) = text.strip_prefix("\u{1b}[")?.split_once('m')?;
    COLOURS.contains(&code).then_some(code.len() + 3)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn colours_pass_and_all_else_is_shown() {
        assert_eq!(styled("\u{1b}[31ma\u{1b}[0m"), "\u{1b}[31ma\u{1b}[0m");
        assert_eq!(styled("\u{1b}[8ma\r\u{9b}2J"), "\\u{1b}[8ma\\r\\u{9b}2J");
        assert_eq!(styled("\u{1b}]0;x\u{7}"), "\\u{1b}]0;x\\u{7}");
        assert_eq!(visible("\u{1b}[31ma\u{202e}b"), "\\u{1b}[31ma\\u{202e}b");
        assert_eq!(json("\"a\u{7f}\u{2066}\""), "\"a\\u007f\\u2066\"");
        assert_eq!(
            visible("Ärger\t→ ✓ 👩\u{200d}💻\n"),
            "Ärger\t→ ✓ 👩\u{200d}💻\n"
        );
    }

    proptest! {
        #[test]
        fn nothing_else_passes(
            parts in prop::collection::vec(prop_oneof!["\\PC", any::<char>().prop_map(String::from), "\u{1b}\\[[0-9;?]{0,4}[a-zA-Z]?"], 0..20)
        ) {
            let text = parts.concat();
            let mut rest = styled(&text).into_owned();
            for code in COLOURS {
                rest = rest.replace(&format!("\u{1b}[{code}m"), "");
            }
            prop_assert!(!rest.contains(is_unsafe), "{rest:?}");
            prop_assert!(!visible(&text).contains(is_unsafe));
            let quoted = serde_json::to_string(&text).unwrap();
            prop_assert!(!json(&quoted).contains(is_unsafe));
            prop_assert_eq!(serde_json::from_str::<String>(&json(&quoted)).unwrap(), text);
        }
    }
}
