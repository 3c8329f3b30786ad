//! The merge of lines against libgit2's, on files whose kind is unknown.

use std::cell::RefCell;

use git2::{MergeFileInput, MergeFileOptions};
use proptest::test_runner::{Config, TestRunner};
use three_way::merge;

use super::projects::{Triple, triples};

/// libgit2's clean merge, or `None` for a conflict.
fn libgit2(base: &[u8], ours: &[u8], theirs: &[u8]) -> Option<Vec<u8>> {
    // The library is only set up by a call that is not `merge_file`.
    git2::Index::new().expect("an index in memory");
    let input = |bytes| {
        let mut input = MergeFileInput::new();
        input.content(bytes);
        input
    };
    let mut options = MergeFileOptions::new();
    let result = git2::merge_file(
        &input(base),
        &input(ours),
        &input(theirs),
        Some(&mut options),
    )
    .ok()?;
    // The content of an empty result must not be read: it is a null pointer.
    result.is_automergeable().then(|| result.content().to_vec())
}

/// What git merges cleanly comes out byte for byte as git has it.
///
/// The one divergence: lines that repeat can be aligned in several ways, and the two libraries need not choose the same.
/// It stays under one file in a hundred.
#[test]
fn agrees_with_libgit2() {
    let apart = RefCell::new(Vec::new());
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    let cases = usize::try_from(config.cases).unwrap_or(usize::MAX);
    let judge = |triple: Triple| {
        let [base, ours, theirs] =
            [&triple.base, &triple.ours, &triple.theirs].map(String::as_bytes);
        let merged = merge("notes", base, ours, theirs).clean();
        let empty = |text: &[u8]| text.is_empty();
        if [base, ours, theirs].into_iter().any(empty) || merged.as_deref().is_some_and(empty) {
            return Ok(());
        }
        let expected = libgit2(base, ours, theirs);
        if expected.is_some() && merged != expected {
            apart.borrow_mut().push(format!("{triple:?}"));
        }
        Ok(())
    };
    TestRunner::new(config)
        .run(&triples(), judge)
        .unwrap_or_else(|error| panic!("{error}"));
    let apart = apart.into_inner();
    assert!(
        apart.len() * 100 <= cases,
        "{} of {cases} apart:\n{}",
        apart.len(),
        apart.join("\n")
    );
}
