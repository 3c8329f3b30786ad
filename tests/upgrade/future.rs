//! State files that a newer program wrote, and those of another template than the one at hand.

use super::case::{Case, case, file};

const STATE: &str = ".ixd-template.yml";
const OWN: &str = env!("CARGO_PKG_VERSION");

impl Case {
    /// A commit that adds these lines to the state file.
    fn adding(self, lines: &str) -> Self {
        let case = self.make();
        let text = case.text(STATE) + lines;
        case.edit(STATE, &text).commit()
    }

    /// A commit in which the state file has `to` in the place of `from`.
    fn saying(self, from: &str, to: &str) -> Self {
        let case = self.make();
        let text = case.text(STATE);
        assert!(text.contains(from), "{text}");
        case.edit(STATE, &text.replace(from, to)).commit()
    }
}

fn project() -> Case {
    file("a\n", "a\n", "b\n")
}

/// Every command that looks for a project's state file.
const COMMANDS: [&str; 14] = [
    "status --from ../cat",
    "status --json --from ../cat",
    "diff --from ../cat",
    "undo --from ../cat",
    "upgrade --from ../cat --yes",
    "upgrade --from ../cat --check",
    "upgrade --from ../cat --dry-run",
    "upgrade --from ../cat --adopt --yes",
    "upgrade --continue",
    "upgrade --abort",
    "new . --from ../cat --defaults",
    "dockerize --defaults --yes",
    "dockerize --dry-run",
    "dockerize --dry-run --json",
];

/// What is written in a format that is too new stays as it is, whatever is asked for and whatever else stands there.
#[test]
fn a_format_that_is_too_new_ends_every_command() {
    for lines in [
        "format: 2\n",
        "format: 7 # of the future\nmade_by: 99.1.0\n",
        "format: two\n",
        "format: 0\n",
        "format:\n",
        "\"format\": 3\n",
        "format: 2\nunreadable: [\n",
    ] {
        let mut case = project().adding(lines);
        for command in COMMANDS {
            case = case.run(command).code(1).untouched();
            let by = if lines.contains("99.1.0") {
                "ixd-template 99.1.0"
            } else {
                "a newer ixd-template"
            };
            case = case
                .says(&format!(
                    "was made by {by}, this is {OWN}: get the newer one"
                ))
                .silent_about("version control");
        }
    }
}

/// A run that was broken off is another program's, too: nothing of it is finished or taken back.
#[test]
fn conflicts_that_a_newer_program_left_stay_as_they_are() {
    let mut case = file("a\n", "ours\n", "b\n").upgrade().code(3);
    let text = case.text(STATE) + "format: 2\n";
    case = case.edit(STATE, &text);
    for command in COMMANDS {
        case = case
            .run(command)
            .code(1)
            .untouched()
            .says("get the newer one");
    }
}

#[test]
fn the_first_format_may_be_named() {
    project()
        .adding("format: 1\n")
        .upgrade()
        .done()
        .is("f", "b\n")
        .holds(STATE, &["format: 1\n", "version: 0.2.0\n"]);
    // A project of today's needs no such line, so that 0.2.0 goes on reading it.
    let case = project().upgrade().done();
    let text = case.text(STATE);
    assert!(!text.contains("format"), "{text}");
    assert!(!text.contains("too old"), "{text}");
}

/// As odd as YAML allows.
const ODD: &str = "\
zebra: 1
apple:
- nested: {b: [1, -2.5, .nan, .inf, 18446744073709551615], a: ~}
- - - deep
- |
  two
  lines
- \"\\u00e9 \\x1b : #\"
empty: {}
none:
yes: no
'no': 'yes'
date: 2026-11-30
quoted: '0.10'
tagged: !Thing {x: !Other 1}
? [a, list]
: as a key
1: a number
? {a: mapping}
: [as, a, key]
";

/// Rows of a newer program's: through an upgrade with a conflict, its end, and another upgrade.
#[test]
fn keys_that_are_not_known_are_kept() {
    let kept = |case: &Case, what: &str| {
        let text = case.text(STATE);
        let part = |key: &str| text.split_once(key).map(|(_, rest)| rest.to_owned());
        let rest = part("zebra:").unwrap_or_else(|| panic!("{what}: {text}"));
        for line in [
            " 1\napple:\n",
            "18446744073709551615",
            ".nan",
            "- - - deep\n",
            "quoted: '0.10'\n",
            "tagged: !Thing\n  x: !Other 1\n",
            ": as a key\n",
            "\n1: a number\n",
        ] {
            assert!(rest.contains(line), "{what}: {line:?} is not in {text}");
        }
        assert!(text.contains("is too old for it"), "{what}: {text}");
        rest
    };
    let case = file("a\n", "ours\n", "b\n")
        .adding(ODD)
        .upgrade()
        .conflict("UU f");
    let first = kept(&case, "upgrade");
    let case = case.edit("f", "both\n").run("upgrade --continue").done();
    assert_eq!(kept(&case, "--continue"), first);
    let case = case.run("status --from ../cat").done();
    let case = case.run("diff --from ../cat").done();
    assert_eq!(kept(&case, "status"), first);
    let case = case
        .commit()
        .run("upgrade --from ../cat --yes")
        .done()
        .untouched()
        .says("Nothing to do");
    // An upgrade that writes nothing else.
    let case = case
        .saying("version: 0.2.0", "version: 0.1.0")
        .run("status --from ../cat");
    assert_eq!(kept(&case, "by hand"), first);
}

