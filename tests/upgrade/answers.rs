//! Questions and answers on the way to a new release, and the state file that holds them.

use super::case::{Case, case};

fn asks(base: &str, theirs: &str) -> Case {
    case(&[("out.tera", "base\n")], &[("out.tera", "theirs\n")]).asking(
        &format!("questions:\n{base}"),
        &format!("questions:\n{theirs}"),
    )
}

const NAME: &str = "- {name: name, prompt: N, type: text, default: shop}\n";

/// Rows 74 and 75.
#[test]
fn nothing_new_writes_nothing() {
    let case = case(&[("f", "a\n")], &[("f", "b\n")])
        .edit("f", "ours\n")
        .commit();
    let nothing = |case: Case| {
        case.run("upgrade --from ../cat --yes")
            .done()
            .untouched()
            .says("Nothing to do")
    };
    let case = case
        .upgrade()
        .code(3)
        .edit("f", "both\n")
        .run("upgrade --continue")
        .done();
    let case = nothing(nothing(case.commit()));
    // Not even without confirmation, and not in git's folder.
    let index = std::fs::metadata(case.path(".git/index"))
        .unwrap()
        .modified()
        .unwrap();
    let case = case.run("upgrade --from ../cat").done().untouched();
    assert_eq!(
        std::fs::metadata(case.path(".git/index"))
            .unwrap()
            .modified()
            .unwrap(),
        index
    );
}

/// Row 76.
#[test]
fn a_new_question_takes_its_default_and_is_named() {
    let case = asks(
        NAME,
        &format!("{NAME}- {{name: color, prompt: C, type: text, default: red}}\n"),
    )
    .their("out.tera", "{{ color }}\n")
    .upgrade()
    .done()
    .is("out", "red\n")
    .says("new question `color`: took the default `red`");
    case.holds(".ixd-template.yml", &["color: red\n"]);
}

/// With its question an answer goes, and perhaps the files that hung on it: that is said.
#[test]
fn an_answer_whose_question_is_gone_is_named() {
    let redis = "- {name: redis, prompt: R, type: bool, default: true}\n";
    asks(&format!("{NAME}{redis}"), NAME)
        .upgrade()
        .done()
        .says("`redis` is not asked any more; your answer `yes` is dropped");
}

const MORE: &str = "\
- {name: color, prompt: Which color, type: text, default: red}
- {name: zone, prompt: Which zone, type: text, default: UTC, more: true}
- {name: level, prompt: How much, type: text, default: low, more: true}
";

fn asks_more() -> Case {
    asks(NAME, &format!("{NAME}{MORE}")).their("out.tera", "{{ color }} {{ zone }} {{ level }}\n")
}

/// New questions among `more` are behind one question, and each is named in the report.
#[test]
fn new_options_take_their_defaults_together() {
    let case = asks_more()
        .converse(&[
            ("Which color", "\r"),
            ("at their defaults: zone UTC; level low", ""),
            ("More options?", "\r"),
            ("new question `zone`: took the default `UTC`", ""),
            ("new question `level`: took the default `low`", ""),
            ("[a]", "a"),
        ])
        .done()
        .is("out", "red UTC low\n");
    case.holds(".ixd-template.yml", &["zone: UTC\n", "level: low\n"]);
}

#[test]
fn new_options_are_asked_on_request_and_with_the_flag() {
    asks_more()
        .converse(&[
            ("Which color", "\r"),
            ("More options?", "\x1b[B\r"),
            ("Which zone", "Mars\r"),
            ("How much", "\r"),
            ("[a]", "a"),
        ])
        .done()
        .is("out", "red Mars low\n")
        .converse_with(
            "--ask --answer level=high",
            &[
                ("N", "\r"),
                ("Which color", "\r"),
                ("Which zone", "UTC\r"),
                ("[a]", "a"),
            ],
        )
        .done()
        .is("out", "red UTC high\n");
    asks_more()
        .run("upgrade --from ../cat --yes --answer zone=Mars")
        .done()
        .is("out", "red Mars low\n")
        .says("new question `level`: took the default `low`");
}

/// Row 77.
#[test]
fn a_new_question_without_a_default_is_an_error_that_names_the_flag() {
    asks(
        NAME,
        &format!("{NAME}- {{name: must, prompt: M, type: text}}\n"),
    )
    .upgrade()
    .code(1)
    .untouched()
    .says("--answer must=")
    .run("upgrade --from ../cat --yes --answer must=x")
    .done();
}

