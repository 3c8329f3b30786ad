//! Two versions of one thing: which of them is taken, and how sure that is.

use three_way::{Class, Options, merge_with};

/// What becomes of a line with rules up to a class, whichever side is ours; `!` for a conflict.
#[track_caller]
fn merged(path: &str, apply: Class, [base, ours, theirs]: [&str; 3]) -> String {
    let line = |line: &str| format!("{line}\n").into_bytes();
    let one = |ours: &str, theirs: &str| {
        let merged = merge_with(
            path,
            &line(base),
            &line(ours),
            &line(theirs),
            Options { apply },
        );
        let text = merged
            .clean()
            .map(|text| String::from_utf8(text).expect("a text"));
        let taken = text
            .as_deref()
            .unwrap_or("!\n")
            .trim_end_matches('\n')
            .to_string();
        assert!(
            taken == "!" || apply != Class::Pin || merged.notes().len() == 1,
            "{:?}",
            merged.notes()
        );
        taken
    };
    let found = one(ours, theirs);
    assert_eq!(one(theirs, ours), found, "{path}: the other way round");
    found
}

#[test]
fn the_higher_of_two_pins_that_both_raised() {
    for (path, form) in [
        ("requirements.txt", "django==%"),
        ("requirements.txt", "Django[argon2]~=%  # why"),
        ("requirements.in", "django>=%"),
        ("requirements.in", "django>=% ; python_version >= \"3.9\""),
        ("pyproject.toml", "dependencies = [\"django==%\"]"),
        ("pyproject.toml", "django = \"^%\""),
        ("package.json", "{\"django\": \"^%\"}"),
        ("compose.yaml", "image: library/postgres:%-alpine"),
        (".github/workflows/ci.yml", "uses: actions/checkout@v%"),
        (".pre-commit-config.yaml", "rev: v%"),
        ("Dockerfile", "FROM python:% AS base"),
        ("Dockerfile", "COPY --from=docker.io/astral/uv:% /uv /bin/"),
        ("Dockerfile", "RUN pip install uv==%"),
    ] {
        let sides = ["1.2.0", "1.4.1", "1.10.0"].map(|version| form.replace('%', version));
        let found = merged(path, Class::Pin, sides.each_ref().map(String::as_str));
        assert_eq!(found, sides[2], "{path}");
        // One side lowered it, or it is no release.
        for [base, ours, theirs] in [
            ["1.2.0", "1.1.0", "1.4.0"],
            ["1.2.0", "1.3.0rc1", "1.4.0"],
            ["1.2.0", "1.3.0", "1.4.0b1"],
        ] {
            let sides = [base, ours, theirs].map(|version| form.replace('%', version));
            let found = merged(path, Class::Pin, sides.each_ref().map(String::as_str));
            assert_eq!(found, "!", "{path}: {sides:?}");
        }
    }
}

#[test]
fn no_bounds_and_no_numbers() {
    for (path, form) in [
        ("requirements.txt", "kombu<%"),
        ("requirements.txt", "kombu<=%"),
        ("requirements.txt", "kombu!=%"),
        ("requirements.txt", "kombu>=%,<9"),
        ("requirements.txt", "kombu>=5,!=%"),
        ("pyproject.toml", "requires-python = \">=%\""),
        ("pyproject.toml", "python = \"^%\""),
        ("setup.cfg", "python_requires = >=%"),
        ("package.json", "{\"node\": \">=%\"}"),
        ("settings.py", "TIMEOUT = %"),
        ("place.json", "{\"lat\": %}"),
        ("a.css", "opacity: %;"),
        (".env", "RATE=%"),
    ] {
        let sides = ["1.2", "1.3", "1.4"].map(|version| form.replace('%', version));
        let found = merged(path, Class::Pin, sides.each_ref().map(String::as_str));
        assert_eq!(found, "!", "{path}: {sides:?}");
    }
}

#[test]
fn what_is_only_probable_waits_for_a_word() {
    let sides = [
        "python-version: '3.11'",
        "python-version: '3.12'",
        "python-version: '3.13'",
    ];
    assert_eq!(merged("ci.yml", Class::Pin, sides), "!");
    assert_eq!(merged("ci.yml", Class::Policy, sides), sides[2]);
    // Not even then: what was lowered, what a version must stay below, what may be no version.
    for (path, sides) in [
        ("requirements.txt", ["a==1.2.0", "a==1.1.0", "a==1.3.0"]),
        ("requirements.txt", ["a<5", "a<4", "a<6"]),
        ("settings.py", ["T = 1.5", "T = 1.6", "T = 2.5"]),
    ] {
        assert_eq!(merged(path, Class::Policy, sides), "!", "{path}: {sides:?}");
    }
}
