//! Entries that both sides put in, at different places.

use three_way::{Choice, Class, Labels, Merged, Options, merge, merge_with};

/// A file with an entry of each side in it, far from each other.
fn sides(row: &str, [ours, theirs]: [&str; 2], [before, after]: [&str; 2]) -> [String; 3] {
    let rows: Vec<String> = (0..14)
        .map(|nth| row.replace('#', &nth.to_string()))
        .collect();
    let text = |at: usize, added: &str| {
        let (head, tail) = rows.split_at(at);
        [before, &head.concat(), added, &tail.concat(), after].concat()
    };
    [text(0, ""), text(12, ours), text(2, theirs)]
}

fn of(path: &str, sides: &[String; 3]) -> Merged {
    let [base, ours, theirs] = sides.each_ref().map(String::as_bytes);
    merge(path, base, ours, theirs)
}

fn turned([base, ours, theirs]: &[String; 3]) -> [String; 3] {
    [base, theirs, ours].map(String::clone)
}

/// Files by what one row is, an entry as two sides may have it, and what stands around the rows.
const KINDS: [(&str, &str, [&str; 2], [&str; 2]); 18] = [
    (
        "requirements.txt",
        "p#==1\n",
        ["a==1\n", "A==2\n"],
        ["", ""],
    ),
    (".env", "P#=1\n", ["A=1\n", "A=2\n"], ["", ""]),
    (
        "setup.cfg",
        "[p#]\nx = 1\n\n",
        ["[a]\nx = 1\n\n", "[a]\nx = 2\n\n"],
        ["", ""],
    ),
    (
        "setup.cfg",
        "p# = 1\n",
        ["a = 1\n", "A = 2\n"],
        ["[x]\n", ""],
    ),
    (
        "a.json",
        "  \"p#\": 1,\n",
        ["  \"a\": 1,\n", "  \"a\": 2,\n"],
        ["{\n", "  \"z\": 1\n}\n"],
    ),
    (
        "package.json",
        "    \"p#\": \"1\",\n",
        ["    \"a\": \"1\",\n", "    \"a\": \"2\",\n"],
        ["{\n  \"dependencies\": {\n", "    \"z\": \"1\"\n  }\n}\n"],
    ),
    ("settings.py", "P# = 1\n", ["A = 1\n", "A = 2\n"], ["", ""]),
    (
        "a.py",
        "P# = 1\n",
        ["def a():\n    return 1\n", "def a():\n    return 2\n"],
        ["", ""],
    ),
    (
        "pyproject.toml",
        "p# = 1\n",
        ["a = 1\n", "a = 2\n"],
        ["[x]\n", ""],
    ),
    (
        "pyproject.toml",
        "[p#]\nx = 1\n\n",
        ["[a]\nx = 1\n\n", "[a]\nx = 2\n\n"],
        ["", ""],
    ),
    (
        "pyproject.toml",
        "  \"p#\",\n",
        ["  \"a>1\",\n", "  \"a>2\",\n"],
        ["[project]\ndependencies = [\n", "]\n"],
    ),
    (
        "compose.yaml",
        "  p#:\n    image: x\n",
        [
            "  a:\n    image: x\n    init: true\n",
            "  a:\n    image: y\n    init: true\n",
        ],
        ["services:\n", ""],
    ),
    (
        "compose.yaml",
        "      P#: 1\n",
        ["      A: 1\n", "      A: 2\n"],
        ["services:\n  a:\n    environment:\n", ""],
    ),
    (
        "compose.yaml",
        "      - P#=1\n",
        ["      - A=1\n", "      - A=2\n"],
        ["services:\n  a:\n    environment:\n", ""],
    ),
    (
        "compose.yaml",
        "      - \"90#:80\"\n",
        ["      - \"80:80\"\n", "      - \"80:81\"\n"],
        ["services:\n  a:\n    ports:\n", ""],
    ),
    (
        ".github/workflows/a.yml",
        "    - name: p#\n      run: x\n",
        [
            "    - name: a\n      run: x\n",
            "    - name: a\n      run: y\n",
        ],
        ["jobs:\n  a:\n    steps:\n", ""],
    ),
    (
        ".pre-commit-config.yaml",
        "  - id: p#\n",
        ["  - id: a\n    args: [x]\n", "  - id: a\n    args: [y]\n"],
        ["repos:\n- repo: x\n  hooks:\n", ""],
    ),
    (
        "environment.yml",
        "  - p#=1\n",
        ["  - a=1\n", "  - a=2\n"],
        ["dependencies:\n", ""],
    ),
];

