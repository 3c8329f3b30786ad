//! Hostile answers, manifests, catalogues and disks: one clear error each, and nothing left behind.

use super::sandbox::Sandbox;

/// Runs `new shop` with the embedded template and this answer, which must be refused with `expected` in the message.
fn refused(name: &str, value: &str, expected: &str) {
    let sandbox = Sandbox::new();
    let answer = format!("{name}={value}");
    let ran = sandbox.ixd(&["new", "shop", "--defaults", "--answer", &answer]);
    assert_eq!(ran.code, 2, "{value:?}: {ran}");
    assert!(ran.stderr.contains(expected), "{value:?}: {ran}");
    assert!(ran.stderr.len() < 1_000, "one clear error: {ran}");
    assert_eq!(sandbox.paths(""), "", "{value:?} left something behind");
}

#[test]
fn answers_that_are_no_names_are_refused() {
    for value in [
        "..",
        "../x",
        "a/b",
        "a b",
        "A",
        "1a",
        "",
        "class",
        "django",
        "ixcproject",
        "test",
        "a-b",
        "ä",
    ] {
        refused(
            "project_name",
            value,
            "is not a valid answer to `project_name`",
        );
    }
    refused("project_title", "two\nlines", "must be one line");
    refused(
        "project_title",
        &"x".repeat(10_000),
        "must be at most 1000 bytes",
    );
    refused("site_domain", "http://x", "must be a host name");
    refused("python_version", "2.7", "must be one of 3.14, 3.13");
    refused("docker", "maybe", "must be yes or no");
    refused("features", "compressor,flux", "`flux` is not one of");
    refused("timezone", "../../etc/passwd", "must be");
    refused("timezone", "Europe/Atlantis", "must be");
}

#[test]
fn texts_with_every_quote_stay_text() {
    let sandbox = Sandbox::new();
    let title = r#"O'Brien & "Söhne" $HOME `x` \n {{ x }} {% y %} <b>"#;
    let ran = sandbox.ixd(&[
        "new",
        "shop",
        "--defaults",
        "--answer",
        &format!("project_title={title}"),
    ]);
    assert_eq!(ran.code, 0, "{ran}");
    let ran = sandbox.ixd(&["status", "shop"]);
    assert_eq!(ran.code, 0, "the state file keeps it: {ran}");
}

#[test]
fn arguments_that_are_no_text_are_refused() {
    use std::os::unix::ffi::OsStrExt as _;
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
    command.args(["new", "shop", "--defaults", "--answer"]);
    command.arg(std::ffi::OsStr::from_bytes(b"project_title=\xff"));
    let ran = sandbox.ran(command.output().unwrap());
    assert_eq!(ran.code, 2, "{ran}");
    assert_eq!(sandbox.paths(""), "");
}

/// Runs `new shop` with a catalogue of this manifest and these files, which must fail with `expected`.
fn unusable(manifest: &str, files: &[(&str, &str)], answers: &[&str], expected: &str) {
    let sandbox = Sandbox::new();
    sandbox.catalogue(manifest, files);
    let mut args = vec!["new", "shop", "--from", "cat", "--defaults"];
    args.extend(answers.iter().flat_map(|answer| ["--answer", answer]));
    let ran = sandbox.ixd(&args);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.stderr.contains(expected),
        "expected {expected:?} in {ran}"
    );
    assert!(!sandbox.exists("shop"));
    assert_eq!(
        std::fs::read_dir(sandbox.path("")).unwrap().count(),
        1,
        "something was left behind"
    );
}

const FREE: &str = "questions:\n- {name: p, prompt: P, type: text, default: x}\n";

#[test]
fn manifests_that_are_wrong_name_the_place() {
    let files = [("a", "")];
    unusable(
        "colour: x\n",
        &files,
        &[],
        "template/template.yml:3:1: unknown field `colour`",
    );
    unusable(
        "questions:\n- {name: a, prompt: A, type: number}\n",
        &files,
        &[],
        "template/template.yml:4:",
    );
    unusable(
        "questions:\n- {name: a, prompt: A, type: bool, when: b}\n- {name: b, prompt: B, type: bool, when: a}\n",
        &files,
        &[],
        "template/template.yml:4:42: `b` refers to `b`, which is no earlier question",
    );
    unusable(
        "files:\n  x: {when: '(('}\n",
        &files,
        &[],
        "template/template.yml:4:14: bad expression `((`",
    );
    unusable(
        "files:\n  '[': {when: 'true'}\n",
        &files,
        &[],
        "template/template.yml:4:4: ",
    );
    unusable(
        "questions:\n- {name: a, prompt: A, type: text, check: {matches: '(', message: m}}\n",
        &files,
        &[],
        "`(` is not a regular expression",
    );
}

