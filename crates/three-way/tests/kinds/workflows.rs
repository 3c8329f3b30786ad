//! Workflows and hooks: what an item of a list is found by.

use super::*;

const BASE: &str = "jobs:\n  test:\n    steps:\n      - uses: actions/checkout@v4\n      - name: Set up\n        run: a\n      - id: build\n        run: b\n      - name: Test\n        run: c\n";

#[test]
fn steps_are_found_by_name_id_or_action() {
    let path = ".github/workflows/ci.yml";
    let ours = BASE
        .replace("run: a", "run: x")
        .replace("run: b", "run: y\n        shell: sh");
    let theirs = BASE
        .replace("checkout@v4", "checkout@v5")
        .replace("Set up\n", "Set up\n        if: always()\n")
        .replace("run: c", "run: z");
    let both = ours
        .replace("checkout@v4", "checkout@v5")
        .replace("Set up\n", "Set up\n        if: always()\n")
        .replace("run: c", "run: z");
    clean(path, BASE, [&ours, &theirs], &both);
    let put = |name: &str| {
        BASE.replace(
            "      - name: Test",
            &format!("      - name: {name}\n        run: d\n      - name: Test"),
        )
    };
    conflict(path, BASE, [&put("One"), &put("Two")]);
    let gone = BASE.replace("      - name: Set up\n        run: a\n", "");
    conflict(path, BASE, [&gone, &BASE.replace("run: a", "run: x")]);
}

#[test]
fn hooks_are_found_by_id_within_their_repository() {
    let path = ".pre-commit-config.yaml";
    let base = "repos:\n  - repo: https://x/a\n    rev: v1.0\n    hooks:\n      - id: one\n      - id: two\n  - repo: https://x/b\n    rev: v1.0\n    hooks:\n      - id: one\n";
    let ours = base.replace("      - id: two\n", "      - id: two\n        args: [x]\n");
    let theirs = base
        .replace("      - id: two\n", "      - id: two\n      - id: three\n")
        .replace("b\n    rev: v1.0", "b\n    rev: v2.0");
    let both = theirs.replace("      - id: two\n", "      - id: two\n        args: [x]\n");
    clean(path, base, [&ours, &theirs], &both);
    let gone = base.replace("      - id: two\n", "");
    conflict(path, base, [&gone, &ours]);
}

/// The old name tells nobody any more whose step it is, so what one side took out of it was put back in.
#[test]
fn a_step_that_both_renamed_does_not_get_back_what_one_side_took_out() {
    let base = "jobs:\n  a:\n    steps:\n    - name: sync\n      run: one\n    - name: last\n      run: two\n";
    let theirs = base.replace("name: sync", "name: sync fast");
    let ours = theirs.replace("      run: one\n", "");
    conflict(".github/workflows/ci.yml", base, [&ours, &theirs]);
    let ours = theirs.replace("run: one", "run: one\n      shell: sh");
    let [path, first, second] = [".github/workflows/ci.yml", &ours, &theirs];
    for sides in [[first, second], [second, first]] {
        let found = merged(path, [base, sides[0], sides[1]], Class::Pin);
        assert!(found.is_none_or(|text| text == ours), "{base}");
    }
}

/// Theirs may have edited the command that ours put the new one before.
#[test]
fn a_command_that_both_put_in_on_different_sides_of_one_that_was_replaced_is_left() {
    for (path, head, row) in [
        (".gitlab-ci.yml", "job:\n  script:\n", "  - N\n"),
        (".gitlab-ci.yml", "job:\n  after_script:\n", "    - N\n"),
        (".travis.yml", "install:\n", "  - N\n"),
        (
            ".github/workflows/ci.yml",
            "jobs:\n  a:\n    steps:\n",
            "    - name: N\n      run: N\n",
        ),
    ] {
        let script = |commands: &[&str]| {
            let lines = commands.iter().map(|command| row.replace('N', command));
            format!("{head}{}", lines.collect::<String>())
        };
        let base = script(&["check", "test"]);
        let before = script(&["lint", "check"]);
        conflict(path, &base, [&before, &script(&["fix", "lint", "test"])]);
        let behind = script(&["check", "lint", "test"]);
        conflict(path, &base, [&behind, &script(&["lint", "fix"])]);
    }
}
