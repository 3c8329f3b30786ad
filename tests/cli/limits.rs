//! Templates and inputs that would take all time or memory: an error that names the file, in bounded time and room.

use std::time::{Duration, Instant};

use super::sandbox::Sandbox;

/// The limit is nine seconds; other tests run beside this one.
const SOON: Duration = Duration::from_secs(25);

/// Nothing that ends while somebody waits, and hardly any memory.
const ENDLESS: &str = "{% for a in range(end=90000) %}{% for b in range(end=90000) %}{% for c in \
                       range(end=90000) %}{% if c > 90001 %}x{% endif %}{% endfor %}{% endfor %}{% endfor %}";

/// Doubles forty times.
fn doubling() -> String {
    let mut text = "{% set a = 'xxxxxxxxxxxxxxxx' %}".to_owned();
    for _ in 0..40 {
        text.push_str("{% set a = a ~ a %}");
    }
    text + "{{ a }}"
}

/// Each step makes ten letters of one.
fn replacing() -> String {
    let step = " | replace(from='x', to='xxxxxxxxxx')";
    format!("{{{{ 'x'{} }}}}", step.repeat(14))
}

/// `new` with a catalogue of this manifest and these files fails soon, and names `file`.
fn refuses(manifest: &str, files: &[(&str, &str)], file: &str) {
    let sandbox = Sandbox::new();
    sandbox.catalogue(manifest, files);
    let start = Instant::now();
    let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults", "--no-git"]);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    assert_eq!(ran.code, 1, "{ran}");
    let named = format!("error: {file} cannot be rendered: it takes more than ");
    assert!(ran.stderr.contains(&named), "{named:?} in {ran}");
    assert!(ran.stderr.contains("hint: "), "{ran}");
    assert!(!sandbox.exists("shop"));
}

#[test]
fn a_loop_without_an_end_is_ended() {
    let files = [("a", "a\n"), ("b/c.tera", ENDLESS), ("d.tera", "d")];
    refuses("", &files, "template/project/b/c.tera");
}

#[test]
fn texts_that_double_are_ended() {
    let files = [("a", "a\n"), ("b.tera", &doubling()), ("d.tera", "d")];
    refuses("", &files, "template/project/b.tera");
}

#[test]
fn chains_of_replace_are_ended() {
    let files = [("b.tera", &*replacing())];
    refuses("", &files, "template/project/b.tera");
}

#[test]
fn manifests_whose_own_texts_are_endless_are_ended() {
    let text = doubling();
    let question =
        format!("questions:\n- {{name: q, prompt: Q, type: text, default: \"{text}\"}}\n");
    refuses(&question, &[("a", "a\n")], "template.yml");
    let rule = format!("files:\n  a: {{when: \"true %}}{text}{{% endif %}}{{% if true\"}}\n");
    refuses(&rule, &[("a", "a\n")], "template/project/a");
}

#[test]
fn what_is_endless_in_another_release_ends_every_command() {
    let sandbox = Sandbox::new();
    sandbox.catalogue("", &[("a", "a\n")]);
    let ran = sandbox.ixd(&["new", "shop", "--from", "cat", "--defaults", "--no-git"]);
    assert_eq!(ran.code, 0, "{ran}");
    sandbox
        .write(
            "cat/snapshots/0.1.0/template.yml",
            "name: tiny\nversion: 0.1.0\n",
        )
        .write("cat/snapshots/0.1.0/project/a", "a\n")
        .write("cat/template/template.yml", "name: tiny\nversion: 0.2.0\n")
        .write("cat/template/project/b.tera", doubling());
    for command in [&["upgrade", "--yes"][..], &["upgrade", "--dry-run"]] {
        let ran = sandbox.ixd(&[command, &["shop", "--from", "cat"]].concat());
        assert_eq!(ran.code, 1, "{ran}");
        assert!(
            ran.stderr
                .contains("template/project/b.tera cannot be rendered"),
            "{ran}"
        );
    }
    std::fs::remove_file(sandbox.path("shop/.ixd-template.yml")).unwrap();
    // A search asks hundreds of times, and waits for no single answer longer than any other command.
    sandbox.write("cat/template/project/b.tera", ENDLESS);
    let start = Instant::now();
    let ran = sandbox.ixd(&["upgrade", "shop", "--from", "cat", "--adopt", "--yes"]);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    assert_eq!(ran.code, 1, "{ran}");
    assert!(
        ran.stderr
            .contains("template/project/b.tera cannot be rendered"),
        "{ran}"
    );
    assert_eq!(sandbox.paths("shop"), "a");
}