#[test]
fn templates_that_are_wrong_name_the_place() {
    unusable(
        "",
        &[("a.tera", "x\n{{ nope }}\n")],
        &[],
        "template/project/a.tera:2:4: ",
    );
    unusable(
        "",
        &[("a.tera", "x\n{% if %}\n")],
        &[],
        "template/project/a.tera:2:7: ",
    );
    unusable("", &[], &[], "`template/project/` holds no files");
    unusable(
        "",
        &[("a", ""), ("a.tera", "")],
        &[],
        "its path becomes `a`, as that of `a` does",
    );
}

#[test]
fn paths_never_lead_outside() {
    let file = [("{{ p }}/x", "")];
    unusable(FREE, &file, &["p=.."], "it leads outside the project");
    unusable(FREE, &file, &["p=a/b"], "which is more than one");
    unusable(FREE, &file, &["p="], "it is absolute or has an empty part");
    unusable(FREE, &file, &["p=.git"], "it lies in git's own folder");
    unusable(FREE, &file, &["p=.GIT"], "it lies in git's own folder");
}

#[test]
fn links_that_lead_outside_are_refused() {
    // `here/here/..` leads outside where `here` is a link to its own folder.
    for target in [
        "/etc/passwd",
        "../../x",
        "sub/../../../x",
        "here/here/../../x",
        ".git/config",
    ] {
        let sandbox = Sandbox::new();
        sandbox.catalogue("", &[("a", "a\n")]);
        std::os::unix::fs::symlink(target, sandbox.path("cat/template/project/l")).unwrap();
        let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults"]);
        assert_eq!(ran.code, 1, "{target}: {ran}");
        assert!(ran.stderr.contains("leads outside the project"), "{ran}");
        assert!(!sandbox.exists("shop"));
    }
    let sandbox = Sandbox::new();
    sandbox.catalogue("", &[("sub/a", "a\n")]);
    std::os::unix::fs::symlink("../sub/a", sandbox.path("cat/template/project/sub/l")).unwrap();
    let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(
        std::fs::read_link(sandbox.path("shop/sub/l"))
            .unwrap()
            .to_str(),
        Some("../sub/a")
    );
}

#[test]
fn a_catalogue_that_is_none_says_so() {
    let sandbox = Sandbox::new();
    sandbox.write("cat/README", "");
    let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.stderr
            .contains("has neither `template/template.yml` nor"),
        "{ran}"
    );
    assert_eq!(
        sandbox
            .ixd(&["new", "shop", "--from", "nowhere", "--defaults"])
            .code,
        1
    );
    assert!(!sandbox.exists("shop"));
}

