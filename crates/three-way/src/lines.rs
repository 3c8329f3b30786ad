//! Lines of bytes, line ends, byte order mark, binary.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

pub(super) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Splits after each line feed; every line keeps its end, the last one may have none.
pub(super) fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let (line, behind) = rest.split_at(end);
        lines.push(line);
        rest = behind;
    }
    lines
}

/// How many lines [`split`] gives.
pub(super) fn count(bytes: &[u8]) -> usize {
    let open = !bytes.is_empty() && !bytes.ends_with(b"\n");
    memchr_iter(b'\n', bytes).count() + usize::from(open)
}

/// Puts whole lines behind others: the last line of one side may have no end.
pub(super) fn put_behind(out: &mut Vec<u8>, text: &[u8]) {
    if !text.is_empty() && !out.is_empty() && !out.ends_with(b"\n") {
        out.push(b'\n');
    }
    out.extend_from_slice(text);
}

/// Whether there is nothing but white space.
pub(super) fn is_blank(bytes: &[u8]) -> bool {
    bytes.trim_ascii().is_empty()
}

/// How the lines of a file end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineEnd {
    Lf,
    CrLf,
}

impl LineEnd {
    /// The line end most lines have; `None` when the file has no line end at all.
    pub(super) fn dominant(bytes: &[u8]) -> Option<Self> {
        if memchr(b'\r', bytes).is_none() {
            return memchr(b'\n', bytes).map(|_| Self::Lf);
        }
        let (mut lf, mut crlf) = (0_usize, 0_usize);
        for at in memchr_iter(b'\n', bytes) {
            if at > 0 && bytes[at - 1] == b'\r' {
                crlf += 1;
            } else {
                lf += 1;
            }
        }
        match (lf, crlf) {
            (0, 0) => None,
            _ if crlf > lf => Some(Self::CrLf),
            _ => Some(Self::Lf),
        }
    }

    pub(super) fn bytes(self) -> &'static [u8] {
        match self {
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
        }
    }

    /// Whether every line of a text ends so; then the text can be converted there and back.
    pub(super) fn everywhere(self, bytes: &[u8]) -> bool {
        let crlf = self == Self::CrLf;
        memchr_iter(b'\n', bytes).all(|at| bytes[..at].ends_with(b"\r") == crlf)
    }

    pub(super) fn convert(self, bytes: &[u8]) -> Vec<u8> {
        let mut converted = Vec::with_capacity(bytes.len() + bytes.len() / 16);
        for line in split(bytes) {
            let text = line
                .strip_suffix(b"\n")
                .map(|text| text.strip_suffix(b"\r").unwrap_or(text));
            match text {
                Some(text) => {
                    converted.extend_from_slice(text);
                    converted.extend_from_slice(self.bytes());
                }
                None => converted.extend_from_slice(line),
            }
        }
        converted
    }
}

/// Gives `other` the byte order mark and the line end of `ours`.
///
/// A file whose dominant line end is that of ours is left alone, so that a few lines that differ on
/// purpose stay as they are.
pub(super) fn like<'a>(ours: &[u8], other: &'a [u8]) -> Cow<'a, [u8]> {
    let mut result = Cow::Borrowed(other);
    if let (Some(wanted), Some(actual)) = (LineEnd::dominant(ours), LineEnd::dominant(other))
        && wanted != actual
    {
        result = Cow::Owned(wanted.convert(other));
    }
    match (ours.starts_with(BOM), result.starts_with(BOM)) {
        (true, false) if !result.is_empty() => Cow::Owned([BOM, result.as_ref()].concat()),
        (false, true) if !ours.is_empty() => Cow::Owned(result[BOM.len()..].to_vec()),
        _ => result,
    }
}

/// A file with a NUL byte near its start is binary, as git has it; UTF-16 text falls under it.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    memchr(0, &bytes[..bytes.len().min(8000)]).is_some()
}

/// Whether a line is a comment in the formats that are read.
pub(super) fn is_comment(line: &str) -> bool {
    line.starts_with(['#', ';']) || line.starts_with("//") || line.starts_with("/*")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ours: &str, other: &str, expected: &str) {
        assert_eq!(like(ours.as_bytes(), other.as_bytes()), expected.as_bytes());
    }

    #[test]
    fn takes_the_line_end_of_ours() {
        check("a\r\nb\r\n", "x\ny\n", "x\r\ny\r\n");
        check("a\nb\n", "x\r\ny\r\n", "x\ny\n");
    }

    #[test]
    fn leaves_mixed_lines_of_the_same_majority() {
        check("a\nb\n", "x\ny\r\nz\n", "x\ny\r\nz\n");
    }

    #[test]
    fn needs_a_line_end_to_decide() {
        check("a", "x\r\n", "x\r\n");
        check("a\r\n", "x", "x");
    }

    #[test]
    fn takes_the_byte_order_mark_of_ours() {
        check("\u{feff}a\n", "x\n", "\u{feff}x\n");
        check("a\n", "\u{feff}x\n", "x\n");
        check("\u{feff}a\r\n", "x\n", "\u{feff}x\r\n");
        check("", "\u{feff}x\n", "\u{feff}x\n");
    }

    #[test]
    fn keeps_a_lone_carriage_return() {
        check("a\r\n", "x\ry\n", "x\ry\r\n");
    }
}
