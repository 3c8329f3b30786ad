//! What becomes of the entries of one block: comments, spaces, what was written anew.

use ixd_template::merge::merge;

fn merged(path: &str, [base, ours, theirs]: [&str; 3]) -> Option<String> {
    let merged = merge(path, base.as_bytes(), ours.as_bytes(), theirs.as_bytes());
    merged.clean().and_then(|text| String::from_utf8(text).ok())
}

#[track_caller]
fn check(path: &str, sides: [&str; 3], expected: &str) {
    assert_eq!(merged(path, sides).as_deref(), Some(expected));
}

#[test]
fn comments_stay_under_the_entry_that_they_came_with() {
    let sides = ["A=1\n", "A=1\n\nB=1\n# C=2\n", "A=1\n\n# y\nD=1\n"];
    check(".env", sides, "A=1\n\nB=1\n# C=2\n\n# y\nD=1\n");
    let sides = [
        "APPS = [\n  1,\n]\n",
        "APPS = [\n  1,\n  2,\n  # 4,\n]\n",
        "APPS = [\n  1,\n  3,\n]\n",
    ];
    check("x.py", sides, "APPS = [\n  1,\n  2,\n  # 4,\n  3,\n]\n");
}

#[test]
fn comments_of_no_new_entry_stay_last() {
    let sides = ["A=1\n", "A=1\n# end\n", "A=1\nB=1\n"];
    check(".env", sides, "A=1\nB=1\n# end\n");
}

#[test]
fn spaces_that_one_side_changed_are_its_edit() {
    let sides = [
        "a: [ x, y ]\nb: 1\n",
        "a: [ x, y ]\nb: 2\nc: 1\n",
        "a: [x, y]\nb: 1\nd: 1\n",
    ];
    check("x.yml", sides, "a: [x, y]\nb: 2\nc: 1\nd: 1\n");
}

#[test]
fn what_one_side_wrote_anew_is_not_deleted() {
    let base = "[t]\na = [\"x\"]\nb = 1\n";
    let (without, respelt) = ("[t]\nb = 1\n", "[t]\na = [ 'x' ]\nb = 1\n");
    assert_eq!(merged("x.toml", [base, without, respelt]), None);
    assert_eq!(merged("x.toml", [base, respelt, without]), None);
}
