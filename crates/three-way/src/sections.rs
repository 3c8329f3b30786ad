//! Conflicts of prose in which both sides add whole sections at one place.

use super::hash::Set;
use super::lines;
use super::reason::Reason;
use super::region::{Class, Region, Resolution};

/// The sections of both, the template's first, as with [items](super::items): what a project adds stands behind what it was
/// given.
///
/// Only where nothing but blank lines was there before, where both begin with a heading and have the blank line that sets
/// them apart at the same end, where no line is in both, and outside of a block of code.
pub(super) fn resolve(regions: &[Region], at: usize) -> Option<Resolution> {
    let region = &regions[at];
    if !lines::is_blank(&region.base) {
        return None;
    }
    let (ours, theirs) = (Added::of(&region.ours)?, Added::of(&region.theirs)?);
    if (ours.above, ours.below) != (theirs.above, theirs.below) {
        return None;
    }
    let (before, after) = (&regions[..at], &regions[at + 1..]);
    let above = before
        .iter()
        .rev()
        .map(shown_lines)
        .find(|lines| !lines.is_empty());
    let below = after
        .iter()
        .map(shown_lines)
        .find(|lines| !lines.is_empty());
    let open = |line: Option<&&[u8]>| line.is_none_or(|line| lines::is_blank(line));
    let apart = match (ours.above > 0, ours.below > 0) {
        (true, true) => true,
        (true, false) => open(below.as_deref().and_then(<[_]>::first)),
        (false, true) => open(above.as_deref().and_then(<[_]>::last)),
        (false, false) => false,
    };
    let known: Set<&[u8]> = ours.said.iter().copied().collect();
    if !apart || theirs.said.iter().any(|line| known.contains(line)) {
        return None;
    }
    let fences = before.iter().map(|region| fences(&shown_lines(region)));
    fences.sum::<usize>().is_multiple_of(2).then(|| Resolution {
        text: [&*region.theirs, &*region.ours].concat(),
        reasons: vec![Reason::Sections],
        class: Class::Structural,
    })
}

/// The lines of a region as far as they are decided, and as ours has them.
fn shown_lines(region: &Region) -> Vec<&[u8]> {
    lines::split(region.merged().unwrap_or(&region.ours))
}

/// How many lines open or close a block of code.
fn fences(lines: &[&[u8]]) -> usize {
    let lines = lines.iter().map(|line| line.trim_ascii_start());
    lines
        .filter(|line| line.starts_with(b"```") || line.starts_with(b"~~~"))
        .count()
}

/// What one side put in.
struct Added<'l> {
    /// The blank lines before and after it.
    above: usize,
    below: usize,
    said: Vec<&'l [u8]>,
}

impl<'l> Added<'l> {
    /// What a side put in; `None` for text that does not begin with a heading, does not end its last line, or leaves a
    /// block of code open.
    fn of(text: &'l [u8]) -> Option<Self> {
        let all = lines::split(text);
        let blank = |line: &&&[u8]| lines::is_blank(line);
        let above = all.iter().take_while(blank).count();
        let below = all.iter().rev().take_while(blank).count();
        let whole = text.ends_with(b"\n") && fences(&all).is_multiple_of(2);
        let heading = is_heading(all.get(above)?, all.get(above + 1));
        let said = all.into_iter().filter(|line| !lines::is_blank(line));
        (whole && heading).then(|| Self {
            above,
            below,
            said: said.collect(),
        })
    }
}

/// Whether a line is a heading, by its sign or by the row of signs under it.
fn is_heading(line: &[u8], next: Option<&&[u8]>) -> bool {
    let row = |line: &&[u8]| {
        let line = line.trim_ascii_end();
        let sign = line.first().filter(|sign| b"=-~^\"*+#".contains(sign));
        line.len() >= 3 && line.iter().all(|byte| Some(byte) == sign)
    };
    line.starts_with(b"#")
        || line.first().is_some_and(|byte| !byte.is_ascii_whitespace()) && next.is_some_and(row)
}

#[cfg(test)]
mod tests {
    use crate::merge;

    /// `+` stands for what a side puts in; the result is `None` for a conflict.
    #[track_caller]
    fn check(around: &str, ours: &str, theirs: &str, expected: Option<&str>) {
        let text = |added: &str| around.replace('+', added).into_bytes();
        let merged = merge("README.md", &text(""), &text(ours), &text(theirs)).clean();
        assert_eq!(merged, expected.map(text));
    }

    #[test]
    fn puts_sections_one_after_the_other() {
        check(
            "a\n+",
            "\n# x\n",
            "\n## y\n\nz\n",
            Some("\n## y\n\nz\n\n# x\n"),
        );
        check(
            "a\n\n+b\n",
            "X\n===\nx\n\n",
            "Y\n---\ny\n\n",
            Some("Y\n---\ny\n\nX\n===\nx\n\n"),
        );
        check("+b\n", "# x\n\n", "# y\n\n", Some("# y\n\n# x\n\n"));
    }

    #[test]
    fn leaves_what_is_no_section() {
        check("a\n+", "\nx\n", "\n# y\n", None);
        check("a\n+b\n", "# x\n", "# y\n", None);
        check("a\n+b\n", "# x\n\n", "# y\n\n", None);
        check("a\n+b\n", "\n# x\n", "# y\n\n", None);
        check("a\n+", "\n# x", "\n# y\n", None);
    }

    #[test]
    fn leaves_code() {
        check("```\na\n\n+b\n```\n", "# x\n\n", "# y\n\n", None);
        check("a\n\n+b\n", "    # x\n\n", "    # y\n\n", None);
        check("a\n\n+b\n", "# x\n```\n\n", "# y\n\n", None);
    }

    #[test]
    fn leaves_what_both_say() {
        check("a\n+", "\n# x\ny\n", "\n# z\ny\n", None);
    }
}
