//! What must never happen in an upgrade, whatever the project holds.

use super::case::{case, file};

/// A file that a filter encrypts is merged on disk only: no plain byte of it reaches git.
#[test]
fn a_conflict_in_an_encrypted_file_stays_out_of_git() {
    let base = &[
        (".gitattributes.tera", "*.secret filter=crypt\n"),
        ("a.secret", "base\n"),
    ];
    let theirs = &[
        (".gitattributes.tera", "*.secret filter=crypt\n"),
        ("a.secret", "from-theirs\n"),
    ];
    let case = case(base, theirs)
        .config("filter.crypt.clean=sed s/^/hidden-/ | rev")
        .config("filter.crypt.smudge=rev | sed s/^hidden-//")
        .config("filter.crypt.required=true")
        .edit("a.secret", "from-ours\n")
        .upgrade()
        .code(3)
        .holds(
            "a.secret",
            &["from-ours\n", "from-theirs\n", "<<<<<<< yours\n"],
        );
    let objects = case.git("cat-file --batch-all-objects --batch --buffer");
    assert!(
        !objects.contains("from-ours") && !objects.contains("from-theirs"),
        "{objects}"
    );
    let case = case
        .edit("a.secret", "both\n")
        .run("upgrade --continue")
        .done();
    assert!(
        !case
            .git("cat-file --batch-all-objects --batch")
            .contains("both\n")
    );
    case.run("undo")
        .done()
        .is("a.secret", "from-ours\n")
        .status("");
}

/// The records of an upgrade hold what was there: nobody else may read them.
#[test]
fn the_records_are_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let case = file("a\n", "ours\n", "theirs\n")
        .chmod("f", 0o600)
        .upgrade()
        .code(3);
    let records = case.path(".git/ixd-template");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o077;
    let mut folders = vec![records];
    while let Some(folder) = folders.pop() {
        let is_ours = folder.file_name().is_some_and(|name| name == "root");
        assert!(!is_ours || mode(&folder) == 0, "{folder:?}");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
}

/// Row 81: a file that a secret went into is merged without it.
#[test]
fn a_file_with_a_secret_keeps_it() {
    let ask = "questions: [{name: key, prompt: K, type: secret}]\n";
    case(
        &[("env.tera", "KEY={{ key }}\nA=1\nB=2\nC=3\n")],
        &[("env.tera", "KEY={{ key }}\nA=1\nB=2\nC=4\n")],
    )
    .asking(ask, ask)
    .answering("key=hunter2-hunter2")
    .upgrade()
    .done()
    .is("env", "KEY=hunter2-hunter2\nA=1\nB=2\nC=4\n")
    .silent_about("hunter2");
}

/// Row 77, for a secret: it is asked for once, when it is new.
#[test]
fn a_new_secret_is_an_answer_that_is_missing() {
    let new = || {
        case(
            &[("f", "a\n")],
            &[("f", "b\n"), ("env.tera", "KEY={{ key }}\n")],
        )
        .asking(
            "",
            "questions: [{name: key, prompt: The key, type: secret}]\n",
        )
    };
    new().upgrade().code(1).untouched().says("--answer key=");
    new()
        .converse(&[("The key", "hunter2-hunter2\r"), ("quit: ", "a")])
        .done()
        .is("env", "KEY=hunter2-hunter2\n")
        .upgrade()
        .done()
        .untouched()
        .silent_about("hunter2");
}

/// Row 78, for a list.
#[test]
fn a_recorded_part_that_is_no_longer_offered_is_an_error_that_names_it() {
    let ask = |values: &str| {
        format!(
            "questions: [{{name: parts, prompt: P, type: choices, default: [], choices: [{values}]}}]\n"
        )
    };
    case(&[("f", "a\n")], &[("f", "b\n")])
        .asking(
            &ask("{value: a}, {value: b}"),
            &ask("{value: a}, {value: c}"),
        )
        .answering("parts=a,b")
        .upgrade()
        .code(1)
        .untouched()
        .says("parts")
        .says("`b`")
        .run("upgrade --from ../cat --yes --answer parts=a")
        .done();
}

/// An answer that names no question is a slip of the pen.
#[test]
fn an_answer_to_no_question_is_refused() {
    file("a\n", "a\n", "b\n")
        .upgrade_with("--yes --answer colour=red")
        .code(2)
        .untouched()
        .says("there is no question `colour`");
}

