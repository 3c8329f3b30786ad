//! What stands beside a conflict: entries that only one side changed, and places in rows whose order counts.

use three_way::{Choice, Labels, Merged, Region, merge};

pub(super) fn of(path: &str, [base, ours, theirs]: [&str; 3]) -> Merged {
    merge(path, base.as_bytes(), ours.as_bytes(), theirs.as_bytes())
}

/// The result with one side's part of every conflict, for each side.
fn taken(merged: &Merged) -> [String; 2] {
    [Choice::Ours, Choice::Theirs].map(|choice| {
        let choose = |region: &Region| {
            if region.is_conflict() {
                choice.clone()
            } else {
                Choice::Merged
            }
        };
        let choices: Vec<Choice> = merged.regions().iter().map(choose).collect();
        let text = merged.resolve(&choices, &Labels::default());
        String::from_utf8(text).expect("a text")
    })
}

/// In both directions: the result with each side's part of every conflict, ours first.
#[track_caller]
pub(super) fn check(
    path: &str,
    sides: [&str; 3],
    conflicts: usize,
    [with_ours, with_theirs]: [&str; 2],
) {
    let [base, ours, theirs] = sides;
    for (sides, expected) in [
        ([base, ours, theirs], [with_ours, with_theirs]),
        ([base, theirs, ours], [with_theirs, with_ours]),
    ] {
        let merged = of(path, sides);
        assert_eq!(merged.conflicts(), conflicts, "{path}: {sides:?}");
        assert_eq!(taken(&merged), expected, "{path}: {sides:?}");
    }
}

#[test]
fn a_version_that_is_only_suggested_spans_its_own_entry() {
    check(
        "requirements.txt",
        [
            "a>=3,<29\n# why\nb==17.1\n",
            "a>=3,<29\nb==24.1\n",
            "a>=3,<14\n# why\nb==9.1\n",
        ],
        1,
        ["a>=3,<14\nb==24.1\n", "a>=3,<14\n# why\nb==9.1\n"],
    );
    let package = |d3: &str, vue: &str| {
        format!(
            "{{\n  \"dependencies\": {{\n    \"d3\": \"{d3}\",\n    \"vue\": \"{vue}\"\n  }}\n}}\n"
        )
    };
    let sides = [
        package("2.4.2", "~2.15.5"),
        package("2.4.2", "~0.15.5"),
        package("10.4.2", "~10.15.5"),
    ];
    check(
        "package.json",
        sides.each_ref().map(String::as_str),
        1,
        [
            &package("10.4.2", "~0.15.5"),
            &package("10.4.2", "~10.15.5"),
        ],
    );
}

#[test]
fn a_list_whose_order_counts_spans_its_own_entry() {
    check(
        "config.yml",
        [
            "a: [x]\nb: [y]\n",
            "a: [x]\nb: [y, v]\n",
            "a: [x2]\nb: [y, w]\n",
        ],
        1,
        ["a: [x2]\nb: [y, v]\n", "a: [x2]\nb: [y, w]\n"],
    );
}

#[test]
fn blank_lines_keep_no_entry_in_a_conflict() {
    let text = |b: &str, c: &str| format!("A = 1\n\n{b}C = '{c}'\n");
    check(
        "settings.py",
        [
            &text("B = 'x y z'\n\n", "c"),
            &text("", "d"),
            &text("B = 'x on z'\n\n", "c"),
        ],
        1,
        [&text("", "d"), &text("B = 'x on z'\n\n", "d")],
    );
}

