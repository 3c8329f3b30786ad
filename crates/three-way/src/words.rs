//! Conflicts of lines in which the two sides changed different words, or one says all that the other one says.

use super::hash::Set;
use super::reason::Reason;
use super::region::{Class, Region, Resolution, Verdict};
use super::{align, lines, subsume};

/// The words of both, where a good part was left alone, and a word that nobody touched stands between any edit of one side
/// and any edit of the other.
pub(super) fn resolve(region: &Region) -> Option<Resolution> {
    let texts = [&region.base, &region.ours, &region.theirs];
    if texts
        .iter()
        .any(|text| lines::is_blank(text) || text.len() > LONGEST)
    {
        return None;
    }
    let sides = texts.map(|text| split(text));
    let [base, ours, theirs] = sides.each_ref().map(|words| {
        let words = words.iter().copied().filter(|word| is_word(word));
        words.collect::<Set<&[u8]>>()
    });
    if ours
        .iter()
        .any(|word| theirs.contains(word) && !base.contains(word))
    {
        // Both do the same somewhere in there; words do not tell where.
        return None;
    }
    let rows = align::rows(&sides);
    let mut text = Vec::with_capacity(region.ours.len());
    // The last side that changed something, if no word was left alone since.
    let mut last = None;
    let mut kept = 0;
    let mut replaced = 0;
    let mut breaks = [false; 3];
    for (ranges, verdict) in rows {
        let side = match verdict {
            Verdict::Unchanged => {
                let words = count(&sides[0][ranges[0].clone()]);
                if words > 0 {
                    last = None;
                }
                kept += words;
                0
            }
            Verdict::Ours => 1,
            Verdict::Theirs => 2,
            _ => return None,
        };
        if side > 0 && last.replace(side).is_some_and(|last| last != side) {
            return None;
        }
        let own = &sides[side][ranges[side].clone()];
        breaks[side] |= own.contains(&b"\n".as_slice());
        if side > 0 && count(own) > 0 {
            replaced += count(&sides[0][ranges[0].clone()]);
        }
        text.extend(own.concat());
    }
    if breaks[1] && breaks[2] {
        // Both put lines in, and words that repeat do not tell where.
        return None;
    }
    // Where much was written anew, what is left of a line does not say what became of it.
    let enough = kept * 3 >= count(&sides[0]) && kept >= replaced * 2;
    (enough && text.ends_with(b"\n")).then(|| Resolution {
        text,
        reasons: vec![Reason::OtherWords],
        class: Class::Policy,
    })
}

/// The side that says all that the other one says, and more, where the other one added a word. Where it was a matter of
/// signs alone, such as quotes, it is the side that did all that the other one did.
pub(super) fn included(region: &Region) -> Option<Resolution> {
    let texts = [&region.base, &region.ours, &region.theirs];
    if texts[1..].iter().any(|text| lines::is_blank(text))
        || texts.iter().any(|text| text.len() > LONGEST)
    {
        return None;
    }
    // The end of a line tells where a word stands.
    let placed = texts.map(|text| {
        let words = split(text).into_iter();
        words
            .filter(|word| !lines::is_blank(word) || *word == b"\n")
            .collect::<Vec<_>>()
    });
    let [base, ours, theirs] = placed.each_ref().map(|words| {
        let words = words.iter().copied();
        words.filter(|word| *word != b"\n").collect::<Vec<_>>()
    });
    let layout = |text: &[u8]| {
        let indent = |line: &[u8]| line.len() - line.trim_ascii_start().len();
        lines::split(text)
            .into_iter()
            .map(indent)
            .collect::<Vec<_>>()
    };
    let includes = |[side, other]: [usize; 2], more: &[&[u8]], less: &[&[u8]], text: &[u8]| {
        if more == less || !covers(&placed[0], &placed[side], &placed[other]) {
            return false;
        }
        let known: Set<&[u8]> = base.iter().copied().collect();
        let adds = less
            .iter()
            .any(|word| is_word(word) && !known.contains(word));
        let mut rest = more.iter();
        let said = less.iter().all(|word| rest.any(|other| other == word));
        let signs = || {
            let same = base
                .iter()
                .filter(|word| is_word(word))
                .eq(less.iter().filter(|word| is_word(word)));
            base != less && count(less) > 0 && same && layout(text) == layout(&region.base)
        };
        adds && said && count(less) * 2 >= count(more) || signs()
    };
    let (text, reason) = if includes([2, 1], &theirs, &ours, &region.ours) {
        (&region.theirs, Reason::TheirsSaysMore)
    } else if includes([1, 2], &ours, &theirs, &region.theirs) {
        (&region.ours, Reason::OursSaysMore)
    } else {
        return None;
    };
    Some(Resolution {
        text: subsume::ended(region, text),
        reasons: vec![reason],
        class: Class::Policy,
    })
}

