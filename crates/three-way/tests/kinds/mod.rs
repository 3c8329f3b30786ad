//! Kinds of files that merge by structure, one form of edit a line. Whichever side is ours, both directions must agree.

mod dockerfile;
mod documents;
mod json_with_comments;
mod makefile;
mod translations;
mod workflows;

use three_way::{Class, Options, merge, merge_with};

fn merged(path: &str, sides: [&str; 3], apply: Class) -> Option<String> {
    let [base, ours, theirs] = sides.map(str::as_bytes);
    let text = merge_with(path, base, ours, theirs, Options { apply }).clean()?;
    Some(String::from_utf8(text).unwrap())
}

/// The words in any order: what both put in at one place stands ours first.
fn sorted(text: Option<String>) -> Option<Vec<String>> {
    let mut words: Vec<_> = text?.split_whitespace().map(str::to_string).collect();
    words.sort();
    Some(words)
}

#[track_caller]
fn clean(path: &str, base: &str, [ours, theirs]: [&str; 2], expected: &str) {
    let default = merged(path, [base, ours, theirs], Class::Pin);
    assert_eq!(default.as_deref(), Some(expected), "{path}");
    let turned = merged(path, [base, theirs, ours], Class::Pin);
    assert_eq!(sorted(turned), sorted(default), "{path}: exchanged");
}

#[track_caller]
fn conflict(path: &str, base: &str, [ours, theirs]: [&str; 2]) {
    for apply in [Class::Pin, Class::Policy] {
        assert_eq!(merged(path, [base, ours, theirs], apply), None, "{path}");
        let turned = merged(path, [base, theirs, ours], apply);
        assert_eq!(turned, None, "{path}: exchanged");
    }
}

/// A conflict whose two sides are these, and nothing else of the file.
#[track_caller]
fn conflict_of(path: &str, base: &str, sides: [&str; 2], spans: [&str; 2]) {
    for turned in [false, true] {
        let [mut ours, mut theirs] = sides;
        let [mut first, mut second] = spans;
        if turned {
            (ours, theirs) = (theirs, ours);
            (first, second) = (second, first);
        }
        let found = merge(path, base.as_bytes(), ours.as_bytes(), theirs.as_bytes());
        let all = |side: fn(&three_way::Region) -> &[u8]| {
            let open = found.regions().iter().filter(|region| region.is_conflict());
            let texts = open.map(|region| String::from_utf8_lossy(side(region)).into_owned());
            texts.collect::<String>()
        };
        assert!(!found.is_clean(), "{path}");
        assert_eq!(all(|region| &region.ours), first, "{path}");
        assert_eq!(all(|region| &region.theirs), second, "{path}");
    }
}