#[test]
fn what_both_put_in_beside_an_edit_is_there_once() {
    for (path, [before, after]) in [
        (".env", ["", ""]),
        ("requirements.txt", ["", ""]),
        ("setup.cfg", ["[x]\n", ""]),
        ("settings.py", ["", ""]),
    ] {
        let text = |rows: &[&str]| {
            let row = |row: &&str| {
                row.replace(
                    '=',
                    if path == "requirements.txt" {
                        "=="
                    } else {
                        "="
                    },
                )
            };
            let rows = rows.iter().map(row).collect::<Vec<_>>().join("\n");
            format!("{before}{rows}\n{after}")
        };
        let sides = [
            text(&["A=1", "B=2", "C=3"]),
            text(&["A=1", "B=2", "N=9", "C=3"]),
            text(&["A=1", "N=9", "B=2", "C=4"]),
        ];
        let expected = text(&["A=1", "N=9", "B=2", "C=4"]);
        let [base, ours, theirs] = sides.each_ref().map(String::as_str);
        for sides in [[base, ours, theirs], [base, theirs, ours]] {
            let merged = of(path, sides).clean().map(String::from_utf8);
            assert_eq!(merged, Some(Ok(expected.clone())), "{path}");
        }
    }
}

#[test]
fn what_both_put_in_with_other_values_holds_no_edit_beside_it() {
    check(
        "x.yml",
        ["a: 1\nb: 2\n", "n: 3\na: 4\nb: 2\n", "a: 1\nn: 5\nb: 2\n"],
        2,
        ["n: 3\na: 4\nb: 2\n", "a: 4\nn: 5\nb: 2\n"],
    );
    // Where another one was put in at its place, too.
    let sides = ["a: 1\n", "n: 3\na: 4\n", "o: 7\na: 1\nn: 5\n"];
    let expected = ["n: 3\no: 7\na: 4\n", "o: 7\na: 4\nn: 5\n"];
    assert_eq!(taken(&of("x.yml", sides)), expected);
    let object = |rows: &[&str]| format!("{{\n  {}\n}}\n", rows.join(",\n  "));
    let sides = [
        object(&["\"a\": 1", "\"b\": 2", "\"c\": 3"]),
        object(&["\"a\": 1", "\"b\": 2", "\"c\": 3", "\"n\": 8"]),
        object(&["\"a\": 1", "\"n\": 9", "\"b\": 4", "\"c\": 3"]),
    ];
    check(
        "x.json",
        sides.each_ref().map(String::as_str),
        2,
        [
            &object(&["\"a\": 1", "\"b\": 4", "\"c\": 3", "\"n\": 8"]),
            &object(&["\"a\": 1", "\"n\": 9", "\"b\": 4", "\"c\": 3"]),
        ],
    );
}

#[test]
fn what_both_put_in_needs_the_comma_of_one_neighbour_only() {
    let object = |rows: &[&str]| format!("{{\n  {}\n}}\n", rows.join(",\n  "));
    let sides = [
        object(&["\"a\": 1", "\"b\": 2", "\"c\": 3"]),
        object(&["\"n\": 8", "\"a\": 4", "\"b\": 2", "\"c\": 3"]),
        object(&["\"a\": 1", "\"b\": 2", "\"c\": 3", "\"n\": 9"]),
    ];
    check(
        "x.json",
        sides.each_ref().map(String::as_str),
        2,
        [
            &object(&["\"n\": 8", "\"a\": 4", "\"b\": 2", "\"c\": 3"]),
            &object(&["\"a\": 4", "\"b\": 2", "\"c\": 3", "\"n\": 9"]),
        ],
    );
}

#[test]
fn entries_put_in_behind_the_last_one_leave_it_out_of_a_conflict() {
    let object = |rows: &[&str]| format!("{{\n  {}\n}}\n", rows.join(",\n  "));
    let sides = [
        object(&["\"a\": \"x\"", "\"b\": \"y\""]),
        object(&["\"a\": \"x1\"", "\"b\": \"y\"", "\"c\": 3"]),
        object(&["\"a\": \"x2\"", "\"b\": \"z\""]),
    ];
    check(
        "x.json",
        sides.each_ref().map(String::as_str),
        1,
        [
            &object(&["\"a\": \"x1\"", "\"b\": \"z\"", "\"c\": 3"]),
            &object(&["\"a\": \"x2\"", "\"b\": \"z\"", "\"c\": 3"]),
        ],
    );
}