const COLOR: &str = "- {name: color, prompt: C, type: choice, default: red, choices: [{value: red}, {value: green}]}\n";

/// Row 78.
#[test]
fn a_recorded_choice_that_is_no_longer_offered_is_an_error_that_names_both() {
    asks(
        COLOR,
        &COLOR
            .replace("{value: red}", "{value: blue}")
            .replace("default: red", "default: blue"),
    )
    .upgrade()
    .code(1)
    .untouched()
    .says("color")
    .says("red")
    .says("green")
    .says("blue")
    .run("upgrade --from ../cat --yes --answer color=green")
    .done()
    .holds(".ixd-template.yml", &["color: green\n"]);
}

/// Row 79.
#[test]
fn a_question_that_no_longer_applies_is_forgotten_and_starts_anew() {
    let ask = "- {name: docker, prompt: D, type: bool, default: true}\n\
               - {name: port, prompt: P, type: text, default: '80', when: docker}\n";
    let case = asks(ask, ask).answering("port=99").make();
    let case = case.upgrade_with("--yes --answer docker=false").done();
    assert!(!case.text(".ixd-template.yml").contains("port"));
    case.upgrade_with("--yes --answer docker=true")
        .done()
        .holds(".ixd-template.yml", &["port: '80'\n"]);
}

const DERIVED: &str = "- {name: name, prompt: N, type: text, default: shop}\n\
                       - {name: site, prompt: S, type: text, default: '{{ name }}.test'}\n";

/// Row 80.
#[test]
fn a_derived_default_follows_its_source() {
    asks(DERIVED, DERIVED)
        .upgrade_with("--yes --answer name=store")
        .done()
        .says("`site` follows: `shop.test` → `store.test`")
        .holds(".ixd-template.yml", &["site: store.test\n"]);
}

/// Row 80.
#[test]
fn an_answer_of_its_own_does_not_follow() {
    asks(DERIVED, DERIVED)
        .answering("site=example.com")
        .upgrade_with("--yes --answer name=store")
        .done()
        .holds(".ixd-template.yml", &["site: example.com\n"]);
}

/// A default that changed is named, and the answer stands.
#[test]
fn a_changed_default_is_named() {
    asks(NAME, &NAME.replace("default: shop", "default: store"))
        .upgrade()
        .done()
        .says("the default of `name` is now `store`; your answer `shop` stands")
        .holds(".ixd-template.yml", &["name: shop\n"]);
}

/// Row 81.
#[test]
fn a_secret_is_never_stored_and_not_missed() {
    let ask = "- {name: key, prompt: K, type: secret, check: {matches: '^.{8,}$', message: must be long}}\n";
    let case = asks(ask, ask).their("own.tera", "no key\n");
    let case = case.answering("key=hunter2-hunter2").upgrade().done();
    let state = case.text(".ixd-template.yml");
    assert!(
        !state.contains("hunter2") && !state.contains("key"),
        "{state}"
    );
    case.silent_about("hunter2");
}

/// Row 83.
#[test]
fn changed_answers_alone_are_merged_like_a_release() {
    let text = "# {{ name }}\na\nb\nc\nd\n";
    let files = &[("out.tera", text)];
    case(files, files)
        .asking(
            &format!("questions:\n{NAME}"),
            &format!("questions:\n{NAME}"),
        )
        .edit("out", "# shop\na\nb\nc\nOURS\n")
        .upgrade()
        .done()
        .upgrade_with("--yes --answer name=store")
        .done()
        .is("out", "# store\na\nb\nc\nOURS\n");
}

/// Row 84.
#[test]
fn an_explicit_answer_wins_over_defaults_and_what_is_recorded() {
    asks(NAME, NAME)
        .answering("name=one")
        .upgrade_with("--yes --defaults --answer name=two")
        .done()
        .holds(".ixd-template.yml", &["name: two\n"]);
}

/// Row 85.
#[test]
fn a_state_file_that_was_edited_by_hand_is_found_out() {
    let base = &[("out.tera", "{{ name }}\n")];
    let ask = format!("questions:\n{NAME}");
    let case = case(base, base).asking(&ask, &ask).make();
    let state = case.text(".ixd-template.yml");
    case.edit(
        ".ixd-template.yml",
        &state.replace("name: shop", "name: store"),
    )
    .upgrade()
    .code(1)
    .untouched()
    .says("edited by hand")
    .says("upgrade --ask");
}

