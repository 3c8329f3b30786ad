//! Hostile answers, manifests, catalogues and disks: one clear error each, and nothing left behind.

use super::sandbox::Sandbox;

/// Runs `new shop` with the embedded template and this answer, which must be refused with `expected` in the message.
fn refused(name: &str, value: &str, expected: &str) {
    let sandbox = Sandbox::new();
    let answer = format!("{name}={value}");
    let ran = sandbox.ixd(&["new", "shop", "--defaults", "--answer", &answer]);
    assert_eq!(ran.code, 1, "{value:?}: {ran}");
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
    for target in ["/etc/passwd", "../../x", "sub/../../../x"] {
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
