//! `upgrade` through its public face: a tiny catalogue, a project with edits, the command, and what is there after.
//!
//! The situations are numbered, 1 to 108, by a survey of what tools of this kind do in each. A test names its rows in its
//! doc comment; the rows without one are in [`NOT_OURS`], with the reason.

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

/// Rows that need something we do not have, on purpose.
const NOT_OURS: [(u32, &str); 7] = [
    (
        57,
        "a release runs no migrations; what moves is data (`renames`) or found by content",
    ),
    (
        82,
        "a release runs no migrations; answers are carried by rules that every template shares",
    ),
    (89, "a release runs no migrations"),
    (100, "a release runs no tasks: a template is data"),
    (102, "a release runs no tasks: a template is data"),
    (
        106,
        "the line of a version switch is a line like any other: rows 1 to 4",
    ),
    (
        108,
        "forms of a name are the filters `slug` and `dns`, tested with the template",
    ),
];
const ROWS: u32 = 108;

#[test]
fn every_row_is_a_test_or_has_a_reason() {
    let mut rows: BTreeSet<u32> = NOT_OURS.iter().map(|(row, _)| *row).collect();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upgrade");
    for entry in fs::read_dir(dir).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let comments = text.lines().filter_map(|line| {
            let line = line.trim_start().strip_prefix("/// Row")?;
            Some(line.split([':', ';']).next().unwrap().to_owned())
        });
        for comment in comments {
            let numbers = comment.split(|c: char| !c.is_ascii_digit());
            rows.extend(numbers.filter_map(|number| number.parse::<u32>().ok()));
        }
    }
    let missing: Vec<u32> = (1..=ROWS).filter(|row| !rows.contains(row)).collect();
    assert!(
        missing.is_empty(),
        "rows without a test or a reason: {missing:?}"
    );
}
