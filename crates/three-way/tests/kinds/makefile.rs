//! Makefiles.

use super::*;

const BASE: &str = "NAME = shop\nPORT ?= 8000\n\n.PHONY: all test\n\nall: test\n\techo one\n\techo two\n\n## Runs the tests.\ntest: deps\n\tpytest\n";

#[test]
fn variables_targets_and_recipes_merge() {
    let ours = BASE
        .replace("= shop", "= store")
        .replace("test: deps", "test: deps lint");
    let theirs = BASE
        .replace("?= 8000", "?= 9000")
        .replace("\tpytest\n", "\tpytest -q\n");
    let both = ours
        .replace("?= 8000", "?= 9000")
        .replace("\tpytest\n", "\tpytest -q\n");
    clean("Makefile", BASE, [&ours, &theirs], &both);
    let [ours, theirs] =
        ["lint:\n\truff .\n", "docs:\n\tmkdocs\n"].map(|rule| format!("{BASE}\n{rule}"));
    let both = format!("{ours}\ndocs:\n\tmkdocs\n");
    clean("build.mk", BASE, [&ours, &theirs], &both);
    let [ours, theirs] =
        ["lint", "docs"].map(|name| BASE.replace("all test", &format!("all test {name}")));
    let both = BASE.replace("all test", "all test lint docs");
    clean("Makefile", BASE, [&ours, &theirs], &both);
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