#[test]
fn one_name_with_two_values_is_a_conflict_of_the_two_entries() {
    for (path, row, entries, around) in KINDS {
        let sides = sides(row, entries, around);
        for (sides, [ours, theirs]) in [
            (sides.clone(), entries),
            (turned(&sides), [entries[1], entries[0]]),
        ] {
            let merged = of(path, &sides);
            let conflicts: Vec<_> = merged
                .regions()
                .iter()
                .filter(|region| region.is_conflict())
                .collect();
            let [one, other] = conflicts[..] else {
                panic!("{path}: {} conflicts", conflicts.len());
            };
            let mine = [&one.ours[..], &other.ours[..]].concat();
            let its = [&one.theirs[..], &other.theirs[..]].concat();
            assert_eq!(String::from_utf8(mine).unwrap(), ours, "{path}");
            assert_eq!(String::from_utf8(its).unwrap(), theirs, "{path}");
            assert!(!merged.notes().is_empty(), "{path}");
            for (choice, expected) in [(Choice::Ours, &sides[1]), (Choice::Theirs, &sides[2])] {
                let all = vec![choice; merged.regions().len()];
                let text = merged.resolve(&all, &Labels::default());
                assert_eq!(&String::from_utf8(text).unwrap(), expected, "{path}");
            }
        }
    }
}

#[test]
fn what_is_equal_is_kept_once() {
    for (path, row, [entry, _], around) in KINDS {
        if path.contains("workflows") {
            continue; // Its order counts.
        }
        let sides = sides(row, [entry, entry], around);
        let expected = Some(sides[2].clone());
        for sides in [turned(&sides), sides] {
            let merged = of(path, &sides);
            let text = merged.clean().map(|text| String::from_utf8(text).unwrap());
            assert_eq!(text, expected, "{path}");
            assert!(!merged.notes().is_empty(), "{path}");
        }
    }
}

/// How often a line is there in the clean merge; `None` for a conflict.
#[track_caller]
fn count(path: &str, sides: &[String; 3], line: &str) -> Option<usize> {
    let [one, other] = [sides.clone(), turned(sides)].map(|sides| {
        let text = String::from_utf8(of(path, &sides).clean()?).unwrap();
        Some(text.lines().filter(|other| other.trim() == line).count())
    });
    assert_eq!(one, other, "{path}: exchanged");
    one
}

#[test]
fn where_order_counts_a_person_says_where() {
    let around = ["MIDDLEWARE = [\n", "]\n"];
    let sides = sides("  \"p#\",\n", ["  \"a\",\n", "  \"a\",\n"], around);
    assert_eq!(count("settings.py", &sides, "\"a\","), None);
}

#[test]
fn a_project_may_be_there_for_each_marker() {
    let entries = [
        "a==1; python_version < '3.9'\n",
        "a==2; python_version >= '3.9'\n",
    ];
    let apart = sides("p#==1\n", entries, ["", ""]);
    assert_eq!(
        count("requirements.txt", &apart, entries[0].trim()),
        Some(1)
    );
    assert!(of("requirements.txt", &apart).notes().is_empty());
    let entries = [
        "a==1; python_version < '3.9'\n",
        "a==2 ; python_version<\"3.9\"\n",
    ];
    let same = sides("p#==1\n", entries, ["", ""]);
    assert_eq!(count("requirements.txt", &same, entries[0].trim()), None);
}

#[test]
fn a_pattern_stays_where_one_takes_others_back_between() {
    let ignore = |taking_back: usize| {
        let mut sides = sides("p#/\n", ["a/\n", "a/\n"], ["", ""]);
        let line = format!("p{taking_back}/\n");
        for text in &mut sides {
            *text = text.replace(&line, "!p/x\n");
        }
        count(".gitignore", &sides, "a/")
    };
    assert_eq!(ignore(7), Some(2));
    assert_eq!(ignore(0), Some(1));
}

