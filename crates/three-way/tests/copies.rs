//! Lines that repeat: an edit belongs to one copy of a block, what one side took out ends with its own block, and what both
//! put in is there once, whatever stands beside it.

use three_way::{Choice, Labels, Merged, Region, merge};

fn of(path: &str, [base, ours, theirs]: [&str; 3]) -> Merged {
    merge(path, base.as_bytes(), ours.as_bytes(), theirs.as_bytes())
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("a text")
}

/// The clean merges of both directions.
fn both(path: &str, [base, ours, theirs]: [&str; 3]) -> [Option<String>; 2] {
    [[base, ours, theirs], [base, theirs, ours]].map(|sides| of(path, sides).clean().map(text))
}

/// Three sides of which one only wrote a line of the base otherwise, or edited it, and the other put in a copy of the block
/// with that line in it, before the block or behind it.
fn copies(block: fn(&str, &str) -> String, around: [&str; 2], own: [&str; 2]) -> Vec<[String; 4]> {
    let [old, new] = own;
    let text = |blocks: &[String]| [around[0], &blocks.concat(), around[1]].concat();
    let (before, after) = (block("a", old), block("a", new));
    let copy = block("b", old);
    let base = text(std::slice::from_ref(&before));
    [
        [&copy, &before, &copy, &after],
        [&before, &copy, &after, &copy],
    ]
    .into_iter()
    .map(|blocks| blocks.map(String::clone))
    .map(|[first, second, third, fourth]| {
        let edited = text(std::slice::from_ref(&after));
        [
            base.clone(),
            edited,
            text(&[first, second]),
            text(&[third, fourth]),
        ]
    })
    .collect()
}

#[test]
fn an_edit_of_one_copy_is_no_edit_of_the_other() {
    type Block = fn(&str, &str) -> String;
    let kinds: [(&str, Block, [&str; 2], [&str; 3]); 7] = [
        (
            ".github/workflows/a.yml",
            |name, line| {
                format!(
                    "  {name}:\n    runs-on: x\n    steps:\n      - name: s\n        uses: {line}\n"
                )
            },
            ["jobs:\n", ""],
            ["c@v4  # pin", "c@v4 # pin", "c@v5  # pin"],
        ),
        (
            "compose.yaml",
            |name, line| format!("  {name}:\n    init: true\n    image: {line}\n"),
            ["services:\n", ""],
            ["x:1  # pin", "x:1 # pin", "x:2  # pin"],
        ),
        (
            "a.toml",
            |name, line| format!("[{name}]\ny = 1\nx = {line}\n"),
            ["", ""],
            ["1  # pin", "1 # pin", "2  # pin"],
        ),
        (
            "setup.cfg",
            |name, line| format!("[{name}]\ny = 1\nx = {line}\n"),
            ["", ""],
            ["one two", "one  two", "one three"],
        ),
        (
            "a.json",
            |name, line| format!("  \"{name}\": {{\n    \"y\": 1,\n    \"x\":{line}\n  }},\n"),
            ["{\n", "  \"z\": 1\n}\n"],
            [" 1", "  1", " 2"],
        ),
        (
            "a.py",
            |name, line| format!("def {name}():\n    y = 1\n    return f({line})\n"),
            ["", ""],
            ["1, 2", "1,  2", "1, 3"],
        ),
        (
            "a.conf",
            |name, line| {
                format!("server {name}\n    listen 80;\n    root /srv;\n    expires {line};\n")
            },
            ["", ""],
            ["1d", "1d ", "2d"],
        ),
    ];
    for (path, block, around, [old, respelt, edited]) in kinds {
        for new in [respelt, edited] {
            for [base, ours, theirs, both] in copies(block, around, [old, new]) {
                for sides in [[&base, &ours, &theirs], [&base, &theirs, &ours]] {
                    let sides = sides.map(String::as_str);
                    let Some(text) = of(path, sides).clean() else {
                        continue;
                    };
                    let words = |text: &str| {
                        text.split_whitespace()
                            .map(str::to_string)
                            .collect::<Vec<_>>()
                    };
                    let text = String::from_utf8(text).expect("a text");
                    assert_eq!(words(&text), words(&both), "{path}: {sides:?}");
                }
            }
        }
    }
}