#[test]
fn a_conflict_over_the_end_of_a_block_is_cut_there() {
    let text = |inner: &str, c: &str| {
        format!("{{\n  \"rules\": {{\n    \"a\": [6]{inner}\n  }},\n  \"c\": {c}\n}}\n")
    };
    let base = "{\n  \"rules\": {\n    \"a\": [6]\n  }\n}\n";
    let more = ",\n    \"b\": \"x\"";
    check(
        "x.json",
        [base, &text("", "true"), &text(more, "false")],
        1,
        [&text(more, "true"), &text(more, "false")],
    );
}

#[track_caller]
fn conflicts(path: &str, [base, ours, theirs]: [&str; 3]) {
    for sides in [[base, ours, theirs], [base, theirs, ours]] {
        assert!(!of(path, sides).is_clean(), "{path}: {sides:?}");
    }
}

#[test]
fn where_order_counts_an_entry_stands_where_it_was_put() {
    for (path, [open, comma, close]) in [
        ("babel.config.json", ["{\"plugins\": [", ", ", "]}\n"]),
        ("x.toml", ["list = [", ", ", "]\n"]),
        ("x.yml", ["list: [", ", ", "]\n"]),
        ("s.py", ["MIDDLEWARE = [", ", ", "]\n"]),
    ] {
        let list = |items: &str| {
            let items: Vec<String> = items.chars().map(|item| format!("\"{item}\"")).collect();
            format!("{open}{}{close}", items.join(comma))
        };
        // Both put one in, at different places.
        conflicts(path, [&list("ab"), &list("anb"), &list("abn")]);
        // One moved what the other one put something behind.
        conflicts(path, [&list("abc"), &list("bac"), &list("abd")]);
        let moved = [list("abcd"), list("bacd"), list("abcde")];
        let merged = of(path, moved.each_ref().map(String::as_str)).clean();
        assert_eq!(merged, Some(list("bacde").into_bytes()), "{path}");
    }
}

#[test]
fn a_list_on_one_line_that_was_moved_and_edited_does_not_come_back() {
    let base = "\nS = 1\nAPPS = ['a', 'b']\n";
    let moved = "APPS = ['b', 'a']\n\nS = 1\n";
    conflicts("settings.py", [base, moved, "\nS = 1\n"]);
}

#[test]
fn no_section_takes_in_the_settings_of_another_one() {
    for (path, [key, other, dotted, plain]) in [
        (
            "x.toml",
            [
                "name = \"a\"",
                "[urls]",
                "urls.home = \"h\"",
                "home = \"h\"",
            ],
        ),
        (
            "setup.cfg",
            ["name = a", "[urls]", "urls.home = h", "home = h"],
        ),
    ] {
        let base = format!("[project]\n{key}\n\n{other}\n{plain}\n");
        let flat = format!("[project]\n{key}\n\n{dotted}\n");
        let more = format!("[project]\n{key}\n\n[extra]\nflag = 1\n\n{other}\n{plain}\n");
        conflicts(path, [&base, &flat, &more]);
        // All that it would take in is part of the conflict.
        let base = format!("[project]\n{key}\n\n# All of them.\n{other}\n\n{plain}\n");
        let flat = format!("[project]\n{key}\n\n# All of them.\n\n{plain}\n");
        let more = format!(
            "[project]\n{key}\n\n[extra]\nflag = 1\n\n# All of them.\n{other}\n\n{plain}\n"
        );
        conflicts(path, [&base, &flat, &more]);
        for sides in [[&base, &flat, &more], [&base, &more, &flat]] {
            let merged = of(path, sides.map(String::as_str));
            for choice in [Choice::Ours, Choice::Theirs] {
                let choices = vec![choice.clone(); merged.regions().len()];
                let text = merged.resolve(&choices, &Labels::default());
                let side = if choice == Choice::Ours {
                    sides[1]
                } else {
                    sides[2]
                };
                assert_eq!(&String::from_utf8(text).unwrap(), side);
            }
            let open = merged.regions().iter().find(|region| region.is_conflict());
            let open = String::from_utf8(open.unwrap().base.to_vec()).unwrap();
            assert!(open.contains(plain), "{path}: {open}");
        }
    }
    // A section that one side renamed keeps what the other one puts in.
    let section = |name: &str, more: &str| format!("[{name}]\na = 1\nb = 2\nc = 3\n{more}");
    let sides = [section("x", ""), section("y", ""), section("x", "d = 4\n")];
    let merged = of("x.toml", sides.each_ref().map(String::as_str)).clean();
    assert_eq!(merged, Some(section("y", "d = 4\n").into_bytes()));
}