#[test]
fn what_may_be_there_twice_stays() {
    for (path, row, entries, around) in [
        (
            "a.py",
            "p#()\n",
            ["X += [\"a\"]\n", "X += [\"b\"]\n"],
            ["", ""],
        ),
        (
            "a.py",
            "p#()\n",
            ["from a import b\n", "from a import c\n"],
            ["", ""],
        ),
        (
            "a.py",
            "p#()\n",
            ["if A:\n    a()\n", "if A:\n    b()\n"],
            ["", ""],
        ),
        (
            "ci.yml",
            "  - p#\n",
            ["  - cd a\n", "  - cd a\n"],
            ["script:\n", ""],
        ),
    ] {
        let sides = sides(row, entries, around);
        let merged = of(path, &sides);
        let text = merged.clean().map(|text| String::from_utf8(text).unwrap());
        let expected = sides[1].replace(
            &row.replace('#', "2"),
            &format!("{}{}", entries[1], row.replace('#', "2")),
        );
        assert_eq!(text, Some(expected), "{path}");
    }
}

#[test]
fn what_one_side_has_twice_stays() {
    let [base, _, _] = sides("P#=1\n", ["", ""], ["", ""]);
    let ours = format!("A=1\n{base}A=2\n");
    let theirs = base.replace("P7=1\n", "P7=1\nB=1\n");
    assert_eq!(count(".env", &[base, ours, theirs], "A=1"), Some(1));
}

#[test]
fn what_both_moved_is_there_once() {
    let [base, ours, theirs] = sides("P#=1\n", ["A=1\n", "A=1\n"], ["", ""]);
    let base = format!("{base}A=1\n");
    assert_eq!(count(".env", &[base, ours, theirs], "A=1"), Some(1));
}

#[test]
fn a_conflict_elsewhere_changes_nothing() {
    let mut sides = sides("P#=1\n", ["A=1\n", "A=2\n"], ["", ""]);
    sides[1] = sides[1].replace("P7=1", "P7=2");
    sides[2] = sides[2].replace("P7=1", "P7=3");
    assert_eq!(of(".env", &sides).conflicts(), 3);
}

#[test]
fn the_last_member_has_no_comma() {
    let text = |first: &str, last: &str| {
        let rows: Vec<String> = (0..9).map(|nth| format!("  \"p{nth}\": 1,\n")).collect();
        let rows = rows.concat();
        format!("{{\n{first}{rows}  \"z\": 1{last}\n}}\n")
    };
    let sides = |value: &str| {
        [
            text("", ""),
            text("", ",\n  \"a\": 1"),
            text(&format!("  \"a\": {value},\n"), ""),
        ]
    };
    assert_eq!(count("a.json", &sides("1"), "\"a\": 1"), Some(1));
    let apart = sides("2");
    let merged = of("a.json", &apart);
    assert_eq!(merged.conflicts(), 2);
    for open_as in [Choice::Ours, Choice::Theirs] {
        let choices = merged.regions().iter().map(|region| {
            if region.is_conflict() {
                open_as.clone()
            } else {
                Choice::Merged
            }
        });
        let text = merged.resolve(&choices.collect::<Vec<_>>(), &Labels::default());
        assert!(serde_json::from_slice::<serde_json::Value>(&text).is_ok());
    }
}