#[test]
fn what_both_put_in_is_there_once_beside_an_edit_of_one_side() {
    for (path, [open, close], [a, old, new, z]) in [
        (
            "requirements.txt",
            ["", ""],
            ["a==1\n", "old[all]==4\n", "new[all]==4\n", "z==1\n"],
        ),
        (".env", ["", ""], ["A=1\n", "OLD=4\n", "NEW=4\n", "Z=1\n"]),
        (
            "setup.cfg",
            ["[x]\n", ""],
            ["a = 1\n", "old = 4\n", "new = 4\n", "z = 1\n"],
        ),
        (
            "a.toml",
            ["[x]\n", ""],
            ["a = 1\n", "old = 4\n", "new = 4\n", "z = 1\n"],
        ),
        (
            "a.yml",
            ["x:\n", ""],
            ["  a: 1\n", "  old: 4\n", "  new: 4\n", "  z: 1\n"],
        ),
        (
            "a.json",
            ["{\n", "  \"last\": 0\n}\n"],
            [
                "  \"a\": 1,\n",
                "  \"old\": 4,\n",
                "  \"new\": 4,\n",
                "  \"z\": 1,\n",
            ],
        ),
    ] {
        // Theirs puts it in right before or behind the line that ours edited, ours far from there.
        let text = |rows: &[&str]| [open, &rows.concat(), close].concat();
        let more = a.replace(['a', 'A'], "m");
        for theirs in [[a, &more, old, z], [a, old, &more, z]] {
            let sides = [text(&[a, old, z]), text(&[&more, a, new, z]), text(&theirs)];
            for merged in both(path, sides.each_ref().map(String::as_str)) {
                let merged = merged.unwrap_or_else(|| panic!("{path}: a conflict of {sides:?}"));
                let lines: Vec<&str> = merged.lines().collect();
                let mut expected = text(&[&more, a, new, z]);
                assert_eq!(lines.len(), expected.lines().count(), "{path}: {merged}");
                expected.retain(|sign| sign != '\n');
                for row in [&*more, a, new, z] {
                    assert_eq!(merged.matches(row).count(), 1, "{path}: {merged}");
                }
            }
        }
    }
}

#[test]
fn a_member_that_both_put_in_is_there_once_beside_others_at_the_end() {
    let file = |rows: &[&str]| format!("{{\n  \"d\": {{\n    {}\n  }}\n}}\n", rows.join(",\n    "));
    let [a, z, own, other, twice] =
        ["a", "z", "own", "other", "twice"].map(|name| format!("\"{name}\": \"1\""));
    let base = file(&[&a, &z]);
    let ours = file(&[&a, &z, &own, &twice]);
    let theirs = file(&[&a, &twice, &z, &other]);
    for merged in both("package.json", [&base, &ours, &theirs]) {
        let merged = merged.expect("no conflict");
        for row in [&a, &z, &own, &other, &twice] {
            assert_eq!(merged.matches(row.as_str()).count(), 1, "{merged}");
        }
        assert!(
            !merged.contains(",\n  }") && !merged.contains("\"\n    \""),
            "{merged}"
        );
    }
}

#[test]
fn what_one_side_took_out_ends_with_its_own_block() {
    for (path, block, end) in [
        (
            "pyproject.toml",
            "\n[{}]\nlist = [\n    \"a\",\n    \"{}1\",\n",
            "]\n",
        ),
        ("settings.py", "\n{} = [\n    'a',\n    '{}1',\n", "]\n"),
    ] {
        let block = |name: &str| block.replace("{}", name);
        let one = block("ONE");
        let shorter = one
            .lines()
            .take(one.lines().count() - 1)
            .collect::<Vec<_>>()
            .join("\n")
            + "\n";
        let two = block("TWO");
        let longer = format!("{two}    'b',\n")
            .replace('\'', if path == "settings.py" { "'" } else { "\"" });
        let base = [&*one, end, &two, end].concat();
        let ours = [&*shorter, end].concat();
        let theirs = [&*one, end, &longer, end].concat();
        for (sides, turned) in [
            ([&base, &ours, &theirs], false),
            ([&base, &theirs, &ours], true),
        ] {
            let merged = of(path, sides.map(String::as_str));
            let taken = |choice: &Choice| {
                let choose = |region: &Region| {
                    if region.is_conflict() {
                        choice.clone()
                    } else {
                        Choice::Merged
                    }
                };
                let choices: Vec<Choice> = merged.regions().iter().map(choose).collect();
                text(merged.resolve(&choices, &Labels::default()))
            };
            assert!(!merged.is_clean(), "{path}");
            let mut found = [taken(&Choice::Ours), taken(&Choice::Theirs)];
            if turned {
                found.reverse();
            }
            let expected = [ours.clone(), [&*shorter, end, &longer, end].concat()];
            assert_eq!(found, expected, "{path}");
        }
    }
}

#[test]
fn what_both_say_is_no_conflict_of_layouts() {
    for (path, [base, both_edited, laid_out]) in [
        (
            ".github/workflows/ci.yml",
            [
                "name: s\njobs:\n  user:\n    steps:\n      - name: lint\n      - name: clean\n",
                "name: s\njobs:\n  user:\n    steps:\n      - name: lint\n      - name: clean\n        s: t\n",
                "name: s\njobs:\n    user:\n        steps:\n          - name: lint\n          - name: clean\n            s: t\n",
            ],
        ),
        (
            "a.json",
            [
                "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n",
                "{\n  \"a\": {\n    \"b\": 2\n  }\n}\n",
                "{\n    \"a\": {\n        \"b\": 2\n    }\n}\n",
            ],
        ),
        (
            "a.py",
            [
                "def f():\n  a = 1\n  return a\n",
                "def f():\n  a = 2\n  return a\n",
                "def f():\n    a = 2\n    return a\n",
            ],
        ),
    ] {
        let merged = both(path, [base, both_edited, laid_out]);
        assert_eq!(
            merged,
            [Some(laid_out.to_string()), Some(laid_out.to_string())],
            "{path}"
        );
    }
}