/// Whether `more` does all that `less` does, and in the same places: a word that it adds elsewhere is another one.
fn covers(base: &[&[u8]], more: &[&[u8]], less: &[&[u8]]) -> bool {
    let sides = [base.to_vec(), more.to_vec(), less.to_vec()];
    let within = |(ranges, verdict): align::Row| match verdict {
        Verdict::Conflict(_) => subsume::covers(
            &base[ranges[0].clone()],
            &more[ranges[1].clone()],
            &less[ranges[2].clone()],
        ),
        verdict => verdict != Verdict::Theirs,
    };
    align::rows(&sides).into_iter().all(within)
}

/// The longest conflict that is a matter of a few words.
const LONGEST: usize = 4000;

/// Words, white space, and signs one by one. What belongs together, such as a version or an address, is one word.
fn split(text: &[u8]) -> Vec<&[u8]> {
    let kind = |byte: u8| match byte {
        b' ' | b'\t' => 1,
        _ if byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"_.-/:@+~$%".contains(&byte) => 2,
        _ => 0,
    };
    text.chunk_by(|one, other| kind(*one) > 0 && kind(*one) == kind(*other))
        .collect()
}

fn count(words: &[&[u8]]) -> usize {
    words.iter().filter(|word| is_word(word)).count()
}

fn is_word(word: &[u8]) -> bool {
    word.iter().any(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::both_ways;

    fn check(base: &str, ours: &str, theirs: &str, expected: Option<&str>) {
        let merged = |ours: &str, theirs: &str| {
            let sides = [base, ours, theirs].map(str::as_bytes);
            let region = Region::new(sides[0], sides[1], sides[2], Verdict::Conflict(None));
            resolve(&region).map(|resolution| resolution.text)
        };
        let expected = expected.map(|text| text.as_bytes().to_vec());
        assert_eq!(merged(ours, theirs), expected);
        assert_eq!(merged(theirs, ours), expected, "the other way round");
    }

    #[test]
    fn merges_edits_of_different_words() {
        check(
            "mkdir a b c\n",
            "mkdir a b c d\n",
            "mkdir a c\n",
            Some("mkdir a c d\n"),
        );
        check(
            "COPY x y\n",
            "COPY x y\nRUN z\n",
            "COPY w y\n",
            Some("COPY w y\nRUN z\n"),
        );
        check(
            "a = 1,\nb = f(2, 3)\n",
            "b = f(2, 3)\n",
            "a = 1,\nb = f(2, 4)\n",
            Some("b = f(2, 4)\n"),
        );
    }

    #[test]
    fn leaves_edits_that_touch() {
        check("run a b c\n", "run x b c\n", "run y b c\n", None);
        check("run a b c\n", "run x b c\n", "run a y c\n", None);
        check("tag 1.2.3 c\n", "tag 1.3.3 c\n", "tag 1.2.4 c\n", None);
        check("run a\n", "run a x\n", "run a y\n", None);
        check(
            "(\n (a, a))\n",
            "(\n (a, a),\n (b, b))\n",
            "(\n (a, a),\n (c, c))\n",
            None,
        );
    }

    #[test]
    fn leaves_what_both_add() {
        check("(a|b|c) d\n", "(a|b|c|e) d\n", "(e|a|b|c) d\n", None);
    }

    #[test]
    fn leaves_what_was_written_anew() {
        check("a b c d e f g h\n", "z a\n", "a y x w v u t s\n", None);
        check("a b c d\n", "a x y d\n", "a b c d\ne\n", None);
    }

    /// What becomes of a file of one line that both changed.
    #[track_caller]
    fn check_file(path: &str, base: &str, ours: &str, theirs: &str, expected: Option<&str>) {
        both_ways(path, Class::Policy, [base, ours, theirs], expected);
    }

    #[test]
    fn takes_the_side_that_says_more() {
        let longer = "if: a(new) && b(dev)\n";
        check_file("x.yml", "", "if: b(dev)\n", longer, Some(longer));
        let longer = "x = f('new', 'a', 'b', 'more')\n";
        let shorter = "x = f('new', 'a', 'b')\n";
        check_file("x.py", "x = f('a', 'b')\n", shorter, longer, Some(longer));
        check_file(
            "x.txt",
            "old\n",
            "new\n",
            "new[extra]\n",
            Some("new[extra]\n"),
        );
    }

    #[test]
    fn takes_the_side_that_changed_more_than_signs() {
        check_file(".env", "A=\"v1\"\n", "A=v2\n", "A=v1\n", Some("A=v2\n"));
        check_file("x.sh", "f \"v1\"\n", "f v2\n", "f v1\n", Some("f v2\n"));
        check_file("x.sh", "f \"v1\"\n", "f \"v2\"\n", "f v1\n", None);
    }

    #[test]
    fn leaves_words_that_one_side_took_out() {
        check_file("x.txt", "a.b c\n", "a.b c new\n", "a c new\n", None);
        check_file("x.txt", "a b\n", "a\n", "a b c\n", None);
        check_file("x.txt", "a\n", "b\n", "c d e f b g h i\n", None);
    }
}
