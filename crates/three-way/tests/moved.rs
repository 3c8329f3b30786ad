//! What one side moved, and the other one edited, replaced or put something into.

use three_way::merge;

#[track_caller]
fn conflicts(path: &str, [base, ours, theirs]: [&str; 3]) {
    for [ours, theirs] in [[ours, theirs], [theirs, ours]] {
        let found = merge(path, base.as_bytes(), ours.as_bytes(), theirs.as_bytes());
        let text = found.clean().map(String::from_utf8);
        assert_eq!(text, None, "{path}: {base:?}, {ours:?} and {theirs:?}");
    }
}

/// The rows of a list of each kind.
fn lists(rows: [&[&str]; 3]) -> [(&'static str, [String; 3]); 4] {
    let all = |open: &str, row: &dyn Fn(&str) -> String, close: &str| {
        rows.map(|rows| {
            let rows: String = rows.iter().map(|text| row(text)).collect();
            format!("{open}{rows}{close}")
        })
    };
    let quoted = |indent: &'static str| move |text: &str| format!("{indent}\"{text}\",\n");
    [
        (
            "app.yaml",
            all("it:\n", &|text| format!("  - {text}\n"), ""),
        ),
        ("app.toml", all("it = [\n", &quoted("  "), "]\n")),
        (
            "settings.py",
            all("MIDDLEWARE = [\n", &quoted("    "), "]\n"),
        ),
        (
            "tsconfig.json",
            all("{\n  \"it\": [\n", &quoted("    "), "  ],\n}\n"),
        ),
    ]
}

#[test]
fn an_item_against_edits_of_all_others() {
    for rows in [
        [
            &["web", "ticket", "order"][..],
            &["ticket", "order", "web"],
            &["web", "ticket-two", "order-two"],
        ],
        [
            &["web", "ticket", "order"],
            &["order", "web", "ticket"],
            &["web-two", "ticket-two", "order"],
        ],
    ] {
        for (path, sides) in lists(rows) {
            conflicts(path, sides.each_ref().map(String::as_str));
        }
    }
}

#[test]
fn what_both_put_in_on_another_side_of_an_edit() {
    let rows = [
        &["backup", "review"][..],
        &["backup", "review", "stock"],
        &["backup", "stock", "review-old"],
    ];
    for (path, sides) in lists(rows) {
        conflicts(path, sides.each_ref().map(String::as_str));
    }
    conflicts(
        "notes.txt",
        [
            "all\nold one\nold two\n",
            "all\nput in\nold one\nold two\n",
            "all\nnew one\nput in\n",
        ],
    );
}

#[test]
fn a_block_against_what_was_put_into_it() {
    let hosts = "    # why\n    extra_hosts:\n      - 'a.test:10.0.0.2'\n";
    let ports = "    ports:\n      - '80:80'\n    volumes:\n      - './a:/srv/a'\n";
    let image = "    image: 'edge:1'\n";
    let first = "    entrypoint: [x]\n";
    let head = "services:\n  a:\n";
    let added = format!("{hosts}      - 'b.test:10.0.0.3'\n");
    conflicts(
        "compose.yaml",
        [
            &format!("{head}{image}{first}{ports}{hosts}"),
            &format!("{head}{first}{ports}{added}{image}"),
            &format!("{head}{first}{hosts}{image}{ports}"),
        ],
    );
}