#[test]
fn keys_of_what_is_open_are_kept_as_well() {
    let more = "  hunks:\n  - 5:6\n  1: {x: [y]}\n";
    let case = case(
        &[("f", "a\n"), ("g", "a\n"), ("h", "a\n")],
        &[("f", "b\n"), ("g", "b\n"), ("h", "b\n")],
    )
    .edit("f", "ours\n")
    .edit("g", "ours\n")
    .upgrade_with("--yes --on-conflict ours")
    .done();
    let text = case.text(STATE);
    let with_more = text.replacen("  base: 0.1.0\n", &format!("  base: 0.1.0\n{more}"), 1);
    assert_ne!(text, with_more);
    let kept = |case: &Case| {
        let text = case.text(STATE);
        let (_, rest) = text.split_once("- path: f\n").unwrap();
        let (own, other) = rest.split_once("- path: g\n").unwrap();
        assert!(
            own.contains("  hunks:\n  - 5:6\n  1:\n    x:\n    - y\n"),
            "{text}"
        );
        assert!(!other.contains("hunks"), "{text}");
    };
    let case = case
        .edit(STATE, &with_more)
        .commit()
        .run("status --json --from ../cat")
        .done();
    assert!(!case.ran().stdout.contains("5:6"), "{}", case.ran());
    // Offered again and declined again: one entry, with what the newer program said of it.
    let case = case
        .run("upgrade --from ../cat --ask --defaults --yes --on-conflict ours")
        .done();
    kept(&case);
    // The base is the one that the file follows, however often it is declined.
    case.commit()
        .run("upgrade --from ../cat --ask --defaults --yes --on-conflict theirs")
        .done()
        .is("f", "b\n")
        .is("g", "b\n")
        .lacks(STATE, "open:");
}

/// Without a format that says so it may be a newer program's or damaged: the way that destroys nothing comes first.
#[test]
fn a_file_that_is_not_understood_is_not_to_be_restored_at_once() {
    for (from, to, word) in [
        ("answers: {}", "answers: {a: {b: c}}", "answers"),
        ("answers: {}", "answers: {}\nopen: [{path: f}]", "what"),
        ("answers: {}", "answers: {}\nopen: {f: x}", "open"),
        ("version: 0.1.0", "version: [0, 1]", "version"),
        ("template: tiny\n", "", "template"),
    ] {
        let mut case = project().saying(from, to);
        for command in ["status --from ../cat", "upgrade --from ../cat --yes"] {
            case = case
                .run(command)
                .code(1)
                .untouched()
                .says(word)
                .says("a newer ixd-template may have made it");
        }
    }
    // One of the built-in template that names a release which is newer than the program is no puzzle.
    project()
        .saying("template: tiny", "template: ixc-django-docker")
        .saying("version: 0.1.0", "version: 99.0.0")
        .saying("answers: {}", "answers: {a: {b: c}}")
        .run("status")
        .code(1)
        .says("was made by ixd-template 99.0.0")
        .silent_about("version control");
    // Here nothing but damage can be.
    project()
        .adding("answers: {\n")
        .run("status --from ../cat")
        .code(1)
        .says("restore the file from your version control");
}

const WITH_CATALOGUE: [&str; 5] = [
    "status",
    "diff",
    "upgrade --yes",
    "upgrade --check",
    "upgrade",
];

#[test]
fn another_template_is_named() {
    let mut case = project().commit();
    for version in ["0.2.0", "0.1.0", "77.0.0"] {
        case = case.saying("version: ", &format!("version: {version} # "));
        for command in WITH_CATALOGUE {
            case = case
                .run(command)
                .code(1)
                .untouched()
                .says(&format!(
                    "made from the template `tiny` (release {version})"
                ))
                .says("the built-in one is `ixc-django-docker`")
                .says("name the folder that holds `tiny` with `--from DIR`")
                .silent_about("version control");
        }
    }
}

#[test]
fn a_folder_that_holds_another_template_is_named() {
    let case = project().commit();
    case.sandbox
        .write("other/template/template.yml", "name: big\nversion: 0.1.0\n")
        .write("other/template/project/f", "a\n");
    let mut case = case;
    for command in WITH_CATALOGUE {
        case = case
            .run(&format!("{command} --from ../other"))
            .code(1)
            .untouched()
            .says(
                "made from the template `tiny` (release 0.1.0), and the one in `../other` is `big`",
            )
            .says("or leave `--from` out if it is the built-in one");
    }
}

/// The same name and number, and other files.
#[test]
fn another_release_of_the_same_number_is_named() {
    let case = project().commit();
    case.sandbox
        .write("cat/snapshots/0.1.0/project/f", "another\n");
    case.run("status --from ../cat")
        .code(1)
        .untouched()
        .says("made from a release 0.1.0 with the digest")
        .says("name the folder of the template that was used")
        .silent_about("version control");
}
