//! The tokens of a line: what it says, apart from how it is laid out.

/// The tokens, each with where it is; white space is none, and a quoted text is one.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let length = match first {
            '"' | '\'' => quoted(rest, first).unwrap_or(1),
            _ if is_word(first) => rest.find(|next: char| !is_word(next)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let token = (text.len() - rest.len(), &rest[..length]);
        rest = &rest[length..];
        Some(token)
    })
}

fn is_word(next: char) -> bool {
    next.is_alphanumeric() || matches!(next, '_' | '.' | '-')
}

/// The length of a quoted text that holds nothing that would have to be quoted differently.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let end = 1 + text[1..].find(quote)?;
    (!text[1..end].contains(['"', '\'', '\\', '\n'])).then_some(end + 1)
}

/// A token whichever quotes it has.
fn plain(token: &str) -> (&str, bool) {
    let quote = token.starts_with(['"', '\'']) && token.len() > 1;
    if quote {
        (&token[1..token.len() - 1], true)
    } else {
        (token, false)
    }
}

/// What a line says, for comparing.
pub(super) fn said(text: &str) -> impl Iterator<Item = (&str, bool)> {
    tokens(text).map(|(_, token)| plain(token))
}

/// The edit of one side in the layout of the other, if the other changed nothing but the layout.
pub(super) fn carried(base: &str, ours: &str, theirs: &str) -> Option<String> {
    let [base_said, our_said, their_said] =
        [base, ours, theirs].map(|text| said(text).collect::<Vec<_>>());
    if base_said == our_said {
        replay(&base_said, theirs, ours)
    } else if base_said == their_said {
        replay(&base_said, ours, theirs)
    } else {
        None
    }
}

/// Puts the one stretch in which `edited` differs from the base into `laid_out`, which says what the base says.
fn replay(base: &[(&str, bool)], edited: &str, laid_out: &str) -> Option<String> {
    let [from, into] = [edited, laid_out].map(|text| tokens(text).collect::<Vec<_>>());
    let alike = |one: &(usize, &str), other: &(&str, bool)| plain(one.1) == *other;
    let head = from
        .iter()
        .zip(base)
        .take_while(|(one, other)| alike(one, other))
        .count();
    let shortest = from.len().min(base.len()) - head;
    let tail = from
        .iter()
        .rev()
        .zip(base.iter().rev())
        .take(shortest)
        .take_while(|(one, other)| alike(one, other))
        .count();
    let stretch = |tokens: &[(usize, &str)]| {
        let (first, last) = (
            tokens.get(head)?,
            tokens.get(tokens.len().checked_sub(tail + 1)?)?,
        );
        (head + tail < tokens.len()).then_some(first.0..last.0 + last.1.len())
    };
    // Something put in between, or taken out, has no place of its own in the other layout.
    let (new, old) = (stretch(&from)?, stretch(&into)?);
    Some([&laid_out[..old.start], &edited[new], &laid_out[old.end..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, ours: &str, theirs: &str, expected: Option<&str>) {
        assert_eq!(carried(base, ours, theirs).as_deref(), expected);
        assert_eq!(
            carried(base, theirs, ours).as_deref(),
            expected,
            "the other way round"
        );
    }

    #[test]
    fn carries_an_edit_into_another_layout() {
        check("'x':1", "\"x\": 1", "'x':2", Some("\"x\": 2"));
        check("f( 'y' )", "f(\"y\")", "f( 'z' )", Some("f('z')"));
        check("a  =  b", "a = b", "a  =  c", Some("a = c"));
    }

    #[test]
    fn leaves_two_edits_alone() {
        check("x: 1", "x: 2", "x: 3", None);
        check("'a b'", "'ab'", "'c'", None);
        check("a=1", "a = 1", "a=1,2", None);
    }
}