#[test]
fn a_list_that_one_side_spread_stays_so_where_both_edited_it_alike() {
    let base = "APPS = ['a', 'b', 'c']\n";
    let short = "APPS = ['a', 'b']\n";
    let long = "APPS = [\n    'a',\n    'b',\n]\n";
    for sides in [[base, short, long], [base, long, short]] {
        assert_eq!(
            of("settings.py", sides).clean().as_deref(),
            Some(long.as_bytes())
        );
    }
}

#[test]
fn the_notes_of_a_pin_do_not_make_a_conflict_of_it() {
    let pin = |version: &str, via: &str| format!("a==1 \\\n    --hash=sha256:{version}\n{via}");
    let via = "    # via\n    #   b\n";
    let sides = [pin("1f", via), pin("81", ""), pin("1f", "")];
    let sides = sides.each_ref().map(|side| format!("{side}c==2\n"));
    let [base, ours, theirs] = sides.each_ref().map(String::as_str);
    for sides in [[base, ours, theirs], [base, theirs, ours]] {
        let merged = of("requirements.txt", sides).clean();
        assert_eq!(merged.as_deref(), Some(ours.as_bytes()));
    }
}

#[test]
fn arguments_that_both_edited_are_one_value_beside_other_edits() {
    let check = |more: [&str; 3]| {
        let text = |nth: usize, args: &str| {
            format!(
                "services:\n  a:\n    healthcheck:\n      test:\n{args}{}",
                more[nth]
            )
        };
        let args = |all: &[&str]| {
            let lines = all.iter().map(|one| format!("      - {one}\n"));
            lines.collect::<Vec<_>>().concat()
        };
        let sides = [
            text(0, &args(&["CMD", "x", "--a", "1"])),
            text(1, &args(&["CMD", "x", "--a", "1", "--b"])),
            text(2, &args(&["CMD", "--a", "1"])),
        ];
        conflicts("compose.yml", sides.each_ref().map(String::as_str));
    };
    check(["      retries: 9\n", "      retries: 9\n", ""]);
    check(["", "", "      retries: 9\n"]);
    check([
        "      retries: 9\n",
        "      retries: 9\n",
        "      retries: 8\n",
    ]);
}

#[test]
fn arguments_that_both_edited_are_one_value_where_their_owner_was_renamed() {
    for (path, around, first) in [
        (
            ".pre-commit-config.yaml",
            "repos:\n- repo: x\n  hooks:\n  - id: NAME\n    args:\nARGS",
            "    - --strict\n",
        ),
        (
            "compose.yaml",
            "services:\n  NAME:\n    command:\nARGS",
            "    - --strict\n",
        ),
        (
            "job.yaml",
            "spec:\n  containers:\n  - name: NAME\n    args:\nARGS    tty: true\n",
            "    - --strict\n",
        ),
    ] {
        let side = |name: &str, args: [&str; 2]| {
            let args = args.map(|arg| first.replace("--strict", arg)).concat();
            around.replace("NAME", name).replace("ARGS", &args)
        };
        let last = first.replace("--strict", "--new");
        let base = side("one", ["--strict", "--old"]);
        let ours = side("two", ["--lax", "--old"]);
        let added = base.replace("--old\n", &format!("--old\n{last}"));
        conflicts(path, [&base, &ours, &added]);
        // One that was only renamed gets the edit.
        let ours = side("two", ["--strict", "--old"]);
        let both = added.replace("one", "two");
        for sides in [[&*base, &ours, &added], [&base, &added, &ours]] {
            assert_eq!(
                of(path, sides).clean(),
                Some(both.clone().into_bytes()),
                "{path}"
            );
        }
    }
}

