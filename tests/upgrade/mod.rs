//! `upgrade` through its public face: a tiny catalogue, a project with edits, the command, and what is there after.
//!
//! The situations are the rows of `conformance.md`, beside this file. A test names its rows in its doc comment.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

mod adopting;
mod answers;
mod case;
mod chance;
mod clones;
mod crossing;
mod declines;
mod drafts;
mod endings;
mod files;
mod flags;
mod foreign;
mod future;
mod git;
mod guards;
mod hunks;
mod index;
mod large;
mod left_reviews;
mod leftovers;
mod migrations;
mod modes_and_links;
mod notes;
mod older;
mod on_conflict;
mod renames;
mod review;
mod sparse;
mod terminal;
mod text;
mod ways_back;

/// Rows of the table: those with a test, and those whose text gives a reason for having none.
fn rows_of_table(table: &str) -> [BTreeSet<u32>; 2] {
    let mut rows = [BTreeSet::new(), BTreeSet::new()];
    for line in table.lines() {
        let mut cells = line.split('|').map(str::trim).skip(1);
        if let Some(row) = cells.next().and_then(|cell| cell.parse().ok()) {
            let has_reason = line.contains("no test:");
            assert!(rows[usize::from(has_reason)].insert(row), "row {row} twice");
        }
    }
    rows
}

/// Rows that a file of tests names.
fn rows_of_tests(text: &str) -> Vec<u32> {
    let comments = text
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("/// Row"));
    comments
        .filter_map(|comment| comment.split([':', ';']).next())
        .flat_map(|numbers| numbers.split(|c: char| !c.is_ascii_digit()))
        .filter_map(|number| number.parse().ok())
        .collect()
}

#[test]
fn the_table_of_rows_and_the_tests_agree() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upgrade");
    let [tested, excused] = rows_of_table(include_str!("conformance.md"));
    let named: BTreeSet<u32> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .flat_map(|path| rows_of_tests(&fs::read_to_string(path).unwrap()))
        .collect();
    let unnamed: Vec<&u32> = tested.difference(&named).collect();
    assert!(unnamed.is_empty(), "rows that no test names: {unnamed:?}");
    let unknown: Vec<&u32> = named.difference(&tested).collect();
    assert!(unknown.is_empty(), "rows that no table has: {unknown:?}");
    let all: Vec<u32> = tested.union(&excused).copied().collect();
    assert_eq!(all, (1..=108).collect::<Vec<u32>>());
}
