//! Makefiles.

use three_way::{Choice, Labels};

use super::*;

const BASE: &str = "NAME = shop\nPORT ?= 8000\n\n.PHONY: all test\n\nall: test\n\techo one\n\techo two\n\n## Runs the tests.\ntest: deps\n\tpytest\n";

#[test]
fn edits_of_lines_apart_merge() {
    let ours = BASE
        .replace("= shop", "= store")
        .replace("\tpytest\n", "\tpytest -q\n");
    let theirs = BASE
        .replace("all test", "all test lint")
        .replace("one", "1");
    let both = theirs
        .replace("= shop", "= store")
        .replace("\tpytest\n", "\tpytest -q\n");
    clean("Makefile", BASE, [&ours, &theirs], &both);
}

#[test]
fn what_the_lines_leave_open_is_suggested() {
    let added = |text: &str| format!("{BASE}\n{text}");
    let named = |name: &str| BASE.replace("all test", &format!("all test {name}"));
    let flags = |to: &str| BASE.replace("NAME = shop\n", to);
    for ([ours, theirs], suggested) in [
        (
            ["lint:\n\truff .\n", "docs:\n\tmkdocs\n"].map(added),
            added("lint:\n\truff .\n\ndocs:\n\tmkdocs\n"),
        ),
        (["lint", "docs"].map(named), named("lint docs")),
        (
            ["NAME = store\n", "NAME = shop\nDEBUG = -g\n"].map(flags),
            flags("NAME = store\nDEBUG = -g\n"),
        ),
    ] {
        conflict("Makefile", BASE, [&ours, &theirs]);
        let found = merge(
            "build.mk",
            BASE.as_bytes(),
            ours.as_bytes(),
            theirs.as_bytes(),
        );
        let choices = vec![Choice::Suggestion; found.regions().len()];
        let text = found.resolve(&choices, &Labels::default());
        assert_eq!(String::from_utf8(text).unwrap(), suggested);
    }
}

#[test]
fn two_lines_at_one_place_of_a_recipe_are_a_conflict() {
    let put = |line: &str| BASE.replace("\techo two\n", &format!("\t{line}\n\techo two\n"));
    conflict("Makefile", BASE, [&put("a"), &put("b")]);
}

#[test]
fn what_one_side_took_out_and_the_other_edited_is_a_conflict() {
    for [own, edited] in [
        ["PORT ?= 8000\n", "PORT ?= 1\n"],
        ["\techo two\n", "\techo three\n"],
        ["test: deps\n\tpytest\n", "test: deps\n\tpytest -q\n"],
    ] {
        let (ours, theirs) = (BASE.replace(own, ""), BASE.replace(own, edited));
        conflict("Makefile", BASE, [&ours, &theirs]);
    }
}

#[test]
fn one_name_of_both_is_kept_once_or_is_the_conflict() {
    let put = |above: &str, text: &str| BASE.replacen(above, &format!("{text}{above}"), 1);
    let ours = put("PORT", "WHO = a\n");
    clean(
        "Makefile",
        BASE,
        [&ours, &put("\n.PHONY", "WHO = a\n")],
        &ours,
    );
    let theirs = put("\n.PHONY", "WHO = b\n");
    conflict_of(
        "Makefile",
        BASE,
        [&ours, &theirs],
        ["WHO = a\n", "WHO = b\n"],
    );
    let ours = put("all: test", "run:\n\ta\n\n");
    let theirs = put("## Runs", "run:\n\tb\n\n");
    conflict("Makefile", BASE, [&ours, &theirs]);
}

#[test]
fn what_is_no_makefile_is_a_conflict() {
    let base = "a:\n\tone\n\nb:\n\ttwo\n\nc = 1\n";
    let ours = "a:\n\tone\n\nb:\n\ttwo\n\tthree\n\nc = 1\n";
    let theirs = "a:\n\tone\n\nd = 1\n\n\nc = 1\n";
    conflict("Makefile", base, [ours, theirs]);
}

#[test]
fn conditionals_are_one_entry() {
    let base = "A = 1\nifdef B\nC = 2\nelse\nC = 3\nendif\nD = 4\n";
    let (ours, theirs) = (
        base.replace("A = 1", "A = 5"),
        base.replace("D = 4", "D = 6"),
    );
    clean(
        "Makefile",
        base,
        [&ours, &theirs],
        &ours.replace("D = 4", "D = 6"),
    );
}