#[test]
fn a_list_that_is_one_value_holds_no_edit_beside_it() {
    let rules = |stock: &str, price: &str| {
        format!("{{\n  \"rules\": {{\n    \"stock\": {stock},\n    \"price\": {price}\n  }}\n}}\n")
    };
    let sides = [
        rules("[6]", "[3]"),
        rules("[6, \"--bind\"]", "[1]"),
        rules("[6]", "[43]"),
    ];
    let ours = rules("[6, \"--bind\"]", "[1]");
    let theirs = rules("[6, \"--bind\"]", "[43]");
    let sides = sides.each_ref().map(String::as_str);
    check(".eslintrc.json", sides, 1, [&ours, &theirs]);
}

#[test]
fn a_list_that_is_one_value_is_asked_for_in_whatever_layout() {
    let rules = |list: &str| format!("{{\n  \"rules\": {{\n    \"a\": {list}\n  }}\n}}\n");
    let sides = [
        rules("[\"error\", 90]"),
        rules("[\"error\", 90, \"--x\"]"),
        rules("[\n      \"warn\",\n      90\n    ]"),
    ];
    let [base, ours, theirs] = sides.each_ref().map(String::as_str);
    conflicts(".eslintrc.json", [base, ours, theirs]);
    conflicts(".eslintrc.json", [base, theirs, ours]);
}

/// What both put in at different places keeps a conflict whole behind it, and not before.
#[test]
fn an_edit_before_what_both_put_in_at_different_places_is_no_part_of_the_conflict() {
    for (path, open, close, comma) in [("tsconfig.json", "{\n", "}\n", ","), (".env", "", "", "")] {
        let entry = |name: &str, value: &str| match comma {
            "" => format!("{}={value}", name.to_uppercase()),
            _ => format!("  \"{name}\": \"{value}\""),
        };
        let file = |entries: &[(&str, &str)]| {
            let lines: Vec<_> = entries
                .iter()
                .map(|(name, value)| entry(name, value))
                .collect();
            format!("{open}{}\n{close}", lines.join(&format!("{comma}\n")))
        };
        let base = file(&[("basket", "one"), ("order", "9"), ("report", "two")]);
        let ours = file(&[
            ("basket", "one more"),
            ("order", "9"),
            ("report", "two"),
            ("search", "x"),
        ]);
        let theirs = file(&[("basket", "one"), ("search", "x y"), ("report", "new")]);
        for sides in [[&base, &ours, &theirs], [&base, &theirs, &ours]] {
            let merged = of(path, sides.map(String::as_str));
            assert!(!merged.is_clean(), "{path}");
            for choice in [Choice::Ours, Choice::Theirs] {
                let choices = vec![choice; merged.regions().len()];
                let open: Vec<Choice> = merged
                    .regions()
                    .iter()
                    .zip(choices)
                    .map(|(region, choice)| {
                        if region.is_conflict() {
                            choice
                        } else {
                            Choice::Merged
                        }
                    })
                    .collect();
                let text = String::from_utf8(merged.resolve(&open, &Labels::default())).unwrap();
                assert!(text.contains("one more"), "{path}: {text}");
            }
        }
    }
}
