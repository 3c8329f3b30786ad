//! Small trees of every shape that projects have had, each with what is to be found in it: `tests/cases/shapes/`.
//!
//! A case is a text: `--- path` before each file, and under `--- expect` lines of `key = value`, where the value is JSON,
//! `any`, or `has X` for a part of a list or text; a confidence and the evidence may follow.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{finding, inspect};
use crate::cli::sandbox::Sandbox;

#[test]
fn shapes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/shapes");
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in fs::read_dir(folder).unwrap() {
        let case = case.unwrap();
        let text = fs::read_to_string(case.path()).unwrap();
        let name = case.file_name().into_string().unwrap();
        wrong.extend(
            check(&text)
                .into_iter()
                .map(|what| format!("{name}: {what}")),
        );
        count += 1;
    }
    assert!(count >= 30, "only {count} shapes were found");
    wrong.sort();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(text: &str) -> Vec<String> {
    let sandbox = Sandbox::new();
    let (files, expected) = text.split_once("--- expect\n").unwrap();
    for file in files.split("--- ").skip(1) {
        let (path, content) = file.split_once('\n').unwrap();
        sandbox.write(&format!("p/{path}"), content);
    }
    let before = sandbox.tree("p");
    let found = inspect(&sandbox, "p");
    assert_eq!(before, sandbox.tree("p"), "looking changes nothing");
    expected
        .lines()
        .filter_map(|line| compare(&found, line))
        .collect()
}

/// What is wrong with the finding that `line` describes.
fn compare(found: &Value, line: &str) -> Option<String> {
    let (key, expected) = line.split_once(" = ").unwrap();
    let is_verdict = matches!(key, "verdict" | "ask_for" | "reason");
    let finding = finding(found, key);
    let value = if is_verdict {
        finding
    } else {
        &finding["value"]
    };
    let complaint = || Some(format!("{line}\n    but found {finding}"));
    if let Some(part) = expected.strip_prefix("has ") {
        let is_there = match value {
            Value::Array(items) => items.iter().any(|item| item == part),
            Value::String(text) => text.contains(part),
            _ => false,
        };
        return if is_there { None } else { complaint() };
    }
    let mut rest = expected.strip_prefix("any").unwrap_or(expected);
    if !expected.starts_with("any") {
        let mut values = serde_json::Deserializer::from_str(expected).into_iter::<Value>();
        if values.next().unwrap().unwrap() != *value {
            return complaint();
        }
        rest = &expected[values.byte_offset()..];
    }
    let mut words = rest.split_whitespace();
    let confidence = words.next();
    if confidence.is_some_and(|word| !word.split('|').any(|word| finding["confidence"] == word)) {
        return complaint();
    }
    let evidence = finding["evidence"].as_array();
    if words
        .next()
        .is_some_and(|word| !evidence.unwrap().iter().any(|place| place == word))
    {
        return complaint();
    }
    None
}
