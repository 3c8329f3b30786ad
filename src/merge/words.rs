//! Conflicts of lines in which the two sides changed different words.

use super::hash::Set;
use super::region::{Class, Region, Resolution, Verdict};
use super::{align, lines};

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
        // Both do the same somewhere in there; where, is not for words to say.
        return None;
    }
    let rows = align::rows(&sides);
    let mut text = Vec::with_capacity(region.ours.len());
    // The last side that changed something, if no word was left alone since.
    let mut last = None;
    let mut kept = 0;
    let mut breaks = [false; 3];
    for (ranges, verdict) in rows {
        let side = match verdict {
            Verdict::Unchanged => {
                let words = sides[0][ranges[0].clone()]
                    .iter()
                    .filter(|word| is_word(word))
                    .count();
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
        text.extend(own.concat());
    }
    if breaks[1] && breaks[2] {
        // Both put lines in, and words that repeat do not tell where.
        return None;
    }
    let words = sides[0].iter().filter(|word| is_word(word)).count();
    (kept * 3 >= words && text.ends_with(b"\n")).then(|| Resolution {
        text,
        reason: "each side changed other words".to_string(),
        class: Class::Policy,
    })
}

/// Conflicts longer than this are no matter of a few words.
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

fn is_word(word: &[u8]) -> bool {
    word.iter().any(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }
}
