//! The merge of text through its public face. One line a case.

use super::*;

/// `expected` is the merged text, or its rendering with markers named `b`, `o` and `t`.
#[track_caller]
fn check(base: &str, ours: &str, theirs: &str, expected: &str) {
    let merged = merge("notes", base.as_bytes(), ours.as_bytes(), theirs.as_bytes());
    let labels = Labels {
        base: "b".into(),
        ours: "o".into(),
        theirs: "t".into(),
    };
    assert_eq!(
        String::from_utf8_lossy(&merged.with_markers(&labels)),
        expected
    );
}

/// What becomes of a file whichever side is ours; `None` for a conflict.
#[track_caller]
pub(super) fn both_ways(path: &str, apply: Class, sides: [&str; 3], expected: Option<&str>) {
    let merged = |sides: [&str; 3]| {
        let [base, ours, theirs] = sides.map(str::as_bytes);
        merge_with(path, base, ours, theirs, Options { apply }).clean()
    };
    let [base, ours, theirs] = sides;
    let expected = expected.map(|text| text.as_bytes().to_vec());
    assert_eq!(merged(sides), expected);
    assert_eq!(
        merged([base, theirs, ours]),
        expected,
        "the other way round"
    );
}

#[test]
fn takes_the_side_that_changed() {
    check("a\n", "a\n", "b\n", "b\n");
    check("a\n", "b\n", "a\n", "b\n");
    check("a\n", "b\n", "b\n", "b\n");
    check("", "x\n", "", "x\n");
    check("a\r\n", "a\r\n", "b\n", "b\n");
}

#[test]
fn merges_edits_apart() {
    check("1\n2\n3\n", "1\n2\nc\n", "a\n2\n3\n", "a\n2\nc\n");
    check("1\n2\n3", "1\n2\n3\n", "a\n2\n3", "a\n2\n3\n");
}

#[test]
fn keeps_the_line_end_of_ours() {
    check(
        "1\n2\n3\n",
        "1\r\n2\r\nc\r\n",
        "a\n2\n3\n",
        "a\r\n2\r\nc\r\n",
    );
    check(
        "1\n2\n3\n",
        "1\r\n2\r\n3\r\n",
        "a\n2\n3\n",
        "a\r\n2\r\n3\r\n",
    );
}

#[test]
fn shows_what_conflicts() {
    check(
        "a\n",
        "b\n",
        "c\n",
        "<<<<<<< o\nb\n||||||| b\na\n=======\nc\n>>>>>>> t\n",
    );
    check(
        "a\r\n",
        "b\r\n",
        "c\n",
        "<<<<<<< o\r\nb\r\n||||||| b\r\na\r\n=======\r\nc\r\n>>>>>>> t\r\n",
    );
    check(
        "a",
        "b",
        "c",
        "<<<<<<< o\nb\n||||||| b\na\n=======\nc\n>>>>>>> t\n",
    );
}

#[test]
fn leaves_common_lines_out_of_a_conflict() {
    check(
        "",
        "1\na\n9\n",
        "1\nb\n9\n",
        "1\n<<<<<<< o\na\n||||||| b\n=======\nb\n>>>>>>> t\n9\n",
    );
}

#[test]
fn grows_markers_past_the_content() {
    let expected = "=======\n<<<<<<<< o\nb\n|||||||| b\na\n========\nc\n>>>>>>>> t\n";
    check("=======\na\n", "=======\nb\n", "=======\nc\n", expected);
    check("=========\na\n", "=========\na\n", "b\n", "b\n");
}

#[test]
fn treats_a_lone_carriage_return_as_content() {
    check(
        "a\rb\nc\nd\n",
        "a\rx\nc\nd\n",
        "a\rb\nc\ny\n",
        "a\rx\nc\ny\n",
    );
}

#[test]
fn keeps_both_sides_of_a_binary() {
    let merged = merge("logo.png", b"\0a", b"\0b", b"\0c");
    assert!(merged.is_binary() && merged.conflicts() == 1);
    assert_eq!(merged.with_markers(&Labels::default()), b"\0b");
    assert_eq!(
        merged.resolve(&[Choice::Theirs], &Labels::default()),
        b"\0c"
    );
}

#[test]
fn does_not_weave_lock_files() {
    let file =
        |version: &str| format!("{{\n  \"a\": {{\n    \"version\": \"{version}\"\n  }}\n}}\n");
    let (base, ours, theirs) = (file("1.0"), file("1.1"), file("1.2"));
    let merged = merge(
        "package-lock.json",
        base.as_bytes(),
        ours.as_bytes(),
        theirs.as_bytes(),
    );
    assert_eq!(merged.conflicts(), 1);
    assert!(
        merged.notes()[0]
            .0
            .contains("npm install --package-lock-only")
    );
}

#[test]
fn does_not_run_lines_together() {
    let merged = merge("notes", b"a\nb\n", b"a\nx", b"a\ny\n");
    let chosen = |choice: Choice| merged.resolve(&[Choice::Merged, choice], &Labels::default());
    assert_eq!(chosen(Choice::OursThenTheirs), b"a\nx\ny\n");
    assert_eq!(chosen(Choice::TheirsThenOurs), b"a\ny\nx");
    assert_eq!(chosen(Choice::Ours), b"a\nx");
}

#[test]
fn takes_the_side_that_does_what_the_other_does() {
    check("a\n", "a\nx\n", "a\nx\ny\n", "a\nx\ny\n");
    check("a\n", "a\nx\ny\n", "a\nx\n", "a\nx\ny\n");
    check("one b\nc d\n", "", "", "");
    check("a 1\nb 2\nc 3\n", "x 2\nb 2\n", "x 2\n", "x 2\n");
    // Deleted here, perhaps edited there.
    let open = "b 2\n<<<<<<< o\n||||||| b\nc 3\n=======\nx 4\n>>>>>>> t\n";
    check("a 1\nb 2\nc 3\n", "b 2\n", "b 2\nx 4\n", open);
    // Deleted here, edited there.
    let open = "<<<<<<< o\n||||||| b\nname = 1\n=======\nname = 2\n>>>>>>> t\n";
    check("name = 1\n", "", "name = 2\n", open);
    let kept = "name = 2\nother\n";
    let open = format!("<<<<<<< o\n||||||| b\nname = 1\n=======\n{kept}>>>>>>> t\n");
    check("name = 1\n", "", kept, &open);
}

#[test]
fn does_not_stop_at_white_space_at_line_ends() {
    check("a \n", "a\n", "b \n", "b \n");
    check("a\n", "b \n", "b\n", "b\n");
    check("a\nx\n", "a\nx", "b\nx\n", "b\nx");
}

#[test]
fn aligns_blank_lines_as_fits_both_sides() {
    check(
        "f1\nf2\n\ng\n",
        "p\n\nq\n\nr\n\ng\n",
        "f1\nf2\n\nnew\n\ng\n",
        "p\n\nq\n\nr\n\nnew\n\ng\n",
    );
}