/// Row 85: whatever stands in it, it is an error in words.
#[test]
fn a_hostile_state_file_is_refused() {
    let hostile = |change: &dyn Fn(&str) -> String, says: &str| {
        let case = case(&[("f", "a\n")], &[("f", "b\n")]).make();
        let state = change(&case.text(".ixd-template.yml"));
        case.edit(".ixd-template.yml", &state)
            .upgrade()
            .code(1)
            .untouched()
            .says(".ixd-template.yml")
            .says(says);
    };
    let open = |path: &str| format!("open:\n- {{path: {path}, what: x, base: 0.1.0}}\n");
    hostile(
        &|state| state.replace("digest: sha256:", "digest: sha256:0"),
        "the catalogue's has",
    );
    hostile(
        &|state| state.replace("rendered: sha256:", "rendered: sha256:0"),
        "edited by hand",
    );
    hostile(&|state| format!("{state}format: -1\n"), "newer");
    hostile(
        &|state| state.replace("template: tiny", "template: other"),
        "other",
    );
    hostile(
        &|state| state.replace("version: 0.1.0", "version: one"),
        "version",
    );
    hostile(
        &|state| format!("{state}{}", open("../outside")),
        "../outside",
    );
    hostile(
        &|state| format!("{state}{}", open("/etc/passwd")),
        "/etc/passwd",
    );
    hostile(
        &|state| format!("{state}{}", open(".git/config")),
        ".git/config",
    );
    hostile(&|_| "a: &a [*a, *a]\n".into(), "");
    hostile(&|_| String::new(), "");
    hostile(&|_| "<<<<<<< yours\n".into(), "");
}

/// Row 86.
#[test]
fn a_release_that_is_gone_is_an_error_with_a_way_out() {
    let case = case(&[("f", "a\n")], &[("f", "b\n")]).commit();
    std::fs::remove_dir_all(case.sandbox.path("cat/snapshots")).unwrap();
    case.upgrade()
        .code(1)
        .untouched()
        .says("0.1.0")
        .says("--from")
        .silent_about("leave `--release` out");
}

/// Row 87.
#[test]
fn an_older_release_is_refused() {
    case(&[("f", "a\n")], &[("f", "b\n")])
        .upgrade()
        .done()
        .upgrade_with("--yes --release 0.1.0")
        .code(1)
        .untouched()
        .says("the project is of release 0.2.0, which is newer than 0.1.0");
}

/// Row 88.
#[test]
fn a_release_that_is_not_finished_is_taken_only_by_name() {
    let case = case(&[("f", "a\n")], &[("f", "b\n")]);
    case.sandbox.write(
        "cat/template/template.yml",
        "name: tiny\nversion: 0.2.0-rc.1\n",
    );
    let case = case
        .upgrade_with("--check")
        .done()
        .upgrade()
        .done()
        .is("f", "a\n");
    case.upgrade_with("--yes --release 0.2.0-rc.1")
        .done()
        .is("f", "b\n");
}

/// Row 90: where the template keeps a file does not matter, only what path it makes.
#[test]
fn a_template_that_moves_its_files_makes_the_same_paths() {
    let ask = "questions: [{name: name, prompt: N, type: text, default: d}]\n";
    case(
        &[("d/f", "a\nb\nc\nd\n")],
        &[("{{ name }}/f.tera", "a\nb\nc\nD\n")],
    )
    .asking(ask, ask)
    .edit("d/f", "A\nb\nc\nd\n")
    .upgrade()
    .done()
    .is("d/f", "A\nb\nc\nD\n");
}

/// Questions are asked of nobody: without `--yes` and without a terminal it is an error that names the flag.
#[test]
fn nothing_is_guessed_without_a_terminal() {
    let go = |ours: &str, flags: &str| {
        let case = case(&[("f", "a\n")], &[("f", "b\n")]).edit("f", ours);
        case.upgrade_with(flags)
    };
    go("a\n", "").code(1).untouched().says("add `--yes`");
    go("ours\n", "").code(1).untouched().says("--on-conflict");
    go("ours\n", "--yes --on-conflict stop")
        .code(1)
        .untouched()
        .says("f");
    go("ours\n", "--yes").code(3);
}