/// One of the two stands where the other side put an item into the block above.
#[test]
fn what_is_equal_is_kept_once_behind_a_block_that_the_other_side_edited() {
    let sides = [
        "a: 1\nlist:\n- x\n",
        "a: 1\nlist:\n- x\nnew: 64\n",
        "a: 1\nnew: 64\nlist:\n- x\n- y\n",
    ]
    .map(str::to_owned);
    assert_eq!(count("values.yaml", &sides, "new: 64"), Some(1));
    assert_eq!(count("values.yaml", &turned(&sides), "- y"), Some(1));
    // So it is in other formats, and where the list is deeper.
    for (path, [base, ours, theirs], new, item) in [
        (
            "compose.yaml",
            [
                "services:\n  a:\n    ports:\n    - 1:1\n",
                "services:\n  a:\n    ports:\n    - 1:1\n  b:\n    image: b\n",
                "services:\n  b:\n    image: b\n  a:\n    ports:\n    - 1:1\n    - 2:2\n",
            ],
            "image: b",
            "- 2:2",
        ),
        (
            "tox.ini",
            [
                "[a]\ndeps =\n    x\n",
                "[a]\ndeps =\n    x\n[b]\nc = 1\n",
                "[b]\nc = 1\n[a]\ndeps =\n    x\n    y\n",
            ],
            "c = 1",
            "y",
        ),
        (
            "settings.py",
            [
                "A = [\n    \"x\",\n]\n",
                "A = [\n    \"x\",\n]\nB = 1\n",
                "B = 1\nA = [\n    \"x\",\n    \"y\",\n]\n",
            ],
            "B = 1",
            "\"y\",",
        ),
    ] {
        let sides = [base, ours, theirs].map(str::to_owned);
        for sides in [&sides, &turned(&sides)] {
            assert_eq!(count(path, sides, new), Some(1), "{path}");
            assert_eq!(count(path, sides, item), Some(1), "{path}");
        }
    }
}

#[test]
fn what_lines_alone_would_double_is_left() {
    let section = "[a]\nx = 1\ny = 2\n\n";
    let rest = |words: &str| format!("[p]\nq = 1\n\n[z]\ncommands =\n    publish {words}\n");
    let base = rest("b c");
    let sides = [
        base.clone(),
        format!("{section}{}", rest("n b c")),
        format!("{base}\n{}", section.trim_end()) + "\n",
    ];
    for sides in [turned(&sides), sides] {
        let [base, ours, theirs] = sides.each_ref().map(String::as_bytes);
        let apply = Class::Policy;
        let merged = merge_with("setup.cfg", base, ours, theirs, Options { apply });
        let text = merged.clean().map(|text| String::from_utf8(text).unwrap());
        assert!(text.is_none_or(|text| text.matches("[a]").count() == 1));
    }
}

/// The name above the list is new on one side, and yet it is one list.
#[test]
fn an_item_of_a_list_that_one_side_renamed_is_there_once_or_asked_for() {
    let hook = |id: &str, stages: &[&str]| {
        let stages = stages.iter().map(|stage| format!("          - {stage}\n"));
        format!(
            "repos:\n  - repo: https://example.org/a\n    hooks:\n      - id: {id}\n        stages:\n{}",
            stages.collect::<Vec<_>>().concat()
        )
    };
    let sides = [
        hook("a", &["manual"]),
        hook("b", &["push", "manual"]),
        hook("a", &["manual", "push"]),
    ];
    for sides in [sides.clone(), turned(&sides)] {
        assert_eq!(of(".pre-commit-config.yaml", &sides).clean(), None);
    }
}

/// A text with a name, and what stands first and last below it.
type Made = fn(&str, &str, &str) -> String;

/// The same of members, settings and keys below a name that is new on one side.
#[test]
fn a_key_below_a_name_that_one_side_renamed_is_not_there_twice() {
    let rows: [(&str, Made); 3] = [
        ("data.json", |name, first, last| {
            format!(
                "{{\n  \"{name}\": {{\n{first}    \"k\": 1,\n    \"l\": 2,\n{last}    \"m\": 3\n  }}\n}}\n"
            )
        }),
        ("setup.cfg", |name, first, last| {
            format!("[{name}]\n{first}k = 1\nl = 2\n{last}m = 3\n")
        }),
        ("values.yaml", |name, first, last| {
            format!("{name}:\n{first}  k: 1\n  l: 2\n{last}  m: 3\n")
        }),
    ];
    let new = ["    \"new\": 9,\n", "new = 9\n", "  new: 9\n"];
    for ((path, text), new) in rows.into_iter().zip(new) {
        let sides = [text("a", "", ""), text("b", new, ""), text("a", "", new)];
        for sides in [sides.clone(), turned(&sides)] {
            let merged = of(path, &sides).clean();
            let merged = merged.map(|text| String::from_utf8(text).unwrap());
            assert!(
                merged
                    .as_ref()
                    .is_none_or(|text| text.matches(new.trim()).count() == 1),
                "{path}: {merged:?}"
            );
        }
    }
}