#[test]
fn what_each_side_made_of_one_line_at_another_place_is_for_a_person() {
    for path in [".dockerignore", "words.txt"] {
        for theirs in ["cache-b\nmain\nlogs\n", "main\ncache-b\nlogs\n"] {
            let sides = ["main\nlogs\ncache\n", "cache-a\nmain\nlogs\n", theirs];
            assert_eq!(both(path, sides), [None, None], "{path}: {theirs}");
        }
    }
}

#[test]
fn a_line_that_both_moved_to_different_places_is_for_a_person() {
    for path in ["CODEOWNERS", "words.txt", "Makefile"] {
        let sides = [
            "one two\nfour\nfive\nsix seven\n",
            "six seven\none two\nfour\nfive\n",
            "one two\nsix seven\nfour\nfive\n",
        ];
        assert_eq!(both(path, sides), [None, None], "{path}");
    }
}

#[test]
fn what_both_put_in_at_different_places_is_not_done_twice() {
    for (path, open, old, [new, other]) in [
        (
            ".gitlab-ci.yml",
            "job:\n  script:\n",
            "    - compile it all\n",
            ["    - clean it all\n", "    - clean it again\n"],
        ),
        ("CODEOWNERS", "a/ @a\n", "z/ @z\n", ["b/ @b\n", "c/ @c\n"]),
        (
            "notes.txt",
            "one two\n",
            "six seven\n",
            ["three four\n", "five\n"],
        ),
    ] {
        let base = [open, old].concat();
        let (before, behind) = ([open, new, old].concat(), [open, old, new].concat());
        assert_eq!(
            both(path, [&base, &before, &behind]),
            [None, None],
            "{path}"
        );
        // Another one is none of these.
        let apart = [open, old, other].concat();
        let expected = [open, new, old, other].concat();
        let merged = both(path, [&base, &before, &apart]);
        assert_eq!(merged, [Some(expected.clone()), Some(expected)], "{path}");
        // What one side has twice by itself stays.
        let own = [open, new, old, new].concat();
        assert_eq!(both(path, [&base, &own, &base])[0], Some(own), "{path}");
    }
}

#[test]
fn a_list_that_one_side_emptied_keeps_what_the_other_one_put_in() {
    let items = |items: &[&str]| {
        format!(
            "{{\n  \"plugins\": [\n    {}\n  ]\n}}\n",
            items.join(",\n    ")
        )
    };
    let base = items(&["\"a\"", "\"b\""]);
    let more = items(&["\"a\"", "\"b\"", "\"c\""]);
    let left = items(&["\"c\""]);
    let none = "{\n  \"plugins\": []\n}\n";
    for path in ["babel.config.json", "a.json"] {
        let merged = both(path, [&base, &more, none]);
        assert_eq!(merged, [Some(left.clone()), Some(left.clone())], "{path}");
    }
}

#[test]
fn a_conflict_over_what_both_put_in_holds_nothing_else() {
    // Each conflict spans what both put in; the other edits are there whichever side is taken.
    for (path, [base, ours, theirs], edits) in [
        (
            "requirements.txt",
            [
                "a>=1\nold==1\n",
                "a>=1\ntwice==1.1\nnew==1\n",
                "a>=1\ntwice==1.2\nold==1\nz==1\n",
            ],
            ["new==1\n", "z==1\n"],
        ),
        (
            ".env",
            [
                "A=1\nOLD=1\n",
                "A=1\nTWICE=a\nNEW=1\n",
                "A=1\nTWICE=b\nOLD=1\nZ=1\n",
            ],
            ["NEW=1\n", "Z=1\n"],
        ),
        (
            ".gitlab-ci.yml",
            [
                "a:\n  stage: x\n  script:\n  - c d\n",
                "a:\n  stage: x\n  script:\n  - c d\n  twice: r\n",
                "a:\n  stage: x\n  twice: u\n  script: []\nb:\n  stage: y\n",
            ],
            ["  script: []\n", "b:\n  stage: y\n"],
        ),
    ] {
        for sides in [[base, ours, theirs], [base, theirs, ours]] {
            let merged = of(path, sides);
            assert!(!merged.is_clean(), "{path}");
            for choice in [Choice::Ours, Choice::Theirs] {
                let choose = |region: &Region| {
                    if region.is_conflict() {
                        choice.clone()
                    } else {
                        Choice::Merged
                    }
                };
                let choices: Vec<Choice> = merged.regions().iter().map(choose).collect();
                let taken = text(merged.resolve(&choices, &Labels::default()));
                for edit in edits {
                    assert!(taken.contains(edit), "{path}: {taken}");
                }
                assert!(
                    !taken.contains("old") && !taken.contains("OLD"),
                    "{path}: {taken}"
                );
            }
        }
    }
}