/// The project is found from any folder in it.
#[test]
fn an_upgrade_from_a_folder_of_the_project_is_one_of_the_project() {
    let case = case(
        &[("f", "a\n"), ("d/g", "a\n")],
        &[("f", "b\n"), ("d/g", "a\n")],
    )
    .commit();
    let ran = case
        .sandbox
        .ixd(&["upgrade", "shop/d", "--from", "cat", "--yes"]);
    assert_eq!(ran.code, 0, "{ran}");
    case.is("f", "b\n");
}

#[test]
fn a_folder_without_a_state_file_is_no_project() {
    let case = file("a\n", "unlike\n", "b\n")
        .delete("same")
        .delete(".ixd-template.yml");
    case.run("upgrade --from ../cat --yes")
        .code(1)
        .untouched()
        .says("is not a project made by ixd-template");
}

/// A template of another name is not the newest release of this one.
#[test]
fn another_template_is_refused() {
    let case = file("a\n", "a\n", "b\n");
    case.sandbox
        .write("cat/template/template.yml", "name: other\nversion: 0.2.0\n");
    case.upgrade()
        .code(1)
        .untouched()
        .says("tiny")
        .says("other");
}

/// A release that cannot be rendered is an error before anything is shown or written.
#[test]
fn a_broken_release_is_refused() {
    let broken = |path: &str, text: &str| {
        file("a\n", "a\n", "b\n")
            .their(path, text)
            .upgrade()
            .code(1)
            .untouched()
            .says(path);
    };
    broken("x.tera", "{{ nobody }}\n");
    broken("x.tera", "{% if %}\n");
    let manifest = file("a\n", "a\n", "b\n");
    manifest.manifests("", "surprise: 1\n");
    manifest
        .upgrade()
        .code(1)
        .untouched()
        .says("template.yml:3");
}

/// Where git looks at no modes, those on the disk mean nothing, and are no edits of ours.
#[test]
fn modes_that_git_does_not_look_at_are_no_edits() {
    let case = case(
        &[("updated", "a\n"), ("gone", "a\n"), ("run", "a\n")],
        &[("updated", "b\n"), ("run", "b\n")],
    )
    .modes("run", 0o755, 0o755)
    .make();
    case.git("config core.fileMode false");
    // As on a file system that knows no modes.
    let case = case
        .chmod("updated", 0o755)
        .chmod("gone", 0o755)
        .chmod("run", 0o644)
        .upgrade()
        .done()
        .gone("gone")
        .says("updated      2");
    let mode = |path: &str| case.git(&format!("ls-files --stage {path}"))[..6].to_owned();
    assert_eq!(
        (mode("updated"), mode("run")),
        ("100644".into(), "100755".into())
    );
}

/// A tracked file that is not checked out, as in a sparse checkout, is not brought back, and no change of it is dropped.
#[test]
fn a_sparse_checkout_stays_sparse() {
    let case = case(
        &[("d/f", "a\n"), ("g", "a\n")],
        &[("d/f", "b\n"), ("g", "b\n")],
    )
    .commit();
    case.git("sparse-checkout set --no-cone /* !/d/");
    case.run("upgrade --from ../cat --yes")
        .code(1)
        .untouched()
        .gone("d")
        .says("d/f");
}

/// A file's text cannot take the terminal over.
#[test]
fn control_characters_are_shown_and_not_sent() {
    case(&[("f", "a\nb\n")], &[("f", "a\nb\u{1b}[2Jtheirs\u{7}\n")])
        .edit("f", "a\nours\u{1b}]0;x\n")
        .converse(&[
            ("quit: ", "d"),
            ("quit: ", "a"),
            ("the rest: ", "d"),
            ("the rest: ", "q"),
        ])
        .code(1)
        .says("b\\u{1b}[2Jtheirs\\u{7}")
        .says("ours\\u{1b}]0;x")
        .silent_about("\u{1b}[2J")
        .silent_about("\u{1b}]0;");
}

/// Where there is colour, what changed within a line stands out.
#[test]
fn a_change_within_a_line_stands_out() {
    let case = file("a word or two\n", "a word or three\n", "a word or two\n");
    let mut command = case.sandbox.command(env!("CARGO_BIN_EXE_ixd-template"));
    let command = command
        .env("CLICOLOR_FORCE", "1")
        .args(["diff", "shop", "--from", "cat"]);
    let ran = case.sandbox.ran(command.output().unwrap());
    let parts: Vec<&str> = ran.stdout.split('\u{1b}').collect();
    assert!(parts.iter().any(|part| part.ends_with("mthree")), "{ran:?}");
    assert!(
        !parts.iter().any(|part| part.contains("word or three")),
        "{ran:?}"
    );
}
