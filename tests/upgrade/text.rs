//! Both sides changed the text of one file.

use super::case::{case, file, named};

const LINES: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n";

fn lines(edits: &[(&str, &str)]) -> String {
    edits
        .iter()
        .fold(LINES.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Both sides edit ten lines; what comes out.
fn check(ours: &[(&str, &str)], theirs: &[(&str, &str)], expected: &[(&str, &str)]) {
    file(LINES, &lines(ours), &lines(theirs))
        .upgrade()
        .done()
        .is("f", &lines(expected));
}

/// Row 1.
#[test]
fn edits_far_apart_come_together() {
    check(
        &[("two", "2")],
        &[("nine", "9")],
        &[("two", "2"), ("nine", "9")],
    );
}

/// Row 2.
#[test]
fn edits_one_line_apart_come_together() {
    check(
        &[("two", "2")],
        &[("four", "4")],
        &[("two", "2"), ("four", "4")],
    );
}

/// Row 3.
#[test]
fn edits_on_adjacent_lines_conflict() {
    file(LINES, &lines(&[("two", "2")]), &lines(&[("three", "3")]))
        .upgrade()
        .conflict("UU f");
}

/// Row 4.
#[test]
fn edits_on_the_same_line_leave_markers_and_an_unmerged_index() {
    let case = file("a\nb\nc\n", "a\nours\nc\n", "a\ntheirs\nc\n")
        .upgrade()
        .conflict("UU f")
        .says("conflict: f")
        .is(
            "f",
            "a\n<<<<<<< yours\nours\n||||||| template 0.1.0\nb\n=======\ntheirs\n>>>>>>> template 0.2.0\nc\n",
        );
    assert_eq!(case.git("show :1:f"), "a\nb\nc\n");
    assert_eq!(case.git("show :2:f"), "a\nours\nc\n");
    assert_eq!(case.git("show :3:f"), "a\ntheirs\nc\n");
}

/// Row 5.
#[test]
fn the_same_change_on_both_sides_is_no_change() {
    file("a\n", "b\n", "b\n").upgrade().done().status("");
}

/// Row 6.
#[test]
fn ours_with_theirs_and_more_stays() {
    let ours = lines(&[("two", "2"), ("nine", "9")]);
    file(LINES, &ours, &lines(&[("two", "2")]))
        .upgrade()
        .done()
        .is("f", &ours)
        .status("");
}

/// Row 7.
#[test]
fn different_lines_at_the_end_of_prose_conflict() {
    file("a\nb\n", "a\nb\nours\n", "a\nb\ntheirs\n")
        .upgrade()
        .conflict("UU f");
}

/// Row 7.
#[test]
fn different_lines_at_the_end_of_a_list_are_all_kept() {
    case(
        &[(".gitignore.tera", "a\nb\n")],
        &[(".gitignore.tera", "a\nb\ntheirs\n")],
    )
    .edit(".gitignore", "a\nb\nours\n")
    .upgrade()
    .done()
    .holds(".gitignore", &["a\n", "b\n", "ours\n", "theirs\n"]);
}

/// Row 8.
#[test]
fn different_keys_at_one_place_are_all_kept() {
    named(
        "a.json",
        "{\n  \"a\": 1\n}\n",
        "{\n  \"a\": 1,\n  \"ours\": 2\n}\n",
        "{\n  \"a\": 1,\n  \"theirs\": 3\n}\n",
    )
    .upgrade()
    .done()
    .holds("a.json", &["\"ours\": 2", "\"theirs\": 3"]);
    named(
        "a.toml",
        "[t]\na = 1\n",
        "[t]\na = 1\nours = 2\n",
        "[t]\na = 1\ntheirs = 3\n",
    )
    .upgrade()
    .done()
    .holds("a.toml", &["ours = 2", "theirs = 3"]);
    named("requirements.in", "a\n", "a\nours\n", "a\ntheirs\n")
        .upgrade()
        .done()
        .holds("requirements.in", &["a\n", "ours\n", "theirs\n"]);
}

/// Row 9.
#[test]
fn json_on_one_line_is_merged_or_a_conflict() {
    named(
        "a.json",
        "{\"a\": 1, \"b\": 2}\n",
        "{\"a\": 9, \"b\": 2}\n",
        "{\"a\": 1, \"b\": 8}\n",
    )
    .upgrade()
    .holds("a.json", &["\"a\": 9", "\"b\": 8"]);
}

const BLOCK: &str = "  item:\n    name: x\n    value: 1\n    done: no\n";

/// Row 10.
#[test]
fn an_edit_stays_in_its_block_when_theirs_adds_an_equal_one_above() {
    let base = format!("list:\n{BLOCK}{BLOCK}{BLOCK}end\n");
    let edited = BLOCK.replace("done: no", "done: ours");
    let ours = format!("list:\n{BLOCK}{BLOCK}{edited}end\n");
    let theirs = format!(
        "list:\n  item:\n    name: new\n    value: 1\n    done: no\n{BLOCK}{BLOCK}{BLOCK}end\n"
    );
    let expected = format!(
        "list:\n  item:\n    name: new\n    value: 1\n    done: no\n{BLOCK}{BLOCK}{edited}end\n"
    );
    file(&base, &ours, &theirs)
        .upgrade()
        .done()
        .is("f", &expected);
}

/// Row 11.
#[test]
fn an_edit_of_theirs_stays_in_its_block_when_ours_adds_an_equal_one_above() {
    let base = format!("list:\n{BLOCK}{BLOCK}{BLOCK}end\n");
    let edited = BLOCK.replace("done: no", "done: theirs");
    let added = "  item:\n    name: own\n    value: 1\n    done: no\n";
    let ours = format!("list:\n{added}{BLOCK}{BLOCK}{BLOCK}end\n");
    let theirs = format!("list:\n{BLOCK}{BLOCK}{edited}end\n");
    let expected = format!("list:\n{added}{BLOCK}{BLOCK}{edited}end\n");
    file(&base, &ours, &theirs)
        .upgrade()
        .done()
        .is("f", &expected);
}

fn function(name: &str, body: &str) -> String {
    format!("def {name}(self):\n    x = start()\n{body}    return x\n\n\n")
}

/// Row 12.
#[test]
fn a_line_added_to_the_last_of_similar_functions_stays_in_it() {
    let (a, b) = (function("a", ""), function("b", ""));
    let (new, edited) = (function("new", ""), function("b", "    x.ours()\n"));
    named(
        "f.py",
        &format!("{a}{b}"),
        &format!("{a}{edited}"),
        &format!("{new}{a}{b}"),
    )
    .upgrade()
    .done()
    .is("f.py", &format!("{new}{a}{edited}"));
}

/// Row 13.
#[test]
fn a_new_indentation_against_one_line_loses_nothing() {
    let base = "if a:\n  one()\n  two()\n  three()\n  four()\nend()\n";
    let ours = "if a:\n    one()\n    two()\n    three()\n    four()\nend()\n";
    named("f.txt", base, ours, &base.replace("three", "drei"))
        .upgrade()
        .holds("f.txt", &["    one()", "    four()", "drei()", "end()"]);
}

/// Row 14.
#[test]
fn one_line_of_theirs_goes_into_a_file_that_a_formatter_rewrote() {
    let base = "A = ['a', 'b']\nB = {'x':1}\nC = f( 'y' )\n";
    let ours = "A = [\"a\", \"b\"]\nB = {\"x\": 1}\nC = f(\"y\")\n";
    named("f.py", base, ours, &base.replace(":1", ":2"))
        .upgrade()
        .done()
        .is("f.py", &ours.replace(": 1", ": 2"));
}

/// Row 15.
#[test]
fn a_file_that_ours_emptied_and_theirs_edits_is_a_conflict() {
    file(LINES, "", &lines(&[("two", "2")]))
        .upgrade()
        .conflict("UU f");
}

/// Row 16.
#[test]
fn a_file_that_was_empty_and_ours_filled_stays() {
    file("", "ours\n", "")
        .upgrade()
        .done()
        .is("f", "ours\n")
        .status("");
}

/// Row 17.
#[test]
fn a_final_newline_of_ours_and_an_edit_of_theirs_come_together() {
    let base = LINES.trim_end();
    file(base, LINES, &base.replace("two", "2"))
        .upgrade()
        .done()
        .is("f", &lines(&[("two", "2")]));
}

/// Row 18.
#[test]
fn text_that_looks_like_markers_is_no_conflict() {
    let base = "a\n<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> other\nb\nc\nd\ne\n";
    file(
        base,
        &base.replace("a\n", "A\n"),
        &base.replace("e\n", "E\n"),
    )
    .upgrade()
    .done()
    .is("f", &base.replace("a\n", "A\n").replace("e\n", "E\n"))
    .run("upgrade --from ../cat --yes")
    .done();
    // In a conflict ours are longer, so that both kinds can be told apart.
    let case = file(
        base,
        &base.replace("b\n", "ours\n"),
        &base.replace("b\n", "theirs\n"),
    )
    .upgrade()
    .conflict("UU f")
    .holds("f", &["<<<<<<<< yours\nours\n", "<<<<<<< HEAD\nx\n"])
    .run("upgrade --continue")
    .code(1);
    case.edit("f", base)
        .run("upgrade --continue")
        .done()
        .is("f", base);
}

/// Row 19.
#[test]
fn a_conflict_keeps_every_byte_of_emoji() {
    file("a 🐍\nb\n", "a 🦀 ü\nb\n", "a 🎩 é\nb\n")
        .upgrade()
        .conflict("UU f")
        .holds("f", &["a 🐍\n", "a 🦀 ü\n", "a 🎩 é\n"]);
}

/// Row 20.
#[test]
fn latin_1_is_merged_by_bytes() {
    case(&[], &[])
        .bytes("f", b"caf\xe9\nb\nc\nd\n", b"caf\xe9\nb\nc\nt\xeate\n")
        .edit_bytes("f", b"CAF\xe9\nb\nc\nd\n")
        .upgrade()
        .done()
        .has_bytes("f", b"CAF\xe9\nb\nc\nt\xeate\n");
}

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// Row 21.
#[test]
fn crlf_on_all_sides_stays() {
    file(
        &crlf(LINES),
        &crlf(&lines(&[("two", "2")])),
        &crlf(&lines(&[("nine", "9")])),
    )
    .upgrade()
    .done()
    .is("f", &crlf(&lines(&[("two", "2"), ("nine", "9")])));
}

/// Row 22.
#[test]
fn ours_with_crlf_takes_an_edit_and_stays_so() {
    file(LINES, &crlf(LINES), &lines(&[("nine", "9")]))
        .upgrade()
        .done()
        .is("f", &crlf(&lines(&[("nine", "9")])));
}

/// Row 23.
#[test]
fn an_attribute_for_crlf_changes_nothing() {
    case(
        &[
            ("f.txt", LINES),
            (".gitattributes.tera", "*.txt text eol=crlf\n"),
        ],
        &[
            ("f.txt", &lines(&[("nine", "9")])),
            (".gitattributes.tera", "*.txt text eol=crlf\n"),
        ],
    )
    .edit("f.txt", &crlf(&lines(&[("two", "2")])))
    .upgrade()
    .done()
    .is("f.txt", &crlf(&lines(&[("two", "2"), ("nine", "9")])));
}

/// A mark at the start of a file that ours has stays, and is no reason for a conflict.
#[test]
fn a_byte_order_mark_stays() {
    file(
        LINES,
        &format!("\u{feff}{}", lines(&[("two", "2")])),
        &lines(&[("nine", "9")]),
    )
    .upgrade()
    .done()
    .is(
        "f",
        &format!("\u{feff}{}", lines(&[("two", "2"), ("nine", "9")])),
    );
}

/// A conflict in a file with CRLF has markers with CRLF.
#[test]
fn markers_have_the_line_end_of_ours() {
    file("a\nb\nc\n", "a\r\nours\r\nc\r\n", "a\ntheirs\nc\n")
        .upgrade()
        .conflict("UU f")
        .holds("f", &["<<<<<<< yours\r\nours\r\n", "=======\r\ntheirs\r\n"]);
}

#[test]
fn the_higher_of_two_pins_is_taken_and_named() {
    let named = || named("requirements.txt", "a==1.0\n", "a==1.2\n", "a==1.1\n");
    let said = "both sides raised a pin: `a==1.2` was taken, not `a==1.1`";
    named().upgrade().done().is("requirements.txt", "a==1.2\n");
    named().upgrade_with("--dry-run --json").done().says(said);
}

#[test]
fn what_is_only_probable_is_applied_on_request() {
    let sides = ["1", "2", "3"].map(|minor| format!("python-version: '3.{minor}'\n"));
    let named = || named("ci.yml", &sides[0], &sides[1], &sides[2]);
    named().upgrade().conflict("UU ci.yml");
    named()
        .upgrade_with("--yes --policy apply")
        .done()
        .is("ci.yml", &sides[2]);
    named()
        .upgrade_with("--dry-run --json --policy apply")
        .says("\"class\": \"merged\"");
    named()
        .upgrade_with("--dry-run --json")
        .says("\"class\": \"conflict\"");
}

#[test]
fn what_the_user_took_out_and_the_template_edits_is_a_conflict() {
    named(
        "settings.py",
        "A = 1\nDEBUG = True\nZ = 1\n",
        "A = 1\nZ = 1\n",
        "A = 1\nDEBUG = False\nZ = 1\n",
    )
    .upgrade()
    .conflict("UU settings.py");
    named("order.txt", "a\nb\nc\n", "a\nc\n", "b\na\nc\n")
        .upgrade()
        .conflict("UU order.txt")
        .says("`b` was taken out by one side and moved by the other");
}
