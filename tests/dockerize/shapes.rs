//! Small trees of every shape that projects have had, each with what is to be found in it: `tests/cases/shapes/`.
//!
//! A case is a text: `--- path` before each file, and under `--- expect` lines of `key = value`, where the value is JSON,
//! `any`, or `has X` for a part of a list or text; a confidence and the evidence may follow.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::project::{commit, dockerize};
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

/// Writes the files of a case into `p`; what is expected of them.
fn unpack<'a>(text: &'a str, sandbox: &Sandbox) -> &'a str {
    let (files, expected) = text.split_once("--- expect\n").unwrap();
    for file in files.split("--- ").skip(1) {
        let (path, content) = file.split_once('\n').unwrap();
        sandbox.write(&format!("p/{path}"), content);
    }
    expected
}

/// Whatever the shape: what a dry run says is what a run does, be it to refuse.
#[test]
fn a_dry_run_of_each_shape_equals_the_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/shapes");
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|case| case.unwrap().path())
        .collect();
    names.sort();
    let mut written = 0;
    // Each takes its time; the others are inspected above.
    for (index, case) in names.into_iter().enumerate().step_by(4) {
        let sandbox = Sandbox::new();
        unpack(&fs::read_to_string(&case).unwrap(), &sandbox);
        sandbox.write("p/go.sh", "mine\n");
        if index % 2 == 0 {
            commit(&sandbox);
        }
        let flags = ["--defaults", "--yes"];
        let dry = dockerize(&sandbox, &["--defaults", "--yes", "--dry-run", "--json"]);
        let plan: Value = serde_json::from_str(&dry.stdout).unwrap();
        let before = sandbox.tree("p");
        let ran = dockerize(&sandbox, &flags);
        if plan["plan"].is_null() {
            let reason = plan["no_plan"].as_str().unwrap();
            assert_eq!(ran.code, 1, "{case:?}: {ran}");
            assert!(ran.stderr.contains(reason), "{case:?}: {reason} in {ran}");
            assert_eq!(sandbox.tree("p"), before, "{case:?}");
            continue;
        }
        assert_eq!(ran.code, 0, "{case:?}: {ran}");
        assert_eq!(plan["refused"], Value::Null, "{case:?}");
        let mut after = sandbox.tree("p");
        after.retain(|path, _| !path.starts_with(".git/") && !path.starts_with(".ixd-template/"));
        for file in plan["plan"]["files"].as_array().unwrap() {
            let (path, class) = (
                file["path"].as_str().unwrap(),
                file["class"].as_str().unwrap(),
            );
            let (was, is) = (before.get(path), after.remove(path));
            let is_so = match class {
                "new" => was.is_none() && is.is_some(),
                "merged" | "updated" => was.is_some() && is.is_some() && was != is.as_ref(),
                "removed" => was.is_some() && is.is_none(),
                _ => was.is_some() && was == is.as_ref(),
            };
            assert!(is_so, "{case:?}: {path} is planned as {class}");
        }
        after.retain(|path, content| before.get(path) != Some(content));
        assert!(
            after.is_empty(),
            "{case:?}: not in the plan: {:?}",
            after.keys()
        );
        written += 1;
    }
    assert!(written >= 5, "only {written}");
}

fn check(text: &str) -> Vec<String> {
    let sandbox = Sandbox::new();
    let expected = unpack(text, &sandbox);
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
