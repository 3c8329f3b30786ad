//! What strings, comments and pairs look like in formats with brackets and commas.

use memchr::{memchr, memchr3};

/// What strings, comments and pairs look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Syntax {
    pub(super) comments: Comments,
    /// Whether `'` quotes as `"` does.
    pub(super) single: bool,
    /// Whether three quotes start a string that may span lines.
    pub(super) triple: bool,
    /// What stands between the name and the value of a pair.
    pub(super) pair: u8,
}

/// How comments are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comments {
    None,
    /// From `#` to the end of the line.
    Hash,
    /// From `//` to the end of the line, and between `/*` and `*/`.
    Slashes,
}

/// JSON, with the comments that many programs allow in it.
pub(super) const JSON: Syntax = Syntax {
    comments: Comments::Slashes,
    single: false,
    triple: false,
    pair: b':',
};
pub(super) const PYTHON: Syntax = Syntax {
    comments: Comments::Hash,
    single: true,
    triple: true,
    pair: b':',
};
pub(super) const TOML: Syntax = Syntax {
    comments: Comments::Hash,
    single: true,
    triple: true,
    pair: b'=',
};
pub(super) const YAML: Syntax = Syntax {
    comments: Comments::None,
    single: true,
    triple: false,
    pair: b':',
};

impl Syntax {
    /// The end of the string or comment that starts at `at`; `at` itself when none does. `None` when it is not closed.
    #[inline]
    pub(super) fn skip(self, text: &str, at: usize) -> Option<usize> {
        match text.as_bytes().get(at) {
            Some(b'#' | b'"' | b'\'' | b'/') => self.skipped(text, at),
            _ => Some(at),
        }
    }

    /// Whether a comment starts at `at`.
    pub(super) fn is_comment(self, text: &str, at: usize) -> bool {
        let rest = &text.as_bytes()[at..];
        match self.comments {
            Comments::None => false,
            Comments::Hash => rest.starts_with(b"#"),
            Comments::Slashes => rest.starts_with(b"//") || rest.starts_with(b"/*"),
        }
    }

    /// Whether a text may have a comment in it.
    pub(super) fn may_comment(self, text: &str) -> bool {
        match self.comments {
            Comments::None => false,
            Comments::Hash => text.contains('#'),
            Comments::Slashes => text.contains('/'),
        }
    }

    /// Where what follows white space and comments starts. `None` when a comment does not close.
    pub(super) fn content(self, text: &str, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at += text[at..].len() - text[at..].trim_start().len();
            if !self.is_comment(text, at) {
                return Some(at);
            }
            at = self.skip(text, at)?;
        }
    }

    fn skipped(self, text: &str, at: usize) -> Option<usize> {
        let rest = &text.as_bytes()[at..];
        match rest.first() {
            Some(b'#' | b'/') if self.is_comment(text, at) => {
                if rest.starts_with(b"/*") {
                    return Some(at + 2 + memchr::memmem::find(&rest[2..], b"*/")? + 2);
                }
                Some(at + memchr(b'\n', rest).unwrap_or(rest.len()))
            }
            Some(quote @ (b'"' | b'\'')) if *quote == b'"' || self.single => {
                let long = self.triple && rest.len() >= 3 && rest[1] == *quote && rest[2] == *quote;
                // TOML and YAML have no escapes in single quotes; a backslash before the closing quote is rare enough.
                let escapes = *quote == b'"' || self == PYTHON;
                let mut end = if long { 3 } else { 1 };
                loop {
                    end += memchr3(b'\\', b'\n', *quote, rest.get(end..)?)?;
                    match &rest[end] {
                        b'\\' if escapes => end += 2,
                        b'\n' if !long => return None,
                        byte if byte == quote => {
                            if !long {
                                return Some(at + end + 1);
                            }
                            if rest.get(end + 1) == Some(quote) && rest.get(end + 2) == Some(quote)
                            {
                                return Some(at + end + 3);
                            }
                            end += 1;
                        }
                        _ => end += 1,
                    }
                }
            }
            _ => Some(at),
        }
    }

    /// The end of the value that starts at `from`: where a line ends outside of strings and brackets.
    pub(super) fn logical_end(self, text: &str, from: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let (mut at, mut depth) = (from, 0_usize);
        while at < bytes.len() {
            at = next_mark(text, at, bytes.len());
            let end = self.skip(text, at)?;
            if end > at {
                at = end;
                continue;
            }
            match bytes.get(at) {
                None => break,
                Some(b'(' | b'[' | b'{') => depth += 1,
                Some(b')' | b']' | b'}') => depth = depth.checked_sub(1)?,
                Some(b'\\') if self == PYTHON && bytes.get(at + 1) == Some(&b'\n') => at += 1,
                Some(b'\n') if depth == 0 => return Some(at + 1),
                Some(_) => {}
            }
            at += 1;
        }
        (depth == 0).then_some(at)
    }
}

/// Where the first byte from `from` on stands that means something in one of the syntaxes; `to` when none does.
pub(super) fn next_mark(text: &str, from: usize, to: usize) -> usize {
    let plain = |byte: &&u8| !MARKS[usize::from(**byte)];
    let bytes = &text.as_bytes()[from..to];
    from + bytes.iter().take_while(plain).count()
}

const MARKS: [bool; 256] = {
    let mut marks = [false; 256];
    let mut rest: &[u8] = b"#/\"'()[]{},:=\\\n";
    while let [mark, behind @ ..] = rest {
        marks[*mark as usize] = true;
        rest = behind;
    }
    marks
};
