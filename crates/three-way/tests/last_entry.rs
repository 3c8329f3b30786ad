//! The last entry has no comma behind it: who takes it out edits the line above, too.

use three_way::{Choice, Labels, Region};

use super::neighbours::{check, of};

#[test]
fn the_entry_before_the_last_one_is_not_in_its_conflict() {
    let of_two = |first: &str, last: Option<&str>| {
        let rest = last.map_or(String::new(), |last| format!(",\n    \"z\": {last}"));
        format!("{{\n  \"in\": {{\n    \"a\": {first}{rest}\n  }}\n}}\n")
    };
    for (was, is) in [("1", "2"), ("\"x, y\"", "\"x,\""), ("[1]", "[1, 2]")] {
        for path in ["data.json", "package.json", ".vscode/settings.json"] {
            // Who edits the first entry may be who takes out the last one, or the other side.
            for by_same in [false, true] {
                let (gone, kept) = if by_same { (is, was) } else { (was, is) };
                check(
                    path,
                    [
                        &of_two(was, Some("\"o\"")),
                        &of_two(gone, None),
                        &of_two(kept, Some("\"p\"")),
                    ],
                    1,
                    [&of_two(is, None), &of_two(is, Some("\"p\""))],
                );
            }
        }
    }
    // What both edited stays in it.
    let sides = [
        of_two("1", Some("3")),
        of_two("2", None),
        of_two("4", Some("5")),
    ];
    check(
        "data.json",
        sides.each_ref().map(String::as_str),
        1,
        [&sides[1], &sides[2]],
    );
}

#[test]
fn nor_is_it_in_python_or_where_it_goes_over_lines() {
    let json = |rows: &str| format!("{{\n{rows}\n}}\n");
    let settings = |rows: &str| {
        let rows = rows.replace("  \"", "        \"");
        format!("DATABASES = {{\n    \"default\": {{\n{rows}\n    }}\n}}\n")
    };
    let list = |items: &str| format!("  \"a\": [\n    {items}\n  ]");
    for (path, file, was, is) in [
        (
            "settings.py",
            &settings as &dyn Fn(&str) -> String,
            "  \"a\": 1".to_owned(),
            "  \"a\": 2".to_owned(),
        ),
        ("data.json", &json, list("1"), list("1,\n    7")),
        ("data.json", &json, list("1,\n    7"), list("1")),
        ("tsconfig.json", &json, list("1"), list("3")),
    ] {
        let of_two = |first: &str, last: &str| file(&format!("{first},\n  \"z\": {last}"));
        check(
            path,
            [&of_two(&was, "3"), &file(&was), &of_two(&is, "4")],
            1,
            [&file(&is), &of_two(&is, "4")],
        );
    }
}

#[test]
fn conflicts_marked_in_the_middle_of_a_line_hold_whole_lines() {
    let sides = [
        "{\n  \"a\": 1,\n  \"z\": 2\n}\n",
        "{\n  \"a\": 1\n}\n",
        "{\n  \"a\": 3,\n  \"z\": 4\n}\n",
    ];
    let found = of("data.json", sides);
    let marked = found.with_markers(&Labels::default());
    assert_eq!(
        String::from_utf8(marked).expect("a text"),
        "{\n<<<<<<< ours\n  \"a\": 3\n||||||| base\n  \"a\": 3,\n  \"z\": 2\n=======\n  \"a\": 3,\n  \"z\": 4\n>>>>>>> theirs\n}\n"
    );
    let at = found.regions().iter().position(Region::is_conflict);
    let at = at.expect("a conflict");
    assert_eq!(found.lead(at), b"  \"a\": 3");
    assert_eq!(found.lead(at - 1), b"");
    let edited = Choice::Bytes(b"  \"a\": 3,\n  \"y\": 5\n".to_vec());
    let mut choices = vec![Choice::Merged; found.regions().len()];
    for (choice, expected) in [
        (edited, "{\n  \"a\": 3,\n  \"y\": 5\n}\n"),
        (Choice::Base, "{\n  \"a\": 3,\n  \"z\": 2\n}\n"),
    ] {
        choices[at] = choice;
        let text = found.resolve(&choices, &Labels::default());
        assert_eq!(String::from_utf8(text).expect("a text"), expected);
    }
    // CRLF and a text without a line end at its end.
    let [base, ours, theirs] = sides.map(|side| side.replace('\n', "\r\n").trim_end().to_owned());
    check(
        "data.json",
        [&base, &ours, &theirs],
        1,
        [
            "{\r\n  \"a\": 3\r\n}",
            "{\r\n  \"a\": 3,\r\n  \"z\": 4\r\n}",
        ],
    );
}

/// One side took out an item at the end of the block before the last one as well, so that one bracket is left of two.
#[test]
fn nor_is_the_end_of_the_block_before_it() {
    let check = |path: &str, [head, open, row, close, foot]: [&str; 5]| {
        let block = |name: &str, rows: &[&str]| {
            let rows = rows.iter().map(|name| row.replace('N', name));
            let rows = rows.collect::<Vec<_>>().join(",\n");
            format!("{}\n{rows}\n{close}", open.replace('N', name))
        };
        let file = |first: &[&str], last: Option<&[&str]>| {
            let last = last.map(|rows| block("two", rows));
            let blocks: Vec<String> = std::iter::once(block("one", first)).chain(last).collect();
            format!("{head}{}\n{foot}\n", blocks.join(",\n"))
        };
        for [was, is] in [[&["a", "b"][..], &["a"]], [&["a"], &["a", "b"]]] {
            // The side that takes the last block out edits the one before it, or the other side does.
            for (gone, kept) in [(is, was), (was, is)] {
                check(
                    path,
                    [
                        &file(was, Some(&["d"])),
                        &file(gone, None),
                        &file(kept, Some(&["d", "e"])),
                    ],
                    1,
                    [&file(is, None), &file(is, Some(&["d", "e"]))],
                );
            }
        }
    };
    let object = [
        "{\n  \"name\": \"x\",\n",
        "  \"N\": {",
        "    \"N\": \"1\"",
        "  }",
        "}",
    ];
    let list = ["{\n", "  \"N\": [", "    \"N\"", "  ]", "}"];
    for path in ["package.json", "data.json", "tsconfig.json"] {
        check(path, object);
        check(path, list);
    }
    check(
        "settings.py",
        [
            "CACHES = {\n",
            "    \"N\": {",
            "        \"N\": 1",
            "    }",
            "}",
        ],
    );
}