#[test]
fn a_place_that_cannot_be_written_is_left_alone() {
    let sandbox = Sandbox::new();
    sandbox.catalogue("", &[("a", "a\n")]);
    // A file where a folder is needed: refused for everyone, root included.
    sandbox.write("file", "x\n");
    let ran = sandbox.ixd(&["new", "file/shop", "--from", "cat", "--defaults"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert_eq!(sandbox.read("file"), "x\n");
    let ran = sandbox.ixd(&["new", "file", "--from", "cat", "--defaults"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert_eq!(sandbox.read("file"), "x\n");
}

#[test]
fn manifests_whose_own_answers_are_wrong_name_the_place() {
    let files = [("a", "")];
    let question = |rest: &str| format!("questions:\n- {{name: q, prompt: Q, {rest}}}\n");
    for (rest, expected) in [
        (
            "type: choice, choices: [{value: x}], default: y",
            "template.yml:4:10: the default of `q` must be one of x",
        ),
        (
            "type: choices, choices: [{value: x}], default: [z]",
            "template.yml:4:10: the default of `q` `z` is not one of x",
        ),
        (
            "type: text, default: b, check: {matches: ^x, message: must be x}",
            "template.yml:4:10: the default of `q` must be x",
        ),
        (
            "type: bool, default: [x]",
            "the default of `q` must be yes or no",
        ),
        (
            "type: text, default: 5",
            "a number is no answer; put quotes around it",
        ),
        (
            "type: choice, choices: [{value: x}, {value: x}]",
            "question `q` has the choice `x` twice",
        ),
        ("type: text, help: \"\\e[8m\"", "holds a control character"),
    ] {
        unusable(&question(rest), &files, &["q=x"], expected);
    }
    unusable(
        "next: [\"ls\\rrm\"]\n",
        &files,
        &[],
        "`ls\\rrm` holds a control character",
    );
}

#[test]
fn names_that_a_template_does_not_have_name_the_place() {
    unusable(
        "",
        &[("sub/a.tera", "x\n{% include \"../../etc/passwd\" %}\n")],
        &[],
        "error: template/project/sub/a.tera:2:12: Unknown template `../../etc/passwd`\n",
    );
    unusable(
        "",
        &[("a.tera", "{{ 1 | nope }}")],
        &[],
        "error: template/project/a.tera:1:8: Unknown filter `nope`\n",
    );
    unusable(
        "",
        &[("a.tera", "{% include \"a.tera\" %}")],
        &[],
        "error: template/project/a.tera: Circular include",
    );
}

#[test]
fn a_pinned_file_takes_the_place_of_no_other() {
    unusable(
        "pins: {a: b}\n",
        &[("a", ""), ("b", ""), ("../lock.json", "{\"packages\": []}")],
        &[],
        "`a` is made by `pins`, and is a file of the template too",
    );
}

#[test]
fn a_snapshot_has_the_version_of_its_folder() {
    let sandbox = Sandbox::new();
    sandbox
        .write(
            "cat/snapshots/0.0.9/template.yml",
            "name: t\nversion: 0.0.8\n",
        )
        .write("cat/snapshots/0.0.9/project/a", "a\n");
    let ran = sandbox.ixd(&["new", "shop", "--from", "cat"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.stderr
            .contains("snapshots/0.0.9/template.yml: its version is 0.0.8"),
        "{ran}"
    );
}

#[test]
fn answer_files_name_the_answer_that_is_wrong_and_not_its_value() {
    let sandbox = Sandbox::new();
    sandbox.catalogue(FREE, &[("a", "")]);
    for (file, expected) in [
        (
            "p: 3.14\n",
            "p: a number is no answer; put quotes around it",
        ),
        ("p: 3\n", "p: a number is no answer; put quotes around it"),
        (
            "p: {a: hunter2}\n",
            "p: invalid type: map, expected text, true or false",
        ),
        ("p:\n", "expected text, true or false, or a list of texts"),
        ("p: [[hunter2]]\n", "a list may hold texts only"),
        (
            "hunter2\n",
            "invalid type: text, expected a mapping of question names",
        ),
    ] {
        sandbox.write("answers.yml", file);
        let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--answers", "answers.yml"]);
        assert_eq!(ran.code, 2, "{file}: {ran}");
        assert!(ran.stderr.contains(expected), "{file}: {ran}");
        assert!(!ran.stderr.contains("hunter2"), "{file}: {ran}");
    }
    let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--answer", "p hunter2"]);
    assert_eq!(ran.code, 2, "{ran}");
    assert!(!ran.stderr.contains("hunter2"), "{ran}");
}

#[test]
fn places_that_are_no_folder_are_refused_before_anything_is_shown() {
    let sandbox = Sandbox::new();
    sandbox.catalogue("", &[("a", "a\n")]).write("file", "x\n");
    std::os::unix::fs::symlink("nowhere", sandbox.path("dangling")).unwrap();
    sandbox.git("", &["init", "-q", "repo"]);
    for (place, expected) in [
        ("file", "it is not a folder"),
        ("file/shop", "it is not a folder"),
        ("dangling", "it is a link that leads nowhere"),
        ("dangling/shop", "it is a link that leads nowhere"),
        ("repo/.git", "it lies in git's own folder"),
        ("repo/.git/shop", "it lies in git's own folder"),
    ] {
        for dry in [&[][..], &["--dry-run"]] {
            let ran = sandbox.ixd(&[&["new", place, "--from", "cat"], dry].concat());
            assert_eq!(ran.code, 1, "{place}: {ran}");
            assert!(ran.stderr.contains(expected), "{place}: {ran}");
            assert_eq!(ran.stdout, "", "{place}");
        }
    }
    assert!(!sandbox.exists("nowhere"));
}

#[test]
fn what_an_editor_left_in_a_template_is_not_shipped() {
    let sandbox = Sandbox::new();
    let names = [
        ".a.swp",
        ".a.swo",
        "a~",
        "#a#",
        ".#a",
        "Thumbs.db",
        "d/.b.txt.swx",
        "__pycache__/a.pyc",
    ];
    for name in names {
        sandbox.write(&format!("cat/template/project/{name}"), "x");
    }
    // These only look like it.
    let kept = [("a", "a"), ("a.swp", "a"), (".swift", "a"), ("d/#b", "b")];
    sandbox.catalogue("", &kept);
    let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults", "--no-git"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(
        sandbox.paths("shop").replace('\n', " "),
        ".ixd-template.yml .swift a a.swp d/#b"
    );
}

/// A catalogue with this manifest is refused with `expected`, in a second or so and in a few lines.
fn refuses_manifest(manifest: &str, expected: &str) {
    let sandbox = Sandbox::new();
    sandbox.catalogue(manifest, &[("a", "a")]);
    let start = std::time::Instant::now();
    let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults", "--no-git"]);
    assert!(start.elapsed().as_secs() < 5, "{expected}");
    assert_eq!(ran.code, 1, "{expected}: {}", &ran.stderr[..200]);
    assert!(ran.stderr.contains(expected), "{ran}");
    assert!(!sandbox.exists("shop"));
}

#[test]
fn manifests_that_are_nested_too_deep_are_refused() {
    let brackets = format!("questions: {}\n", "[".repeat(100_000));
    refuses_manifest(&brackets, "it is nested more than 1000 deep");
    let maps = format!("questions: {}\n", "{a: ".repeat(100_000));
    refuses_manifest(&maps, "it is nested more than 1000 deep");
    for glob in ["{a", "{a,"] {
        let pattern = format!("{}{}", glob.repeat(500), "}".repeat(500));
        let manifest = format!("once: ['{pattern}']\n");
        refuses_manifest(&manifest, "braces are nested more than 10 deep");
    }
}

#[test]
fn answers_that_are_nested_too_deep_are_refused() {
    let sandbox = Sandbox::new();
    sandbox
        .catalogue("", &[("a", "a")])
        .write("answers.yml", "[".repeat(100_000));
    let new = ["new", "shop", "--from", "cat", "--answers", "answers.yml"];
    let ran = sandbox.ixd(&new);
    assert_eq!(ran.code, 2, "{ran}");
    assert!(
        ran.stderr
            .contains("answers.yml: it is nested more than 1000 deep"),
        "{ran}"
    );
}

#[test]
fn no_sequence_for_the_terminal_gets_through() {
    let sandbox = Sandbox::new();
    let name = "a\u{1b}[2J\u{1b}]0;x\u{7}\u{202e}b\u{9b}1m";
    sandbox.catalogue("", &[("a", "a\n"), (name, "b\n")]);
    let with = ["--from", "cat", "--defaults", "--no-git"];
    let mut runs = vec![
        sandbox.ixd(&[&["new", "shop", "--dry-run"], &with[..]].concat()),
        sandbox.ixd(&[&["new", "shop"], &with[..]].concat()),
    ];
    sandbox
        .write(&format!("shop/{name}"), "c\u{1b}[2J\n")
        .write("shop/a", "\u{1b}[8mhidden\u{2066}\n");
    for command in [
        &["status", "shop", "--from", "cat"][..],
        &["status", "shop", "--from", "cat", "--json"],
        &["diff", "shop", "--from", "cat"],
        &["undo", "shop", "--from", "cat"],
        &["status", name],
    ] {
        runs.push(sandbox.ixd(command));
    }
    sandbox.write("shop/.ixd-template.yml", format!("template: '{name}'\n"));
    runs.push(sandbox.ixd(&["status", "shop", "--from", "cat"]));
    for ran in runs {
        let text = format!("{}{}", ran.stdout, ran.stderr);
        let is_raw =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{2066}');
        assert!(!text.contains(is_raw), "{text:?}");
    }
}

#[test]
fn state_files_that_are_nested_too_deep_are_refused() {
    let deep = "[".repeat(100_000);
    for text in [
        deep.clone(),
        format!("format: 1\nanswers: {deep}\n"),
        format!("open: {deep}\n"),
        (0..3_000).fold("answers:\n".to_owned(), |text, depth| {
            text + &" ".repeat(depth) + " a:\n"
        }),
    ] {
        let sandbox = Sandbox::new();
        sandbox
            .catalogue("", &[("a", "a")])
            .write("shop/.ixd-template.yml", &text);
        for command in [
            &["status"][..],
            &["diff"],
            &["upgrade", "--yes"],
            &["upgrade", "--check"],
        ] {
            let start = std::time::Instant::now();
            let ran = sandbox.ixd(&[command, &["shop", "--from", "cat"]].concat());
            assert!(start.elapsed().as_secs() < 5, "{command:?}");
            assert_eq!(ran.code, 1, "{command:?}: {ran}");
        }
        let ran = sandbox.ixd(&["status", "shop", "--from", "cat"]);
        assert!(ran.stderr.contains("nested more than 1000 deep"), "{ran}");
    }
}
