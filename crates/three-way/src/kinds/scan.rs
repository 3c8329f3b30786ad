//! Pieces that the parsers of lines share.

use std::borrow::Cow;

use memchr::memchr;

use crate::entry::{Body, Entry};

/// The lines of a text with their ends, and where each starts.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut offset = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = offset;
        offset += line.len();
        (start, line)
    })
}

/// Where the line that holds `at` ends, with its line feed.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |end| at + end + 1)
}

/// Whether a line is blank or a comment, where `#` starts one.
pub(super) fn is_trivia(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

/// An entry of whole lines: `lead..start` is what stands above it, `start..end` the entry with its indentation.
pub(super) fn line_entry<'a>(
    text: &'a str,
    key: impl Into<Cow<'a, str>>,
    lead: usize,
    start: usize,
    end: usize,
) -> Entry<'a> {
    let own = &text[start..end];
    let body = own.trim();
    let indent = own.len() - own.trim_start().len();
    Entry {
        key: key.into(),
        lead: &text[lead..start + indent],
        body: Body::Leaf(body),
        comma: false,
        trail: &text[start + indent + body.len()..end],
    }
}

/// A text with one space in place of any white space.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Cow::Borrowed(text);
    }
    let mut words = text.split_whitespace();
    match (words.next(), words.next()) {
        (None, _) => Cow::Borrowed(""),
        (Some(only), None) => Cow::Borrowed(only),
        _ => Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" ")),
    }
}
