//! Bytes of any encoding → text.

/// The text of a file: UTF-8 or UTF-16 by its byte order mark or its zero bytes, else UTF-8, else Latin-1.
///
/// Line ends become `\n`, so that one rule reads files of every system.
#[must_use]
pub(super) fn decode(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8_or_latin1(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [first, 0, ..] if *first != 0 => utf16(bytes, u16::from_le_bytes),
        [0, second, ..] if *second != 0 => utf16(bytes, u16::from_be_bytes),
        _ => utf8_or_latin1(bytes),
    };
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    }
}

fn utf8_or_latin1(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units)
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Whether `needle` stands somewhere in `text`, as a word of its own.
#[must_use]
pub(super) fn has_word(text: &str, needle: &str) -> bool {
    word_at(text, needle).is_some()
}

/// The line, from 1, in which `needle` first stands as a word of its own.
#[must_use]
pub(super) fn word_at(text: &str, needle: &str) -> Option<usize> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(needle).find_map(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + needle.len()..].chars().next();
        let alone = !before.is_some_and(is_part) && !after.is_some_and(is_part);
        alone.then(|| text[..start].matches('\n').count() + 1)
    })
}
